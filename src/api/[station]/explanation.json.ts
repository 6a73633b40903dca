import { findStation } from "../../data/findStation.js";
import { withPublished } from "../../data/published.js";
import { stationExplanation } from "../../data/stationExplanation.js";

const explanation = await withPublished(async (published) =>
  stationExplanation(published, await findStation(published)),
);
process.stdout.write(JSON.stringify(explanation));
