import { alarmFeed } from "./data/alarmFeed.js";
import { withPublished } from "./data/published.js";
import { stationSummaries } from "./data/stations.js";

const feed = await withPublished(async (published) => alarmFeed(published, await stationSummaries(published)));
process.stdout.write(JSON.stringify(feed));
