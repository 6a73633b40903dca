import { ewmaeTrace } from "../../model/forecaster/tracedReplay.js";
import { fastRate, slowRate } from "../../model/scores/ewmae.js";
import { columnOf, reportedColumns, reportedIndex, type Variable, variables } from "../../model/vocabulary.js";
import type { EwmaePoint } from "../../shared/published/stationEvaluation.js";
import { hourMs } from "../../shared/time.js";
import type { ReplayRun } from "./replayRun.js";

/** About how many points a line has. */
const pointCount = 320;

/** The part of a replay that its EWMAE is computed from. */
export type Traced = Pick<ReplayRun, "hours" | "done" | "errors"> & { request: { firstTime: number } };

export interface EwmaeAt {
  time: number;
  n: number;
  /** °C, corrected for its start at 0 */
  ewmae: number;
}

/** EWMAE of the reader's replay and of the published model; null if it is neither stored for this ε nor replayed. */
export interface ReplaySeries {
  own: EwmaeAt[];
  published: EwmaeAt[] | null;
}

export interface ReplaySeriesOptions {
  variable: Variable;
  leadHours: number;
  epsilon: number;
}

/** Both lines, thinned to as many points as a chart can show. */
export function replaySeries(
  history: readonly EwmaePoint[],
  { own, published }: { own: Traced | null; published: Traced | null },
  options: ReplaySeriesOptions,
): ReplaySeries {
  return {
    own: own ? traceAt(own, spread(own), options) : [],
    published: stored(history, options) ?? (published?.done ? traceAt(published, spread(published), options) : null),
  };
}

/** EWMAE of both at the last hour that both have reached; null if there is none. */
export function latestOfBoth(
  history: readonly EwmaePoint[],
  { own, published }: { own: Traced | null; published: Traced | null },
  options: ReplaySeriesOptions,
): { own: EwmaeAt; published: EwmaeAt } | null {
  if (!own) return null;
  const storedSeries = stored(history, options);
  if (storedSeries) {
    const indexOf = ({ time }: EwmaeAt) => (time - own.request.firstTime) / hourMs;
    const reached = storedSeries.filter((point) => indexOf(point) < own.done).slice(-1);
    return pair(traceAt(own, reached.map(indexOf), options), reached);
  }
  const last = [Math.min(own.done, published?.done ?? 0) - 1];
  return published ? pair(traceAt(own, last, options), traceAt(published, last, options)) : null;
}

function pair([own]: EwmaeAt[], [published]: EwmaeAt[]): { own: EwmaeAt; published: EwmaeAt } | null {
  return own && published ? { own, published } : null;
}

function traceAt(traced: Traced, indices: number[], options: ReplaySeriesOptions): EwmaeAt[] {
  const { variable, leadHours, epsilon } = options;
  const column = columnOf(variables.indexOf(variable), leadHours);
  const errors = traced.errors.subarray(0, traced.done * reportedColumns.length);
  return ewmaeTrace(errors, reportedIndex[column]!, epsilon, indices).map(({ index, ...point }) => ({
    time: traced.request.firstTime + index * hourMs,
    ...point,
  }));
}

/** Indices of evenly spaced hours, and of the newest. */
function spread({ hours, done }: Traced): number[] {
  const step = Math.max(1, Math.ceil(hours / pointCount));
  const indices = Array.from({ length: Math.floor(done / step) }, (_, i) => (i + 1) * step - 1);
  return done > 0 && indices.at(-1) !== done - 1 ? [...indices, done - 1] : indices;
}

function stored(history: readonly EwmaePoint[], options: ReplaySeriesOptions): EwmaeAt[] | null {
  const { variable, leadHours, epsilon } = options;
  const column = epsilon === fastRate ? "validationCorrected" : epsilon === slowRate ? "validationSlow" : null;
  const points = history.filter((row) => row.variable === variable && row.leadHours === leadHours);
  if (points.length === 0 || !column) return null;
  return points.map((row) => ({ time: row.time.getTime(), n: row.n, ewmae: row[column] }));
}
