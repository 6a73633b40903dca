import { dataHealth } from "../pipeline/api/dataHealth.js";
import { withPublished } from "../pipeline/api/openPublished.js";
import { stationSummaries } from "../pipeline/api/stations.js";

const health = await withPublished(async (published) => dataHealth(published, await stationSummaries(published)));
process.stdout.write(JSON.stringify(health));
