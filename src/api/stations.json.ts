import { withPublished } from "../pipeline/api/openPublished.js";
import { stationSummaries } from "../pipeline/api/stations.js";

process.stdout.write(JSON.stringify(await withPublished(stationSummaries)));
