import { withPublished } from "../pipeline/api/openPublished.js";
import { stationForecast } from "../pipeline/api/stationForecast.js";
import { forecastCsv } from "../shared/published/forecastCsv.js";
import { findStation } from "../site/loader.js";

const forecast = await withPublished(async (published) => stationForecast(published, await findStation(published)));
process.stdout.write(forecastCsv(forecast));
