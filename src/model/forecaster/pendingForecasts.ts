import type { Stateful } from "../arithmetic/state.js";
import { placeIn } from "../calendar.js";
import { columnOf, maxLeadHours, modelNames, quantileCount, quantileNames, variables } from "../vocabulary.js";
import { boundsPerDegree } from "./intervals.js";

/**
 * Slots of one variable. A forecast at lead h is read h hours after it was issued, so lead h needs h slots: the one of
 * hour t is `t mod h`; it holds what was issued at t-h until it is overwritten with what is issued at t.
 */
export const slotsPerVariable = (maxLeadHours * (maxLeadHours + 1)) / 2;

/** The slot, among those of its variable, that lead `leadHours` (1 to 72) reads and then writes at an hour. */
export function slotOf(hour: number, leadHours: number): number {
  return (leadHours * (leadHours - 1)) / 2 + placeIn(leadHours, hour);
}

const slots = variables.length * slotsPerVariable;
const median = quantileNames.indexOf("p50");
/** Bounds are stored as multiples of their rounding, which takes half the room of a number. */
const noBound = -32_768;

/** Forecasts that have been issued and whose hour has not come yet, with the bounds they were issued with. */
export class PendingForecasts implements Stateful {
  /** model × variable × slot */
  private readonly forecasts = new Float32Array(modelNames.length * slots).fill(Number.NaN);
  /** quantile (without the median, which is the mixture) × variable × slot */
  private readonly bounds = new Int16Array((quantileCount - 1) * slots).fill(noBound);
  readonly state = [this.forecasts, this.bounds];

  /** What a model forecast for `hour` `leadHours` earlier, °C; NaN where it forecast nothing. */
  forecast(model: number, variable: number, leadHours: number, hour: number): number {
    return this.forecasts[model * slots + variable * slotsPerVariable + slotOf(hour, leadHours)];
  }

  /** Writes the bounds issued with the mixture's `forecastC` to `out`, NaN where there were none. */
  boundsAround(forecastC: number, variable: number, leadHours: number, hour: number, out: Float64Array): void {
    let at = variable * slotsPerVariable + slotOf(hour, leadHours);
    for (let q = 0; q < quantileCount; q++) {
      if (q === median) {
        out[q] = forecastC;
        continue;
      }
      const bound = this.bounds[at];
      out[q] = bound === noBound ? Number.NaN : bound / boundsPerDegree;
      at += slots;
    }
  }

  /** Stores what was issued at `hour`: forecasts of the given models by column, quantiles column × quantile. */
  add(hour: number, models: readonly number[], issued: readonly Float32Array[], quantiles: Float32Array): void {
    for (let leadHours = 1; leadHours <= maxLeadHours; leadHours++) {
      const slot = slotOf(hour, leadHours);
      for (let variable = 0; variable < variables.length; variable++) {
        const column = columnOf(variable, leadHours);
        let at = variable * slotsPerVariable + slot;
        for (const model of models) this.forecasts[model * slots + at] = issued[model][column];
        for (let q = 0; q < quantileCount; q++) {
          if (q === median) continue;
          this.bounds[at] = packBound(quantiles[column * quantileCount + q]);
          at += slots;
        }
      }
    }
  }
}

function packBound(bound: number): number {
  return Number.isNaN(bound) ? noBound : Math.max(-32_767, Math.min(32_767, Math.round(bound * boundsPerDegree)));
}
