import type { ModelName, QuantileName, Variable } from "../model/vocabulary.js";
import type { Published } from "./published.js";
import { issueDays } from "./stationIssues.js";
import type { StationSummary } from "./stations.js";

/** Hours of observations beside a forecast: enough for three days before the oldest issue that can be looked back at. */
const pastHours = (issueDays + 3) * 24;

/** `/api/<key>.json`: a station's newest forecast and what was observed before it; °C and epoch milliseconds. */
export interface StationForecast {
  schemaVersion: 1;
  station: StationSummary;
  model: ModelName;
  /** The run's clock: nothing later was known. */
  asOf: number;
  issuedTime: number | null;
  /** Times of the issues in `/api/<key>/issues.parquet`, oldest first. */
  issues: number[];
  observed: ObservedHour[];
  forecast: Record<Variable, ForecastHour[]>;
  /** Naive forecasts issued at the same time. */
  baselines: BaselineHour[];
  /** What the National Weather Service had forecast when the forecast was issued. */
  official: OfficialForecast | null;
  /** Mean absolute error of the published model over all scored months, by variable and lead. */
  errors: { variable: Variable; leadHours: number; n: number; maeC: number }[];
}

export interface ObservedHour {
  validTime: number;
  temperature: number | null;
  dewPoint: number | null;
}

/** One hour of a forecast; the quantiles are null until intervals exist. */
export interface ForecastHour extends Record<QuantileName, number | null> {
  leadHours: number;
  validTime: number;
  valueC: number;
}

/** The hours of the weather service's forecast, as first seen at `issuedTime`. */
export interface OfficialForecast {
  issuedTime: number;
  hours: ObservedHour[];
}

export interface BaselineHour {
  model: ModelName;
  variable: Variable;
  leadHours: number;
  validTime: number;
  valueC: number;
}

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
     FROM officialForecasts WHERE stationId = $stationId AND issuedTime <= $newestIssuedTime
     QUALIFY issuedTime = max(issuedTime) OVER () ORDER BY validTime`,
    { stationId, newestIssuedTime },
  );
  const [first] = rows;
  if (!first) return null;
  const hours = rows.filter(({ validTime }) => validTime > newestIssuedTime!);
  return { issuedTime: first.issuedTime, hours: hours.map(({ issuedTime: _, ...hour }) => hour) };
}
