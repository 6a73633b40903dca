import { stationForecast } from "../site/api/stationForecast.js";
import { findStation } from "../site/loader.js";
import { withPublished } from "../site/published/published.js";

const forecast = await withPublished(async (published) => stationForecast(published, await findStation(published)));
process.stdout.write(JSON.stringify(forecast));
