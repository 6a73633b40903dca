import { z } from "zod";
import { Dictionary } from "../../shared/published/dictionary.js";
import { StationForecast } from "../../shared/published/stationForecast.js";
import { StationSummary } from "../../shared/published/stationSummary.js";
import { Status } from "../../shared/published/status.js";

/** Schemas of the API's files, by the name of their JSON Schema under `api/schema/`. */
export const apiSchemas = {
  dictionary: Dictionary,
  forecast: StationForecast,
  stations: z.array(StationSummary),
  status: Status,
} as const;
