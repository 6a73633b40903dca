import type { Stateful } from "../arithmetic/state.js";
import { placeIn } from "../calendar.js";
import { maxLeadHours, variables } from "../vocabulary.js";

/**
 * A sensor is stuck once so many observed hours in a row were this near to the first of them, °C: temperature, dew point.
 * The longest such runs in 117 years of hours, at 92 airports, took 35 and 34 hours.
 */
const stuckAfterHours = 72;
const stillC = [0.5, 0.3];

/** What was issued at the last 72 hours comes due, and at this one. */
const kept = maxLeadHours + 1;
const temperature = variables.indexOf("temperature");

/**
 * Tells which observations are no weather: those of a sensor that is stuck, from its fourth day on. Forecasts go on from
 * them, but nothing is learned from them, else errors would seem to be nothing once the sensor moves again. A dew point
 * is doubted where the temperature is too, as both follow from it.
 */
export class StuckSensors implements Stateful {
  /** variable × (value that the run began with, observed hours in it) */
  private readonly runs = new Float64Array(2 * variables.length).fill(Number.NaN);
  /** variable × hour: whether it was doubted then */
  private readonly doubted = new Uint32Array(variables.length * kept);
  readonly state = [this.runs, this.doubted];

  /** Takes the next hour in, values in the order of `variables`, NaN where missing. */
  take(hour: number, values: ArrayLike<number>): void {
    const { runs, doubted } = this;
    for (let v = 0; v < variables.length; v++) {
      const value = values[v];
      if (!Number.isNaN(value)) {
        const isStill = Math.abs(value - runs[2 * v]) <= stillC[v];
        if (!isStill) runs[2 * v] = value;
        runs[2 * v + 1] = isStill ? runs[2 * v + 1] + 1 : 1;
      }
      doubted[v * kept + placeIn(kept, hour)] = this.isStuck(v) || this.isStuck(temperature) ? 1 : 0;
    }
  }

  /** Whether what a variable was observed to be at one of the last 72 hours, or the newest, is no weather. */
  isDoubted(variable: number, hour: number): boolean {
    return this.doubted[variable * kept + placeIn(kept, hour)] === 1;
  }

  private isStuck(variable: number): boolean {
    return this.runs[2 * variable + 1] > stuckAfterHours;
  }
}
