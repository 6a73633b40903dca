import type { Stateful } from "../arithmetic/state.js";
import { comparedBaselines, maxLeadHours, modelNames, reportedLeads } from "../vocabulary.js";

const reported = reportedLeads.length;
const baselineIndices = comparedBaselines.map((model) => modelNames.indexOf(model));
/** Lengths of what is kept of a baseline and of the worst miss, for each variable and reported lead. */
const lossLength = 3;
const missLength = 5;
/** Place of a lead in `reportedLeads`, -1 where it is not one of them. */
const reportedPlace = Array.from({ length: maxLeadHours + 1 }, (_, lead) =>
  (reportedLeads as readonly number[]).indexOf(lead),
);

/** Errors of a baseline over the forecasts that came due in a day, beside those of the published forecast at the same hours. */
export interface PairedLoss {
  model: number;
  column: number;
  n: number;
  mae: number;
  publishedMae: number;
}

/** The published forecast that was furthest off of those that came due in a day, °C. */
export interface WorstMiss {
  column: number;
  validHour: number;
  forecast: number;
  observed: number;
  /** Bounds of the 95 % interval; NaN when it was issued with none. */
  low: number;
  high: number;
}

/**
 * What the day under way (UTC, of the valid time) adds to the evaluation, at the reported leads: losses in pairs, so that
 * the uncertainty of a difference can be told later from days, and the worst miss.
 */
export class DailyScores implements Stateful {
  /** baseline × variable × reported lead × (n, Σ|e|, Σ|e| of the published forecast) */
  private readonly losses = new Float64Array(comparedBaselines.length * 2 * reported * lossLength);
  /** variable × reported lead × (valid hour, forecast, observed, low, high); NaN while there is none */
  private readonly misses = new Float64Array(2 * reported * missLength).fill(Number.NaN);
  readonly state = [this.losses, this.misses];

  /**
   * Scores what came due for a column at an hour.
   * @param published the published forecast, °C
   * @param due what each model of `modelNames` had forecast, NaN where nothing
   * @param low lower bound of the 95 % interval, NaN when there was none; likewise `high`
   */
  add(
    column: number,
    validHour: number,
    published: number,
    due: ArrayLike<number>,
    low: number,
    high: number,
    y: number,
  ): void {
    const place = reportedPlace[(column % maxLeadHours) + 1];
    if (place < 0) return;
    const pair = (column < maxLeadHours ? 0 : reported) + place;
    const error = Math.abs(published - y);
    for (let r = 0; r < comparedBaselines.length; r++) {
      const forecast = due[baselineIndices[r]];
      if (Number.isNaN(forecast)) continue;
      const at = (r * 2 * reported + pair) * lossLength;
      this.losses[at] += 1;
      this.losses[at + 1] += Math.abs(forecast - y);
      this.losses[at + 2] += error;
    }
    const m = this.misses;
    const at = pair * missLength;
    // The first of two equals stays; the comparison is true where there is none yet.
    if (!(error <= Math.abs(m[at + 1] - m[at + 2]))) {
      m[at] = validHour;
      m[at + 1] = published;
      m[at + 2] = y;
      m[at + 3] = low;
      m[at + 4] = high;
    }
  }

  /** Forgets the day. */
  clear(): void {
    this.losses.fill(0);
    this.misses.fill(Number.NaN);
  }

  *pairedLosses(): Generator<PairedLoss> {
    for (const [r, model] of baselineIndices.entries())
      for (let pair = 0; pair < 2 * reported; pair++) {
        const at = (r * 2 * reported + pair) * lossLength;
        const [n, sum, publishedSum] = this.losses.subarray(at, at + lossLength);
        if (n > 0) yield { model, column: columnOfPair(pair), n, mae: sum / n, publishedMae: publishedSum / n };
      }
  }

  *worstMisses(): Generator<WorstMiss> {
    for (let pair = 0; pair < 2 * reported; pair++) {
      const at = pair * missLength;
      const [validHour, forecast, observed, low, high] = this.misses.subarray(at, at + missLength);
      if (!Number.isNaN(validHour)) yield { column: columnOfPair(pair), validHour, forecast, observed, low, high };
    }
  }
}

function columnOfPair(pair: number): number {
  return Math.floor(pair / reported) * maxLeadHours + reportedLeads[pair % reported] - 1;
}
