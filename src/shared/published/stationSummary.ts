import { z } from "zod";
import { celsius, count, time } from "./fields.js";
import { StationRow } from "./published.js";

/** One station as the table of all stations shows it; temperatures in °C, times in epoch milliseconds. */
export const StationSummary = StationRow.extend({
  key: z
    .string()
    .describe(
      "names the station in links and files: its ICAO code, or its GHCNh identifier where that is missing or shared",
    ),
  temperatureC: celsius.nullable().describe("newest observed temperature; null where the newest hour has none"),
  lowC: celsius.nullable().describe("lowest temperature forecast for the next 24 hours"),
  lowTime: time.nullable().describe("when that is"),
  highC: celsius.nullable().describe("highest temperature forecast for the next 24 hours"),
  highTime: time.nullable().describe("when that is"),
  spread24C: celsius.nullable().describe("width of the 80 % interval of the temperature 24 hours ahead"),
  ewmae24C: celsius
    .nullable()
    .describe(
      "exponentially weighted mean absolute error of the temperature 24 hours ahead, ε = 0.1, corrected: how it does of late",
    ),
  ewmae24Time: time.nullable().describe("the hour up to which ewmae24C averages errors"),
  mae24C: celsius.nullable().describe("mean absolute error of the temperature 24 hours ahead, over all scored months"),
  n24: count("forecasts").nullable().describe("how many forecasts mae24C is of"),
  skill24: z
    .number()
    .meta({ unit: "share" })
    .nullable()
    .describe("1 - MAE / MAE of the better of persistence and seasonal naive, 24 hours ahead"),
});

export type StationSummary = z.infer<typeof StationSummary>;
