import { z } from "zod";
import { Dictionary } from "./dictionarySchema.js";
import { StationForecast } from "./stationForecast.js";
import { StationSummary } from "./stations.js";
import { Status } from "./status.js";

/** Schemas of the API's files, by the names that their JSON Schemas have under `api/schema/`. */
export const apiSchemas = {
  dictionary: Dictionary,
  forecast: StationForecast,
  stations: z.array(StationSummary),
  status: Status,
} as const;
