import { exp } from "../arithmetic/deterministicMath.js";
import { quantileCount } from "../vocabulary.js";

/** Standard normal quantiles at the issued levels. */
export const issuedScores: readonly number[] = [-1.95996, -1.28155, -0.67449, 0, 0.67449, 1.28155, 1.95996];

/** The quantile at a standard normal score: linear in it between the issued quantiles and beyond them. */
export function quantileAt(quantiles: ArrayLike<number>, at: number, score: number): number {
  const { from, share } = segmentOf(score);
  return quantiles[at + from]! + share * (quantiles[at + from + 1]! - quantiles[at + from]!);
}

/** The issued quantile below a standard normal score, and the share of the way to the next; the first and last go on beyond. */
export function segmentOf(score: number): { from: number; share: number } {
  let from = 0;
  while (from < quantileCount - 2 && score > issuedScores[from + 1]!) from++;
  return { from, share: (score - issuedScores[from]!) / (issuedScores[from + 1]! - issuedScores[from]!) };
}

/** The standard normal score of a value in its quantiles, the inverse of `quantileAt`; NaN without quantiles. */
export function scoreOf(quantiles: ArrayLike<number>, value: number): number {
  if (Number.isNaN(quantiles[0]) || Number.isNaN(value)) return Number.NaN;
  let from = 0;
  while (from < quantileCount - 2 && value > quantiles[from + 1]!) from++;
  const [low, high] = [quantiles[from]!, quantiles[from + 1]!];
  const share = high > low ? (value - low) / (high - low) : value > low ? 1 : value < low ? 0 : 0.5;
  return issuedScores[from]! + share * (issuedScores[from + 1]! - issuedScores[from]!);
}

/**
 * The probability that a value is below a threshold, from its quantiles. The last of them are equal where a window has observed
 * a value that bounds it: beyond it the probability is 1, or 0 before equal first ones.
 */
export function probabilityBelow(quantiles: ArrayLike<number>, threshold: number): number {
  const last = quantileCount - 1;
  if (threshold > quantiles[last]! && quantiles[last] === quantiles[last - 1]) return 1;
  if (threshold <= quantiles[0]! && quantiles[0] === quantiles[1]) return 0;
  let from = 0;
  while (from < last - 1 && threshold > quantiles[from + 1]!) from++;
  const [low, high] = [quantiles[from]!, quantiles[from + 1]!];
  // Where two quantiles are equal, because the window has observed that value, all between them has been decided.
  if (low === high) return threshold > low ? normalShare(issuedScores[from + 1]!) : normalShare(issuedScores[from]!);
  return normalShare(
    issuedScores[from]! + ((threshold - low) / (high - low)) * (issuedScores[from + 1]! - issuedScores[from]!),
  );
}

/** The standard normal distribution function (Abramowitz & Stegun 26.2.17; error below 1e-7). */
export function normalShare(z: number): number {
  const t = 1 / (1 + 0.2316419 * Math.abs(z));
  const tail =
    0.39894228 *
    exp((-z * z) / 2) *
    t *
    (0.31938153 + t * (-0.356563782 + t * (1.781477937 + t * (-1.821255978 + t * 1.330274429))));
  return z > 0 ? 1 - tail : tail;
}
