import { Covariance } from "../arithmetic/covariance.js";
import { createKernel, type Kernel, padded } from "../arithmetic/kernel.js";
import { roundToSingle, type Stateful } from "../arithmetic/state.js";
import { placeIn } from "../calendar.js";
import { columnCount, columnOf, maxLeadHours, variableOf } from "../vocabulary.js";

/** Errors needed before their mean is believed. */
const warmUp = 24;
/** No thermometer tells smaller mean errors, °C: those of a sensor that is stuck say nothing of errors to come. */
const smallestError = 0.05;

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
  /** λ in (0, 1]: an hour weighs so much less than the one after it, whatever the group; defaults to 1. */
  forgetting?: number;
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
  private readonly kernel: Kernel;
  /** Length of a row in memory: the dimension, padded with zeros. */
  private readonly stride: number;
  private readonly covariances: Covariance[];
  /** groups × columnCount × stride */
  private readonly weights: Float64Array;
  /** The last 72 hours of issue: x (no part of the state), gains, leverage (NaN where the hour was skipped). */
  private readonly rows: Float64Array;
  private readonly gains: Float64Array;
  private readonly forecasts: Float64Array;
  private readonly leverages = new Float64Array(maxLeadHours).fill(Number.NaN);
  /** Running mean |e| and count of each column. */
  private readonly errors = new Float64Array(columnCount * 2);
  readonly state: readonly (Float64Array | Float32Array | Uint32Array)[];

  constructor({
    dimension,
    delta,
    groups = 1,
    persistence,
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
    // A group takes in one of so many hours, and forgets what an hour forgets of all of them.
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
    this.state = [
      ...this.covariances.flatMap((covariance) => covariance.state),
      this.weights,
      this.gains,
      this.leverages,
      this.errors,
    ];
  }

  /** Takes the x of an hour in and keeps its gain for the 72 hours to come. */
  observe(hour: number, x: Float64Array): void {
    const slot = placeIn(maxLeadHours, hour);
    this.recall(hour, x);
    this.leverages[slot] = this.covariances[placeIn(this.groups, hour)].update(x, this.gains, slot * this.stride);
  }

  /** Takes up again the x of an hour whose gain is known already. */
  recall(hour: number, x: Float64Array): void {
    this.rows.set(x, placeIn(maxLeadHours, hour) * this.stride);
  }

  /** Rounds weights and gains to single precision. */
  roundOff(): void {
    roundToSingle(this.weights);
    roundToSingle(this.gains);
  }

  /** Notes that an hour has no x. Nothing issued then is ever learned from. */
  skip(hour: number): void {
    this.leverages[placeIn(maxLeadHours, hour)] = Number.NaN;
  }

  /**
   * Learns, for every lead at once, that the target of `variable` at `hour` was `y`; the pair of lead h is the x of
   * h hours before. Writes to `trained`, by column, the forecast that the updated weights make for the same pair,
   * NaN where that hour was skipped.
   * @param offsets by column, what is added to xᵀθ to make a forecast, °C; a pair whose offset is NaN is left out
   */
  learn(hour: number, variable: number, y: number, trained: Float32Array, offsets?: ArrayLike<number>): void {
    const n = this.stride;
    const rows = this.rows.byteOffset;
    const gains = this.gains.byteOffset;
    const weights = this.weights.byteOffset;
    for (let lead = 1; lead <= maxLeadHours; lead++) {
      const issued = hour - lead;
      const slot = placeIn(maxLeadHours, issued);
      const column = columnOf(variable, lead);
      const leverage = this.leverages[slot];
      const offset = offsets ? offsets[column] : 0;
      if (Number.isNaN(leverage) || Number.isNaN(offset)) {
        trained[column] = Number.NaN;
        continue;
      }
      const row = 8 * slot * n;
      const at = weights + 8 * (placeIn(this.groups, issued) * columnCount + column) * n;
      const forecast = offset + this.kernel.dot(rows + row, at, n);
      const step = this.clip(column, y - forecast);
      this.kernel.addScaled(gains + row, at, n, step);
      trained[column] = forecast + leverage * step;
    }
  }

  /** Forecasts of every column for the x observed at `hour`, into `out`. */
  predict(hour: number, out: Float32Array): void {
    const row = this.rows.byteOffset + 8 * placeIn(maxLeadHours, hour) * this.stride;
    const weights = this.weights.byteOffset + 8 * placeIn(this.groups, hour) * columnCount * this.stride;
    this.kernel.dots(row, weights, this.stride, this.forecasts.byteOffset, columnCount);
    for (let c = 0; c < columnCount; c++) out[c] = this.forecasts[c];
  }

  /** Weights of a column, for the group that an hour of issue uses. A view, of length `dimension`. */
  weightsOf(column: number, hour = 0): Float64Array {
    const at = (placeIn(this.groups, hour) * columnCount + column) * this.stride;
    return this.weights.subarray(at, at + this.dimension);
  }

  private clip(column: number, error: number): number {
    const errors = this.errors;
    const size = Math.abs(error);
    const n = errors[2 * column + 1];
    const limit = n < warmUp ? Number.POSITIVE_INFINITY : this.huber * errors[2 * column];
    errors[2 * column + 1] = n >= warmUp && errors[2 * column] < smallestError ? warmUp : n + 1;
    errors[2 * column] += (size - errors[2 * column]) * Math.max(0.002, 1 / (n + 1));
    return size > limit ? Math.sign(error) * limit : error;
  }
}
