import { withPublished } from "../pipeline/api/openPublished.js";
import { stationMap } from "../pipeline/api/stationMap.js";
import { stationSummaries } from "../pipeline/api/stations.js";

process.stdout.write(JSON.stringify(stationMap(await withPublished(stationSummaries))));
