import { normal, uniform } from "../../../src/model/arithmetic/deterministicMath.js";
import {
  columnCount,
  columnOf,
  type GuidanceSource,
  guidanceSources,
  maxLeadHours,
  quantities,
  variables,
} from "../../../src/model/vocabulary.js";

/** 1 January 2020, 00 UTC, in hours since 1970: where synthetic series begin. */
export const firstHour = Date.UTC(2020, 0, 1) / 3_600_000;

/** Observations of an hour for `Forecaster.step`; all other quantities are missing. */
export function observed(temperatureC: number, dewPointC = Number.NaN): Float64Array {
  const row = new Float64Array(quantities.length).fill(Number.NaN);
  row[0] = temperatureC;
  row[1] = dewPointC;
  return row;
}

export const missing = observed(Number.NaN);

/** yₜ = φ·yₜ₋₁ + σ·noise. */
export function autoregression(hours: number, phi: number, sigma: number, seed: number): number[] {
  const next = normal(seed);
  let y = 0;
  return Array.from({ length: hours }, () => {
    y = phi * y + sigma * next();
    return y;
  });
}

/** Weather-like hours: an annual and a daily cycle, slow and fast noise, a dew point below the temperature. */
export function weather(hours: number, seed: number): Float64Array[] {
  const slow = autoregression(hours, 0.99, 0.6, seed);
  const fast = autoregression(hours, 0.8, 0.4, seed + 1);
  const damp = autoregression(hours, 0.95, 0.5, seed + 2);
  return Array.from({ length: hours }, (_, t) => {
    const year = -10 * Math.cos((2 * Math.PI * t) / 8766);
    const day = 5 * Math.sin((2 * Math.PI * (t - 14)) / 24);
    const temperatureC = 12 + year + day + slow[t] + fast[t];
    return observed(temperatureC, temperatureC - Math.abs(3 + day / 2 + damp[t]));
  });
}

/** Adds pressure, wind (every seventh hour without a direction) and cloud. */
export function withHelpers(rows: readonly Float64Array[], seed: number): Float64Array[] {
  const pressure = autoregression(rows.length, 0.99, 1, seed);
  const next = uniform(seed + 1);
  return rows.map((row, t) => {
    const out = Float64Array.from(row);
    const direction = 10 * Math.ceil(36 * next());
    out[2] = 1013 + pressure[t];
    out[3] = 12 * next();
    out[4] = t % 7 === 3 ? Number.NaN : direction;
    out[5] = Math.floor(9 * next());
    return out;
  });
}

/** Removes single hours, single dew points, and stretches of up to two days. */
export function withGaps(rows: readonly Float64Array[], seed: number): Float64Array[] {
  const next = uniform(seed);
  let gap = 0;
  return rows.map((row) => {
    if (gap === 0 && next() < 0.005) gap = 1 + Math.floor(next() * 48);
    if (gap > 0) gap--;
    if (gap > 0 || next() < 0.03) return missing;
    return next() < 0.05 ? observed(row[0]) : row;
  });
}

/** Guidance of one source at an hour, as `Forecaster.step` takes it. */
export function guidanceFrom(source: GuidanceSource, values: Float32Array | undefined): (Float32Array | null)[] {
  return guidanceSources.map((other) => (other === source ? (values ?? null) : null));
}

/**
 * Simulated guidance by hour and column, °C: the observations with a bias that depends on the hour of the day
 * and an error that is correlated over the leads and grows with them. Every other hour lacks the last lead, and some
 * hours have no forecast.
 */
export function simulatedGuidance(
  rows: readonly ArrayLike<number>[],
  seed: number,
  { bias = 1.5, error = 0.9 }: { bias?: number; error?: number } = {},
): (Float32Array | undefined)[] {
  const next = normal(seed);
  return rows.map((_, t) => {
    const values = new Float32Array(columnCount).fill(Number.NaN);
    for (let v = 0; v < variables.length; v++) {
      let wander = 0;
      for (let lead = 1; lead <= maxLeadHours - (t % 2); lead++) {
        wander = 0.95 * wander + error * 0.45 * next();
        const hour = firstHour + t + lead;
        const observation = rows[t + lead]?.[v] ?? Number.NaN;
        // Any value will do where nothing was observed.
        const truth = Number.isNaN(observation) ? 12 - 4 * v : observation;
        values[columnOf(v, lead)] = truth + bias * (0.7 + Math.sin((2 * Math.PI * hour) / 24)) + 0.3 * error + wander;
      }
    }
    return t % 97 === 40 || t < 30 ? undefined : values;
  });
}
