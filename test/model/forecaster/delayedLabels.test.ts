import { describe, expect, test } from "vitest";
import { uniform } from "../../../src/model/arithmetic/deterministicMath.js";
import { monthOf } from "../../../src/model/calendar.js";
import {
  featureCount,
  featureLayout,
  hourlyFeatureNames,
  temperatureScale,
} from "../../../src/model/features/features.js";
import { Forecaster } from "../../../src/model/forecaster/forecaster.js";
import type { MonthlyScore } from "../../../src/model/scores/scores.js";
import { columnOf, modelNames } from "../../../src/model/vocabulary.js";
import { archive, archiveHours } from "../support/archiveHours.js";
import { restored } from "../support/forecasters.js";
import { TextbookRls } from "../support/linearAlgebra.js";
import { hourlyFeatures } from "../support/replayExpert.js";
import { firstHour, weather, withGaps } from "../support/series.js";

/**
 * An honest score uses labels only when they are known: that of a forecast 24 h ahead is known a day later. An evaluation
 * that learns it at the hour of issue has seen each day before it is scored, and reports errors that no forecast can
 * have. On observations of Nashville it even prefers the worse model.
 */

const lead = 24;

interface Evaluation {
  /** scores and learns a forecast at its valid hour */
  honest: number;
  /** scores and learns a forecast at its hour of issue, with the label of a day later */
  leaky: number;
}

/** MAE of recursive least squares on x by both evaluations, over the valid hours from index `from` on. */
function evaluate(
  xs: readonly (Float64Array | null)[],
  rows: readonly ArrayLike<number>[],
  theta0: Float64Array,
  lambda: number,
  from: number,
): Evaluation {
  const [honest, leaky] = [new TextbookRls(theta0, 0.1, lambda), new TextbookRls(theta0, 0.1, lambda)];
  const issued = new Float64Array(rows.length + lead).fill(Number.NaN);
  const sums = { honest: 0, leaky: 0, n: 0 };
  for (let t = 0; t < rows.length; t++) {
    const due = xs[t - lead];
    const y = rows[t][0];
    if (due && !Number.isNaN(y)) {
      if (t >= from) sums.honest += Math.abs(issued[t] - y);
      if (t >= from) sums.n++;
      honest.learn(due, y);
    }
    const x = xs[t];
    if (!x) continue;
    issued[t + lead] = honest.predict(x);
    const label = rows[t + lead]?.[0] ?? Number.NaN;
    if (Number.isNaN(label)) continue;
    if (t + lead >= from) sums.leaky += Math.abs(leaky.predict(x) - label);
    leaky.learn(x, label);
  }
  return { honest: sums.honest / sums.n, leaky: sums.leaky / sums.n };
}

/** The full or hourly features of each hour; null where `rls` has no forecast. */
function inputsOf(rows: readonly ArrayLike<number>[], which: "full" | "hourly"): (Float64Array | null)[] {
  return Array.from(hourlyFeatures(rows), (hour) => (hour?.history.covered ? hour.features[which].slice() : null));
}

function persistence(length: number, place: number): Float64Array {
  const theta = new Float64Array(length);
  theta[place] = temperatureScale;
  return theta;
}

/** Expects that a model with forgetting looks better in the leaky evaluation and is worse in the honest one. */
function expectReversal(rows: readonly ArrayLike<number>[], from: number): void {
  // A regression that forgets diverges on features that are always 0, or sums of others.
  const isUsed = hourlyFeatureNames.map((name) => !/pressure|wind|cloud|T-Td|15 days/.test(name));
  const xs = inputsOf(rows, "hourly").map((x) => x?.filter((_, i) => isUsed[i]) ?? null);
  const theta0 = persistence(xs.find((x) => x)!.length, 1);
  const forgetting = evaluate(xs, rows, theta0, 0.995, from);
  const remembering = evaluate(xs, rows, theta0, 1, from);
  expect(forgetting.leaky).toBeLessThan(0.75 * forgetting.honest);
  expect(forgetting.leaky).toBeLessThan(0.9 * remembering.leaky);
  expect(forgetting.honest).toBeGreaterThan(1.1 * remembering.honest);
}

/** The score that the forecaster reports for its `rls` in the current month. */
function reportedBy(forecaster: Forecaster): MonthlyScore | undefined {
  return [...forecaster.scores.monthly()].find(
    ({ model, column }) => modelNames[model] === "rls" && column === columnOf(0, lead),
  );
}

/** Number and mean absolute error of the forecasts of `rls` that the forecaster scores over all hours. */
function reportedOver(forecaster: Forecaster, rows: readonly ArrayLike<number>[]): { n: number; mae: number } {
  let [n, sum] = [0, 0];
  rows.forEach((row, t) => {
    forecaster.step(firstHour + t, row);
    const hour = firstHour + t;
    if (t < rows.length - 1 && monthOf(hour + 1) === monthOf(hour)) return;
    const month = reportedBy(forecaster);
    n += month?.n ?? 0;
    sum += month ? month.n * month.mae : 0;
  });
  return { n, mae: sum / n };
}

/** Expects the reported MAE to be that of the honest evaluation. */
function expectHonest(reported: number, rows: readonly ArrayLike<number>[]): void {
  const xs = inputsOf(rows, "full");
  const { honest, leaky } = evaluate(xs, rows, persistence(featureCount, featureLayout().newestTemperature), 1, 0);
  expect(reported).toBeCloseTo(honest, 4); // pending forecasts are in single precision
  expect(leaky).toBeLessThan(0.95 * honest);
}

/** Without clipping, so that it is least squares. */
const options = { huber: Number.POSITIVE_INFINITY };

describe("synthetic weather", () => {
  test("learning labels at the hour of issue reverses which model looks best", () => {
    expectReversal(weather(5000, 1), 2000);
  });

  test("the forecaster reports the honest score", () => {
    const rows = weather(1000, 2);
    expectHonest(reportedOver(new Forecaster(options), rows).mae, rows);
  });

  test("gaps are neither forecast from, learned nor scored", () => {
    const rows = withGaps(weather(700, 3), 4);
    const { n, mae } = reportedOver(new Forecaster(options), rows);
    const xs = inputsOf(rows, "full");
    const model = new TextbookRls(persistence(featureCount, featureLayout().newestTemperature), 0.1);
    // An input enters the covariance when it is seen, even if its label never comes.
    const gains: number[][] = [];
    const issued: number[] = [];
    const errors: number[] = [];
    rows.forEach(([y], t) => {
      const due = xs[t - lead];
      if (due && !Number.isNaN(y)) {
        errors.push(Math.abs(issued[t - lead] - y));
        model.correct(due, y, gains[t - lead]);
      }
      const x = xs[t];
      if (!x) return;
      gains[t] = model.gain(x);
      issued[t] = model.predict(x);
    });
    expect(rows.length - errors.length).toBeGreaterThan(200);
    expect(n).toBe(errors.length);
    expect(mae).toBeCloseTo(errors.reduce((sum, error) => sum + error) / n, 4);
  });
});

describe.skipIf(!archive)("real observations (needs ISOTHERM_ARCHIVE)", () => {
  const rows = archive ? archiveHours(archive, "USW00013897", 2016, 2016) : [];
  const unbroken = rows.slice(2000, 2000 + 1200);

  test("the archive has a year of Nashville", () => {
    expect(rows.length).toBe(8784);
    expect(rows.filter(([y]) => !Number.isNaN(y)).length).toBeGreaterThan(8700);
  });

  test("learning labels at the hour of issue reverses which model looks best", () => {
    expectReversal(rows, 2000);
  });

  test("the forecaster reports the honest score, with the same bits after restores at random hours", () => {
    expect(unbroken.every(([y]) => !Number.isNaN(y))).toBe(true); // the two treat missing labels differently
    const straight = new Forecaster(options);
    expectHonest(reportedOver(straight, unbroken).mae, unbroken);
    const next = uniform(1);
    let resumed = new Forecaster(options);
    unbroken.forEach((row, t) => {
      if (next() < 0.01) resumed = restored(resumed, options);
      resumed.step(firstHour + t, row);
    });
    expect(Buffer.compare(resumed.serialize(), straight.serialize())).toBe(0);
  });
});
