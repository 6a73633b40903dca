import type { StateArray, Stateful } from "../arithmetic/state.js";
import { crps } from "../scores/crps.js";
import { levels, medianIndex } from "../vocabulary.js";
import { type Answer, questionKinds } from "./questions.js";

const p10 = levels.indexOf(0.1);
const p90 = levels.indexOf(0.9);
const numbers = 3;

// Fields of a sum.
const count = 0;
const errorSum = 1;
const absoluteSum = 2;
const crpsSum = 3;
const commonCrpsSum = 4;
const belowCount = 5;
const aboveCount = 6;
const brierSum = 7;
const commonBrierSum = 8;
const cameCount = 9;
const fields = 10;

/** Scores of the answers to one question, °C or hours. */
export interface QuestionScore {
  /** Index in `questionKinds`. */
  kind: number;
  number: number;
  n: number;
  /** Mean of median minus truth. */
  bias: number;
  mae: number;
  crps: number;
  /** CRPS of draws that each have one rank at all leads. */
  commonCrps: number;
  /** Truths below the 10 % and above the 90 % quantile. */
  belowP10: number;
  aboveP90: number;
  /** Of the odds that tomorrow's high is above today's; NaN for other questions. */
  brier: number;
  commonBrier: number;
  /** How often it was. */
  came: number;
}

/** Scores of several periods as one, by kind and number. */
export function pooledAnswers(scores: readonly QuestionScore[]): QuestionScore[] {
  const pooled = new Map<string, QuestionScore>();
  for (const score of scores) {
    const key = `${score.kind} ${score.number}`;
    const before = pooled.get(key);
    pooled.set(key, before ? added(before, score) : score);
  }
  return [...pooled.values()].sort((a, b) => a.kind - b.kind || a.number - b.number);
}

function added(a: QuestionScore, b: QuestionScore): QuestionScore {
  const n = a.n + b.n;
  const mean = (name: "bias" | "mae" | "crps" | "commonCrps" | "brier" | "commonBrier") =>
    (a[name] * a.n + b[name] * b.n) / n;
  return {
    kind: a.kind,
    number: a.number,
    n,
    bias: mean("bias"),
    mae: mean("mae"),
    crps: mean("crps"),
    commonCrps: mean("commonCrps"),
    belowP10: a.belowP10 + b.belowP10,
    aboveP90: a.aboveP90 + b.aboveP90,
    brier: mean("brier"),
    commonBrier: mean("commonBrier"),
    came: a.came + b.came,
  };
}

/** Sums of scores of answers over the current month. */
export class QuestionScores implements Stateful {
  private readonly sums = new Float64Array(questionKinds.length * numbers * fields);
  readonly state: readonly StateArray[] = [this.sums];

  /** Scores an answer, and that of draws with common ranks. */
  add(kind: number, number: number, truth: number, answer: Answer, common: Answer): void {
    const s = this.sums.subarray((kind * numbers + number) * fields, (kind * numbers + number + 1) * fields);
    const { quantiles, odds } = answer;
    const error = quantiles[medianIndex]! - truth;
    const came = truth > 0 ? 1 : 0;
    s[count]! += 1;
    s[errorSum]! += error;
    s[absoluteSum]! += Math.abs(error);
    s[crpsSum]! += crps(quantiles, truth);
    s[commonCrpsSum]! += crps(common.quantiles, truth);
    s[belowCount]! += truth < quantiles[p10]! ? 1 : 0;
    s[aboveCount]! += truth > quantiles[p90]! ? 1 : 0;
    s[brierSum]! += (odds - came) * (odds - came);
    s[commonBrierSum]! += (common.odds - came) * (common.odds - came);
    s[cameCount]! += came;
  }

  /** Starts the sums of a new month. */
  clearMonth(): void {
    this.sums.fill(0);
  }

  *monthly(): Generator<QuestionScore> {
    for (let kind = 0; kind < questionKinds.length; kind++)
      for (let number = 0; number < numbers; number++) {
        const s = this.sums.subarray((kind * numbers + number) * fields, (kind * numbers + number + 1) * fields);
        const n = s[count]!;
        if (n === 0) continue;
        const hasOdds = questionKinds[kind] === "highChange";
        yield {
          kind,
          number,
          n,
          bias: s[errorSum]! / n,
          mae: s[absoluteSum]! / n,
          crps: s[crpsSum]! / n,
          commonCrps: s[commonCrpsSum]! / n,
          belowP10: s[belowCount]!,
          aboveP90: s[aboveCount]!,
          brier: hasOdds ? s[brierSum]! / n : Number.NaN,
          commonBrier: hasOdds ? s[commonBrierSum]! / n : Number.NaN,
          came: s[cameCount]!,
        };
      }
  }
}
