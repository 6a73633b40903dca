import { dayMs } from "./time.js";

/** Losses of a day: number of forecasts due, and the mean absolute error of each model, °C. */
export interface DailyLoss {
  /** First hour of the day, epoch milliseconds. */
  day: number;
  n: number;
  mae: number;
  baselineMae: number;
}

/** With fewer days the dependence between days can't be estimated. */
const leastDays = 30;
/** The 97.5 % quantile of the normal distribution. */
const z95 = 1.959964;

/**
 * Compares two forecasts by their losses over the same hours (Diebold and Mariano 1995). Days are autocorrelated, so the
 * variance of the mean is that of Newey and West (1987). The interval of skill, a ratio, uses the delta method.
 * @param losses in order of days; days without forecasts may be missing
 * @param leadHours hours over which forecasts of this lead overlap
 * @returns null for fewer than 30 days
 */
export function lossDifference(losses: readonly DailyLoss[], leadHours: number) {
  if (losses.length < leastDays) return null;
  let [n, own, baseline] = [0, 0, 0];
  for (const loss of losses) {
    n += loss.n;
    own += loss.n * loss.mae;
    baseline += loss.n * loss.baselineMae;
  }
  if (!(n > 0 && baseline > 0)) return null;
  const first = losses[0]!.day;
  const length = Math.round((losses.at(-1)!.day - first) / dayMs) + 1;
  const difference = (own - baseline) / n;
  const ratio = own / baseline;
  // A day without a forecast adds nothing to either sum.
  const differences = new Float64Array(length);
  const ratios = new Float64Array(length);
  for (const loss of losses) {
    const at = Math.round((loss.day - first) / dayMs);
    differences[at] = (loss.n * (loss.mae - loss.baselineMae - difference)) / n;
    ratios[at] = (loss.n * (loss.mae - ratio * loss.baselineMae)) / baseline;
  }
  const lags = Math.ceil(4 * (length / 100) ** (2 / 9)) + Math.ceil(leadHours / 24);
  const differenceSpread = z95 * Math.sqrt(sumVariance(differences, lags));
  const skillSpread = z95 * Math.sqrt(sumVariance(ratios, lags));
  return {
    days: losses.length,
    n,
    difference,
    differenceLow: difference - differenceSpread,
    differenceHigh: difference + differenceSpread,
    skill: 1 - ratio,
    skillLow: 1 - ratio - skillSpread,
    skillHigh: 1 - ratio + skillSpread,
  };
}

/** Variance of the sum of a zero-mean series with dependence up to `lags` terms, with Bartlett weights. */
function sumVariance(terms: Float64Array, lags: number): number {
  let variance = 0;
  for (let lag = 0; lag <= lags; lag++) {
    let product = 0;
    for (let i = lag; i < terms.length; i++) product += terms[i]! * terms[i - lag]!;
    variance += (lag === 0 ? 1 : 2 * (1 - lag / (lags + 1))) * product;
  }
  return Math.max(0, variance);
}
