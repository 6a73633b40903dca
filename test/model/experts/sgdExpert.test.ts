import { expect, test } from "vitest";
import { SgdExpert } from "../../../src/model/experts/sgdExpert.js";
import { columnCount, columnOf, maxLeadHours } from "../../../src/model/vocabulary.js";
import { maeOf, replayExpert } from "../support/replayExpert.js";
import { firstHour, observed, weather } from "../support/series.js";

const lags = [0, 1, 2, 3, 6, 12, 18, 24, 48];
/** Rate η and penalty α. */
const eta = 0.02;
const alpha = 1e-6;

/** The inputs of an hour, computed as the docstring of `SgdExpert` describes them. */
function inputs(rows: readonly ArrayLike<number>[], t: number): number[] {
  const hour = firstHour + t;
  const date = new Date(hour * 3_600_000);
  const turn = (turns: number) => [Math.cos(2 * Math.PI * turns), Math.sin(2 * Math.PI * turns)];
  const day = [1, 2, 3].map((k) => turn((k * hour) / 24));
  const year = [1, 2].map((k) => turn((k * hour) / 8765.82));
  const oneHot = (length: number, place: number) => Array.from({ length }, (_, i) => (i === place ? 1 : 0));
  return [
    1,
    ...lags.map((lag) => rows[t - lag][0] / 20),
    ...lags.map((lag) => rows[t - lag][1] / 20),
    ...day.flat(),
    ...year.flat(),
    ...day
      .slice(0, 2)
      .flat()
      .flatMap((harmonic) => [harmonic * year[0][0], harmonic * year[0][1]]),
    ...oneHot(24, date.getUTCHours()),
    ...oneHot(12, date.getUTCMonth()),
  ];
}

function expectClose(actual: number, expected: number, what: string): void {
  // Forecasts are rounded to single precision.
  if (!(Math.abs(actual - expected) < 1e-5 * Math.max(1, Math.abs(expected))))
    expect.fail(`${what}: ${actual} is not ${expected}`);
}

test("each forecast that comes due takes one step as scikit-learn documents it: w ← w(1-ηα) - η(ŷ-y)x", () => {
  // scikit-learn: w ← w - η(α ∂R/∂w + ∂L/∂w), with L = (ŷ-y)²/2 and R = |w|²/2; the constant is one of the inputs.
  const rows = weather(400, 1);
  const expert = new SgdExpert();
  const learn = expert.learn.bind(expert);
  /** Forecast for the pair just learned, after its step, by hour and column. */
  const trained = rows.map(() => new Float32Array(columnCount));
  expert.learn = (hour, variable, y, out) => {
    learn(hour, variable, y, out);
    const columns = [columnOf(variable, 1), columnOf(variable, maxLeadHours) + 1];
    trained[hour - firstHour].set(out.subarray(...columns), columns[0]);
  };
  const issued = replayExpert(expert, rows);
  const first = issued.findIndex((forecasts) => !Number.isNaN(forecasts[0]));
  expect(first).toBeLessThan(168);

  for (const [variable, lead] of [
    [0, 1],
    [0, 24],
    [1, 3],
    [1, 72],
  ]) {
    const column = columnOf(variable, lead);
    let w = inputs(rows, first).map(() => 0);
    const predict = (x: readonly number[]) => x.reduce((sum, value, i) => sum + value * w[i], 0);
    for (let t = first; t < rows.length; t++) {
      if (t - lead >= first) {
        const x = inputs(rows, t - lead);
        const loss = predict(x) - rows[t][variable];
        w = w.map((value, i) => value * (1 - eta * alpha) - eta * loss * x[i]);
        expectClose(trained[t][column], predict(x), `trained at ${t}, column ${column}`);
      }
      expectClose(issued[t][column], predict(inputs(rows, t)), `issued at ${t}, column ${column}`);
    }
  }
});

test("SGD converges and beats persistence half a day ahead", () => {
  const rows = weather(5000, 3);
  const issued = replayExpert(new SgdExpert(), rows);
  const persistence = rows.map(([t]) => new Float32Array(columnCount).fill(t));
  for (const lead of [6, 12])
    expect(maeOf(issued, rows, lead, 2500)).toBeLessThan(maeOf(persistence, rows, lead, 2500));
  for (const lead of [1, 24, 72]) expect(maeOf(issued, rows, lead, 2500)).toBeLessThan(5);
});

test("there is no forecast without a dew point", () => {
  const rows = weather(300, 4).map((row) => observed(row[0]));
  const issued = replayExpert(new SgdExpert(), rows);
  expect(issued.every((forecasts) => forecasts.every(Number.isNaN))).toBe(true);
});
