import { cholesky, packedLength, solve } from "../arithmetic/cholesky.js";
import { cosTurns, sinTurns } from "../arithmetic/deterministicMath.js";
import type { StateArray, Stateful } from "../arithmetic/state.js";
import { yearTurns } from "../calendar.js";
import { extremeKinds } from "./windows.js";

/** A constant and two harmonics of the year. */
const dimension = 5;
/** Standard deviations of the weights of the mean before the first low or high, °C, and of a low or high around the mean. */
const meanDeviationsC = [100, 10, 10, 5, 5];
const deviationC = 4;
/** The spread of the season before the first: `deviationC`, with weights as sure as those after about two lows or highs. */
const spreadCounts = [2, 2, 2, 2, 2];
/** Standard deviation of a normal distribution by its mean absolute deviation. */
const perAbsolute = 1.2533141373155003;
const leastSpreadC = 0.5;

// Fields of a kind: sums of 1, x·extreme, x·absolute residual and x·xᵀ, with x the constant and the harmonics.
const count = 0;
const extremes = 1;
const residuals = extremes + dimension;
const gram = residuals + dimension;
const fields = gram + packedLength(dimension);

interface Normal {
  meanC: number;
  deviationC: number;
}

/**
 * The usual lows and highs of the time of year and their spread: Bayesian linear regressions of the low or high, and of its
 * distance from the usual one, on the harmonics of the year.
 */
export class ExtremeClimatology implements Stateful {
  private readonly sums = new Float64Array(extremeKinds.length * fields);
  readonly state: readonly StateArray[] = [this.sums];
  private readonly x = new Float64Array(dimension);

  /** The normal distribution of the low or high of a window that ends at an hour; NaN before the first. */
  at(kind: number, endHour: number): Normal {
    if (this.sums[kind * fields + count] === 0) return { meanC: Number.NaN, deviationC: Number.NaN };
    return this.predict(kind, endHour);
  }

  /** Learns the low or high of a window that ended at an hour, °C. */
  learn(kind: number, endHour: number, extremeC: number): void {
    const { meanC, factor } = this.predict(kind, endHour);
    const own = this.sums.subarray(kind * fields, (kind + 1) * fields);
    // The residual is larger while the mean is uncertain.
    const residual = (perAbsolute * Math.abs(extremeC - meanC)) / factor;
    own[count] += 1;
    for (let i = 0; i < dimension; i++) {
      const x = this.x[i]!;
      own[extremes + i] += x * extremeC;
      own[residuals + i] += x * residual;
      for (let j = 0; j <= i; j++) own[gram + packedLength(i) + j] += x * this.x[j]!;
    }
  }

  /** The distribution at an hour; `factor` is how much wider it is because the mean is uncertain. */
  private predict(kind: number, hour: number): Normal & { factor: number } {
    const { x } = this;
    const turns = yearTurns(hour);
    x.set([1, cosTurns(turns), sinTurns(turns), cosTurns(2 * turns), sinTurns(2 * turns)]);
    const own = this.sums.subarray(kind * fields, (kind + 1) * fields);
    const priors = meanDeviationsC.map((weightC) => (deviationC / weightC) ** 2);
    const triangle = triangleOf(own, priors);
    const mean = own.slice(extremes, residuals);
    solve(triangle, mean);
    const uncertainty = x.slice();
    solve(triangle, uncertainty);
    const factor = Math.sqrt(1 + product(x, uncertainty));
    const spread = own.slice(residuals, gram);
    spread[0] += spreadCounts[0]! * deviationC;
    solve(triangleOf(own, spreadCounts), spread);
    return { meanC: product(x, mean), deviationC: factor * Math.max(leastSpreadC, product(x, spread)), factor };
  }
}

/** The triangle of the sums of x·xᵀ with a prior on the diagonal. */
function triangleOf(own: Float64Array, priors: readonly number[]): Float64Array {
  const matrix = own.slice(gram, fields);
  for (const [i, prior] of priors.entries()) matrix[packedLength(i) + i] += prior;
  return cholesky(matrix, dimension);
}

function product(a: Float64Array, b: Float64Array): number {
  let sum = 0;
  for (let i = 0; i < dimension; i++) sum += a[i]! * b[i]!;
  return sum;
}
