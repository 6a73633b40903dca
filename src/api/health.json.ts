import { dataHealth } from "../data/dataHealth.js";
import { withPublished } from "../data/published.js";
import { stationSummaries } from "../data/stations.js";

const health = await withPublished(async (published) => dataHealth(published, await stationSummaries(published)));
process.stdout.write(JSON.stringify(health));
