import type { Stateful } from "../arithmetic/state.js";
import { positionIn } from "../calendar.js";
import { maxLeadHours, variables } from "../vocabulary.js";

/**
 * A sensor is stuck after this many observed hours in a row within a tolerance, °C, of the first of them. The
 * tolerances are for temperature and dew point. The longest such runs in 117 station-years of 92 airports took 35 and
 * 34 hours.
 */
const stuckAfterHours = 72;
const toleranceC = [0.5, 0.3];

/** Hours remembered: the newest, and the 72 before it, whose forecasts are still pending. */
const rememberedHours = maxLeadHours + 1;
/** Fields of a run of nearly equal values. */
const firstValue = 0;
const runLength = 1;
const runFields = 2;
const temperature = variables.indexOf("temperature");

/**
 * Marks the observations of a stuck sensor as suspect, from its fourth day on. Forecasts still start from them, but
 * they are not learned: otherwise errors would seem to vanish until the sensor moves again. A suspect temperature
 * makes the dew point suspect too, because the dew point is derived from it.
 */
export class StuckSensors implements Stateful {
  /** variable × (first value of the run, observed hours in it) */
  private readonly runs = new Float64Array(variables.length * runFields).fill(Number.NaN);
  /** variable × hour: 1 where suspect */
  private readonly suspect = new Uint32Array(variables.length * rememberedHours);
  readonly state = [this.runs, this.suspect];

  /** Adds the next hour: values in the order of `variables`, NaN where missing. */
  update(hour: number, values: ArrayLike<number>): void {
    const { runs, suspect } = this;
    for (let v = 0; v < variables.length; v++) {
      const value = values[v];
      if (!Number.isNaN(value)) {
        const run = v * runFields;
        const isSame = Math.abs(value - runs[run + firstValue]) <= toleranceC[v];
        if (!isSame) runs[run + firstValue] = value;
        runs[run + runLength] = isSame ? runs[run + runLength] + 1 : 1;
      }
      suspect[slotOf(v, hour)] = this.isStuck(v) || this.isStuck(temperature) ? 1 : 0;
    }
  }

  /** Whether the observation of a variable at the newest hour, or one of the 72 before it, is suspect. */
  isSuspect(variable: number, hour: number): boolean {
    return this.suspect[slotOf(variable, hour)] === 1;
  }

  private isStuck(variable: number): boolean {
    return this.runs[variable * runFields + runLength] > stuckAfterHours;
  }
}

function slotOf(variable: number, hour: number): number {
  return variable * rememberedHours + positionIn(rememberedHours, hour);
}
