import { withPublished } from "../../pipeline/api/openPublished.js";
import { stationExplanation } from "../../pipeline/api/stationExplanation.js";
import { findStation } from "../../site/loader.js";

const explanation = await withPublished(async (published) =>
  stationExplanation(published, await findStation(published)),
);
process.stdout.write(JSON.stringify(explanation));
