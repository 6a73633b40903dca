import { withPublished } from "../../pipeline/api/openPublished.js";
import { stationHealth } from "../../pipeline/api/stationHealth.js";
import { findStation } from "../../site/loader.js";

const health = await withPublished(async (published) => stationHealth(published, await findStation(published)));
process.stdout.write(JSON.stringify(health));
