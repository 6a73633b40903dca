import { z } from "zod";
import { questionKinds } from "../../model/draws/questions.js";
import { ewmaeDays } from "../../model/scores/ewmae.js";
import { comparedBaselines, guidanceSources, publishedModel } from "../../model/vocabulary.js";
import { alarmCauses } from "../alarmCause.js";
import { celsius, count, hours, leadHours, model, quantileBins, stationId, time, variable } from "./fields.js";

const hourOfDay = hours.min(0).max(23).describe("hour of the day (UTC) of the valid time");
/** Models with live scores. Persistence is the forecast to beat. */
const liveModels = ["persistence", ...guidanceSources, publishedModel] as const;

export const ScoreRow = z
  .object({
    stationId,
    variable,
    model,
    leadHours,
    month: time.describe("first hour of the month"),
    n: count("forecasts").describe("forecasts scored"),
    mae: celsius.describe("mean absolute error"),
    bias: celsius.describe("mean of forecast minus observation"),
    rmse: celsius.describe("root of the mean squared error"),
  })
  .describe("Errors of every model at every lead, by calendar month of the valid time (UTC), rounded to a thousandth.");
export type ScoreRow = z.infer<typeof ScoreRow>;

export const LiveScoreRow = ScoreRow.extend({
  model: z.enum(liveModels).describe("model that made the forecast"),
  modelVersion: z.number().int().describe("version of the published model in these hours"),
  pairedWith: z
    .enum(guidanceSources)
    .nullable()
    .describe("only the hours with guidance of this source, the same hours for all three models; null for all hours"),
}).describe(
  "Errors of live forecasts (not replayed ones) with an observation at the hour of issue, by calendar month of the valid time (UTC). Guidance is what the model used: what was public before the hour of issue, without imported guidance.",
);

export const EwmaeRow = z
  .object({
    stationId,
    variable,
    model,
    leadHours,
    time: time.describe("last hour in the average"),
    n: count("errors").describe("errors in the average"),
    validation: celsius.describe("EWMAE of forecasts made before the update, ε = 0.1, started at 0"),
    training: celsius.describe("EWMAE of forecasts made after the update, ε = 0.1, started at 0"),
    validationCorrected: celsius.describe("validation divided by 1-(1-ε)ⁿ"),
    trainingCorrected: celsius.describe("training divided by 1-(1-ε)ⁿ"),
    validationSlow: celsius.describe("validation with ε = 0.001, corrected"),
  })
  .describe(
    "EWMAE, the exponentially weighted mean absolute error, at the reported leads: every 73 hours, so that all hours of the day count equally, and at the newest hour.",
  );

export const EwmaeHourRow = EwmaeRow.pick({
  stationId: true,
  variable: true,
  leadHours: true,
  time: true,
  validationCorrected: true,
  trainingCorrected: true,
}).describe(`EWMAE of the published model at every hour of the last ${ewmaeDays} days, rounded to a hundredth.`);

export const ScoreByHourRow = ScoreRow.extend({ hourOfDay }).describe(
  "Errors by month and hour of the day (UTC) of the valid time, at the reported leads, rounded to a hundredth.",
);

const pinball = (level: string) => celsius.describe(`mean pinball loss of the quantile ${level}`);

export const CalibrationRow = z
  .object({
    stationId,
    variable,
    leadHours,
    month: time.describe("first hour of the month"),
    n: count("forecasts").describe("scored forecasts with quantiles"),
    crps: celsius.describe("continuous ranked probability score, computed from the pinball losses"),
    ...quantileBins("observations"),
    pinballP025: pinball("2.5 %"),
    pinballP10: pinball("10 %"),
    pinballP25: pinball("25 %"),
    pinballP50: pinball("50 %"),
    pinballP75: pinball("75 %"),
    pinballP90: pinball("90 %"),
    pinballP975: pinball("97.5 %"),
  })
  .describe(
    "Calibration of the published quantiles by month: CRPS, pinball losses, and the number of observations between quantiles; scores are rounded to a thousandth.",
  );

export const CalibrationByHourRow = CalibrationRow.extend({ hourOfDay }).describe(
  "Calibration of the published quantiles by month and hour of the day (UTC) of the valid time, at the reported leads.",
);

export const DailyLossRow = z
  .object({
    stationId,
    variable,
    leadHours,
    model: z.enum(comparedBaselines).describe("baseline compared with the published forecast"),
    day: time.describe("first hour of the day"),
    n: count("h").describe("hours with both forecasts"),
    mae: celsius.describe("mean absolute error of the baseline, rounded to a hundredth"),
    publishedMae: celsius.describe(
      "mean absolute error of the published forecast at the same hours, rounded to a hundredth",
    ),
  })
  .describe(
    "Daily errors of each baseline and of the published forecast over the hours with both, by day of the valid time (UTC), at the reported leads. The confidence intervals of the differences come from these.",
  );

export const WorstMissRow = z
  .object({
    stationId,
    variable,
    leadHours,
    validTime: time.describe("hour of the forecast"),
    forecastC: celsius.describe("forecast value"),
    observedC: celsius.describe("observed value"),
    p025: celsius.nullable().describe("lower bound of the 95 % interval"),
    p975: celsius.nullable().describe("upper bound of the 95 % interval"),
  })
  .describe("The largest errors: the worst hour of the worst days of each month, at the reported leads.");

export const question = z
  .enum(questionKinds)
  .describe(
    "highChange: by how much tomorrow's high is above today's; freezingHours: hours of a night below 0 °C; dayMean: mean of a calendar day. Nights last from 18 to 9 o'clock, days from 9 to 21 (for highs) or 0 to 23, local standard time",
  );
export const questionWindow = z
  .number()
  .int()
  .min(0)
  .max(2)
  .describe("0: the night, or today's 9 to 21 o'clock, had begun when issued; then 1, 2");
const valueOrHours = z.number().meta({ unit: "°C, h" });
const brier = z.number().min(0).max(1).meta({ unit: "share" }).nullable();

export const QuestionScoreRow = z
  .object({
    stationId,
    question,
    windowNumber: questionWindow,
    month: time.describe("first hour of the month of the end of the night or day"),
    n: count("answers").describe(
      "answers scored: those of 00, 06, 12 and 18 UTC; of nights only where a draw went below 0 °C",
    ),
    meanError: valueOrHours.describe("mean of the median minus the truth"),
    meanAbsoluteError: valueOrHours.describe("mean absolute error of the median"),
    crps: valueOrHours.describe("continuous ranked probability score"),
    commonCrps: valueOrHours.describe("the same of draws that each have one rank at all leads"),
    belowP10: count("answers").describe("truths below the 80 % interval"),
    aboveP90: count("answers").describe("truths above it"),
    brier: brier.describe("Brier score of the odds that tomorrow's high is above today's; null for other questions"),
    commonBrier: brier.describe("the same of draws that each have one rank at all leads"),
    came: count("answers").describe("truths above 0"),
  })
  .describe("Errors of the answers to questions over several hours, which come from joint draws, by month.");

export const AlarmRow = z
  .object({
    stationId,
    variable,
    time: time.describe("when the shift was detected"),
    side: z.enum(["forecasts too high", "forecasts too low"]).describe("direction of the shift"),
    changeC: celsius
      .nullable()
      .describe("mean of the last day minus that of the same hours of the day in the two weeks before"),
    neighbours: count("stations").describe("stations of the network within 250 km that are compared, at most eight"),
    neighbourChangeC: celsius.nullable().describe("median of the same change at these stations"),
    cause: z
      .enum(alarmCauses)
      .describe("weather if the neighbours changed too, sensor if only this station did, else unknown"),
  })
  .describe(
    "Drift alarms: hours at which forecasts one hour or a day ahead were found to be shifted to one side, and whether the stations around changed too.",
  );
export type AlarmRow = z.infer<typeof AlarmRow>;
