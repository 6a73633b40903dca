import type { StateArray, Stateful } from "../arithmetic/state.js";
import { columnCount, expertNames, guidanceSources, leadOf } from "../vocabulary.js";
import { Intervals } from "./intervals.js";
import { Mixture } from "./mixture.js";

/** How the mixture weighs experts and how wide its intervals are, for one set of sources that have guidance. */
export interface Regime {
  mixture: Mixture;
  intervals: Intervals;
}

const blend = expertNames.indexOf("blend");
/** Beyond this lead the blend of persistence and climatology shares the head start of experts with a prior. */
const longestAlone = 12;
const places = guidanceSources.map((source) => expertNames.indexOf(source));
/** From this lead on new guidance is usually better than what a station knows by itself. */
const favouredFromLead = 12;

/**
 * A mixture and its intervals for each set of sources that can have guidance at a time. When a source comes or goes, the
 * weights and widths that were right the last time are right again at once: without this the intervals would be twice too
 * wide, or half too narrow, for weeks. A set that is new at a column starts from the nearest known one.
 */
export class Regimes implements Stateful {
  /** By set of sources: the sum of 2ⁱ over the sources i that are in it. */
  private readonly regimes: readonly Regime[];
  /** By column, the sets that are known, as the sum of 2^set; the set without any source is always. */
  private readonly started = new Uint32Array(columnCount).fill(1);
  readonly state: readonly StateArray[];

  /**
   * @param active indices of the experts in the mixture
   * @param favoured indices of the experts that have a head start
   */
  constructor(active: readonly number[], favoured: readonly number[]) {
    this.regimes = Array.from({ length: 2 ** guidanceSources.length }, () => ({
      mixture: new Mixture(columnCount, expertNames.length, active),
      intervals: new Intervals(),
    }));
    const favouredFar = favoured.length > 0 && active.includes(blend) ? [...favoured, blend] : favoured;
    for (let column = 0; column < columnCount; column++) {
      const leadHours = leadOf(column);
      this.regimes[0]!.mixture.favour(column, leadHours > longestAlone ? favouredFar : favoured, priorShare(leadHours));
    }
    this.state = [
      this.started,
      ...this.regimes.flatMap(({ mixture, intervals }) => [...mixture.state, ...intervals.state]),
    ];
  }

  /** The regime of a column for these forecasts by expert, NaN where an expert has none. */
  of(column: number, forecasts: ArrayLike<number>): Regime {
    // Called a thousand times an hour.
    let set = 0;
    for (let i = 0; i < places.length; i++) if (!Number.isNaN(forecasts[places[i]!])) set |= 1 << i;
    if ((this.started[column]! & (1 << set)) === 0) this.start(column, set);
    return this.regimes[set]!;
  }

  private start(column: number, set: number): void {
    const known = this.regimes.map((_, other) => other).filter((other) => this.started[column]! & (1 << other));
    const nearest = known.reduce((a, b) => (difference(b, set) < difference(a, set) ? b : a));
    const [from, to] = [this.regimes[nearest]!, this.regimes[set]!];
    to.mixture.startFrom(from.mixture, column);
    to.intervals.startFrom(from.intervals, column);
    this.started[column]! |= 1 << set;
    if (leadOf(column) < favouredFromLead) return;
    const isNew = (i: number) => set & (1 << i) && !(nearest & (1 << i));
    to.mixture.favour(
      column,
      guidanceSources.flatMap((_, i) => (isNew(i) ? [places[i]!, places[i]! + 1] : [])),
    );
  }
}

/**
 * The head start of experts that begin with a prior, as a share of the usual one: the further ahead, the longer it takes to
 * see that they are wrong, as in the first week of a station without earlier hours. A mean with the blend halves that risk
 * far ahead, where the prior adds least: no start in any month of 2025 is worse than a cold one.
 */
function priorShare(leadHours: number): number {
  return Math.min(1, 12 / leadHours) * Math.min(1, (24 / leadHours) ** 5);
}

/** In how many sources two sets differ. */
function difference(a: number, b: number): number {
  return guidanceSources.filter((_, i) => ((a ^ b) & (1 << i)) !== 0).length;
}
