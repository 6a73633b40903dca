import { ewmaeTrace } from "../../model/forecaster/ewmaeTrace.js";
import { tracedColumns } from "../../model/forecaster/tracedReplay.js";
import { fastRate, slowRate } from "../../model/scores/ewmae.js";
import { reportedLeads, type Variable, variables } from "../../model/vocabulary.js";
import type { StationModel } from "../../shared/published/stationModel.js";
import { hourMs } from "../../shared/time.js";
import type { ReplayRun } from "./replayRun.js";

/** Points of a line, about. */
const pointCount = 320;

/** What of a replay its EWMAE is drawn from. */
export type Traced = Pick<ReplayRun, "hours" | "done" | "errors" | "request">;

export interface EwmaeAt {
  time: number;
  n: number;
  /** °C, corrected for its start at 0 */
  ewmae: number;
}

/** EWMAE of the reader's replay and of the published model, whose is null for an ε that nothing is stored for. */
export interface ReplaySeries {
  own: EwmaeAt[];
  published: EwmaeAt[] | null;
}

export interface ReplaySeriesOptions {
  variable: Variable;
  leadHours: number;
  epsilon: number;
}

/** The two lines, at about as many hours as a chart can show. */
export function replaySeries(
  data: Pick<StationModel, "ewmae">,
  { own, published }: { own: Traced | null; published: Traced | null },
  options: ReplaySeriesOptions,
): ReplaySeries {
  return {
    own: own ? traceAt(own, spread(own), options) : [],
    published: stored(data, options) ?? (published?.done ? traceAt(published, spread(published), options) : null),
  };
}

/** Both at one time, the latest that both have come to; null where there is none. */
export function replayedAtOnce(
  data: Pick<StationModel, "ewmae">,
  { own, published }: { own: Traced | null; published: Traced | null },
  options: ReplaySeriesOptions,
): { own: EwmaeAt; published: EwmaeAt } | null {
  if (!own) return null;
  const kept = stored(data, options);
  if (kept) {
    const placeOf = ({ time }: EwmaeAt) => (time - own.request.firstTime) / hourMs;
    const reached = kept.filter((point) => placeOf(point) < own.done).slice(-1);
    return pair(traceAt(own, reached.map(placeOf), options), reached);
  }
  const last = [Math.min(own.done, published?.done ?? 0) - 1];
  return published ? pair(traceAt(own, last, options), traceAt(published, last, options)) : null;
}

function pair([own]: EwmaeAt[], [published]: EwmaeAt[]): { own: EwmaeAt; published: EwmaeAt } | null {
  return own && published ? { own, published } : null;
}

function traceAt(traced: Traced, places: number[], { variable, leadHours, epsilon }: ReplaySeriesOptions): EwmaeAt[] {
  const pairPlace = variables.indexOf(variable) * reportedLeads.length;
  const column = pairPlace + (reportedLeads as readonly number[]).indexOf(leadHours);
  const width = tracedColumns.length;
  const errors = traced.errors.subarray(0, traced.done * width);
  return ewmaeTrace(errors, column, epsilon, places).map(({ place, ...point }) => ({
    time: traced.request.firstTime + place * hourMs,
    ...point,
  }));
}

/** Places spread over all hours there are, the newest taken in last. */
function spread({ hours, done }: Traced): number[] {
  const step = Math.max(1, Math.ceil(hours / pointCount));
  const places = Array.from({ length: Math.floor(done / step) }, (_, i) => (i + 1) * step - 1);
  return done > 0 && places.at(-1) !== done - 1 ? [...places, done - 1] : places;
}

function stored(data: Pick<StationModel, "ewmae">, options: ReplaySeriesOptions): EwmaeAt[] | null {
  const { variable, leadHours, epsilon } = options;
  const which = epsilon === fastRate ? "fast" : epsilon === slowRate ? "slow" : null;
  const series = data.ewmae.find((row) => row.variable === variable && row.leadHours === leadHours);
  if (!series || !which) return null;
  return series.time.map((time, i) => ({ time, n: series.n[i]!, ewmae: series[which][i]! }));
}
