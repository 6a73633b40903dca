import { Persistence, SeasonalNaive } from "../../model/experts/naiveExpert.js";
import { History } from "../../model/features/history.js";
import { officialForHours } from "../../model/features/officialHours.js";
import {
  columnOf,
  maxLeadHours,
  type QuantileName,
  quantileCount,
  quantileNames,
  type Variable,
  variables,
} from "../../model/vocabulary.js";
import type {
  BaselineHour,
  ForecastHour,
  OfficialForecast,
  StationForecast,
} from "../../shared/published/stationForecast.js";
import { hourMs } from "../../shared/time.js";
import type { Issued } from "../replay/replayMessages.js";

/** What was forecast at one hour. */
export interface Issue {
  issuedTime: number;
  forecast: Record<Variable, ForecastHour[]>;
  baselines: BaselineHour[];
  official: OfficialForecast | null;
}

/** A row of `/api/<key>/issues.parquet`, as hyparquet reads it. */
export interface IssueRow extends Record<string, unknown> {
  variable: Variable;
  issuedTime: Date;
  model: string;
  leadHours: number;
  valueC: number;
}

/** The newest issue; null where none was made. */
export function newestIssue({ issuedTime, forecast, baselines, official }: StationForecast): Issue | null {
  return issuedTime === null ? null : { issuedTime, forecast, baselines, official };
}

/**
 * The issue of `issuedTime` out of the rows of a station's file, with the naive forecasts of that hour, made anew of
 * what was observed up to it; null where the file lacks it.
 */
export function issueFrom(
  rows: readonly IssueRow[],
  { model, observed }: Pick<StationForecast, "model" | "observed">,
  issuedTime: number,
): Issue | null {
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

/**
 * The issue that a replay ends with, to the tenth as issues are stored, with the naive forecasts of that hour; null where
 * nothing was issued.
 */
export function issueOf(
  { values, quantiles, official }: Issued,
  observed: StationForecast["observed"],
  issuedTime: number,
): Issue | null {
  if (values.every(Number.isNaN)) return null;
  const tenth = (value: number) => (Number.isNaN(value) ? null : Math.round(value * 10) / 10);
  const hours = (variable: Variable): ForecastHour[] =>
    Array.from({ length: maxLeadHours }, (_, i) => i + 1).flatMap((leadHours) => {
      const column = columnOf(variables.indexOf(variable), leadHours);
      const valueC = tenth(values[column]!);
      if (valueC === null) return [];
      const bounds = quantileNames.map((name, q) => [name, tenth(quantiles[column * quantileCount + q]!)]);
      const quantilesC = Object.fromEntries(bounds) as Record<QuantileName, number | null>;
      const p50 = quantilesC.p25 === null ? null : valueC;
      return [{ leadHours, validTime: issuedTime + leadHours * hourMs, valueC, ...quantilesC, p50 }];
    });
  return {
    issuedTime,
    forecast: { temperature: hours("temperature"), dewPoint: hours("dewPoint") },
    baselines: naiveForecasts(observed, issuedTime),
    official: official && officialOf(official, issuedTime),
  };
}

/** As a model saw it at an hour; null where it saw none. */
function officialOf(official: Float32Array, issuedTime: number): OfficialForecast | null {
  const known = (variable: Variable, leadHours: number) => {
    const valueC = official[columnOf(variables.indexOf(variable), leadHours)]!;
    return Number.isNaN(valueC) ? null : valueC;
  };
  const hours = Array.from({ length: maxLeadHours }, (_, i) => i + 1).flatMap((leadHours) => {
    const [temperature, dewPoint] = [known("temperature", leadHours), known("dewPoint", leadHours)];
    if (temperature === null && dewPoint === null) return [];
    return [{ validTime: issuedTime + leadHours * hourMs, temperature, dewPoint }];
  });
  return hours.length === 0 ? null : { issuedTime, hours };
}

/** The weather service's newest forecast by then, unless it is so old that the model would not take it either. */
function officialAt(rows: readonly IssueRow[], time: number): OfficialForecast | null {
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

/** What the naive models said at an hour: the model's own code over the hours observed up to then. */
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
