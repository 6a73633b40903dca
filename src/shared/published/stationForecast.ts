import { z } from "zod";
import { celsius, count, leadHours, model, quantiles, time, variable } from "./fields.js";
import { StationSummary } from "./stationSummary.js";

export const ObservedHour = z.object({
  validTime: time.describe("the hour"),
  temperature: celsius.nullable().describe("temperature"),
  dewPoint: celsius.nullable().describe("dew point"),
});

/** One hour of a forecast; the quantiles are null until intervals exist. */
export const ForecastHour = z.object({
  leadHours,
  validTime: time.describe("the hour that is forecast"),
  valueC: celsius.describe("the forecast: the median, where there are quantiles"),
  ...quantiles,
});

export const BaselineHour = z.object({
  model,
  variable,
  leadHours,
  validTime: time.describe("the hour that is forecast"),
  valueC: celsius.describe("the forecast"),
});

/** The hours of the weather service's forecast, as first seen at `issuedTime`. */
export const OfficialForecast = z.object({
  issuedTime: time.describe("the whole hour in which it was first seen"),
  hours: z.array(ObservedHour).describe("what it said of the hours ahead"),
});

/** `/api/<key>.json`: a station's newest forecast and what was observed before it; °C and epoch milliseconds. */
export const StationForecast = z.object({
  schemaVersion: z.literal(1).describe("changes when a reader of this version would misread the file"),
  station: StationSummary.describe("as in stations.json"),
  model: model.describe("the published model"),
  asOf: time.describe("the run's clock: nothing later was known"),
  issuedTime: time.nullable().describe("newest hour that was known; null where nothing was forecast"),
  issues: z.array(time).describe("times of the issues in <key>/issues.parquet, oldest first"),
  observed: z.array(ObservedHour).describe("the hours before the forecast, oldest first; gaps stay gaps"),
  forecast: z
    .object({
      temperature: z.array(ForecastHour).describe("the hours ahead"),
      dewPoint: z.array(ForecastHour).describe("the hours ahead"),
    })
    .describe("of the published model"),
  baselines: z.array(BaselineHour).describe("naive forecasts issued at the same time"),
  official: OfficialForecast.nullable().describe(
    "what the National Weather Service had forecast in the day before the forecast was issued",
  ),
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
});

export type ObservedHour = z.infer<typeof ObservedHour>;

export type ForecastHour = z.infer<typeof ForecastHour>;

export type BaselineHour = z.infer<typeof BaselineHour>;

export type OfficialForecast = z.infer<typeof OfficialForecast>;

export type StationForecast = z.infer<typeof StationForecast>;
