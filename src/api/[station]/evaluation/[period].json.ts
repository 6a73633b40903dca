import { withPublished } from "../../../pipeline/api/openPublished.js";
import { stationEvaluations } from "../../../pipeline/api/stationEvaluation.js";
import { findPeriod, findStation } from "../../../site/loader.js";

const evaluations = await withPublished(async (published) =>
  stationEvaluations(published, await findStation(published)),
);
process.stdout.write(JSON.stringify(findPeriod(evaluations)));
