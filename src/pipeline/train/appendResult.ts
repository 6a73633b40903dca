import type { Cell, Store } from "../../data/store/store.js";
import { firstHourOfMonth } from "../../model/calendar.js";
import type { EwmaeValue } from "../../model/scores/scores.js";
import { type ModelName, maxLeadHours, modelNames, type Variable, variables } from "../../model/vocabulary.js";
import { dayMs, hourMs } from "../../shared/time.js";
import { forecastColumns, forecastRows } from "../replay/forecastRows.js";
import type { ReplayResult } from "../replay/replay.js";

/** Models with stored EWMAE: the published one, the simplest ones and the one of the original demo. */
const ewmaeModels = new Set<ModelName>(["persistence", "seasonalNaive", "sgd", "rls", "mixture"]);

const calibrationColumns = [
  ...["n", "crps"],
  ...["belowP025", "belowP10", "belowP25", "belowP50", "belowP75", "belowP90", "belowP975", "aboveP975"],
  ...["pinballP025", "pinballP10", "pinballP25", "pinballP50", "pinballP75", "pinballP90", "pinballP975"],
];

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
  const months = result.months.map(({ month, ...rest }) => ({ time: firstHourOfMonth(month) * hourMs, ...rest }));
  const append = (table: string, columns: readonly string[], rows: Iterable<readonly Cell[]>) =>
    store.append(
      table,
      columns,
      Array.from(rows, (row) => row.map((cell) => (typeof cell === "number" ? rounded(cell, 1e4) : cell))),
    );
  await store.append(
    "issues",
    ["stationId", "issuedTime", "madeTime", "digest"],
    result.issues.map((issue) => [stationId, issue.hour * hourMs, madeTimeOf(issue), issue.digest]),
  );
  await store.append("forecasts", ["stationId", ...forecastColumns], stationForecasts(stationId, result));
  await append(
    "scores",
    ["stationId", "month", "model", "variable", "leadHours", "n", "mae", "bias", "rmse"],
    months.flatMap(({ time, scores }) =>
      scores.map((s) => [stationId, time, modelNames[s.model]!, ...at(s.column), s.n, s.mae, s.bias, s.rmse]),
    ),
  );
  await append(
    "scoresByHour",
    ["stationId", "month", "model", "variable", "leadHours", "hourOfDay", "n", "mae", "bias", "rmse"],
    months.flatMap(({ time, byHour }) =>
      byHour.map((s) => [
        ...[stationId, time, modelNames[s.model]!, ...at(s.column), s.hourOfDay],
        ...[s.n, s.mae, s.bias, s.rmse],
      ]),
    ),
  );
  await append(
    "calibration",
    ["stationId", "month", "variable", "leadHours", ...calibrationColumns],
    months.flatMap(({ time, calibration }) =>
      calibration.map((c) => [stationId, time, ...at(c.column), c.n, c.crps, ...c.bins, ...c.pinball]),
    ),
  );
  await append(
    "calibrationByHour",
    ["stationId", "month", "variable", "leadHours", "hourOfDay", ...calibrationColumns],
    months.flatMap(({ time, calibrationByHour }) =>
      calibrationByHour.map((c) => [
        ...[stationId, time, ...at(c.column), c.hourOfDay],
        ...[c.n, c.crps, ...c.bins, ...c.pinball],
      ]),
    ),
  );
  await appendDays({ append }, stationId, result.days);
  await store.append(
    "ewmae",
    ["stationId", "time", ...ewmaeColumns],
    result.ewmae.flatMap(({ hour, values }) => [...ewmaeRows(values)].map((row) => [stationId, hour * hourMs, ...row])),
  );
  await store.append(
    "ewmaeHours",
    ["stationId", "time", "variable", "leadHours", "validationCorrected", "trainingCorrected"],
    result.ewmaeHours.flatMap(({ hour, values }) =>
      values.map((e) => [
        ...[stationId, hour * hourMs, ...at(e.column)],
        ...[e.validationCorrected, e.trainingCorrected].map((error) => rounded(error, 100)),
      ]),
    ),
  );
  await append(
    "expertWeights",
    ["stationId", "time", "variable", "leadHours", "model", "weight"],
    result.weights.flatMap(({ hour, column, weights }) =>
      weights.map((weight, k) => [stationId, hour * hourMs, ...at(column), modelNames[k]!, weight]),
    ),
  );
  await store.append(
    "alarms",
    ["stationId", "time", "variable", "side"],
    result.alarms.map(({ hour, variable, side }) => [
      stationId,
      hour * hourMs,
      variables[variable]!,
      side > 0 ? "forecasts too high" : "forecasts too low",
    ]),
  );
}

const ewmaeColumns = [
  ...["model", "variable", "leadHours", "n", "validationCorrected", "trainingCorrected", "validationSlow"],
] as const;

/** EWMAE of the stored models as rows of `ewmaeColumns`. */
export function* ewmaeRows(values: Iterable<EwmaeValue>): Generator<Cell[]> {
  for (const { model, column, n, ...e } of values) {
    if (!ewmaeModels.has(modelNames[model]!)) continue;
    const errors = [e.validationCorrected, e.trainingCorrected, e.validationSlow];
    yield [modelNames[model]!, ...at(column), n, ...errors.map((error) => rounded(error, 1e4))];
  }
}

/** The variable and the lead of a column. */
function at(column: number): [Variable, number] {
  return [variables[Math.floor(column / maxLeadHours)]!, (column % maxLeadHours) + 1];
}

function rounded(value: number, parts: number): number {
  return Math.round(value * parts) / parts;
}

function* stationForecasts(stationId: string, { forecasts }: ReplayResult): Generator<Cell[]> {
  for (const row of forecastRows(forecasts)) yield [stationId, ...row];
}

/** Stores the paired losses and worst misses of each day. */
export async function appendDays(
  store: Pick<Store, "append">,
  stationId: string,
  days: ReplayResult["days"],
): Promise<void> {
  const at = (column: number) => [variables[Math.floor(column / maxLeadHours)]!, (column % maxLeadHours) + 1] as const;
  const number = (value: number) => (Number.isNaN(value) ? null : value);
  await store.append(
    "dailyLosses",
    ["stationId", "day", "model", "variable", "leadHours", "n", "mae", "publishedMae"],
    days.flatMap(({ day, losses }) =>
      losses.map((loss) => [
        ...[stationId, day * dayMs, modelNames[loss.model]!, ...at(loss.column)],
        ...[loss.n, loss.mae, loss.publishedMae],
      ]),
    ),
  );
  await store.append(
    "worstMisses",
    ["stationId", "day", "variable", "leadHours", "validTime", "forecastC", "observedC", "p025", "p975"],
    days.flatMap(({ day, misses }) =>
      misses.map((miss) => [
        ...[stationId, day * dayMs, ...at(miss.column), miss.validHour * hourMs, miss.forecast, miss.observed],
        ...[number(miss.low), number(miss.high)],
      ]),
    ),
  );
}
