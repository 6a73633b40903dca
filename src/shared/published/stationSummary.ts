import { z } from "zod";
import { celsius, count, time } from "./fields.js";
import { StationRow } from "./observationTables.js";

/** One row of the table of all stations; temperatures in °C, times in epoch milliseconds. */
export const StationSummary = StationRow.extend({
  key: z
    .string()
    .describe(
      "the station in links and file names: its ICAO code, or its GHCNh identifier when the code is missing or shared",
    ),
  temperatureC: celsius.nullable().describe("newest observed temperature; null when the newest hour has none"),
  lowC: celsius
    .nullable()
    .describe("median of the low of the next night, or the lowest forecast temperature of the next 24 hours"),
  lowTime: time.nullable().describe("hour of the lowest median in that time"),
  highC: celsius
    .nullable()
    .describe("median of the high of the next day, or the highest forecast temperature of the next 24 hours"),
  highTime: time.nullable().describe("hour of the highest median in that time"),
  spread24C: celsius.nullable().describe("width of the 80 % interval of the temperature 24 hours ahead"),
  ewmae24C: celsius
    .nullable()
    .describe(
      "recent error of the temperature 24 hours ahead: exponentially weighted mean absolute error, ε = 0.1, corrected",
    ),
  ewmae24Time: time.nullable().describe("last hour in ewmae24C"),
  mae24C: celsius.nullable().describe("mean absolute error of the temperature 24 hours ahead, over all scored months"),
  n24: count("forecasts").nullable().describe("number of forecasts in mae24C"),
  skill24: z
    .number()
    .meta({ unit: "share" })
    .nullable()
    .describe("1 - MAE / MAE of the better of persistence and seasonal naive, 24 hours ahead"),
  guidanceSkill24: z
    .number()
    .meta({ unit: "share" })
    .nullable()
    .describe(
      "1 - MAE / MAE of guidance over the same hours, temperature 24 hours ahead; against the best source with at least three days; null without",
    ),
});

export type StationSummary = z.infer<typeof StationSummary>;
