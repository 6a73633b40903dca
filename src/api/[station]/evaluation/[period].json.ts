import { stationEvaluations } from "../../../site/api/stationEvaluation.js";
import { findPeriod } from "../../../site/loaders/findPeriod.js";
import { findStation } from "../../../site/loaders/findStation.js";
import { withPublished } from "../../../site/published/published.js";

const evaluations = await withPublished(async (published) =>
  stationEvaluations(published, await findStation(published)),
);
process.stdout.write(JSON.stringify(findPeriod(evaluations)));
