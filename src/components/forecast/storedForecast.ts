import { Persistence, SeasonalNaive } from "../../model/experts/naiveExpert.js";
import { History } from "../../model/features/history.js";
import { officialForHours } from "../../model/features/officialHours.js";
import { maxLeadHours, type Variable, variables } from "../../model/vocabulary.js";
import type {
  BaselineHour,
  ForecastHour,
  OfficialForecast,
  StationForecast,
} from "../../shared/published/stationForecast.js";
import { hourMs } from "../../shared/time.js";
import { fetchApiBytes } from "../ui/fetchApi.js";
import type { IssuedForecast } from "./issuedForecast.js";

let kept: { name: string; newest: number | null; rows: Promise<StoredForecastRow[]> } | null = null;

/**
 * An earlier forecast of a station. The Parquet reader is loaded on first use: most readers never look back.
 * The file of the last station is kept.
 */
export async function storedForecast(data: StationForecast, issuedTime: number): Promise<IssuedForecast | null> {
  const name = `${data.station.key}/issues.parquet`;
  if (kept?.name !== name || kept.newest !== data.issuedTime) {
    const asked = { name, newest: data.issuedTime, rows: readRows(name) };
    kept = asked;
    // A failed request is repeated next time.
    asked.rows.catch(() => {
      if (kept === asked) kept = null;
    });
  }
  return forecastFromRows(await kept.rows, data, issuedTime);
}

async function readRows(name: string): Promise<StoredForecastRow[]> {
  const [{ parquetReadObjects }, file] = await Promise.all([import("hyparquet"), fetchApiBytes(name)]);
  return (await parquetReadObjects({ file })) as StoredForecastRow[];
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
 * The forecast issued at `issuedTime`, from the rows of a station's file, with the baselines of that hour, computed from
 * the observations up to it; null when the file does not have it.
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
    forecast: { temperature: hours("temperature"), dewPoint: hours("dewPoint") },
    baselines: naiveForecasts(observed, issuedTime),
    official: officialAt(rows, issuedTime),
  };
}

/** The weather service's newest forecast by then, unless it is so old that the model would not take it either. */
function officialAt(rows: readonly StoredForecastRow[], time: number): OfficialForecast | null {
  const known = rows.filter(
    (row) =>
      row.model === "official" &&
      time - row.issuedTime.getTime() >= 0 &&
      time - row.issuedTime.getTime() <= officialForHours * hourMs,
  );
  if (known.length === 0) return null;
  const issuedTime = Math.max(...known.map((row) => row.issuedTime.getTime()));
  const hours = new Map<number, OfficialForecast["hours"][number]>();
  for (const row of known) {
    const validTime = row.issuedTime.getTime() + row.leadHours * hourMs;
    if (row.issuedTime.getTime() !== issuedTime || validTime <= time) continue;
    const values = hours.get(validTime) ?? { validTime, temperature: null, dewPoint: null };
    hours.set(validTime, { ...values, [row.variable]: row.valueC });
  }
  return { issuedTime, hours: [...hours.values()].sort((a, b) => a.validTime - b.validTime) };
}

/** The baselines issued at an hour, computed by the model's own code from the observations up to then. */
export function naiveForecasts(observed: StationForecast["observed"], issuedTime: number): BaselineHour[] {
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
    const values = new Float32Array(variables.length * maxLeadHours);
    expert.forecast(values);
    return [...values].flatMap((valueC, column) => {
      const leadHours = (column % maxLeadHours) + 1;
      const variable = variables[Math.floor(column / maxLeadHours)]!;
      if (Number.isNaN(valueC)) return [];
      const tenth = Math.round(valueC * 10) / 10;
      return [{ model: expert.name, variable, leadHours, validTime: issuedTime + leadHours * hourMs, valueC: tenth }];
    });
  });
}
