import { z } from "zod";
import { extremeEvents } from "../../model/extremes/odds.js";
import { extremeKinds } from "../../model/extremes/windows.js";
import { celsius, count, extremeQuantiles, quantileBins, stationId, time } from "./fields.js";

/** A low or a high. */
export const extremeKind = z
  .enum(extremeKinds)
  .describe("low of a night, 18 to 9 o'clock standard time, or high of a day, 9 to 21");
const windowNumber = z
  .number()
  .int()
  .min(0)
  .max(3)
  .describe("0: under way when issued; 1, 2, 3: not begun, with its end within 24, 48, 72 hours");
const share = z.number().min(0).max(1).meta({ unit: "share" });
const heatC = celsius
  .nullable()
  .describe(
    "of highs: the threshold of heat, as configured or else the 95 % quantile of the highs so far; null while fewer than 300 are known",
  );

export const ExtremeRow = z
  .object({
    stationId,
    issuedTime: time.describe("hour of issue"),
    kind: extremeKind,
    endTime: time.describe("last hour of the night or day"),
    ...extremeQuantiles,
    heatC,
  })
  .describe(
    "Forecasts of the lows of the next nights and the highs of the next days, issued in the last 13 days. What a night or day under way has observed counts.",
  );

export const ExtremeScoreRow = z
  .object({
    stationId,
    kind: extremeKind,
    windowNumber,
    month: time.describe("first hour of the month of the window's end"),
    n: count("forecasts").describe("forecasts scored: those of every hour"),
    bias: celsius.describe("mean of the median minus the truth"),
    mae: celsius.describe("mean absolute error of the median"),
    crps: celsius.describe("continuous ranked probability score"),
    untrackedCrps: celsius.describe("the same of the hourly quantiles at the hour with the extreme median"),
    beforeMae: celsius
      .nullable()
      .describe("mean absolute error of the newest low or high that had been observed whole"),
    ...quantileBins("lows or highs"),
    brier: share
      .nullable()
      .describe(
        "Brier score of the odds of frost (low below 0 °C) or heat (high of at least heatC); null without odds",
      ),
    climatologyMae: celsius
      .nullable()
      .describe("mean absolute error of the usual low or high of the time of year, by all before it"),
    climatologyCrps: celsius.nullable().describe("CRPS of the usual low or high with its spread"),
    oddsN: count("forecasts").describe("forecasts scored with odds of frost or heat"),
    untrackedBrier: share.nullable().describe("Brier score of the odds by the hourly quantiles"),
    beforeBrier: share.nullable().describe("Brier score of frost or heat as in the newest night or day observed whole"),
    climatologyBrier: share.nullable().describe("Brier score of the odds by the usual low or high with its spread"),
  })
  .describe("Errors of the forecasts of lows and highs, by month. The truth has at most one hour missing.");

export const LiveExtremeScoreRow = ExtremeScoreRow.pick({
  stationId: true,
  kind: true,
  windowNumber: true,
  month: true,
})
  .extend({
    modelVersion: z.number().int().describe("version of the model that made the forecasts"),
    ...ExtremeScoreRow.pick({ n: true, bias: true, mae: true, crps: true }).shape,
    ...quantileBins("lows or highs"),
    ...ExtremeScoreRow.pick({ oddsN: true, brier: true }).shape,
  })
  .describe("Errors of the live forecasts of lows and highs (not replayed ones), by month.");

export const ExtremeOddsRow = z
  .object({
    stationId,
    event: z.enum(extremeEvents).describe("frost: a low below 0 °C; heat: a high of at least heatC"),
    windowNumber,
    month: time.describe("first hour of the month of the window's end"),
    tenth: z.number().int().min(0).max(9).describe("odds from this tenth to the next"),
    n: count("forecasts").describe("forecasts with such odds"),
    oddsSum: z.number().meta({ unit: "forecasts" }).describe("sum of their odds"),
    came: count("forecasts").describe("how many of them were followed by the event"),
  })
  .describe("How often frost and heat came where their odds were in each tenth, by month.");

/** A low or high in `/api/<key>.json`. */
export const StationExtreme = z.object({
  kind: extremeKind,
  startTime: time.describe("first hour of the night or day"),
  endTime: time.describe("last hour of the night or day"),
  ...extremeQuantiles,
  frost: share.nullable().describe("odds of a low below 0 °C; null for highs"),
  heat: share.nullable().describe("odds of a high of at least heatC; null for lows and while heatC is unknown"),
  heatC,
});
export type StationExtreme = z.infer<typeof StationExtreme>;
