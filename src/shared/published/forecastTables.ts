import { z } from "zod";
import { celsius, dewPointC, leadHours, model, quantiles, stationId, temperatureC, time, variable } from "./fields.js";

export const ForecastRow = z
  .object({
    stationId,
    issuedTime: time.describe("hour of issue: the newest hour known to the forecast"),
    madeTime: time.describe(
      "when a run made the forecast; a live forecast was made within the hour of issuedTime, a later one is late or a replay",
    ),
    leadHours,
    variable,
    model,
    valueC: celsius.describe("forecast value: the median when there are quantiles"),
    ...quantiles,
  })
  .describe("Forecasts of the published model from the last 13 days, and the newest forecast of each baseline.");
export type ForecastRow = z.infer<typeof ForecastRow>;

export const OfficialForecastRow = z
  .object({
    stationId,
    issuedTime: time.describe("hour in which it was first seen"),
    generatedTime: time.describe("when the service generated the reply"),
    updateTime: time.describe("when the service last updated the forecast"),
    leadHours,
    temperatureC: temperatureC.describe("forecast temperature"),
    dewPointC: dewPointC.nullable().describe("forecast dew point"),
    entry: z.number().int().min(1).describe("ledger entry that records it"),
  })
  .describe(
    "Forecasts of the National Weather Service first seen in the last 60 days: one set of leads for each new version.",
  );

export const LearnedOfficialRow = OfficialForecastRow.pick({
  stationId: true,
  issuedTime: true,
  leadHours: true,
  temperatureC: true,
  dewPointC: true,
}).describe(
  "Forecasts of the National Weather Service that the model has used since the training start, with the leads it used. It uses a forecast from the hour after it was first seen until the next one, for a day at most.",
);
