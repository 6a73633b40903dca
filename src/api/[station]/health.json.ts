import { stationHealth } from "../../site/api/stationHealth.js";
import { findStation } from "../../site/loader.js";
import { withPublished } from "../../site/published/published.js";

const health = await withPublished(async (published) => stationHealth(published, await findStation(published)));
process.stdout.write(JSON.stringify(health));
