import { monthOf } from "../../model/calendar.js";
import { pooledAnswers, type QuestionScore } from "../../model/draws/questionScores.js";
import type { ExpertPriors } from "../../model/experts/createExperts.js";
import type { ForecasterOptions } from "../../model/experts/modelOptions.js";
import { type ExtremeScore, pooledScores } from "../../model/extremes/extremeScores.js";
import { Forecaster } from "../../model/forecaster/forecaster.js";
import { guidanceAt, type StationHours } from "../../model/forecaster/tracedReplay.js";
import { type Around, NetworkReplay } from "../../model/network/networkReplay.js";
import { crps, pitBin } from "../../model/scores/crps.js";
import { columnOf, modelNames, publishedIndex, quantileCount, quantities, variables } from "../../model/vocabulary.js";

export interface BacktestTask extends StationHours {
  options: ForecasterOptions;
  around: Around | null;
  /** Where the regressions start; empty for a cold start. */
  priors: ExpertPriors;
  /** Earlier hours are remembered, but nothing is learned from them. */
  learnFrom: number;
  /** Forecasts that come due from this hour to the last are scored. */
  scoredFrom: number;
  leads: number[];
  /** Indices in `modelNames` of the models with forecasts in the result. */
  writtenModels: number[];
}

/** Sums over scored forecasts; arrays are variable × lead, or model × variable × lead. */
export interface BacktestResult {
  n: Float64Array;
  absoluteErrors: Float64Array;
  /** Forecasts with quantiles, their summed CRPS, and how many observations fell in each of the eight bins. */
  quantileN: Float64Array;
  crps: Float64Array;
  bins: Float64Array;
  /** Hours of issue, forecasts (hour × model × variable × lead) and quantiles (hour × variable × lead × quantile). */
  issuedHours: Float64Array;
  forecasts: Float32Array;
  quantiles: Float32Array;
  /** Scores of lows and highs. */
  extremes: ExtremeScore[];
  /** Scores of questions over several hours. */
  questions: QuestionScore[];
}

/** Replays a station from its first hour and scores its forecasts against the observations. */
export function replayBacktest(task: BacktestTask): BacktestResult {
  const { firstHour, leads, scoredFrom, writtenModels } = task;
  const width = quantities.length;
  const count = task.values.length / width;
  const models = modelNames.length;
  const pairs = variables.length * leads.length;
  const result = {
    n: new Float64Array(models * pairs),
    absoluteErrors: new Float64Array(models * pairs),
    quantileN: new Float64Array(pairs),
    crps: new Float64Array(pairs),
    bins: new Float64Array(pairs * (quantileCount + 1)),
  };
  const writtenFrom = Math.max(firstHour, scoredFrom - Math.max(...leads));
  const written = writtenModels.length === 0 ? 0 : Math.max(0, firstHour + count - writtenFrom);
  const issuedHours: number[] = [];
  const forecasts = new Float32Array(written * writtenModels.length * pairs).fill(Number.NaN);
  const quantiles = new Float32Array(written * pairs * quantileCount).fill(Number.NaN);
  const forecaster = new Forecaster(task.options, task.priors);
  const around = task.around && new NetworkReplay(task.around);
  const extremes: ExtremeScore[] = [];
  const questions: QuestionScore[] = [];
  const collect = () => {
    extremes.push(...forecaster.extremes.scores.monthly());
    questions.push(...forecaster.joint.scores.monthly());
  };
  for (let i = 0; i < count; i++) {
    const hour = firstHour + i;
    if (hour > scoredFrom && monthOf(hour) !== monthOf(hour - 1)) collect();
    if (hour === scoredFrom) {
      forecaster.extremes.scores.clearMonth();
      forecaster.joint.scores.clearMonth();
    }
    if (hour < task.learnFrom) {
      forecaster.watch(hour, task.values.subarray(i * width, (i + 1) * width));
      continue;
    }
    forecaster.step(hour, task.values.subarray(i * width, (i + 1) * width), guidanceAt(task, i), around?.at(hour));
    if (Number.isNaN(forecaster.issued[publishedIndex][0])) continue;
    const row = written > 0 && hour >= writtenFrom ? issuedHours.push(hour) - 1 : null;
    for (let variable = 0; variable < variables.length; variable++)
      for (const [l, lead] of leads.entries()) {
        if (hour + lead < scoredFrom) continue;
        const pair = variable * leads.length + l;
        const column = columnOf(variable, lead);
        const bounds = forecaster.quantiles.subarray(column * quantileCount, (column + 1) * quantileCount);
        if (row !== null) {
          for (const [m, k] of writtenModels.entries())
            forecasts[(row * writtenModels.length + m) * pairs + pair] = forecaster.issued[k][column];
          quantiles.set(bounds, (row * pairs + pair) * quantileCount);
        }
        const y = task.values[(i + lead) * width + variable];
        // Beyond the last hour `y` is undefined.
        if (i + lead >= count || Number.isNaN(y)) continue;
        for (let k = 0; k < models; k++) {
          const error = forecaster.issued[k][column] - y;
          if (Number.isNaN(error)) continue;
          result.n[k * pairs + pair] += 1;
          result.absoluteErrors[k * pairs + pair] += Math.abs(error);
        }
        if (Number.isNaN(bounds[0])) continue;
        result.quantileN[pair] += 1;
        result.crps[pair] += crps(bounds, y);
        result.bins[pair * (quantileCount + 1) + pitBin(bounds, y)] += 1;
      }
  }
  collect();
  return {
    ...result,
    issuedHours: Float64Array.from(issuedHours),
    forecasts,
    quantiles,
    extremes: pooledScores(extremes),
    questions: pooledAnswers(questions),
  };
}
