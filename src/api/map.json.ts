import { stationMap } from "../site/api/stationMap.js";
import { stationSummaries } from "../site/api/stations.js";
import { withPublished } from "../site/published/published.js";

process.stdout.write(JSON.stringify(stationMap(await withPublished(stationSummaries))));
