import type { Expert } from "../../../src/model/experts/expert.js";
import { HourFeatures } from "../../../src/model/features/features.js";
import { History } from "../../../src/model/features/history.js";
import { columnCount, guidanceSources, variables } from "../../../src/model/vocabulary.js";
import { firstHour } from "./series.js";

const noGuidance = guidanceSources.map(() => new Float32Array(columnCount).fill(Number.NaN));

/**
 * Replays hours through one expert as the forecaster does, many times faster than with a whole forecaster.
 * @returns the forecasts issued at each hour, by column; NaN where there are none
 */
export function replayExpert(expert: Expert, rows: readonly ArrayLike<number>[]): Float32Array[] {
  const trained = new Float32Array(columnCount);
  const inputs = hourlyFeatures(rows);
  return rows.map((row, t) => {
    const hour = firstHour + t;
    const out = new Float32Array(columnCount).fill(Number.NaN);
    for (let variable = 0; variable < variables.length; variable++)
      if (!Number.isNaN(row[variable])) expert.learn(hour, variable, row[variable], trained, noGuidance);
    const { value } = inputs.next();
    if (Number.isNaN(row[0]) || !value) expert.skip?.(hour);
    else {
      expert.observe(hour, value.history, value.features);
      expert.forecast(out);
    }
    return out;
  });
}

/** History and features of each hour, as objects that change; null without a temperature. */
export function* hourlyFeatures(
  rows: readonly ArrayLike<number>[],
): Generator<{ history: History; features: HourFeatures } | null, undefined> {
  const history = new History();
  const features = new HourFeatures();
  for (let t = 0; t < rows.length; t++) {
    history.push(firstHour + t, rows[t]);
    if (Number.isNaN(rows[t][0])) yield null;
    else {
      features.compute(history);
      yield { history, features };
    }
  }
}

/** Mean absolute error of temperature at a lead, over the observed valid hours from index `from` on. */
export function maeOf(
  issued: readonly ArrayLike<number>[],
  rows: readonly ArrayLike<number>[],
  leadHours: number,
  from: number,
): number {
  let sum = 0;
  let n = 0;
  for (let t = Math.max(from, leadHours); t < rows.length; t++) {
    const error = issued[t - leadHours][leadHours - 1] - rows[t][0];
    if (Number.isNaN(error)) continue;
    sum += Math.abs(error);
    n++;
  }
  return sum / n;
}
