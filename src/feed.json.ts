import { alarmFeed } from "./pipeline/api/alarmFeed.js";
import { withPublished } from "./pipeline/api/openPublished.js";
import { stationSummaries } from "./pipeline/api/stations.js";

const feed = await withPublished(async (published) => alarmFeed(published, await stationSummaries(published)));
process.stdout.write(JSON.stringify(feed));
