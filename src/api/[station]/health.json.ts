import { findStation } from "../../data/findStation.js";
import { withPublished } from "../../data/published.js";
import { stationHealth } from "../../data/stationHealth.js";

const health = await withPublished(async (published) => stationHealth(published, await findStation(published)));
process.stdout.write(JSON.stringify(health));
