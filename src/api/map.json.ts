import { withPublished } from "../data/published.js";
import { stationMap } from "../data/stationMap.js";
import { stationSummaries } from "../data/stations.js";

process.stdout.write(JSON.stringify(stationMap(await withPublished(stationSummaries))));
