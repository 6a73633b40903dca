import { z } from "zod";
import { officialForHours } from "../../model/features/officialHours.js";
import type { Variable } from "../../model/vocabulary.js";
import { celsius, count, leadHours, model, quantiles, time, variable } from "../../shared/published/fields.js";
import type { Published } from "../published/published.js";
import { issueDays } from "./stationIssues.js";
import { StationSummary } from "./stations.js";

/** Hours of observations beside a forecast: enough for three days before the oldest issue that can be looked back at. */
const pastHours = (issueDays + 3) * 24;

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

export async function stationForecast(
  { query, manifest }: Published,
  station: StationSummary,
): Promise<StationForecast> {
  const { stationId, newestObservedTime, newestIssuedTime: issuedTime } = station;
  const model = manifest.publishedModel;
  const newest = await query<BaselineHour & ForecastHour>(
    `SELECT model, variable, leadHours, issuedTime + leadHours * 3600000 AS validTime, valueC,
       p025, p10, p25, p50, p75, p90, p975
     FROM forecasts WHERE stationId = $stationId AND issuedTime = $issuedTime ORDER BY ALL`,
    { stationId, issuedTime },
  );
  const hours = (variable: Variable): ForecastHour[] =>
    newest
      .filter((row) => row.model === model && row.variable === variable)
      .map(({ model: _model, variable: _variable, ...hour }) => hour);
  const issues = await query<{ issuedTime: number }>(
    `SELECT DISTINCT issuedTime FROM forecasts
     WHERE stationId = $stationId AND model = $model AND issuedTime > $since ORDER BY issuedTime`,
    { stationId, model, since: (issuedTime ?? manifest.asOf) - issueDays * 24 * 3_600_000 },
  );
  return {
    schemaVersion: 1,
    station,
    model,
    asOf: manifest.asOf,
    issuedTime,
    issues: issues.map(({ issuedTime }) => issuedTime),
    observed: await query<ObservedHour>(
      `SELECT validTime, temperatureC AS temperature, dewPointC AS dewPoint FROM hours
       WHERE stationId = $stationId AND validTime > $from ORDER BY validTime`,
      { stationId, from: (newestObservedTime ?? manifest.asOf) - pastHours * 3_600_000 },
    ),
    forecast: { temperature: hours("temperature"), dewPoint: hours("dewPoint") },
    baselines: newest
      .filter((row) => row.model !== model)
      .map(({ model, variable, leadHours, validTime, valueC }) => ({ model, variable, leadHours, validTime, valueC })),
    official: await officialForecast(query, station),
    errors: await query(
      `SELECT variable, leadHours, sum(n) AS n, round(sum(mae * n) / sum(n), 3) AS maeC FROM scores
       WHERE stationId = $stationId AND model = $model GROUP BY ALL ORDER BY ALL`,
      { stationId, model },
    ),
  };
}

async function officialForecast(
  query: Published["query"],
  { stationId, newestIssuedTime }: StationSummary,
): Promise<OfficialForecast | null> {
  const rows = await query<ObservedHour & { issuedTime: number }>(
    `SELECT issuedTime, issuedTime + leadHours * 3600000 AS validTime, temperatureC AS temperature, dewPointC AS dewPoint
     FROM officialForecasts
     WHERE stationId = $stationId AND issuedTime <= $newestIssuedTime
       AND issuedTime >= $newestIssuedTime - ${officialForHours} * 3600000
     QUALIFY issuedTime = max(issuedTime) OVER () ORDER BY validTime`,
    { stationId, newestIssuedTime },
  );
  const [first] = rows;
  if (!first) return null;
  const hours = rows.filter(({ validTime }) => validTime > newestIssuedTime!);
  return { issuedTime: first.issuedTime, hours: hours.map(({ issuedTime: _, ...hour }) => hour) };
}
