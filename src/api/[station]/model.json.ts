import { withPublished } from "../../pipeline/api/openPublished.js";
import { stationModel } from "../../pipeline/api/stationModel.js";
import { findStation } from "../../site/loader.js";

const model = await withPublished(async (published) => stationModel(published, await findStation(published)));
process.stdout.write(JSON.stringify(model));
