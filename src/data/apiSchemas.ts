import { z } from "zod";
import { StationForecast } from "./stationForecast.js";
import { StationSummary } from "./stations.js";
import { Status } from "./status.js";

/** JSON Schemas of the API's files, by their names under `api/schema/`. */
export const apiSchemas: Record<string, object> = {
  forecast: z.toJSONSchema(StationForecast, { io: "input" }),
  stations: z.toJSONSchema(z.array(StationSummary), { io: "input" }),
  status: z.toJSONSchema(Status, { io: "input" }),
};
