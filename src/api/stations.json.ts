import { withPublished } from "../data/published.js";
import { stationSummaries } from "../data/stations.js";

process.stdout.write(JSON.stringify(await withPublished(stationSummaries)));
