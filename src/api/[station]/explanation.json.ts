import { stationExplanation } from "../../site/api/stationExplanation.js";
import { findStation } from "../../site/loader.js";
import { withPublished } from "../../site/published/published.js";

const explanation = await withPublished(async (published) =>
  stationExplanation(published, await findStation(published)),
);
process.stdout.write(JSON.stringify(explanation));
