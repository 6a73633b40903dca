import { alarmFeed } from "./site/api/alarmFeed.js";
import { stationSummaries } from "./site/api/stations.js";
import { withPublished } from "./site/published/published.js";

const feed = await withPublished(async (published) => alarmFeed(published, await stationSummaries(published)));
process.stdout.write(JSON.stringify(feed));
