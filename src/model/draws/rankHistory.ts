import type { StateArray, Stateful } from "../arithmetic/state.js";
import { positionIn } from "../calendar.js";
import { scoreOf } from "../extremes/quantiles.js";
import { maxLeadHours } from "../vocabulary.js";

const day = 24;
/** Most draws there are: one for each of the last days. */
const mostDraws = 60;
/** With fewer days there are no ranks of their own. */
const fewestDays = 30;
/** Hours of a forecast that may lack an observation; they are filled linearly. */
const mayBeMissing = 12;
/** Rows of the ring: the hours from which the last sixty days' forecasts were issued, the newest of which are not over yet. */
const rows = day * mostDraws + maxLeadHours;
/** Scores are kept as whole multiples of 1/31 of a standard deviation, up to four of them. */
const stepsPerDeviation = 31;
const largestScore = 4 * stepsPerDeviation;
const missing = -128;

/** Ranks of draws that are each equally warm at all leads. */
const common = Uint8Array.from({ length: mostDraws * maxLeadHours }, (_, i) => Math.floor(i / maxLeadHours));
export const commonRanks: Readonly<DrawRanks> = { ranks: common, count: mostDraws, days: 0 };

/** How the temperatures of a draw rank among those of the others, hour by hour. */
export interface DrawRanks {
  /** draw × lead 1..72: 0 for the coldest of the draws at that lead */
  ranks: Uint8Array;
  /** Draws, 30 to 60. */
  count: number;
  /** Days whose forecasts gave the ranks; 0 when they were too few, and each draw has the same rank at all leads. */
  days: number;
}

/**
 * What came in what was forecast: a ring of the standard normal scores of the observed temperatures in the quantiles issued at
 * each hour of the last 60 days, at all leads. They tell how the errors of one forecast vary together, hour after hour.
 */
export class RankHistory implements Stateful {
  /** hour of issue mod 1512 × lead */
  private readonly scores = new Int8Array(rows * maxLeadHours).fill(missing);
  readonly state: readonly StateArray[] = [this.scores];
  // Buffers that every call of `ranks` writes again.
  private readonly filled = new Int8Array(mostDraws * maxLeadHours);
  private readonly ranked = new Uint8Array(mostDraws * maxLeadHours);
  private readonly colder = new Uint8Array(2 * largestScore + 2);

  /** Makes room for the forecast issued at an hour. */
  start(hour: number): void {
    const at = positionIn(rows, hour) * maxLeadHours;
    this.scores.fill(missing, at, at + maxLeadHours);
  }

  /** Learns the temperature observed at an hour from the quantiles issued `lead` hours before, NaN where there were none. */
  learn(hour: number, lead: number, quantiles: ArrayLike<number>, temperatureC: number): void {
    const score = scoreOf(quantiles, temperatureC);
    if (Number.isNaN(score)) return;
    const steps = Math.round(score * stepsPerDeviation);
    this.scores[positionIn(rows, hour - lead) * maxLeadHours + lead - 1] = Math.max(
      -largestScore,
      Math.min(largestScore, steps),
    );
  }

  /**
   * The ranks for draws of the forecast issued at an hour, from the newest sixty forecasts of the same hour of the day that are
   * over (Clark et al. 2004, Schefzik 2017). Equal scores rank in the order of their days. They are
   * valid until the next call.
   */
  ranks(hour: number): DrawRanks {
    let days = 0;
    for (let ago = mostDraws - 1; ago >= 0; ago--)
      if (this.fill(hour - maxLeadHours - day * ago, days * maxLeadHours)) days++;
    if (days < fewestDays) return commonRanks;
    const { filled, colder } = this;
    const ranks = this.ranked.subarray(0, days * maxLeadHours);
    for (let lead = 0; lead < maxLeadHours; lead++) {
      // Counts how many scores are lower than each, because there are few different ones.
      colder.fill(0);
      for (let row = 0; row < days; row++) colder[filled[row * maxLeadHours + lead]! + largestScore + 1]!++;
      for (let score = 1; score < colder.length; score++) colder[score]! += colder[score - 1]!;
      for (let row = 0; row < days; row++)
        ranks[row * maxLeadHours + lead] = colder[filled[row * maxLeadHours + lead]! + largestScore]!++;
    }
    return { ranks, count: days, days };
  }

  /** Copies a row to `filled`, with missing hours filled; false when too many are missing. */
  private fill(issued: number, to: number): boolean {
    const from = positionIn(rows, issued) * maxLeadHours;
    const { scores, filled } = this;
    let gaps = 0;
    for (let lead = 0; lead < maxLeadHours; lead++) if (scores[from + lead] === missing) gaps++;
    if (gaps > mayBeMissing) return false;
    let before = -1;
    for (let lead = 0; lead < maxLeadHours; lead++) {
      const score = scores[from + lead]!;
      if (score === missing) continue;
      filled[to + lead] = score;
      const earlier = before < 0 ? score : filled[to + before]!;
      for (let gap = before + 1; gap < lead; gap++)
        filled[to + gap] = Math.round(earlier + ((gap - before) / (lead - before)) * (score - earlier));
      before = lead;
    }
    filled.fill(filled[to + before]!, to + before + 1, to + maxLeadHours);
    return true;
  }
}
