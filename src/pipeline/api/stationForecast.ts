import { officialForHours } from "../../model/features/officialHours.js";
import type { Variable } from "../../model/vocabulary.js";
import type {
  BaselineHour,
  ForecastHour,
  ObservedHour,
  OfficialForecast,
  StationForecast,
} from "../../shared/published/stationForecast.js";
import type { StationSummary } from "../../shared/published/stationSummary.js";
import { dayMs, hourMs } from "../../shared/time.js";
import type { Published } from "./openPublished.js";
import { issueDays } from "./stationParquet.js";

/** Hours of observations with a forecast: three days before the oldest forecast in <key>/issues.parquet. */
const pastHours = (issueDays + 3) * 24;

export async function stationForecast(
  { query, manifest }: Published,
  station: StationSummary,
): Promise<StationForecast> {
  const { stationId, newestObservedTime, newestIssuedTime: issuedTime } = station;
  const model = manifest.publishedModel;
  const newest = await query<BaselineHour & ForecastHour>(
    `SELECT model, variable, leadHours, issuedTime + leadHours * ${hourMs} AS validTime, valueC,
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
    { stationId, model, since: (issuedTime ?? manifest.asOf) - issueDays * dayMs },
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
      { stationId, from: (newestObservedTime ?? manifest.asOf) - pastHours * hourMs },
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
    `SELECT issuedTime, issuedTime + leadHours * ${hourMs} AS validTime, temperatureC AS temperature, dewPointC AS dewPoint
     FROM officialForecasts
     WHERE stationId = $stationId AND issuedTime <= $newestIssuedTime
       AND issuedTime >= $newestIssuedTime - ${officialForHours} * ${hourMs}
     QUALIFY issuedTime = max(issuedTime) OVER () ORDER BY validTime`,
    { stationId, newestIssuedTime },
  );
  const [first] = rows;
  if (!first) return null;
  const hours = rows.filter(({ validTime }) => validTime > newestIssuedTime!);
  return { issuedTime: first.issuedTime, hours: hours.map(({ issuedTime: _, ...hour }) => hour) };
}
