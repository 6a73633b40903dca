import { ewmaeCorrected, ewmaeStep } from "../scores/ewmae.js";
import { tracedColumns } from "./tracedReplay.js";

export interface EwmaePoint {
  /** Place of the hour, from 0. */
  place: number;
  /** Errors by then. */
  n: number;
  /** °C, corrected for its start at 0. */
  ewmae: number;
}

/**
 * EWMAE along errors as `TracedReplay` notes them, of one column, with any ε in (0, 1].
 * @param errors hours × traced columns, NaN where nothing came due
 * @param at places of the hours at which it is told, ascending; those before the first error are left out
 */
export function ewmaeTrace(errors: Float64Array, column: number, epsilon: number, at: readonly number[]): EwmaePoint[] {
  const width = tracedColumns.length;
  const points: EwmaePoint[] = [];
  let e = 0;
  let n = 0;
  let place = 0;
  for (const next of at) {
    for (; place <= next && place * width < errors.length; place++) {
      const error = errors[place * width + column];
      if (Number.isNaN(error)) continue;
      e = ewmaeStep(e, error, epsilon);
      n++;
    }
    if (n > 0 && place === next + 1) points.push({ place: next, n, ewmae: ewmaeCorrected(e, n, epsilon) });
  }
  return points;
}
