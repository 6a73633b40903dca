import { findPeriod } from "../data/findPeriod.js";
import { withPublished } from "../data/published.js";
import { stationScores } from "../data/stationScores.js";
import { stationSummaries } from "../data/stations.js";

const scores = await withPublished(async (published) => stationScores(published, await stationSummaries(published)));
process.stdout.write(JSON.stringify(findPeriod(scores)));
