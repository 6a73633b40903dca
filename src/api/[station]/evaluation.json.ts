import { findStation } from "../../data/findStation.js";
import { withPublished } from "../../data/published.js";
import { stationEvaluation } from "../../data/stationEvaluation.js";

const evaluation = await withPublished(async (published) => stationEvaluation(published, await findStation(published)));
process.stdout.write(JSON.stringify(evaluation));
