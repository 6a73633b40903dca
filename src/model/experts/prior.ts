import { cholesky, inverse, packedLength, solve, times, timesTranspose } from "../arithmetic/cholesky.js";
import { fromHalf, toHalf } from "../arithmetic/halfPrecision.js";
import { columnCount, variableOf } from "../vocabulary.js";
import type { RecursiveLeastSquares } from "./recursiveLeastSquares.js";

/** Where a regression starts: its weights and their covariance relative to the noise. */
export interface RegressionPrior {
  dimension: number;
  /** column × dimension */
  weights: Float64Array;
  /** Packed lower triangle. */
  covariance: Float64Array;
}

/** What regressions have learned, as sums that can be added over stations. */
export interface RegressionSums {
  dimension: number;
  /** Number of hours learned from. */
  rows: number;
  /** Σ x xᵀ, packed. */
  information: Float64Array;
  /** Σ x xᵀ θ by column. */
  moments: Float64Array;
}

/** A new station trusts the prior as if it had seen so many days of other stations. */
export const priorDays = 100;
const worthHours = priorDays * 24;
/** Prior variance of the pooled regression. */
const pooledDelta = 0.1;

/** The sums of a trained regression. @param rows hours that it learned from @param delta its prior variance */
export function sumsOf(model: RecursiveLeastSquares, { rows, delta }: { rows: number; delta: number }): RegressionSums {
  const { dimension } = model;
  const information = inverse(cholesky(model.covariance(), dimension), dimension);
  for (let i = 0; i < dimension; i++) information[packedLength(i + 1) - 1] -= 1 / delta;
  const moments = new Float64Array(columnCount * dimension);
  for (let column = 0; column < columnCount; column++)
    times(information, model.weightsOf(column), moments.subarray(column * dimension, (column + 1) * dimension));
  return { dimension, rows, information, moments };
}

/** Adds sums of regressions on the same features. */
export function addSums(a: RegressionSums, b: RegressionSums): RegressionSums {
  if (a.dimension !== b.dimension) throw new Error(`regressions of ${a.dimension} and ${b.dimension} features`);
  return {
    dimension: a.dimension,
    rows: a.rows + b.rows,
    information: a.information.map((value, i) => value + b.information[i]),
    moments: a.moments.map((value, i) => value + b.moments[i]),
  };
}

/**
 * The prior of many stations' regressions: weights of one pooled ridge regression per column, shrunk towards
 * persistence, and the covariance after `worthHours` average hours.
 * @param delta prior variance of the regression that starts with it
 * @param persistence index of the newest value of each variable among the features, and the °C of one unit
 */
export function priorOf(
  { dimension, rows, information, moments }: RegressionSums,
  { delta, persistence }: { delta: number; persistence: { features: readonly number[]; scale: number } },
): RegressionPrior {
  const withRidge = (scale: number, ridge: number) => {
    const a = information.map((value) => value * scale);
    for (let i = 0; i < dimension; i++) a[packedLength(i + 1) - 1] += ridge;
    return cholesky(a, dimension);
  };
  const pooled = withRidge(1, 1 / pooledDelta);
  const weights = moments.slice();
  for (let column = 0; column < columnCount; column++) {
    const own = weights.subarray(column * dimension, (column + 1) * dimension);
    own[persistence.features[variableOf(column)]!] += persistence.scale / pooledDelta;
    solve(pooled, own);
  }
  return { dimension, weights, covariance: inverse(withRidge(worthHours / rows, 1 / delta), dimension) };
}

/**
 * A prior in half precision: the weights, then the standard deviations and the Cholesky factor of the correlations,
 * because a product LLᵀ stays positive definite when L is rounded.
 */
export function encodePrior({ dimension, weights, covariance }: RegressionPrior): Uint16Array {
  const deviations = Array.from({ length: dimension }, (_, i) => Math.sqrt(covariance[packedLength(i + 1) - 1]));
  const correlations = covariance.slice();
  for (let i = 0, at = 0; i < dimension; i++)
    for (let j = 0; j <= i; j++, at++) correlations[at] /= deviations[i] * deviations[j];
  return Uint16Array.from([...weights, ...deviations, ...cholesky(correlations, dimension)], toHalf);
}

/** Number of half-precision numbers of a prior. */
export function encodedLength(dimension: number): number {
  return columnCount * dimension + dimension + packedLength(dimension);
}

export function decodePrior(halves: Uint16Array, dimension: number): RegressionPrior {
  if (halves.length !== encodedLength(dimension))
    throw new Error(`a prior of ${dimension} features has another length`);
  const values = Float64Array.from(halves, fromHalf);
  const weights = values.slice(0, columnCount * dimension);
  const deviations = values.subarray(weights.length, weights.length + dimension);
  const covariance = timesTranspose(values.subarray(weights.length + dimension), dimension);
  for (let i = 0, at = 0; i < dimension; i++)
    for (let j = 0; j <= i; j++, at++) covariance[at] *= deviations[i] * deviations[j];
  return { dimension, weights, covariance };
}
