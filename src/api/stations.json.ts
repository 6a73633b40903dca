import { stationSummaries } from "../site/api/stations.js";
import { withPublished } from "../site/published/published.js";

process.stdout.write(JSON.stringify(await withPublished(stationSummaries)));
