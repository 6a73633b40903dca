import { dataHealth } from "../site/api/dataHealth.js";
import { stationSummaries } from "../site/api/stations.js";
import { withPublished } from "../site/published/published.js";

const health = await withPublished(async (published) => dataHealth(published, await stationSummaries(published)));
process.stdout.write(JSON.stringify(health));
