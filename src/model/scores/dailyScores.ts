import type { Stateful } from "../arithmetic/state.js";
import { comparedBaselines, modelNames, reportedColumns, reportedIndex } from "../vocabulary.js";

const baselineIndices = comparedBaselines.map((model) => modelNames.indexOf(model));

/** Fields of a paired loss. */
const lossCount = 0;
const baselineSum = 1;
const publishedSum = 2;
const lossFields = 3;

/** Fields of the worst miss; all NaN while there is none. */
const missValidHour = 0;
const missForecast = 1;
const missObserved = 2;
const missLow = 3;
const missHigh = 4;
const missFields = 5;

/** Errors of a baseline over the forecasts that came due in a day, and of the published forecast at the same hours. */
export interface PairedLoss {
  model: number;
  column: number;
  n: number;
  mae: number;
  publishedMae: number;
}

/** The published forecast with the largest error of those that came due in a day, °C. */
export interface WorstMiss {
  column: number;
  validHour: number;
  forecast: number;
  observed: number;
  /** Bounds of the 95 % interval; NaN when it was issued without one. */
  low: number;
  high: number;
}

/**
 * Scores of the current day (UTC, of the valid time) at the reported leads: paired losses, from which the uncertainty
 * of a difference is computed later, and the worst miss.
 */
export class DailyScores implements Stateful {
  /** baseline × reported column × (n, Σ|e|, Σ|e| of the published forecast) */
  private readonly losses = new Float64Array(comparedBaselines.length * reportedColumns.length * lossFields);
  /** reported column × (valid hour, forecast, observed, low, high) */
  private readonly misses = new Float64Array(reportedColumns.length * missFields).fill(Number.NaN);
  readonly state = [this.losses, this.misses];

  /**
   * Scores the forecasts that came due for one column at one hour.
   * @param published the published forecast, °C
   * @param due the forecast of each model of `modelNames`, °C, NaN where it had none
   * @param low lower bound of the 95 % interval, °C, NaN without one; `high` is the upper
   */
  add(
    column: number,
    validHour: number,
    published: number,
    due: ArrayLike<number>,
    low: number,
    high: number,
    observed: number,
  ): void {
    const reported = reportedIndex[column];
    if (reported < 0) return;
    const error = Math.abs(published - observed);
    for (let baseline = 0; baseline < baselineIndices.length; baseline++) {
      const forecast = due[baselineIndices[baseline]];
      if (Number.isNaN(forecast)) continue;
      const at = lossOffset(baseline, reported);
      this.losses[at + lossCount] += 1;
      this.losses[at + baselineSum] += Math.abs(forecast - observed);
      this.losses[at + publishedSum] += error;
    }
    const { misses } = this;
    const at = reported * missFields;
    // The first of two equal misses stays. While there is none, the comparison is with NaN, so false.
    if (error <= Math.abs(misses[at + missForecast] - misses[at + missObserved])) return;
    misses[at + missValidHour] = validHour;
    misses[at + missForecast] = published;
    misses[at + missObserved] = observed;
    misses[at + missLow] = low;
    misses[at + missHigh] = high;
  }

  /** Starts a new day. */
  clear(): void {
    this.losses.fill(0);
    this.misses.fill(Number.NaN);
  }

  *pairedLosses(): Generator<PairedLoss> {
    for (const [baseline, model] of baselineIndices.entries())
      for (const [reported, column] of reportedColumns.entries()) {
        const at = lossOffset(baseline, reported);
        const [n, sum, publishedSum] = this.losses.subarray(at, at + lossFields);
        if (n > 0) yield { model, column, n, mae: sum / n, publishedMae: publishedSum / n };
      }
  }

  *worstMisses(): Generator<WorstMiss> {
    for (const [reported, column] of reportedColumns.entries()) {
      const at = reported * missFields;
      const [validHour, forecast, observed, low, high] = this.misses.subarray(at, at + missFields);
      if (!Number.isNaN(validHour)) yield { column, validHour, forecast, observed, low, high };
    }
  }
}

function lossOffset(baseline: number, reported: number): number {
  return (baseline * reportedColumns.length + reported) * lossFields;
}
