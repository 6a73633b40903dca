import { findStation } from "../data/findStation.js";
import { forecastCsv } from "../data/forecastCsv.js";
import { withPublished } from "../data/published.js";
import { stationForecast } from "../data/stationForecast.js";

const forecast = await withPublished(async (published) => stationForecast(published, await findStation(published)));
process.stdout.write(forecastCsv(forecast));
