import { z } from "zod";
import { StationForecast } from "../api/stationForecast.js";
import { StationSummary } from "../api/stations.js";
import { Status } from "../api/status.js";
import { Dictionary } from "./dictionarySchema.js";

/** Schemas of the API's files, by the names that their JSON Schemas have under `api/schema/`. */
export const apiSchemas = {
  dictionary: Dictionary,
  forecast: StationForecast,
  stations: z.array(StationSummary),
  status: Status,
} as const;
