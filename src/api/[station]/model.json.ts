import { findStation } from "../../data/findStation.js";
import { withPublished } from "../../data/published.js";
import { stationModel } from "../../data/stationModel.js";

const model = await withPublished(async (published) => stationModel(published, await findStation(published)));
process.stdout.write(JSON.stringify(model));
