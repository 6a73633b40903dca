import type { StateArray, Stateful } from "../arithmetic/state.js";
import { coldestAirC, warmestAirC } from "../vocabulary.js";

/** Highs are counted by half degree. */
const perDegree = 2;
/** Without a threshold of its own, a station's is the 95 % quantile of its highs, once this many are known. */
const leastHighs = 300;
const share = 0.95;

/** The threshold of heat of a station: a given one, or the one that its highs so far seldom reached. */
export class HeatThreshold implements Stateful {
  /** by half degree: the highs in it */
  private readonly counts = new Uint32Array((warmestAirC - coldestAirC) * perDegree);
  readonly state: readonly StateArray[] = [this.counts];

  /** @param givenC the threshold, °C; null for the 95 % quantile of the highs */
  constructor(private readonly givenC: number | null = null) {}

  /** Counts the high of a day, °C. */
  add(highC: number): void {
    const at = Math.floor((highC - coldestAirC) * perDegree);
    this.counts[Math.min(Math.max(at, 0), this.counts.length - 1)] += 1;
  }

  /** °C; NaN while too few highs are known. */
  get thresholdC(): number {
    if (this.givenC !== null) return this.givenC;
    const { counts } = this;
    let total = 0;
    for (const count of counts) total += count;
    if (total < leastHighs) return Number.NaN;
    let above = 0;
    let at = counts.length;
    while (above + counts[at - 1]! <= (1 - share) * total) above += counts[--at]!;
    return coldestAirC + at / perDegree;
  }
}
