import { Covariance } from "../arithmetic/covariance.js";
import { harmonicCount, harmonicNames, harmonicsOf } from "../features/features.js";
import { columnOf, fillVariable, leadOf, maxLeadHours, variableOf, variables } from "../vocabulary.js";
import type { Contribution, Expert } from "./expert.js";

const dimension = 1 + harmonicCount;
/** Observations of a variable needed before it is forecast. */
const warmUp = 24;

/** The usual value for the hour of day and time of year: an online ridge regression on harmonics of the valid time. */
export class Climatology implements Expert {
  readonly name = "climatology";
  private readonly covariance = new Covariance(dimension, 1);
  private readonly weights = new Float64Array(variables.length * dimension);
  private readonly hour = new Float64Array([Number.NaN]);
  private readonly counts = new Float64Array(variables.length);
  readonly state = [...this.covariance.state, this.weights, this.hour, this.counts];
  private readonly x = new Float64Array(dimension);
  private readonly gain = new Float64Array(dimension);

  observe(hour: number): void {
    this.hour[0] = hour;
  }

  forecast(out: Float32Array): void {
    for (let lead = 1; lead <= maxLeadHours; lead++) {
      this.inputs(this.hour[0] + lead);
      for (let variable = 0; variable < variables.length; variable++)
        out[columnOf(variable, lead)] = this.counts[variable] < warmUp ? Number.NaN : this.value(variable);
    }
  }

  learn(hour: number, variable: number, y: number, trained: Float32Array): void {
    this.inputs(hour);
    // Both variables share one covariance: a dew point is always reported with a temperature.
    if (this.hour[0] !== hour) this.covariance.update(this.x, this.gain, 0);
    this.hour[0] = hour;
    this.counts[variable] += 1;
    const error = y - this.value(variable);
    for (let i = 0; i < dimension; i++) this.weights[variable * dimension + i] += this.gain[i] * error;
    fillVariable(trained, variable, this.value(variable));
  }

  explain(column: number): Contribution[] {
    const variable = variableOf(column);
    this.inputs(this.hour[0] + leadOf(column));
    return Array.from(this.x, (x, i) => ({
      feature: i === 0 ? "constant" : harmonicNames[i - 1],
      contributionC: x * this.weights[variable * dimension + i],
    }));
  }

  private inputs(hour: number): void {
    this.x[0] = 1;
    harmonicsOf(hour, this.x, 1);
  }

  private value(variable: number): number {
    let sum = 0;
    for (let i = 0; i < dimension; i++) sum += this.x[i] * this.weights[variable * dimension + i];
    return sum;
  }
}
