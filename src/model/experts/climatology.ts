import { Covariance } from "../arithmetic/covariance.js";
import { harmonicCount, harmonicNames, harmonicsOf } from "../features/features.js";
import { maxLeadHours, variables } from "../vocabulary.js";
import type { Contribution, Expert } from "./expert.js";

const dimension = 1 + harmonicCount;
/** It sleeps until it has seen so many values of a variable. */
const warmUp = 24;

/** What is usual at the hour and the day of the year: an online ridge regression on harmonics of the valid time. */
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

  recall(): void {}

  roundOff(): void {}

  skip(): void {}

  forecast(out: Float32Array): void {
    for (let lead = 1; lead <= maxLeadHours; lead++) {
      this.inputs(this.hour[0] + lead);
      for (let variable = 0; variable < variables.length; variable++)
        out[variable * maxLeadHours + lead - 1] = this.counts[variable] < warmUp ? Number.NaN : this.value(variable);
    }
  }

  learn(hour: number, variable: number, y: number, trained: Float32Array): void {
    this.inputs(hour);
    // One covariance serves both variables, as a dew point comes with a temperature.
    if (this.hour[0] !== hour) this.covariance.update(this.x, this.gain, 0);
    this.hour[0] = hour;
    this.counts[variable] += 1;
    const error = y - this.value(variable);
    for (let i = 0; i < dimension; i++) this.weights[variable * dimension + i] += this.gain[i] * error;
    trained.fill(this.value(variable), variable * maxLeadHours, (variable + 1) * maxLeadHours);
  }

  explain(column: number): Contribution[] {
    const variable = Math.floor(column / maxLeadHours);
    this.inputs(this.hour[0] + (column % maxLeadHours) + 1);
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
