/** ε of the original demo, which averages over about 10 errors, and a slower one over about 1,000, to rank models. */
export const fastRate = 0.1;
export const slowRate = 0.001;

/** EWMAE is published at every hour of this many last days. */
export const ewmaeDays = 60;

/** One step of the exponentially weighted mean absolute error, EWMAE: e ← ε·|error| + (1-ε)·e, from e₀ = 0. */
export function ewmaeStep(e: number, absoluteError: number, rate: number): number {
  return rate * absoluteError + (1 - rate) * e;
}

/** Corrects EWMAE for its start at 0: e / (1-(1-ε)ⁿ). NaN before the first error. */
export function ewmaeCorrected(e: number, n: number, rate: number): number {
  return n > 0 ? e / weightOf(n, rate) : Number.NaN;
}

/** Undoes `ewmaeCorrected`. */
export function ewmaeRaw(corrected: number, n: number, rate: number): number {
  return corrected * weightOf(n, rate);
}

/** Total weight of n errors, 1-(1-ε)ⁿ; the start at 0 has the rest. */
function weightOf(n: number, rate: number): number {
  let left = 1;
  let base = 1 - rate;
  for (let k = n; k > 0; k = Math.floor(k / 2)) {
    if (k % 2 === 1) left *= base;
    base *= base;
  }
  return 1 - left;
}
