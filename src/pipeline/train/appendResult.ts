import type { Cell, Store } from "../../data/store/store.js";
import { firstHourOfMonth } from "../../model/calendar.js";
import type { QuestionScore } from "../../model/draws/questionScores.js";
import { questionKinds } from "../../model/draws/questions.js";
import type { ExtremeScore } from "../../model/extremes/extremeScores.js";
import { extremeEvents } from "../../model/extremes/odds.js";
import { extremeKinds } from "../../model/extremes/windows.js";
import type { PairedLoss } from "../../model/scores/dailyScores.js";
import type { EwmaeValue, MonthlyCalibration, MonthlyScore } from "../../model/scores/scores.js";
import {
  leadOf,
  type ModelName,
  modelNames,
  quantileNames,
  type Variable,
  variableOf,
  variables,
} from "../../model/vocabulary.js";
import { dayMs, hourMs } from "../../shared/time.js";
import { forecastColumns, forecastRows, tenth } from "../replay/forecastRows.js";
import type { ReplayResult } from "../replay/replay.js";

/** Models with stored EWMAE: the published one, the simplest ones and the one of the original demo. */
const ewmaeModels = new Set<ModelName>(["persistence", "seasonalNaive", "sgd", "rls", "mixture"]);

const ewmaeColumns = [
  "model",
  "variable",
  "leadHours",
  "n",
  "validationCorrected",
  "trainingCorrected",
  "validationSlow",
];

/** Columns of the counts between the quantiles, lowest first. */
export const binColumns = [...quantileNames.map((name) => `below${name.toUpperCase()}`), "aboveP975"];
const pinballColumns = quantileNames.map((name) => `pinball${name.toUpperCase()}`);

/**
 * Appends the results of a replay to the tables that training fills. Call it in a transaction. Scores and weights are
 * rounded to four decimals, two more than are shown, which halves their size.
 * @param madeTimeOf when a forecast was first made, epoch milliseconds
 */
export async function appendResult(
  store: Store,
  stationId: string,
  result: ReplayResult,
  madeTimeOf: (issue: ReplayResult["issues"][number]) => number,
): Promise<void> {
  const monthly = (rowsOf: (month: ReplayResult["months"][number]) => Row[]) =>
    result.months.flatMap((month) =>
      rowsOf(month).map((row) => ({ month: firstHourOfMonth(month.month) * hourMs, ...row })),
    );
  const tables: Record<string, Row[]> = {
    issues: result.issues.map((issue) => {
      return { issuedTime: issue.hour * hourMs, madeTime: madeTimeOf(issue), digest: issue.digest };
    }),
    scores: monthly(({ scores }) => scores.map(scoreRow)),
    scoresByHour: monthly(({ byHour }) => byHour.map(scoreRow)),
    calibration: monthly(({ calibration }) => calibration.map(calibrationRow)),
    calibrationByHour: monthly(({ calibrationByHour }) => calibrationByHour.map(calibrationRow)),
    extremeScores: monthly(({ extremes }) => extremes.map(extremeRow)),
    extremeOdds: monthly(({ extremes }) => extremes.flatMap(oddsRows)),
    questionScores: monthly(({ questions }) => questions.map(questionRow)),
    extremes: result.forecasts.flatMap(({ hour, extremes }) =>
      extremes.map(({ kind, endHour, quantiles, thresholdC }) => {
        const bounds = quantileNames.map((name, q) => [name, tenth(quantiles[q]!)]);
        const heatC = kind === "low" || Number.isNaN(thresholdC) ? null : thresholdC;
        return { issuedTime: hour * hourMs, kind, endTime: endHour * hourMs, ...Object.fromEntries(bounds), heatC };
      }),
    ),
    dailyLosses: result.days.flatMap(({ day, losses }) =>
      losses.map((loss) => ({ day: day * dayMs, ...scoreRow(loss) })),
    ),
    worstMisses: result.days.flatMap(({ day, misses }) =>
      misses.map(({ column, validHour, forecast, observed, low, high }) => {
        const values = { forecastC: forecast, observedC: observed, p025: low, p975: high };
        return { day: day * dayMs, ...named(column), validTime: validHour * hourMs, ...rounded(values) };
      }),
    ),
    ewmaeHours: result.ewmaeHours.flatMap(({ hour, values }) =>
      values.map(({ column, validationCorrected, trainingCorrected }) => {
        return { time: hour * hourMs, ...named(column), ...rounded({ validationCorrected, trainingCorrected }, 100) };
      }),
    ),
    expertWeights: result.weights.flatMap(({ hour, column, weights }) =>
      weights.map((weight, k) => {
        return { time: hour * hourMs, model: modelNames[k]!, ...named(column), ...rounded({ weight }) };
      }),
    ),
    alarms: result.alarms.map(({ hour, variable, side }) => {
      const text = side > 0 ? "forecasts too high" : "forecasts too low";
      return { time: hour * hourMs, variable: variables[variable]!, side: text };
    }),
  };
  for (const [table, rows] of Object.entries(tables)) {
    const ofStation = rows.map((row) => ({ stationId, ...row }));
    await store.insert(table, ofStation);
  }
  await store.append("forecasts", ["stationId", ...forecastColumns], stationForecasts(stationId, result));
  await store.append(
    "ewmae",
    ["stationId", "time", ...ewmaeColumns],
    result.ewmae.flatMap(({ hour, values }) => [...ewmaeRows(values)].map((row) => [stationId, hour * hourMs, ...row])),
  );
}

type Row = Record<string, Cell>;

function scoreRow({ model, column, ...score }: MonthlyScore | PairedLoss): Row {
  return { model: modelNames[model]!, ...named(column), ...rounded(score) };
}

function calibrationRow({ column, bins, pinball, ...calibration }: MonthlyCalibration): Row {
  const counts = Object.fromEntries(binColumns.map((name, i) => [name, bins[i]!]));
  const losses = Object.fromEntries(pinballColumns.map((name, i) => [name, pinball[i]!]));
  return { ...named(column), ...rounded({ ...calibration, ...counts, ...losses }) };
}

function extremeRow({ kind, window, bins, odds: _odds, ...score }: ExtremeScore): Row {
  const counts = Object.fromEntries(binColumns.map((name, i) => [name, bins[i]!]));
  return { kind: extremeKinds[kind]!, windowNumber: window, ...rounded({ ...score, ...counts }) };
}

function oddsRows({ kind, window, odds }: ExtremeScore): Row[] {
  return odds.flatMap(({ n, sum, came }, tenth) =>
    n === 0
      ? []
      : [{ event: extremeEvents[kind]!, windowNumber: window, tenth, n, ...rounded({ oddsSum: sum }), came }],
  );
}

function questionRow({ kind, number, bias, mae, ...score }: QuestionScore): Row {
  const errors = { meanError: bias, meanAbsoluteError: mae };
  return { question: questionKinds[kind]!, windowNumber: number, ...rounded({ ...errors, ...score }) };
}

/** EWMAE of the stored models as rows of `ewmaeColumns`. */
export function* ewmaeRows(values: Iterable<EwmaeValue>): Generator<Cell[]> {
  for (const { model, column, n, ...e } of values) {
    const name = modelNames[model]!;
    if (!ewmaeModels.has(name)) continue;
    const { validationCorrected, trainingCorrected, validationSlow } = e;
    const errors = rounded({ validationCorrected, trainingCorrected, validationSlow });
    const { variable, leadHours } = named(column);
    yield [name, variable, leadHours, n, ...Object.values(errors)];
  }
}

/** The variable and the lead of a column. */
function named(column: number): { variable: Variable; leadHours: number } {
  return { variable: variables[variableOf(column)]!, leadHours: leadOf(column) };
}

/** Null for NaN: a forecast without an interval. */
function rounded(numbers: Record<string, number>, parts = 1e4): Record<string, number | null> {
  const round = (value: number) => (Number.isNaN(value) ? null : Math.round(value * parts) / parts);
  return Object.fromEntries(Object.entries(numbers).map(([name, value]) => [name, round(value)]));
}

function* stationForecasts(stationId: string, { forecasts }: ReplayResult): Generator<Cell[]> {
  for (const row of forecastRows(forecasts)) yield [stationId, ...row];
}
