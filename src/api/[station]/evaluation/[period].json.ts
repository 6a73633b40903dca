import { findPeriod } from "../../../data/findPeriod.js";
import { findStation } from "../../../data/findStation.js";
import { withPublished } from "../../../data/published.js";
import { stationEvaluations } from "../../../data/stationEvaluation.js";

const evaluations = await withPublished(async (published) =>
  stationEvaluations(published, await findStation(published)),
);
process.stdout.write(JSON.stringify(findPeriod(evaluations)));
