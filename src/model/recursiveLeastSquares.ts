import { Covariance } from "./covariance.js";
import type { Stateful } from "./state.js";
import { maxLeadHours, variables } from "./vocabulary.js";

const columns = variables.length * maxLeadHours;

export interface RecursiveLeastSquaresOptions {
  /** Length of x. */
  dimension: number;
  /** Prior variance of a weight over that of the noise. */
  delta: number;
  /** Independent models, of which each hour of issue uses one; defaults to 1. */
  groups?: number;
  /** Where x holds the newest value of each variable, and the °C of one unit there: θ₀ is persistence. */
  persistence?: { features: readonly number[]; scale: number };
  /** Innovations are clipped at this many times the running mean |e| of their lead; defaults to Infinity. */
  huber?: number;
}

/**
 * Direct forecasts of every variable at every lead by ridge recursive least squares with one shared covariance.
 * The covariance depends on x alone, so the gain of an hour is computed once, when x is first seen, and is applied
 * to each lead when its target comes due: θ ← θ + K·(y - xᵀθ). On gap-free data θ of each lead equals the batch
 * ridge solution argmin Σ(y - xᵀθ)² + |θ-θ₀|²/δ.
 * Column c = variable·72 + lead - 1 throughout.
 */
export class RecursiveLeastSquares implements Stateful {
  readonly dimension: number;
  readonly groups: number;
  private readonly huber: number;
  private readonly covariances: Covariance[];
  /** groups × columns × dimension */
  private readonly weights: Float64Array;
  /** The last 72 hours of issue: x, gains, leverage (NaN where the hour was skipped). */
  private readonly rows: Float64Array;
  private readonly gains: Float64Array;
  private readonly leverages = new Float64Array(maxLeadHours).fill(Number.NaN);
  /** Running mean |e| and count of each column. */
  private readonly errors = new Float64Array(columns * 2);
  readonly state: readonly (Float64Array | Float32Array | Uint32Array)[];

  constructor({
    dimension,
    delta,
    groups = 1,
    persistence,
    huber = Number.POSITIVE_INFINITY,
  }: RecursiveLeastSquaresOptions) {
    this.dimension = dimension;
    this.groups = groups;
    this.huber = huber;
    this.covariances = Array.from({ length: groups }, () => new Covariance(dimension, delta));
    this.weights = new Float64Array(groups * columns * dimension);
    this.rows = new Float64Array(maxLeadHours * dimension);
    this.gains = new Float64Array(maxLeadHours * dimension);
    if (persistence) {
      for (let g = 0; g < groups; g++)
        for (let c = 0; c < columns; c++) {
          const feature = persistence.features[Math.floor(c / maxLeadHours)];
          this.weights[(g * columns + c) * dimension + feature] = persistence.scale;
        }
    }
    this.state = [
      ...this.covariances.flatMap((covariance) => covariance.state),
      this.weights,
      this.rows,
      this.gains,
      this.leverages,
      this.errors,
    ];
  }

  /** Takes the x of an hour in and keeps its gain for the 72 hours to come. */
  observe(hour: number, x: Float64Array): void {
    const slot = hour % maxLeadHours;
    this.rows.set(x, slot * this.dimension);
    this.leverages[slot] = this.covariances[hour % this.groups].update(x, this.gains, slot * this.dimension);
  }

  /** Notes that an hour has no x. Nothing issued then is ever learned from. */
  skip(hour: number): void {
    this.leverages[hour % maxLeadHours] = Number.NaN;
  }

  /**
   * Learns, for every lead at once, that the target of `variable` at `hour` was `y`; the pair of lead h is the x of
   * h hours before. Writes to `trained`, by column, the forecast that the updated weights make for the same pair,
   * NaN where that hour was skipped.
   */
  learn(hour: number, variable: number, y: number, trained: Float32Array): void {
    const d = this.dimension;
    const w = this.weights;
    const gains = this.gains;
    for (let lead = 1; lead <= maxLeadHours; lead++) {
      const issued = hour - lead + maxLeadHours * 24; // a multiple of every period: keeps the remainders positive
      const slot = issued % maxLeadHours;
      const column = variable * maxLeadHours + lead - 1;
      const leverage = this.leverages[slot];
      if (Number.isNaN(leverage)) {
        trained[column] = Number.NaN;
        continue;
      }
      const row = slot * d;
      const at = ((issued % this.groups) * columns + column) * d;
      const forecast = dot(this.rows, row, w, at, d);
      const step = this.clip(column, y - forecast);
      let i = 0;
      for (; i + 3 < d; i += 4) {
        w[at + i] += gains[row + i] * step;
        w[at + i + 1] += gains[row + i + 1] * step;
        w[at + i + 2] += gains[row + i + 2] * step;
        w[at + i + 3] += gains[row + i + 3] * step;
      }
      for (; i < d; i++) w[at + i] += gains[row + i] * step;
      trained[column] = forecast + leverage * step;
    }
  }

  /** Forecasts of every column for the x observed at `hour`, into `out`. */
  predict(hour: number, out: Float32Array): void {
    const d = this.dimension;
    const row = (hour % maxLeadHours) * d;
    const first = (hour % this.groups) * columns;
    for (let c = 0; c < columns; c++) out[c] = dot(this.rows, row, this.weights, (first + c) * d, d);
  }

  /** Weights of a column, for the group that an hour of issue uses. A view, of length `dimension`. */
  weightsOf(column: number, hour = 0): Float64Array {
    const at = ((hour % this.groups) * columns + column) * this.dimension;
    return this.weights.subarray(at, at + this.dimension);
  }

  private clip(column: number, error: number): number {
    const errors = this.errors;
    const size = Math.abs(error);
    const n = errors[2 * column + 1];
    const limit = n < 24 ? Number.POSITIVE_INFINITY : this.huber * errors[2 * column];
    errors[2 * column + 1] = n + 1;
    errors[2 * column] += (size - errors[2 * column]) * Math.max(0.002, 1 / (n + 1));
    return size > limit ? Math.sign(error) * limit : error;
  }
}

function dot(a: Float64Array, i: number, b: Float64Array, j: number, n: number): number {
  // Four sums in a fixed order: the same bits everywhere, and four times the throughput of one.
  let s0 = 0;
  let s1 = 0;
  let s2 = 0;
  let s3 = 0;
  let k = 0;
  for (; k + 3 < n; k += 4) {
    s0 += a[i + k] * b[j + k];
    s1 += a[i + k + 1] * b[j + k + 1];
    s2 += a[i + k + 2] * b[j + k + 2];
    s3 += a[i + k + 3] * b[j + k + 3];
  }
  for (; k < n; k++) s0 += a[i + k] * b[j + k];
  return s0 + s1 + (s2 + s3);
}
