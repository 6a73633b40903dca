import { z } from "zod";
import {
  celsius,
  count,
  dewPointC,
  hours,
  leadHours,
  model,
  quantiles,
  stationId,
  temperatureC,
  time,
  variable,
} from "./fields.js";

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

/** Joint draws: what `drawsOf` in src/model/draws makes draws from. */
export const drawRanks = {
  utcOffsetHours: hours.describe("how far local standard time is ahead of UTC"),
  days: count("days").describe(
    "days whose forecasts the ranks come from; 0 when fewer than 30 are known, and each draw has one rank at all leads",
  ),
  draws: count("draws").describe("number of draws, each equally likely"),
  ranks: z
    .string()
    .describe(
      "base64 of one byte for each draw and lead, draw by draw, leads 1 to 72: how many draws are colder at that lead. With rank r, a draw's temperature is the quantile at the level (r + ½) / draws, linear in the normal score between the quantiles of the forecast",
    ),
};

export const DrawRankRow = z
  .object({ stationId, issuedTime: time.describe("hour of issue"), ...drawRanks })
  .describe(
    "How the hours of the newest temperature forecast vary together: the order of the last sixty days' temperatures in what was forecast for them, at each lead.",
  );

export const GuidanceRow = z
  .object({
    stationId,
    source: z.string().describe("nbm, nws, or the name of an imported archive"),
    issuedTime: time.describe("hour in which the run was first public; the model uses it from the next hour on"),
    runTime: time.describe("hour that the run starts from; for nws when the service last updated the forecast"),
    publicTime: time.describe("when the run became public"),
    imported: z.boolean().describe("whether it came from an archive; such guidance never counts as live"),
    leadHours: leadHours.nullable().describe("from issuedTime; null for a run that changed nothing"),
    temperatureC: temperatureC.nullable().describe("forecast temperature; null when the hour is no longer forecast"),
    dewPointC: dewPointC.nullable().describe("forecast dew point"),
    temperatureSpreadC: temperatureC.nullable().describe("standard deviation of the temperature, where given"),
    entry: z.number().int().min(1).describe("ledger entry that records it"),
  })
  .describe(
    "Guidance, the forecasts of others, first public in the last 60 days: the values that differ from what the same source gave before for the same hour.",
  );

export const LearnedGuidanceRow = GuidanceRow.pick({
  stationId: true,
  source: true,
  issuedTime: true,
  leadHours: true,
  temperatureC: true,
  dewPointC: true,
}).describe(
  "The guidance that the model has used since the training start: the values that differ from those before. It uses guidance from the hour after it was public on, as long as the newest run is at most a day old.",
);
