import { z } from "zod";
import { guidanceSources } from "../../model/vocabulary.js";
import { StationExtreme } from "./extremeTables.js";
import { celsius, count, leadHours, model, quantiles, time, variable } from "./fields.js";
import { drawRanks } from "./forecastTables.js";
import { Scorecard, StationEvening } from "./scorecard.js";
import { question, questionWindow } from "./scoreTables.js";
import { StationSummary } from "./stationSummary.js";

export const ObservedHour = z.object({
  validTime: time.describe("hour of the values"),
  temperature: celsius.nullable().describe("temperature"),
  dewPoint: celsius.nullable().describe("dew point"),
});

/** One hour of a forecast; the quantiles are null until the model has intervals. */
export const ForecastHour = z.object({
  leadHours,
  validTime: time.describe("hour of the forecast"),
  valueC: celsius.describe("forecast value: the median when there are quantiles"),
  ...quantiles,
});

/** A baseline's forecast of one variable. */
export const BaselineForecast = z.object({
  model,
  variable,
  valueC: z
    .array(celsius.nullable())
    .meta({ unit: "°C" })
    .describe("forecast values, the first one hour ahead; null when there is none"),
});

/** The newest run of a source of guidance that the forecast knew; its values are a baseline of the same name. */
export const StationGuidance = z.object({
  model: z.enum(guidanceSources).describe("the baseline with its values"),
  name: z.string().describe("name of the source; that of an imported archive is its own"),
  runTime: time.describe("hour that the run starts from, or when the service last updated it"),
  publicTime: time.describe("when the run became public"),
  imported: z.boolean().describe("whether it was imported from an archive"),
});

const answerValue = z.number().meta({ unit: "°C, h" });
const share = z.number().min(0).max(1).meta({ unit: "share" });

/** The answer to a question over several hours, in °C, of freezing hours in hours. */
export const StationAnswer = z.object({
  question,
  windowNumber: questionWindow,
  startTime: time.describe("first hour of the night or day"),
  endTime: time.describe("last hour of the night or day"),
  lower: answerValue.describe("lower end of the 80 % interval"),
  median: answerValue.describe("median"),
  upper: answerValue.describe("upper end of the 80 % interval"),
  odds: share.nullable().describe("odds that tomorrow's high is above today's; null for other questions"),
  record: z
    .object({
      n: count("answers").describe("answers scored"),
      crps: answerValue.describe("continuous ranked probability score"),
      inside80: share.describe("share of truths within the 80 % interval"),
      brier: share.nullable().describe("Brier score of the odds"),
      commonBrier: share.nullable().describe("the same of draws that each have one rank at all leads"),
    })
    .nullable()
    .describe("how true such answers have been over all scored months; null before the first"),
});
export type StationAnswer = z.infer<typeof StationAnswer>;

/** Joint draws of the newest temperature forecast, and answers from them. */
export const StationJoint = z.object({
  ...drawRanks,
  answers: z.array(StationAnswer).describe("answers to questions over several hours"),
});

/** What else the station reports, in its newest observed hour. */
export const StationConditions = z.object({
  validTime: time.describe("hour of the values: the newest observed one"),
  windSpeedMs: z.number().meta({ unit: "m/s" }).nullable().describe("wind speed"),
  windDirectionDeg: z
    .number()
    .meta({ unit: "°" })
    .nullable()
    .describe("direction the wind comes from, clockwise from north; null when it is calm, variable or missing"),
  seaLevelPressureHpa: z.number().meta({ unit: "hPa" }).nullable().describe("air pressure reduced to sea level"),
  pressureChangeHpa: z
    .number()
    .meta({ unit: "hPa" })
    .nullable()
    .describe("change of the pressure in three hours; null when either value is missing"),
  cloudCoverOktas: z.number().meta({ unit: "oktas" }).nullable().describe("eighths of the sky covered by cloud"),
});

/** `/api/<key>.json`: a station's newest forecast and the observations before it; °C and epoch milliseconds. */
export const StationForecast = z.object({
  schemaVersion: z.literal(4).describe("changes when readers of this version would misread the file"),
  station: StationSummary.describe("the station, as in stations.json"),
  model: model.describe("the published model"),
  asOf: time.describe("time as of which the forecast was made; nothing later was known"),
  issuedTime: time.nullable().describe("hour of issue: the newest hour known to the forecast; null without a forecast"),
  issues: z.array(time).describe("hours of issue of the forecasts in <key>/issues.parquet, oldest first"),
  observed: z.array(ObservedHour).describe("hours before the forecast, oldest first; missing hours are left out"),
  conditions: StationConditions.nullable().describe(
    "wind, pressure and cloud as the model learned them; null when that hour has none of them",
  ),
  forecast: z
    .object({
      temperature: z.array(ForecastHour).describe("hours ahead"),
      dewPoint: z.array(ForecastHour).describe("hours ahead"),
    })
    .describe("forecast of the published model"),
  baselines: z.array(BaselineForecast).describe("forecasts of the baselines issued at the same time"),
  extremes: z.array(StationExtreme).describe("lows of the next nights and highs of the next days, by their end"),
  joint: StationJoint.nullable().describe(
    "how the hours of the temperature forecast vary together; null without quantiles",
  ),
  guidance: z.array(StationGuidance).describe("sources of guidance that the forecast knew"),
  errors: z
    .array(
      z.object({
        variable,
        leadHours,
        n: count("forecasts").describe("forecasts scored"),
        maeC: celsius.describe("mean absolute error"),
      }),
    )
    .describe("errors of the published model over all scored months"),
  evenings: z
    .array(StationEvening)
    .describe(
      "evening forecasts of the newest night that has ended and of the newest day; older ones in <key>/evenings.parquet",
    ),
  scorecard: Scorecard.nullable().describe(
    "the last seven complete days 24 hours ahead, compared with guidance and persistence; null with fewer than three",
  ),
});

export type ObservedHour = z.infer<typeof ObservedHour>;
export type ForecastHour = z.infer<typeof ForecastHour>;
export type BaselineForecast = z.infer<typeof BaselineForecast>;
export type StationGuidance = z.infer<typeof StationGuidance>;
export type StationConditions = z.infer<typeof StationConditions>;
export type StationForecast = z.infer<typeof StationForecast>;
