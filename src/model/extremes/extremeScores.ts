import type { StateArray, Stateful } from "../arithmetic/state.js";
import { crps } from "../scores/crps.js";
import { medianIndex, quantileCount } from "../vocabulary.js";
import { probabilityBelow } from "./quantiles.js";
import { extremeKinds, windowCount } from "./windows.js";

/** Frost is a low below this, °C. */
export const frostC = 0;
/** Odds are counted in tenths. */
const tenths = 10;
/** Rate of the share of nights with frost, to compare with: about the last thirty. */
const recentRate = 1 / 30;

// Fields of a sum.
const count = 0;
const errorSum = 1;
const absoluteSum = 2;
const crpsSum = 3;
const untrackedCrps = 4;
const beforeCount = 5;
const beforeSum = 6;
const brierSum = 7;
const recentBrierSum = 8;
const firstBin = 9;
const firstTenth = firstBin + quantileCount + 1;
const fields = firstTenth + 3 * tenths;
const sums = extremeKinds.length * (windowCount + 1);

/** Scores of the forecasts of one kind of extreme, of windows as `windowNumber` numbers them. */
export interface ExtremeScore {
  kind: number;
  window: number;
  n: number;
  /** Mean of forecast median minus truth, °C. */
  bias: number;
  mae: number;
  crps: number;
  /** CRPS of the quantiles of the hour with the extreme median, without tracked levels. */
  untrackedCrps: number;
  /** Mean absolute error of the extreme of the newest window that had ended; NaN without any. */
  beforeMae: number;
  /** Truths in each of the eight bins between the quantiles, lowest first. */
  bins: number[];
  /** Brier score of the odds of frost, and of the share of frost in the last nights; only of lows. */
  brier: number;
  recentBrier: number;
  /** By tenth of the odds of frost: how many, their sum, and how often frost came. */
  odds: { n: number; sum: number; came: number }[];
}

/** Scores of several periods as one, by kind and window. */
export function pooledScores(scores: readonly ExtremeScore[]): ExtremeScore[] {
  const pooled = new Map<string, ExtremeScore>();
  for (const score of scores) {
    const key = `${score.kind} ${score.window}`;
    const before = pooled.get(key);
    pooled.set(key, before ? addedScores(before, score) : score);
  }
  return [...pooled.values()].sort((a, b) => a.kind - b.kind || a.window - b.window);
}

function addedScores(a: ExtremeScore, b: ExtremeScore): ExtremeScore {
  const n = a.n + b.n;
  const mean = (name: "bias" | "mae" | "crps" | "untrackedCrps" | "beforeMae" | "brier" | "recentBrier") =>
    Number.isNaN(a[name]) ? b[name] : Number.isNaN(b[name]) ? a[name] : (a[name] * a.n + b[name] * b.n) / n;
  return {
    kind: a.kind,
    window: a.window,
    n,
    bias: mean("bias"),
    mae: mean("mae"),
    crps: mean("crps"),
    untrackedCrps: mean("untrackedCrps"),
    beforeMae: mean("beforeMae"),
    bins: a.bins.map((bin, i) => bin + b.bins[i]!),
    brier: mean("brier"),
    recentBrier: mean("recentBrier"),
    odds: a.odds.map((tenth, i) => {
      const other = b.odds[i]!;
      return { n: tenth.n + other.n, sum: tenth.sum + other.sum, came: tenth.came + other.came };
    }),
  };
}

/** Index of the bin between the quantiles that holds the truth; where quantiles equal it, the bin nearest to the median. */
function binOf(quantiles: ArrayLike<number>, truth: number): number {
  let [below, upTo] = [0, 0];
  for (let q = 0; q < quantileCount; q++) {
    if (quantiles[q]! < truth) below++;
    if (quantiles[q]! <= truth) upTo++;
  }
  return Math.min(Math.max(medianIndex, below), upTo);
}

/** Sums of scores of lows and highs over the current month. */
export class ExtremeScores implements Stateful {
  private readonly sums = new Float64Array(sums * fields);
  /** The share of frost in the last nights; NaN before the first. */
  private readonly recentFrost = new Float64Array([Number.NaN]);
  readonly state: readonly StateArray[] = [this.sums, this.recentFrost];

  /** Scores the forecast of a window that has ended. */
  add(
    kind: number,
    window: number,
    truth: number,
    { quantiles, untracked, before }: { quantiles: ArrayLike<number>; untracked: ArrayLike<number>; before: number },
  ): void {
    const s = this.sums;
    const at = (kind * (windowCount + 1) + window) * fields;
    const error = quantiles[medianIndex]! - truth;
    s[at + count] += 1;
    s[at + errorSum] += error;
    s[at + absoluteSum] += Math.abs(error);
    s[at + crpsSum] += crps(quantiles, truth);
    s[at + untrackedCrps] += crps(untracked, truth);
    s[at + firstBin + binOf(quantiles, truth)] += 1;
    if (!Number.isNaN(before)) {
      s[at + beforeCount] += 1;
      s[at + beforeSum] += Math.abs(before - truth);
    }
    if (kind !== 0) return;
    const came = truth < frostC ? 1 : 0;
    const odds = probabilityBelow(quantiles, frostC);
    const recent = Number.isNaN(this.recentFrost[0]) ? 0.5 : this.recentFrost[0]!;
    s[at + brierSum] += (odds - came) * (odds - came);
    s[at + recentBrierSum] += (recent - came) * (recent - came);
    const tenth = at + firstTenth + 3 * Math.min(tenths - 1, Math.floor(odds * tenths));
    s[tenth] += 1;
    s[tenth + 1] += odds;
    s[tenth + 2] += came;
  }

  /** Remembers a window's extreme for comparisons. */
  remember(kind: number, truth: number): void {
    if (kind !== 0) return;
    const came = truth < frostC ? 1 : 0;
    const before = this.recentFrost[0]!;
    this.recentFrost[0] = Number.isNaN(before) ? came : before + recentRate * (came - before);
  }

  /** Starts the sums of a new month. */
  clearMonth(): void {
    this.sums.fill(0);
  }

  *monthly(): Generator<ExtremeScore> {
    for (let kind = 0; kind < extremeKinds.length; kind++)
      for (let window = 0; window <= windowCount; window++) {
        const at = (kind * (windowCount + 1) + window) * fields;
        const s = this.sums.subarray(at, at + fields);
        const n = s[count]!;
        if (n === 0) continue;
        yield {
          kind,
          window,
          n,
          bias: s[errorSum]! / n,
          mae: s[absoluteSum]! / n,
          crps: s[crpsSum]! / n,
          untrackedCrps: s[untrackedCrps]! / n,
          beforeMae: s[beforeSum]! / s[beforeCount]!,
          bins: Array.from(s.subarray(firstBin, firstTenth)),
          brier: kind === 0 ? s[brierSum]! / n : Number.NaN,
          recentBrier: kind === 0 ? s[recentBrierSum]! / n : Number.NaN,
          odds: Array.from({ length: tenths }, (_, i) => {
            const [count, sum, came] = s.subarray(firstTenth + 3 * i, firstTenth + 3 * i + 3);
            return { n: count!, sum: sum!, came: came! };
          }),
        };
      }
  }
}
