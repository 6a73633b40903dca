import type { StateArray, Stateful } from "../arithmetic/state.js";
import { crps } from "../scores/crps.js";
import { medianIndex, quantileCount } from "../vocabulary.js";
import { eventCame, eventOdds } from "./odds.js";
import { extremeKinds, windowCount } from "./windows.js";

/** Odds are counted in tenths. */
const tenths = 10;

/** Means over all forecasts, and over those with odds. */
const errorMeans = ["bias", "mae", "crps", "untrackedCrps", "beforeMae", "climatologyMae", "climatologyCrps"] as const;
const oddsMeans = ["brier", "untrackedBrier", "beforeBrier", "climatologyBrier"] as const;
const means = [...errorMeans, ...oddsMeans];
type Means = Record<(typeof means)[number], number>;

// Fields of a sum: the number and the sum of each mean, then the counts of the bins, then three fields a tenth.
const firstBin = 2 * means.length;
const firstTenth = firstBin + quantileCount + 1;
const fields = firstTenth + 3 * tenths;
const sums = extremeKinds.length * (windowCount + 1);

/**
 * Scores of the forecasts of one kind of extreme, of windows as `windowNumber` numbers them; means are NaN without any. The
 * median is scored by `bias` (forecast minus truth) and `mae`, °C, the quantiles by `crps`, °C, and the odds of frost or heat
 * by `brier`. They are compared with the same scores of
 * - `untracked`: the quantiles of the hour with the extreme median, without tracked levels
 * - `before`: the extreme of the newest window that had ended at issue
 * - `climatology`: the usual extreme of the time of year and its spread, by all windows before
 */
export interface ExtremeScore extends Means {
  kind: number;
  window: number;
  n: number;
  /** Forecasts with odds. */
  oddsN: number;
  /** Truths in each of the eight bins between the quantiles, lowest first. */
  bins: number[];
  /** By tenth of the odds: how many, their sum, and how often the event came. */
  odds: { n: number; sum: number; came: number }[];
}

/** A forecast of a window that has ended, and what it is compared with; °C. */
export interface EndedForecast {
  quantiles: ArrayLike<number>;
  untracked: ArrayLike<number>;
  before: number;
  climatology: ArrayLike<number>;
  /** The threshold of its odds; NaN without odds. */
  thresholdC: number;
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
  const weighted = (name: keyof Means, ofA: number, ofB: number) =>
    Number.isNaN(a[name]) ? b[name] : Number.isNaN(b[name]) ? a[name] : (a[name] * ofA + b[name] * ofB) / (ofA + ofB);
  return {
    kind: a.kind,
    window: a.window,
    n: a.n + b.n,
    oddsN: a.oddsN + b.oddsN,
    ...(Object.fromEntries([
      ...errorMeans.map((name) => [name, weighted(name, a.n, b.n)]),
      ...oddsMeans.map((name) => [name, weighted(name, a.oddsN, b.oddsN)]),
    ]) as Means),
    bins: a.bins.map((bin, i) => bin + b.bins[i]!),
    odds: a.odds.map((tenth, i) => {
      const other = b.odds[i]!;
      return { n: tenth.n + other.n, sum: tenth.sum + other.sum, came: tenth.came + other.came };
    }),
  };
}

/** Index of the bin between the quantiles that holds the truth; where quantiles equal it, the bin nearest to the median. */
export function binOf(quantiles: ArrayLike<number>, truth: number): number {
  let [below, upTo] = [0, 0];
  for (let q = 0; q < quantileCount; q++) {
    if (quantiles[q]! < truth) below++;
    if (quantiles[q]! <= truth) upTo++;
  }
  return Math.min(Math.max(medianIndex, below), upTo);
}

/** The tenth of odds, 0 to 9. */
function tenthOf(odds: number): number {
  return Math.min(tenths - 1, Math.floor(odds * tenths));
}

/** Sums of scores of lows and highs over the current month. */
export class ExtremeScores implements Stateful {
  private readonly sums = new Float64Array(sums * fields);
  readonly state: readonly StateArray[] = [this.sums];

  /** Scores the forecast of a window that has ended. */
  add(
    kind: number,
    window: number,
    truth: number,
    { quantiles, untracked, before, climatology, thresholdC }: EndedForecast,
  ): void {
    const own = this.fieldsOf(kind, window);
    const came = eventCame(kind, truth, thresholdC);
    const odds = eventOdds(kind, quantiles, thresholdC);
    const brier = (given: number) => (given - came) * (given - came);
    const scores: Means = {
      bias: quantiles[medianIndex]! - truth,
      mae: Math.abs(quantiles[medianIndex]! - truth),
      crps: crps(quantiles, truth),
      untrackedCrps: crps(untracked, truth),
      beforeMae: Math.abs(before - truth),
      climatologyMae: Math.abs(climatology[medianIndex]! - truth),
      climatologyCrps: crps(climatology, truth),
      brier: brier(odds),
      untrackedBrier: brier(eventOdds(kind, untracked, thresholdC)),
      beforeBrier: brier(eventCame(kind, before, thresholdC)),
      climatologyBrier: brier(eventOdds(kind, climatology, thresholdC)),
    };
    for (const [i, name] of means.entries()) {
      if (Number.isNaN(scores[name])) continue;
      own[2 * i] += 1;
      own[2 * i + 1] += scores[name];
    }
    own[firstBin + binOf(quantiles, truth)] += 1;
    if (Number.isNaN(odds)) return;
    const tenth = firstTenth + 3 * tenthOf(odds);
    own[tenth] += 1;
    own[tenth + 1] += odds;
    own[tenth + 2] += came;
  }

  /** Starts the sums of a new month. */
  clearMonth(): void {
    this.sums.fill(0);
  }

  *monthly(): Generator<ExtremeScore> {
    for (let kind = 0; kind < extremeKinds.length; kind++)
      for (let window = 0; window <= windowCount; window++) {
        const own = this.fieldsOf(kind, window);
        const countOf = (name: keyof Means) => own[2 * means.indexOf(name)]!;
        if (countOf("mae") === 0) continue;
        yield {
          kind,
          window,
          n: countOf("mae"),
          oddsN: countOf("brier"),
          ...(Object.fromEntries(means.map((name, i) => [name, own[2 * i + 1]! / own[2 * i]!])) as Means),
          bins: Array.from(own.subarray(firstBin, firstTenth)),
          odds: Array.from({ length: tenths }, (_, i) => {
            const [n, sum, came] = own.subarray(firstTenth + 3 * i, firstTenth + 3 * i + 3);
            return { n: n!, sum: sum!, came: came! };
          }),
        };
      }
  }

  private fieldsOf(kind: number, window: number): Float64Array {
    const at = (kind * (windowCount + 1) + window) * fields;
    return this.sums.subarray(at, at + fields);
  }
}
