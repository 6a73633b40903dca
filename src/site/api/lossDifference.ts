import { probit } from "simple-statistics";
import type { LossDifference } from "../../shared/published/stationEvaluation.js";
import { dayMs } from "../../shared/time.js";

/** Losses of a day: how many forecasts came due, and the mean absolute error of each side, °C. */
export interface DailyLoss {
  /** First hour of the day, epoch milliseconds. */
  day: number;
  n: number;
  mae: number;
  baselineMae: number;
}

/** Fewer days say nothing about how a day depends on the one before. */
const leastDays = 30;
const z95 = probit(0.975);

/**
 * Compares two forecasts by their losses of the same hours, after Diebold and Mariano (1995): days follow each other, so
 * the variance of the mean is that of Newey and West (1987), over as many days as weather and lead make alike. Skill, a
 * ratio, is made linear about its value (the delta method).
 * @param losses in order of days; days without any may be missing
 * @param leadHours forecasts of a lead overlap for so long
 * @returns null where there are fewer than 30 days
 */
export function lossDifference(losses: readonly DailyLoss[], leadHours: number): LossDifference | null {
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

/** Variance of the sum of a series of mean zero whose terms depend on those up to `lags` before: Bartlett's weights. */
function sumVariance(terms: Float64Array, lags: number): number {
  let variance = 0;
  for (let lag = 0; lag <= lags; lag++) {
    let product = 0;
    for (let i = lag; i < terms.length; i++) product += terms[i]! * terms[i - lag]!;
    variance += (lag === 0 ? 1 : 2 * (1 - lag / (lags + 1))) * product;
  }
  return Math.max(0, variance);
}
