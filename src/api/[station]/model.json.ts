import { stationModel } from "../../site/api/stationModel.js";
import { findStation } from "../../site/loader.js";
import { withPublished } from "../../site/published/published.js";

const model = await withPublished(async (published) => stationModel(published, await findStation(published)));
process.stdout.write(JSON.stringify(model));
