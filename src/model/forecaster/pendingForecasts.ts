import type { Stateful } from "../arithmetic/state.js";
import { positionIn } from "../calendar.js";
import {
  columnOf,
  maxLeadHours,
  medianIndex,
  modelNames,
  publishedIndex,
  quantileCount,
  variables,
} from "../vocabulary.js";
import { boundsPerDegree } from "./intervals.js";

/**
 * Slots of one variable. A forecast at lead h is read h hours after it was issued, so lead h needs h slots. Slot
 * `t mod h` holds the forecast issued at hour t-h until the one issued at hour t overwrites it.
 */
const slotsPerVariable = (maxLeadHours * (maxLeadHours + 1)) / 2;

/** The slot of a variable that a lead (1 to 72) reads and then overwrites at an hour. */
function slotOf(hour: number, leadHours: number): number {
  return (leadHours * (leadHours - 1)) / 2 + positionIn(leadHours, hour);
}

const slots = variables.length * slotsPerVariable;
/** Marks a missing bound. Bounds are stored as integer multiples of their rounding, which takes half the space. */
const noBound = -32_768;

/** Issued forecasts, with their quantiles, until their valid time. */
export class PendingForecasts implements Stateful {
  /** model × variable × slot */
  private readonly forecasts = new Float32Array(modelNames.length * slots).fill(Number.NaN);
  /** quantile without the median, which is the mixture, × variable × slot */
  private readonly bounds = new Int16Array((quantileCount - 1) * slots).fill(noBound);
  readonly state = [this.forecasts, this.bounds];

  /** The forecast for `hour` that a model issued `leadHours` earlier, °C; NaN without one. */
  forecast(model: number, variable: number, leadHours: number, hour: number): number {
    return this.forecasts[model * slots + variable * slotsPerVariable + slotOf(hour, leadHours)];
  }

  /**
   * Writes the forecasts for `hour` that the given experts issued `leadHours` earlier to `out`, by expert, °C; NaN where
   * there is none.
   * @returns the mixture's forecast
   */
  read(experts: readonly number[], variable: number, leadHours: number, hour: number, out: Float64Array): number {
    const at = variable * slotsPerVariable + slotOf(hour, leadHours);
    for (const k of experts) out[k] = this.forecasts[k * slots + at];
    return this.forecasts[publishedIndex * slots + at];
  }

  /** Writes the quantiles issued with the mixture's `forecastC` to `out`, NaN where there are none. */
  boundsAround(forecastC: number, variable: number, leadHours: number, hour: number, out: Float64Array): void {
    let at = variable * slotsPerVariable + slotOf(hour, leadHours);
    for (let q = 0; q < quantileCount; q++) {
      if (q === medianIndex) {
        out[q] = forecastC;
        continue;
      }
      const bound = this.bounds[at];
      out[q] = bound === noBound ? Number.NaN : bound / boundsPerDegree;
      at += slots;
    }
  }

  /**
   * Stores the forecasts (model × column) of the given models and the quantiles (column × quantile) issued at `hour`.
   */
  add(hour: number, models: readonly number[], issued: readonly Float32Array[], quantiles: Float32Array): void {
    for (let leadHours = 1; leadHours <= maxLeadHours; leadHours++) {
      const slot = slotOf(hour, leadHours);
      for (let variable = 0; variable < variables.length; variable++) {
        const column = columnOf(variable, leadHours);
        let at = variable * slotsPerVariable + slot;
        for (const model of models) this.forecasts[model * slots + at] = issued[model][column];
        for (let q = 0; q < quantileCount; q++) {
          if (q === medianIndex) continue;
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
