import { hourOfDay, monthOf } from "./calendar.js";
import { type Contribution, columnCount, type Expert } from "./expert.js";
import { type HourFeatures, harmonicCount, harmonicNames } from "./features.js";
import type { History } from "./history.js";
import type { StateArray } from "./state.js";
import { maxLeadHours } from "./vocabulary.js";

const lags = [0, 1, 2, 3, 6, 12, 18, 24, 48];
const dense = 1 + 2 * lags.length + harmonicCount;
const names = [
  "constant",
  ...lags.map((lag) => `T₋${lag}`),
  ...lags.map((lag) => `Td₋${lag}`),
  ...harmonicNames,
  ...Array.from({ length: 24 }, (_, hour) => `hour ${hour}`),
  ...Array.from({ length: 12 }, (_, month) => `month ${month + 1}`),
];
const width = names.length;
const scale = 20; // °C of one unit of a lag: keeps |x|² small enough for a constant rate to be stable

/** Rate η and L2 penalty α of the step. */
const rate = 0.02;
const penalty = 1e-6;

/**
 * The autoregression of the 2021 talk: linear, on lags, harmonics and one-hot time features, learned by plain
 * stochastic gradient descent, one vector of weights a column, from zero. Scaled inputs make it converge, which it
 * does not on raw degrees. The step is scikit-learn's: w ← w(1-ηα) - η(ŷ-y)x.
 */
export class SgdExpert implements Expert {
  readonly name = "sgd";
  private readonly weights = new Float64Array(columnCount * width);
  /** The last 72 inputs, dense part and the places of the two ones. */
  private readonly rows = new Float64Array(maxLeadHours * (dense + 2)).fill(Number.NaN);
  private readonly now = new Float64Array([Number.NaN]);
  readonly state: readonly StateArray[] = [this.weights, this.rows, this.now];

  observe(hour: number, history: History, features: HourFeatures): void {
    if (!history.covered || Number.isNaN(history.dewPointAt(0))) {
      this.skip(hour);
      return;
    }
    const rows = this.rows;
    let i = rowOf(hour);
    rows[i++] = 1;
    for (const lag of lags) rows[i++] = history.temperatureAt(lag) / scale;
    for (const lag of lags) rows[i++] = history.dewPointAt(lag) / scale;
    for (let k = 0; k < harmonicCount; k++) rows[i++] = features.harmonics[k];
    rows[i++] = dense + hourOfDay(hour);
    rows[i] = dense + 24 + (monthOf(hour) % 12);
    this.now[0] = hour;
  }

  skip(hour: number): void {
    this.rows[rowOf(hour)] = Number.NaN;
    this.now[0] = Number.NaN;
  }

  forecast(out: Float32Array): void {
    if (Number.isNaN(this.now[0])) out.fill(Number.NaN);
    else for (let c = 0; c < columnCount; c++) out[c] = this.value(rowOf(this.now[0]), c);
  }

  learn(hour: number, variable: number, y: number, trained: Float32Array): void {
    const w = this.weights;
    const rows = this.rows;
    const decay = 1 - rate * penalty;
    for (let lead = 1; lead <= maxLeadHours; lead++) {
      const column = variable * maxLeadHours + lead - 1;
      const row = rowOf(hour - lead + maxLeadHours);
      const before = this.value(row, column);
      trained[column] = before;
      if (Number.isNaN(before)) continue;
      const at = column * width;
      const step = rate * (before - y);
      for (let i = 0; i < dense; i++) w[at + i] = w[at + i] * decay - step * rows[row + i];
      for (let i = dense; i < width; i++) w[at + i] *= decay;
      w[at + rows[row + dense]] -= step;
      w[at + rows[row + dense + 1]] -= step;
      trained[column] = this.value(row, column);
    }
  }

  explain(column: number): Contribution[] {
    const row = rowOf(this.now[0]);
    const ones = [this.rows[row + dense], this.rows[row + dense + 1]];
    return names
      .map((feature, i) => {
        const x = i < dense ? this.rows[row + i] : ones.includes(i) ? 1 : 0;
        return { feature, contributionC: x * this.weights[column * width + i] };
      })
      .filter((part, i) => i < dense || part.contributionC !== 0);
  }

  private value(row: number, column: number): number {
    const at = column * width;
    let sum = 0;
    for (let i = 0; i < dense; i++) sum += this.rows[row + i] * this.weights[at + i];
    return sum + this.weights[at + this.rows[row + dense]] + this.weights[at + this.rows[row + dense + 1]];
  }
}

function rowOf(hour: number): number {
  return (hour % maxLeadHours) * (dense + 2);
}
