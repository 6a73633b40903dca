import { createKernel, padded } from "../arithmetic/kernel.js";
import { roundToSingle, type StateArray } from "../arithmetic/state.js";
import { hourOfDay, monthOfYear, positionIn } from "../calendar.js";
import { type HourFeatures, harmonicNames, isTemperature } from "../features/features.js";
import type { History } from "../features/history.js";
import { columnCount, columnOf, maxLeadHours } from "../vocabulary.js";
import type { Contribution, Expert } from "./expert.js";

const lags = [0, 1, 2, 3, 6, 12, 18, 24, 48];
const names = [
  "constant",
  ...lags.map((lag) => `T₋${lag}`),
  ...lags.map((lag) => `Td₋${lag}`),
  ...harmonicNames,
  ...Array.from({ length: 24 }, (_, hour) => `hour ${hour}`),
  ...Array.from({ length: 12 }, (_, month) => `month ${month + 1}`),
];
const stride = padded(names.length);
const firstHourName = names.indexOf("hour 0");
const scale = 20; // °C of one unit of a lag: keeps |x|² small enough for a constant rate to be stable

/** Rate η and L2 penalty α of the step. */
const rate = 0.02;
const penalty = 1e-6;

/**
 * The model of the original demo (the 2021 talk): a linear autoregression on lags, harmonics and one-hot time
 * features, learned by plain stochastic gradient descent from zero weights, one vector per column. The inputs are
 * scaled because it diverges on raw degrees. The step is scikit-learn's: w ← w(1-ηα) - η(ŷ-y)x.
 */
export class SgdExpert implements Expert {
  readonly name = "sgd";
  private readonly kernel = createKernel((columnCount + maxLeadHours) * stride + columnCount);
  private readonly weights = this.kernel.allocate(columnCount * stride);
  private readonly rows = this.kernel.allocate(maxLeadHours * stride);
  private readonly forecasts = this.kernel.allocate(columnCount);
  /** |x|² of the last 72 inputs, NaN where an hour was skipped. */
  private readonly squares = new Float64Array(maxLeadHours).fill(Number.NaN);
  private readonly now = new Float64Array([Number.NaN]);
  readonly state: readonly StateArray[] = [this.weights, this.squares, this.now];

  observe(hour: number, history: History, features: HourFeatures): void {
    if (!history.covered || Number.isNaN(history.dewPointAt(Math.max(...lags)))) {
      this.skip(hour);
      return;
    }
    const row = this.recall(hour, history, features);
    const square = features.isStuck ? Number.NaN : this.kernel.dot(row.byteOffset, row.byteOffset, stride);
    this.squares[positionIn(maxLeadHours, hour)] = square;
    this.now[0] = hour;
  }

  recall(hour: number, history: History, features: HourFeatures): Float64Array {
    const slot = positionIn(maxLeadHours, hour);
    const row = this.rows.subarray(slot * stride, (slot + 1) * stride).fill(0);
    let i = 0;
    row[i++] = 1;
    for (const lag of lags) row[i++] = history.temperatureAt(lag) / scale;
    for (const lag of lags) row[i++] = history.dewPointAt(lag) / scale;
    row.set(features.harmonics, i);
    row[firstHourName + hourOfDay(hour)] = 1;
    row[firstHourName + 24 + monthOfYear(hour)] = 1;
    return row;
  }

  roundOff(): void {
    roundToSingle(this.weights);
  }

  skip(hour: number): void {
    this.squares[positionIn(maxLeadHours, hour)] = Number.NaN;
    this.now[0] = Number.NaN;
  }

  forecast(out: Float32Array): void {
    if (Number.isNaN(this.now[0])) {
      out.fill(Number.NaN);
      return;
    }
    const row = this.rows.byteOffset + 8 * positionIn(maxLeadHours, this.now[0]) * stride;
    this.kernel.dots(row, this.weights.byteOffset, stride, this.forecasts.byteOffset, columnCount);
    for (let c = 0; c < columnCount; c++) out[c] = this.forecasts[c];
  }

  learn(hour: number, variable: number, y: number, trained: Float32Array): void {
    for (let lead = 1; lead <= maxLeadHours; lead++) {
      const column = columnOf(variable, lead);
      const slot = positionIn(maxLeadHours, hour - lead);
      const square = this.squares[slot];
      trained[column] = Number.NaN;
      if (Number.isNaN(square)) continue;
      const row = this.rows.byteOffset + 8 * slot * stride;
      const weights = this.weights.byteOffset + 8 * column * stride;
      const before = this.kernel.dot(row, weights, stride);
      // A step past the target itself, as on inputs hotter than air gets, would grow from hour to hour.
      const eta = Math.min(rate, 1 / square);
      const step = eta * (before - y);
      this.kernel.addScaled(weights, weights, stride, -eta * penalty);
      this.kernel.addScaled(row, weights, stride, -step);
      trained[column] = before * (1 - eta * penalty) - step * square;
    }
  }

  explain(column: number): Contribution[] {
    const row = positionIn(maxLeadHours, this.now[0]) * stride;
    return names
      .map((feature, i) => {
        const weight = this.weights[column * stride + i];
        const contributionC = this.rows[row + i] * weight;
        return isTemperature(feature)
          ? { feature, contributionC, perDegree: weight / scale }
          : { feature, contributionC };
      })
      .filter(({ contributionC, perDegree = 0 }) => contributionC !== 0 || perDegree !== 0);
  }
}
