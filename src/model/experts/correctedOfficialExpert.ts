import type { StateArray } from "../arithmetic/state.js";
import { positionIn } from "../calendar.js";
import { type FeatureLayout, type HourFeatures, orZero } from "../features/features.js";
import type { History } from "../features/history.js";
import { columnCount, columnOf, maxLeadHours, variables } from "../vocabulary.js";
import type { Contribution, Expert } from "./expert.js";
import { officialPart } from "./officialExpert.js";
import { RecursiveLeastSquares } from "./recursiveLeastSquares.js";

/** Features of the other experts that also predict errors of the official forecast. */
const sharedFeatures = [
  "cos day",
  "sin day",
  "cos 2·day",
  "sin 2·day",
  "cos year",
  "sin year",
  "(T - mean24) × cos day",
  "(T - mean24) × sin day",
  "pressure change of 3 h",
  "wind speed",
  "cloud",
];
const ownFeatures = [
  "constant",
  "official error now, T",
  "official error now, Td",
  "official error of a day, T",
  "official error of a day, Td",
  "official change of 1 h, T",
  "official change of 1 h, Td",
  "official change of 24 h, T",
  "official range of 24 h",
  "official mean of 24 h",
  "official T-Td of 24 h",
];
/** Names of the features of the correction, in order. */
export const correctionFeatureNames: readonly string[] = [...ownFeatures, ...sharedFeatures];

const dimension = correctionFeatureNames.length;
const day = 24;

export interface CorrectedOfficialOptions {
  layout: FeatureLayout;
  delta: number;
  huber: number;
  forgetting: number;
}

/**
 * The official forecast corrected online: recursive least squares learn its errors, starting from no correction. The
 * state includes the features, in single precision, because they can't be recomputed from observations. Has no
 * forecast where there is no official forecast.
 */
export class CorrectedOfficialExpert implements Expert {
  readonly name = "officialCorrected";
  readonly model: RecursiveLeastSquares;
  private readonly sharedIndices: readonly number[];
  private readonly x = new Float64Array(dimension);
  /** hour of issue mod 72 × feature */
  private readonly inputs = new Float32Array(maxLeadHours * dimension);
  /** The official forecast that is corrected now, by column; all NaN when there is none. */
  private readonly official = new Float32Array(columnCount).fill(Number.NaN);
  /** The hour last observed, then the official forecasts of each variable for the next hour, then their mean errors. */
  private readonly now = new Float64Array(1 + 2 * variables.length);
  readonly state: readonly StateArray[];

  constructor({ layout, ...options }: CorrectedOfficialOptions) {
    this.sharedIndices = sharedFeatures.map((name) => layout.names.indexOf(name));
    this.model = new RecursiveLeastSquares({ ...options, dimension });
    this.now.fill(Number.NaN, 0, 1 + variables.length);
    this.state = [...this.model.state, this.inputs, this.official, this.now];
  }

  observe(hour: number, history: History, features: HourFeatures): void {
    const { official } = features;
    if (!official) {
      this.skip(hour);
      return;
    }
    this.official.set(official);
    this.compute(hour, history, features, official);
    const at = positionIn(maxLeadHours, hour) * dimension;
    this.inputs.set(this.x, at);
    this.recall(hour);
    if (features.isStuck) this.model.skip(hour);
    else this.model.observe(hour, this.x);
    this.now[0] = hour;
    for (let v = 0; v < variables.length; v++) this.now[1 + v] = official[columnOf(v, 1)];
  }

  recall(hour: number): void {
    const at = positionIn(maxLeadHours, hour) * dimension;
    for (let i = 0; i < dimension; i++) this.x[i] = this.inputs[at + i];
    this.model.recall(hour, this.x);
  }

  roundOff(): void {
    this.model.roundOff();
  }

  skip(hour: number): void {
    this.model.skip(hour);
    this.official.fill(Number.NaN);
    this.now.fill(Number.NaN, 0, 1 + variables.length);
  }

  forecast(out: Float32Array): void {
    if (Number.isNaN(this.now[0])) {
      out.fill(Number.NaN);
      return;
    }
    this.model.predict(this.now[0], out);
    for (let column = 0; column < columnCount; column++) out[column] += this.official[column];
  }

  learn(hour: number, variable: number, y: number, trained: Float32Array, dueOfficial: ArrayLike<number>): void {
    this.model.learn(hour, variable, y, trained, dueOfficial);
  }

  explain(column: number): Contribution[] {
    const weights = this.model.weightsOf(column);
    return [
      { feature: officialPart, contributionC: this.official[column], perDegree: 1 },
      ...correctionFeatureNames.map((feature, i) => ({ feature, contributionC: weights[i] * this.x[i] })),
    ];
  }

  private compute(hour: number, history: History, { full }: HourFeatures, official: Float32Array): void {
    const { x, now } = this;
    const newest = [history.temperatureAt(0), history.dewPointAt(0)];
    let i = 0;
    x[i++] = 1;
    const follows = now[0] === hour - 1;
    for (let v = 0; v < variables.length; v++) {
      const error = follows ? orZero(newest[v] - now[1 + v]) : 0;
      const mean = 1 + variables.length + v;
      now[mean] += (error - now[mean]) / day;
      x[i + v] = error / 5;
      x[i + variables.length + v] = now[mean] / 5;
    }
    i += 2 * variables.length;
    for (let v = 0; v < variables.length; v++) x[i++] = orZero(official[columnOf(v, 1)] - newest[v]) / 5;
    x[i++] = orZero(official[columnOf(0, day)] - newest[0]) / 10;
    const [low, high, mean, depression] = nextDay(official);
    x[i++] = orZero(high - low) / 10;
    x[i++] = orZero(mean) / 10;
    x[i++] = orZero(depression) / 5;
    for (const index of this.sharedIndices) x[i++] = full[index];
  }
}

/** Lowest, highest and mean temperature and mean dew-point depression of the next 24 hours; NaN when missing. */
function nextDay(official: Float32Array): [number, number, number, number] {
  let [low, high, sum, n] = [Number.POSITIVE_INFINITY, Number.NEGATIVE_INFINITY, 0, 0];
  let [depressions, both] = [0, 0];
  for (let lead = 1; lead <= day; lead++) {
    const t = official[columnOf(0, lead)];
    const td = official[columnOf(1, lead)];
    if (Number.isNaN(t)) continue;
    low = Math.min(low, t);
    high = Math.max(high, t);
    sum += t;
    n++;
    if (Number.isNaN(td)) continue;
    depressions += t - td;
    both++;
  }
  return n === 0 ? [Number.NaN, Number.NaN, Number.NaN, Number.NaN] : [low, high, sum / n, depressions / both];
}
