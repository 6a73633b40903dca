import type { StateArray } from "../arithmetic/state.js";
import { type HourFeatures, isTemperature, temperatureScale } from "../features/features.js";
import type { History } from "../features/history.js";
import { columnOf, type ModelName, variables } from "../vocabulary.js";
import type { Contribution, Expert } from "./expert.js";
import { RecursiveLeastSquares, type RecursiveLeastSquaresOptions } from "./recursiveLeastSquares.js";

const firstDewPointColumn = columnOf(variables.indexOf("dewPoint"), 1);

export interface LinearExpertOptions extends RecursiveLeastSquaresOptions {
  name: ModelName;
  /** Names of the elements of x. */
  featureNames: readonly string[];
  /** Writes x from the features of the hour. */
  inputs: (features: HourFeatures, x: Float64Array) => void;
}

/**
 * Recursive least squares on a choice of features. Has no forecast while fewer than half of the last 168 hours were
 * observed.
 */
export class LinearExpert implements Expert {
  readonly name: ModelName;
  readonly model: RecursiveLeastSquares;
  readonly featureNames: readonly string[];
  private readonly inputs: LinearExpertOptions["inputs"];
  private readonly x: Float64Array;
  /** The hour last observed, NaN when it has no forecast; then 1 once a dew point was reported. */
  private readonly now = new Float64Array([Number.NaN, 0]);
  readonly state: readonly StateArray[];

  constructor({ name, featureNames, inputs, ...options }: LinearExpertOptions) {
    this.name = name;
    this.featureNames = featureNames;
    this.inputs = inputs;
    this.model = new RecursiveLeastSquares(options);
    this.x = new Float64Array(options.dimension);
    this.state = [...this.model.state, this.now];
  }

  observe(hour: number, history: History, features: HourFeatures): void {
    if (!history.covered) {
      this.skip(hour);
      return;
    }
    this.recall(hour, history, features);
    if (features.isStuck) this.model.skip(hour);
    else this.model.observe(hour, this.x);
    this.now[0] = hour;
    this.now[1] = Number.isNaN(history.dewPointAt(0)) ? 0 : 1;
  }

  recall(hour: number, _history: History, features: HourFeatures): void {
    this.inputs(features, this.x);
    this.model.recall(hour, this.x);
  }

  roundOff(): void {
    this.model.roundOff();
  }

  skip(hour: number): void {
    this.model.skip(hour);
    this.now[0] = Number.NaN;
  }

  forecast(out: Float32Array): void {
    if (Number.isNaN(this.now[0])) out.fill(Number.NaN);
    else this.model.predict(this.now[0], out);
    // A station that never reported a dew point gets no forecast of one, though the features assume a usual value.
    if (this.now[1] === 0) out.fill(Number.NaN, firstDewPointColumn);
  }

  learn(hour: number, variable: number, y: number, trained: Float32Array): void {
    this.model.learn(hour, variable, y, trained);
  }

  explain(column: number): Contribution[] {
    const weights = this.model.weightsOf(column, this.now[0]);
    return this.featureNames.map((feature, i) => {
      const contributionC = weights[i] * this.x[i];
      return isTemperature(feature)
        ? { feature, contributionC, perDegree: weights[i] / temperatureScale }
        : { feature, contributionC };
    });
  }
}
