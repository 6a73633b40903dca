/** The seed's ε, which remembers ten errors, and one slow enough to rank models by, which remembers a thousand. */
export const fastRate = 0.1;
export const slowRate = 0.001;

/** For so many last days EWMAE is published at every hour. */
export const ewmaeDays = 60;

/** One step of the exponentially weighted mean absolute error: e ← ε·|error| + (1-ε)·e, from e₀ = 0. */
export function ewmaeStep(e: number, absoluteError: number, rate: number): number {
  return rate * absoluteError + (1 - rate) * e;
}

/** Takes out the bias of having started at 0: e / (1-(1-ε)ⁿ). NaN before the first error. */
export function ewmaeCorrected(e: number, n: number, rate: number): number {
  return n > 0 ? e / weightOf(n, rate) : Number.NaN;
}

/** What a corrected average was before: started at 0. */
export function ewmaeRaw(corrected: number, n: number, rate: number): number {
  return corrected * weightOf(n, rate);
}

/** Weight of n errors together, 1-(1-ε)ⁿ; the rest is that of the 0 it started at. */
function weightOf(n: number, rate: number): number {
  let left = 1;
  let base = 1 - rate;
  for (let k = n; k > 0; k = Math.floor(k / 2)) {
    if (k % 2 === 1) left *= base;
    base *= base;
  }
  return 1 - left;
}
