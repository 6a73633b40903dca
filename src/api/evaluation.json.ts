import { withPublished } from "../pipeline/api/openPublished.js";
import { stationScores } from "../pipeline/api/stationScores.js";
import { stationSummaries } from "../pipeline/api/stations.js";
import { findPeriod } from "../site/loader.js";

const scores = await withPublished(async (published) => stationScores(published, await stationSummaries(published)));
process.stdout.write(JSON.stringify(findPeriod(scores)));
