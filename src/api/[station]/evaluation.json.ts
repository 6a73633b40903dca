import { stationEvaluations } from "../../site/api/stationEvaluation.js";
import { findPeriod, findStation } from "../../site/loader.js";
import { withPublished } from "../../site/published/published.js";

const evaluations = await withPublished(async (published) =>
  stationEvaluations(published, await findStation(published)),
);
process.stdout.write(JSON.stringify(findPeriod(evaluations)));
