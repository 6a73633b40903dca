import { max, range } from "d3";
import { Persistence, SeasonalNaive } from "../../model/experts/naiveExpert.js";
import { History } from "../../model/features/history.js";
import { officialForHours } from "../../model/features/officialHours.js";
import { columnCount, columnOf, maxLeadHours, type Variable, variables } from "../../model/vocabulary.js";
import type {
  BaselineForecast,
  ForecastHour,
  OfficialForecast,
  StationForecast,
} from "../../shared/published/stationForecast.js";
import { hourMs } from "../../shared/time.js";
import { readParquet } from "../ui/fetchApi.js";
import type { IssuedForecast } from "./issuedForecast.js";

/** The file of the last station. */
let cached: { path: string; newest: number | null; rows: Promise<StoredForecastRow[]> } | null = null;

/** An older forecast of a station from its file of stored forecasts; null if the file does not have it. */
export async function storedForecast(data: StationForecast, issuedTime: number): Promise<IssuedForecast | null> {
  const path = `api/${data.station.key}/issues.parquet`;
  if (cached?.path !== path || cached.newest !== data.issuedTime) {
    const request = { path, newest: data.issuedTime, rows: readParquet<StoredForecastRow>(path) };
    cached = request;
    // A failed request is repeated next time.
    request.rows.catch(() => {
      if (cached === request) cached = null;
    });
  }
  return forecastFromRows(await cached.rows, data, issuedTime);
}

/** A row of `/api/<key>/issues.parquet`, as hyparquet reads it. */
export interface StoredForecastRow extends Record<string, unknown> {
  variable: Variable;
  issuedTime: Date;
  model: string;
  leadHours: number;
  valueC: number;
}

/**
 * The forecast issued at `issuedTime` from the rows of a station's file, with its baselines computed from the
 * observations until then; null if the file does not have it.
 */
export function forecastFromRows(
  rows: readonly StoredForecastRow[],
  { model, observed }: Pick<StationForecast, "model" | "observed">,
  issuedTime: number,
): IssuedForecast | null {
  const own = rows.filter((row) => row.model === model && row.issuedTime.getTime() === issuedTime);
  if (own.length === 0) return null;
  const hours = (variable: Variable): ForecastHour[] =>
    own
      .filter((row) => row.variable === variable)
      .map(({ variable: _variable, model: _model, issuedTime: _issued, ...row }) => ({
        ...(row as unknown as ForecastHour),
        validTime: issuedTime + row.leadHours * hourMs,
      }));
  return {
    issuedTime,
    hours: { temperature: hours("temperature"), dewPoint: hours("dewPoint") },
    baselines: naiveForecasts(observed, issuedTime),
    official: officialAt(rows, issuedTime),
  };
}

/** The weather service's newest forecast at that time, unless it is too old for the model. */
function officialAt(rows: readonly StoredForecastRow[], time: number): OfficialForecast | null {
  const known = rows
    .filter(({ model }) => model === "official")
    .map((row) => ({ ...row, issuedTime: row.issuedTime.getTime() }))
    .filter(({ issuedTime }) => issuedTime <= time && time - issuedTime <= officialForHours * hourMs);
  const issuedTime = max(known, (row) => row.issuedTime);
  if (issuedTime === undefined) return null;
  const hours = new Map<number, OfficialForecast["hours"][number]>();
  for (const row of known) {
    const validTime = issuedTime + row.leadHours * hourMs;
    if (row.issuedTime !== issuedTime || validTime <= time) continue;
    const values = hours.get(validTime) ?? { validTime, temperature: null, dewPoint: null };
    hours.set(validTime, { ...values, [row.variable]: row.valueC });
  }
  return { issuedTime, hours: [...hours.values()].sort((a, b) => a.validTime - b.validTime) };
}

/** The baselines at a time, computed by the model's code from the observations until then. */
export function naiveForecasts(observed: StationForecast["observed"], issuedTime: number): BaselineForecast[] {
  const first = observed[0];
  if (!first || first.validTime > issuedTime) return [];
  const byTime = new Map(observed.map((row) => [row.validTime, row]));
  const history = new History();
  for (let time = first.validTime; time <= issuedTime; time += hourMs) {
    const { temperature, dewPoint } = byTime.get(time) ?? { temperature: null, dewPoint: null };
    history.push(time / hourMs, [temperature ?? Number.NaN, dewPoint ?? Number.NaN]);
  }
  return [new Persistence(), new SeasonalNaive()].flatMap((expert) => {
    expert.observe(issuedTime / hourMs, history);
    const values = new Float32Array(columnCount);
    expert.forecast(values);
    const tenth = (value: number) => (Number.isNaN(value) ? null : Math.round(value * 10) / 10);
    return variables.map((variable, v) => ({
      model: expert.name,
      variable,
      valueC: range(1, maxLeadHours + 1).map((leadHours) => tenth(values[columnOf(v, leadHours)]!)),
    }));
  });
}
