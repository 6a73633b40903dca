import { range } from "d3";
import { Persistence, SeasonalNaive } from "../../model/experts/naiveExpert.js";
import type { ExtremeKind } from "../../model/extremes/windows.js";
import { guidanceHours } from "../../model/features/guidanceHours.js";
import { History } from "../../model/features/history.js";
import {
  columnCount,
  columnOf,
  guidanceSources,
  type ModelName,
  maxLeadHours,
  type QuantileName,
  quantileNames,
  type Variable,
  variables,
} from "../../model/vocabulary.js";
import type { BaselineForecast, ForecastHour, StationForecast } from "../../shared/published/stationForecast.js";
import { hourMs } from "../../shared/time.js";
import { type LearnedGuidanceRow, toGuidanceHour } from "../replay/learnedHours.js";
import { readParquet } from "../ui/fetchApi.js";
import type { IssuedForecast } from "./issuedForecast.js";
import { type PastForecast, pastWindows, type StoredExtremeRow } from "./thresholdRecord.js";

/** The file of the last station. */
let cached: {
  path: string;
  newest: number | null;
  files: Promise<[forecasts: StoredForecastRow[], guidance: LearnedGuidanceRow[]]>;
} | null = null;

/** An older forecast of a station from its file of stored forecasts; null if the file does not have it. */
export async function storedForecast(data: StationForecast, issuedTime: number): Promise<IssuedForecast | null> {
  const [forecasts, guidance] = await storedFiles(data);
  return forecastFromRows(forecasts, guidance, data, issuedTime);
}

/** The hours of a station's stored forecasts that have been observed, with their quantiles and observations; °C. */
export async function pastForecasts(data: StationForecast, variable: Variable): Promise<PastForecast[]> {
  const [forecasts] = await storedFiles(data);
  const observed = new Map(data.observed.map((row) => [row.validTime, row[variable]]));
  return forecasts.flatMap((row) => {
    if (row.model !== data.model || row.variable !== variable) return [];
    const { leadHours } = row;
    const validTime = row.issuedTime.getTime() + leadHours * hourMs;
    const came = observed.get(validTime) ?? null;
    if (came === null) return [];
    return [{ validTime, leadHours, quantiles: quantileNames.map((name) => row[name] ?? Number.NaN), observed: came }];
  });
}

/** The lows and highs of a station's stored forecasts whose nights and days had not begun then and have ended since. */
export async function pastExtremes(data: StationForecast): Promise<Record<ExtremeKind, PastForecast[]>> {
  const rows = await readParquet<StoredExtremeRow>(`api/${data.station.key}/extremes.parquet`);
  return { low: pastWindows(rows, data.observed, "low"), high: pastWindows(rows, data.observed, "high") };
}

/** Reads the files of a station's stored forecasts and of the guidance that they knew, once. */
function storedFiles(data: StationForecast) {
  const path = `api/${data.station.key}`;
  if (cached?.path !== path || cached.newest !== data.issuedTime) {
    const files = Promise.all([
      readParquet<StoredForecastRow>(`${path}/issues.parquet`),
      readParquet<LearnedGuidanceRow>(`${path}/guidance.parquet`),
    ]);
    const request = { path, newest: data.issuedTime, files };
    cached = request;
    // A failed request is repeated next time.
    request.files.catch(() => {
      if (cached === request) cached = null;
    });
  }
  return cached.files;
}

/** A row of `/api/<key>/issues.parquet`, as hyparquet reads it. */
export interface StoredForecastRow extends Record<QuantileName, number | null> {
  variable: Variable;
  issuedTime: Date;
  model: string;
  leadHours: number;
  valueC: number;
}

/**
 * The forecast issued at `issuedTime` from the rows of a station's files, with its baselines computed from the observations
 * and the guidance until then; null if the file does not have it.
 */
export function forecastFromRows(
  rows: readonly StoredForecastRow[],
  guidance: readonly LearnedGuidanceRow[],
  { model, observed }: Pick<StationForecast, "model" | "observed">,
  issuedTime: number,
): IssuedForecast | null {
  const own = rows.filter((row) => row.model === model && row.issuedTime.getTime() === issuedTime);
  if (own.length === 0) return null;
  const hours = (variable: Variable): ForecastHour[] =>
    own
      .filter((row) => row.variable === variable)
      .map(({ variable: _variable, model: _model, issuedTime: _issued, ...row }) => ({
        ...row,
        validTime: issuedTime + row.leadHours * hourMs,
      }));
  return {
    issuedTime,
    hours: { temperature: hours("temperature"), dewPoint: hours("dewPoint") },
    baselines: [
      ...naiveForecasts(observed, issuedTime),
      ...guidanceForecasts(guidanceHours(guidance.map(toGuidanceHour), issuedTime / hourMs, issuedTime / hourMs)),
    ],
  };
}

/** The guidance of an hour, by source and column, as baselines. */
export function guidanceForecasts(guidance: readonly (Float32Array | null)[]): BaselineForecast[] {
  return guidanceSources.flatMap((source, i) => {
    const values = guidance[i];
    return values && !values.every(Number.isNaN) ? byVariable(source, values) : [];
  });
}

function byVariable(model: ModelName, values: Float32Array): BaselineForecast[] {
  const tenth = (value: number) => (Number.isNaN(value) ? null : Math.round(value * 10) / 10);
  return variables.map((variable, v) => ({
    model,
    variable,
    valueC: range(1, maxLeadHours + 1).map((leadHours) => tenth(values[columnOf(v, leadHours)]!)),
  }));
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
    return byVariable(expert.name, values);
  });
}
