import { Covariance } from "../arithmetic/covariance.js";
import { createKernel, type Kernel, padded } from "../arithmetic/kernel.js";
import { roundTo16Digits, type Stateful } from "../arithmetic/state.js";
import { positionIn } from "../calendar.js";
import { columnCount, columnOf, maxLeadHours, variableOf } from "../vocabulary.js";
import type { RegressionPrior } from "./prior.js";

/** Errors needed before innovations are clipped. */
const warmUp = 24;
/** Mean errors below this, °C, come from a stuck sensor and do not predict future errors. */
const smallestError = 0.05;

export interface RecursiveLeastSquaresOptions {
  /** Length of x. */
  dimension: number;
  /** Prior variance of a weight relative to that of the noise. */
  delta: number;
  /** Number of independent models, which the hours of issue use in turn; defaults to 1. */
  groups?: number;
  /** Index in x of the newest value of each variable, and the °C of one unit: the initial weights are persistence. */
  persistence?: { features: readonly number[]; scale: number };
  /** Innovations (y - ŷ) are clipped at this many times the running mean |e| of their lead; defaults to Infinity. */
  huber?: number;
  /** Where it starts instead of persistence; only with one group. */
  prior?: RegressionPrior | undefined;
  /** λ in (0, 1]: each hour has λ times the weight of the next, in every group; defaults to 1. */
  forgetting?: number;
}

/**
 * Ridge recursive least squares for all columns with one shared covariance. The covariance depends only on x, so the
 * gain K of an hour is computed once, when x is observed, and applied at each lead when its target comes due: θ ← θ +
 * K·(y - xᵀθ). On data without gaps, θ of each column equals the batch ridge solution argmin Σ(y - xᵀθ)² + |θ-θ₀|²/δ.
 */
export class RecursiveLeastSquares implements Stateful {
  readonly dimension: number;
  readonly groups: number;
  private readonly huber: number;
  private readonly kernel: Kernel;
  /** Length of a row in memory: the dimension, padded with zeros. */
  private readonly stride: number;
  private readonly covariances: Covariance[];
  /** group × column × stride */
  private readonly weights: Float64Array;
  /** hour of issue mod 72 × stride: x, which is not part of the state, and the gains; leverage is NaN when skipped */
  private readonly rows: Float64Array;
  private readonly gains: Float64Array;
  private readonly forecasts: Float64Array;
  private readonly leverages = new Float64Array(maxLeadHours).fill(Number.NaN);
  /** column × (running mean |e|, count) */
  private readonly errors = new Float64Array(columnCount * 2);
  readonly state: readonly (Float64Array | Float32Array | Uint32Array)[];

  constructor({
    dimension,
    delta,
    groups = 1,
    persistence,
    prior,
    huber = Number.POSITIVE_INFINITY,
    forgetting = 1,
  }: RecursiveLeastSquaresOptions) {
    this.dimension = dimension;
    this.groups = groups;
    this.huber = huber;
    const stride = padded(dimension);
    this.stride = stride;
    this.kernel = createKernel(
      groups * (Covariance.room(dimension) + columnCount * stride) + 2 * maxLeadHours * stride + padded(columnCount),
    );
    // A group sees one of `groups` hours, so each of its updates forgets as much as all of them.
    let perUpdate = 1;
    for (let g = 0; g < groups; g++) perUpdate *= forgetting;
    this.covariances = Array.from({ length: groups }, () => new Covariance(dimension, delta, this.kernel, perUpdate));
    this.weights = this.kernel.allocate(groups * columnCount * stride);
    this.rows = this.kernel.allocate(maxLeadHours * stride);
    this.gains = this.kernel.allocate(maxLeadHours * stride);
    this.forecasts = this.kernel.allocate(padded(columnCount));
    if (persistence) {
      for (let g = 0; g < groups; g++)
        for (let c = 0; c < columnCount; c++) {
          const feature = persistence.features[variableOf(c)];
          this.weights[(g * columnCount + c) * stride + feature] = persistence.scale;
        }
    }
    if (prior) this.start(prior);
    this.state = [
      ...this.covariances.flatMap((covariance) => covariance.state),
      this.weights,
      this.gains,
      this.leverages,
      this.errors,
    ];
  }

  private start({ dimension, weights, covariance }: RegressionPrior): void {
    if (dimension !== this.dimension || this.groups !== 1)
      throw new Error(`a prior of ${dimension} features does not fit a regression of ${this.dimension}`);
    this.covariances[0]!.set(covariance);
    for (let c = 0; c < columnCount; c++)
      this.weights.set(weights.subarray(c * dimension, (c + 1) * dimension), c * this.stride);
  }

  /** The covariance of the weights relative to the noise, packed; of the first group. */
  covariance(): Float64Array {
    return this.covariances[0]!.packedCopy();
  }

  /** Whether a forecast issued at one of the last 72 hours is learned. */
  isLearned(hour: number): boolean {
    return !Number.isNaN(this.leverages[positionIn(maxLeadHours, hour)]);
  }

  /** Observes the x of an hour and keeps its gain for the next 72 hours. */
  observe(hour: number, x: Float64Array): void {
    const slot = positionIn(maxLeadHours, hour);
    this.recall(hour, x);
    this.leverages[slot] = this.covariances[positionIn(this.groups, hour)].update(x, this.gains, slot * this.stride);
  }

  /** Restores the x of an hour whose gain is in the state. */
  recall(hour: number, x: Float64Array): void {
    this.rows.set(x, positionIn(maxLeadHours, hour) * this.stride);
  }

  /** Rounds weights and gains to 16 binary digits, and covariances, which must stay positive definite, to single precision. */
  roundOff(): void {
    for (const covariance of this.covariances) covariance.roundOff();
    roundTo16Digits(this.weights);
    roundTo16Digits(this.gains);
  }

  /** Marks an hour as having no x: forecasts issued from it are not learned. */
  skip(hour: number): void {
    this.leverages[positionIn(maxLeadHours, hour)] = Number.NaN;
  }

  /**
   * Learns at every lead that `variable` was `y` at `hour`; at lead h from the x of h hours earlier. Writes to
   * `trained`, by column, the forecasts of the updated weights for the same hour, NaN where the hour of issue was
   * skipped.
   * @param offsets by column, °C, added to xᵀθ to make the forecast; columns with NaN are not learned
   */
  learn(hour: number, variable: number, y: number, trained: Float32Array, offsets?: ArrayLike<number>): void {
    const n = this.stride;
    const rows = this.rows.byteOffset;
    const gains = this.gains.byteOffset;
    const weights = this.weights.byteOffset;
    for (let lead = 1; lead <= maxLeadHours; lead++) {
      const issued = hour - lead;
      const slot = positionIn(maxLeadHours, issued);
      const column = columnOf(variable, lead);
      const leverage = this.leverages[slot];
      const offset = offsets ? offsets[column] : 0;
      if (Number.isNaN(leverage) || Number.isNaN(offset)) {
        trained[column] = Number.NaN;
        continue;
      }
      const row = 8 * slot * n;
      const at = weights + 8 * (positionIn(this.groups, issued) * columnCount + column) * n;
      const forecast = offset + this.kernel.dot(rows + row, at, n);
      const step = this.clip(column, y - forecast);
      this.kernel.addScaled(gains + row, at, n, step);
      trained[column] = forecast + leverage * step;
    }
  }

  /** Writes the forecasts of every column from the x observed at `hour` to `out`. */
  predict(hour: number, out: Float32Array): void {
    const row = this.rows.byteOffset + 8 * positionIn(maxLeadHours, hour) * this.stride;
    const weights = this.weights.byteOffset + 8 * positionIn(this.groups, hour) * columnCount * this.stride;
    this.kernel.dots(row, weights, this.stride, this.forecasts.byteOffset, columnCount);
    for (let c = 0; c < columnCount; c++) out[c] = this.forecasts[c];
  }

  /** The weights of a column in the group that an hour of issue uses, as a view of length `dimension`. */
  weightsOf(column: number, hour = 0): Float64Array {
    const at = (positionIn(this.groups, hour) * columnCount + column) * this.stride;
    return this.weights.subarray(at, at + this.dimension);
  }

  private clip(column: number, error: number): number {
    const errors = this.errors;
    const size = Math.abs(error);
    const mean = 2 * column;
    const count = mean + 1;
    const n = errors[count];
    const limit = n < warmUp ? Number.POSITIVE_INFINITY : this.huber * errors[mean];
    errors[count] = n >= warmUp && errors[mean] < smallestError ? warmUp : n + 1;
    errors[mean] += (size - errors[mean]) * Math.max(0.002, 1 / (n + 1));
    return size > limit ? Math.sign(error) * limit : error;
  }
}
