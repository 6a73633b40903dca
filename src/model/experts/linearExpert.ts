import type { StateArray } from "../arithmetic/state.js";
import { type HourFeatures, isTemperature, temperatureScale } from "../features/features.js";
import type { History } from "../features/history.js";
import { type ModelName, maxLeadHours, variables } from "../vocabulary.js";
import type { Contribution, Expert } from "./expert.js";
import { RecursiveLeastSquares, type RecursiveLeastSquaresOptions } from "./recursiveLeastSquares.js";

const dewPointColumn = variables.indexOf("dewPoint") * maxLeadHours;

export interface LinearExpertOptions extends RecursiveLeastSquaresOptions {
  name: ModelName;
  /** Names of what x holds. */
  featureNames: readonly string[];
  /** Writes x from the features of the hour. */
  inputs: (features: HourFeatures, x: Float64Array) => void;
}

/** Shared-gain recursive least squares on a choice of features. It sleeps while the last week is mostly unobserved. */
export class LinearExpert implements Expert {
  readonly name: ModelName;
  readonly model: RecursiveLeastSquares;
  readonly featureNames: readonly string[];
  private readonly inputs: LinearExpertOptions["inputs"];
  private readonly x: Float64Array;
  /** The hour last observed, NaN when asleep, and whether a dew point was ever reported. */
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
    // What nobody ever observed here is not forecast, though features assume a usual one.
    if (this.now[1] === 0) out.fill(Number.NaN, dewPointColumn);
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
