import { stationScores } from "../site/api/stationScores.js";
import { stationSummaries } from "../site/api/stations.js";
import { findPeriod } from "../site/loader.js";
import { withPublished } from "../site/published/published.js";

const scores = await withPublished(async (published) => stationScores(published, await stationSummaries(published)));
process.stdout.write(JSON.stringify(findPeriod(scores)));
