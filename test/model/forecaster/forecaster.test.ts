import fc from "fast-check";
import { beforeAll, describe, expect, test } from "vitest";
import { uniform } from "../../../src/model/arithmetic/deterministicMath.js";
import type { Contribution } from "../../../src/model/experts/expert.js";
import { Forecaster } from "../../../src/model/forecaster/forecaster.js";
import { crps } from "../../../src/model/scores/crps.js";
import {
  coldestAirC,
  columnCount,
  columnOf,
  maxLeadHours,
  modelNames,
  naiveBaselines,
  quantileCount,
  quantileNames,
  reportedLeads,
  variables,
  warmestAirC,
} from "../../../src/model/vocabulary.js";
import { expertsUsed, restored, stepAll } from "../support/forecasters.js";
import { firstHour, guidanceFrom, missing, observed, simulatedGuidance, weather, withGaps } from "../support/series.js";

const mixture = modelNames.indexOf("mixture");
const p50 = quantileNames.indexOf("p50");
const rows = withGaps(weather(400, 1), 2);
const guidance = simulatedGuidance(rows, 3);
const columns = Array.from({ length: columnCount }, (_, column) => column);

/** A copy of the forecasts issued at an hour. */
interface Issued {
  models: Float32Array[];
  quantiles: Float32Array;
  weights: Float64Array;
  /** sums of the explanations; empty when not requested */
  explained: number[];
}

function issuedBy(forecaster: Forecaster, explain = true): Issued {
  return {
    models: forecaster.issued.map((issued) => issued.slice()),
    quantiles: forecaster.quantiles.slice(),
    weights: forecaster.weights.slice(),
    explained: explain ? columns.map((column) => sumOf(forecaster.explain(column))) : [],
  };
}

/** The newest forecasts, and all scores. */
function resultsOf(forecaster: Forecaster) {
  const { scores, dailyScores } = forecaster;
  const monthly = [scores.monthly(), scores.monthlyByHour()];
  const calibration = [scores.monthlyCalibration(), scores.monthlyCalibrationByHour()];
  const others = [scores.ewmaeValues(), dailyScores.pairedLosses(), dailyScores.worstMisses()];
  return [issuedBy(forecaster), ...[...monthly, ...calibration, ...others].map((values) => [...values])];
}

function sumOf(parts: readonly Contribution[]): number {
  return parts.reduce((sum, part) => sum + part.contributionC, 0);
}

let forecaster: Forecaster;
let issued: Issued[];
let final: Uint8Array;

beforeAll(() => {
  forecaster = new Forecaster();
  issued = rows.map((row, t) => {
    forecaster.step(firstHour + t, row, guidanceFrom("nws", guidance[t]));
    return issuedBy(forecaster, t % 19 === 0 || t === rows.length - 1);
  });
  final = forecaster.serialize();
});

/** Calls `check` for every column of every hour at which something was issued. */
function everyForecast(check: (one: Issued, column: number, t: number) => void): void {
  let n = 0;
  issued.forEach((one, t) => {
    if (Number.isNaN(rows[t][0])) return;
    for (const column of columns) check(one, column, t);
    n++;
  });
  expect(n).toBeGreaterThan(250);
}

describe("an issued forecast", () => {
  test("has a temperature and a dew point at every lead when a temperature was observed, else nothing", () => {
    issued.forEach(({ models }, t) => {
      const nothing = Number.isNaN(rows[t][0]);
      expect(models[mixture].every((value) => (nothing ? Number.isNaN(value) : Number.isFinite(value)))).toBe(true);
    });
  });

  test("is the weighted mean of the awake experts, with weights on the simplex, and never above saturation", () => {
    everyForecast(({ models, weights }, column, t) => {
      let sum = 0;
      let total = 0;
      for (let k = 0; k < mixture; k++) {
        const weight = weights[column * mixture + k];
        if (!(weight >= 0 && weight <= 1)) expect.fail(`weight ${weight} at ${t}`);
        if (weight > 0) total += weight * models[k][column];
        sum += weight;
      }
      if (!(Math.abs(sum - 1) < 1e-12)) expect.fail(`weights add up to ${sum} at ${t}`);
      const cap = column < maxLeadHours ? Number.POSITIVE_INFINITY : models[mixture][column - maxLeadHours];
      if (!(Math.abs(Math.min(total, cap) - models[mixture][column]) < 1e-4))
        expect.fail(`${models[mixture][column]} for ${total} at ${t}, column ${column}`);
    });
  });

  test("has quantiles that never cross, with the forecast as their median", () => {
    let known = 0;
    everyForecast(({ models, quantiles }, column, t) => {
      const bounds = quantiles.subarray(column * quantileCount, (column + 1) * quantileCount);
      if (bounds.every(Number.isNaN)) return;
      known++;
      for (let q = 1; q < quantileCount; q++)
        if (!(bounds[q] >= bounds[q - 1])) expect.fail(`${bounds} at ${t}, column ${column}`);
      if (bounds[p50] !== models[mixture][column]) expect.fail(`median ${bounds[p50]} at ${t}, column ${column}`);
    });
    expect(known).toBeGreaterThan(20_000);
  });

  test("never has a dew point above the temperature, in any quantile", () => {
    everyForecast(({ models, quantiles }, column, t) => {
      if (column >= maxLeadHours) return;
      const dewPoint = column + maxLeadHours;
      if (models[mixture][dewPoint] > models[mixture][column]) expect.fail(`at ${t}, lead ${column + 1}`);
      for (let q = 0; q < quantileCount; q++)
        if (quantiles[dewPoint * quantileCount + q] > quantiles[column * quantileCount + q])
          expect.fail(`${quantileNames[q]} at ${t}, lead ${column + 1}`);
    });
  });

  test("is explained by parts that add up to it", () => {
    let n = 0;
    everyForecast(({ models, explained }, column, t) => {
      if (explained.length === 0) return;
      n++;
      if (!(Math.abs(explained[column] - models[mixture][column]) < 2e-3))
        expect.fail(`${explained[column]} for ${models[mixture][column]} at ${t}, column ${column}`);
    });
    expect(n).toBeGreaterThan(10 * columnCount);
  });

  test("has no explanation when nothing was issued", () => {
    const fresh = new Forecaster();
    expect(fresh.explain(0)).toEqual([]);
    fresh.step(firstHour, missing);
    expect(fresh.explain(0)).toEqual([]);
  });
});

test("a saturated station has its dew point capped at the temperature, and says so", () => {
  // The dew point rises to the temperature; its trend would take it above.
  const foggy = weather(300, 9).map(([t], i) => observed(t, t - Math.max(0, (280 - i) / 20)));
  const capped = new Set<string>();
  const forecaster = new Forecaster();
  foggy.forEach((row, i) => {
    forecaster.step(firstHour + i, row);
    for (let lead = 1; lead <= maxLeadHours; lead++) {
      const [temperature, dewPoint] = [columnOf(0, lead), columnOf(1, lead)].map((c) => forecaster.issued[mixture][c]);
      expect(dewPoint).toBeLessThanOrEqual(temperature);
      for (const { feature } of i % 20 === 19 ? forecaster.explain(columnOf(1, lead)) : []) capped.add(feature);
    }
  });
  expect(capped).toContain("capped at the temperature");
});

describe("the same hours give the same bits", () => {
  test("replayed, with another station between the steps, and without reading or explaining", () => {
    const [again, other] = [new Forecaster(), new Forecaster()];
    const elsewhere = weather(rows.length, 5);
    rows.forEach((row, t) => {
      other.step(firstHour + 12_345 + t, elsewhere[t]);
      again.step(firstHour + t, row, guidanceFrom("nws", guidance[t]));
    });
    expect(Buffer.compare(again.serialize(), final)).toBe(0);
    expect(Buffer.compare(other.serialize(), final)).not.toBe(0);
  });

  test("stored and restored at random hours", () => {
    fc.assert(
      fc.property(fc.nat(), (seed) => {
        const next = uniform(seed);
        let resumed = new Forecaster();
        rows.forEach((row, t) => {
          if (next() < 0.02) {
            resumed = restored(resumed);
            expect(resumed.hour).toBe(t === 0 ? Number.NaN : firstHour + t - 1);
          }
          resumed.step(firstHour + t, row, guidanceFrom("nws", guidance[t]));
        });
        expect(Buffer.compare(resumed.serialize(), final)).toBe(0);
        expect(resultsOf(resumed)).toEqual(resultsOf(forecaster));
      }),
      { numRuns: 2 },
    );
  });

  test("a state takes less than 3.2 MB, with guidance of a source a megabyte more, and does not grow", () => {
    const begun = guidance.findIndex((values) => values !== undefined);
    expect(new Forecaster().serialize().byteLength).toBeLessThan(3_200_000);
    expect(final.byteLength).toBeLessThan(4_200_000);
    expect(stepAll(new Forecaster(), rows.slice(0, begun + 50), { guidance }).serialize().byteLength).toBe(
      final.byteLength,
    );
  });

  test("a restored forecaster has the forecast it had issued, with its explanation", () => {
    expect(issuedBy(restored(forecaster))).toEqual(issued[issued.length - 1]);
  });
});

test("later observations change no bit of earlier forecasts", () => {
  fc.assert(
    fc.property(fc.integer({ min: 110, max: 250 }), fc.constantFrom(1e9, -1e9, Number.NaN), (t, poison) => {
      const poisoned = new Forecaster();
      for (let s = 0; s <= t + 2; s++) {
        poisoned.step(firstHour + s, s <= t ? rows[s] : observed(poison, poison), guidanceFrom("nws", guidance[s]));
        if (s > t) continue;
        for (let model = 0; model < modelNames.length; model++)
          if (Buffer.compare(bytes(poisoned.issued[model]), bytes(issued[s].models[model])) !== 0)
            expect.fail(`${modelNames[model]} at ${s} knew of ${t + 1}`);
        if (Buffer.compare(bytes(poisoned.quantiles), bytes(issued[s].quantiles)) !== 0)
          expect.fail(`quantiles at ${s} knew of ${t + 1}`);
      }
      const own = Number.isNaN(rows[t + 1][0]) ? Number.NaN : issued[t + 1].models[mixture][0];
      if (!Number.isNaN(own)) expect(poisoned.issued[mixture][0]).not.toBe(own); // later hours do differ
    }),
    { numRuns: 3 },
  );
});

function bytes(array: Float32Array): Uint8Array {
  return new Uint8Array(array.buffer, array.byteOffset, array.byteLength);
}

describe("the scores are those of the issued forecasts against the observations", () => {
  /** Forecast minus truth of every forecast that has come due, in order of valid time. */
  function errorsOf(model: number, column: number): number[] {
    const variable = column < maxLeadHours ? 0 : 1;
    const lead = (column % maxLeadHours) + 1;
    const errors: number[] = [];
    for (let t = lead; t < rows.length; t++) {
      const error = issued[t - lead].models[model][column] - rows[t][variable];
      if (!Number.isNaN(error)) errors.push(error);
    }
    return errors;
  }
  const mean = (values: readonly number[]) => values.reduce((sum, value) => sum + value, 0) / values.length;

  test("n, MAE, bias and RMSE of every model and column", () => {
    const monthly = [...forecaster.scores.monthly()];
    expect(monthly.length).toBe((expertsUsed.length + 1) * columnCount);
    for (const { model, column, n, mae, bias, rmse } of monthly) {
      const errors = errorsOf(model, column);
      expect(n).toBe(errors.length);
      expect(mae).toBeCloseTo(mean(errors.map(Math.abs)), 4);
      expect(bias).toBeCloseTo(mean(errors), 4);
      expect(rmse).toBeCloseTo(Math.sqrt(mean(errors.map((error) => error * error))), 4);
    }
  });

  test("EWMAE validation of every model at the reported leads", () => {
    const values = [...forecaster.scores.ewmaeValues()];
    expect(values.length).toBe((expertsUsed.length + 1) * variables.length * reportedLeads.length);
    for (const { model, column, n, validation } of values) {
      const errors = errorsOf(model, column);
      expect(n).toBe(errors.length);
      expect(validation).toBeCloseTo(
        errors.reduce((e, error) => 0.1 * Math.abs(error) + 0.9 * e, 0),
        9,
      );
    }
  });

  test("EWMAE training: the same for models that do not learn, lower an hour ahead for those that do", () => {
    // At longer leads the weights have also learned other pairs, so the sign is not certain.
    let learners = 0;
    for (const { model, column, validation, training } of forecaster.scores.ewmaeValues()) {
      const naive = ([...naiveBaselines, "nws"] as readonly string[]).includes(modelNames[model]);
      if (naive) expect(training).toBe(validation);
      else if (model !== mixture && column % maxLeadHours === 0) {
        expect(training).toBeLessThan(validation);
        learners++;
      }
    }
    expect(learners).toBe(variables.length * (expertsUsed.length - 1 - naiveBaselines.length));
  });

  test("CRPS and bins of the quantiles", () => {
    for (const { column, n, crps: meanCrps, bins } of forecaster.scores.monthlyCalibration()) {
      const variable = column < maxLeadHours ? 0 : 1;
      const lead = (column % maxLeadHours) + 1;
      const scores: number[] = [];
      for (let t = lead; t < rows.length; t++) {
        const bounds = issued[t - lead].quantiles.subarray(column * quantileCount, (column + 1) * quantileCount);
        const score = crps(bounds, rows[t][variable]);
        if (!Number.isNaN(score)) scores.push(score);
      }
      expect(n).toBe(scores.length);
      expect(bins.reduce((sum, count) => sum + count)).toBe(n);
      expect(meanCrps).toBeCloseTo(mean(scores), 4);
    }
  });
});

test("a thermometer shifted by 15 °C raises an alarm on the right side within two weeks, and none before", () => {
  const rows = weather(60 * 24, 31);
  const moved = 45 * 24;
  const forecaster = new Forecaster({ experts: ["persistence", "seasonalNaive", "climatology", "blend", "rls"] });
  const alarms: { after: number; variable: number; side: number }[] = [];
  rows.forEach((row, t) => {
    const more = t < moved ? 0 : 15;
    forecaster.step(firstHour + t, observed(row[0] + more, row[1]));
    forecaster.alarms.forEach((side, variable) => {
      if (side !== 0) alarms.push({ after: t - moved, variable, side });
    });
  });
  expect(alarms[0]).toMatchObject({ variable: 0, side: -1 });
  expect(alarms[0].after).toBeGreaterThanOrEqual(0);
  expect(alarms[0].after).toBeLessThan(14 * 24);
});

test("forecasts stay plausible when a thermometer switches to degrees Fahrenheit", () => {
  const rows = weather(30 * 24, 33);
  const forecaster = new Forecaster();
  let [coldest, warmest] = [0, 0];
  const see = (value: number) => {
    if (value < coldest) coldest = value;
    if (value > warmest) warmest = value;
  };
  rows.forEach((row, t) => {
    forecaster.step(firstHour + t, t < 15 * 24 ? row : observed(1.8 * row[0] + 32, 1.8 * row[1] + 32));
    for (const values of forecaster.issued) values.forEach(see);
    forecaster.quantiles.forEach(see);
  });
  expect(warmest).toBeGreaterThan(60);
  expect(warmest).toBeLessThanOrEqual(warmestAirC);
  expect(coldest).toBeGreaterThanOrEqual(coldestAirC);
});

test("a change of units raises the alarm at that hour on the right side, also after a restore, and weather raises none", () => {
  const celsius = weather(400, 6);
  const changed = celsius.map(([t, td], i) => (i < 300 ? observed(t, td) : observed(32 + 1.8 * t, 32 + 1.8 * td)));
  const alarms: string[] = [];
  const resumedAlarms: string[] = [];
  const whole = new Forecaster();
  let resumed = new Forecaster();
  changed.forEach((row, i) => {
    const hour = firstHour + i;
    if (i % 20 === 19) resumed = restored(resumed);
    whole.step(hour, row);
    resumed.step(hour, row);
    whole.alarms.forEach((side, variable) => {
      if (side !== 0) alarms.push(`${variables[variable]} ${side} at ${i}`);
      if (resumed.alarms[variable] !== 0)
        resumedAlarms.push(`${variables[variable]} ${resumed.alarms[variable]} at ${i}`);
    });
  });
  expect(alarms[0]).toBe("temperature -1 at 300");
  expect(resumedAlarms).toEqual(alarms);
});

describe("before 1970", () => {
  // The calendar repeats after 400 years; the phase of the year then differs by what rounding leaves.
  const fourHundredYears = 146_097 * 24;
  const days = rows.slice(0, 200);

  test("forecasts are those of the same hours in another century", () => {
    const now = stepAll(new Forecaster(), days);
    const then = stepAll(new Forecaster(), days, { from: firstHour - fourHundredYears });
    expect(then.issued[mixture].every(Number.isFinite)).toBe(true);
    now.issued.forEach((values, k) => {
      for (const column of columns) expect(Math.abs(then.issued[k][column] - values[column]) > 1e-3).toBe(false);
    });
    for (const [i, quantile] of now.quantiles.entries())
      expect(Math.abs(then.quantiles[i] - quantile) > 1 / 32).toBe(false);
    expect([...then.scores.monthly()].map(({ n }) => n)).toEqual([...now.scores.monthly()].map(({ n }) => n));
  });

  test.each([-3000, -100])("a forecaster that begins at hour %d can be stopped and resumed", (from) => {
    const whole = stepAll(new Forecaster(), days, { from });
    const stopped = stepAll(new Forecaster(), days.slice(0, 97), { from });
    const resumed = stepAll(restored(stopped), days.slice(97), { from: from + 97 });
    expect(Buffer.compare(resumed.serialize(), whole.serialize())).toBe(0);
    expect(resumed.issued[mixture].every(Number.isFinite)).toBe(true);
  });
});

describe("hours must follow each other", () => {
  test.each([
    ["the same hour again", 0],
    ["an hour left out", 2],
    ["an hour before", -1],
    ["no hour", Number.NaN],
    ["half an hour", 0.5],
  ])("%s is refused, and changes nothing", (_, ahead) => {
    const forecaster = stepAll(new Forecaster(), rows.slice(0, 5));
    const before = forecaster.serialize();
    expect(() => forecaster.step(firstHour + 4 + ahead, rows[5])).toThrow("does not follow");
    expect(Buffer.compare(forecaster.serialize(), before)).toBe(0);
    forecaster.step(firstHour + 5, rows[5]);
    expect(forecaster.hour).toBe(firstHour + 5);
  });

  test.each([0.5, Number.NaN])("%d is not a valid first hour", (hour) => {
    const forecaster = new Forecaster();
    expect(() => forecaster.step(hour, rows[0])).toThrow();
    expect(forecaster.hour).toBeNaN();
  });
});

test("a state of another length is rejected", () => {
  expect(() => new Forecaster().restore(new Uint8Array(16))).toThrow("state has 16 bytes");
});

test("a dew point that was never reported is never forecast, and a constant is forecast from the first hour", () => {
  const forecaster = new Forecaster();
  const mixture = forecaster.issued[modelNames.indexOf("mixture")];
  for (let hour = 0; hour < 300; hour++) {
    forecaster.step(480_000 + hour, [30, Number.NaN]);
    expect(mixture.subarray(0, 72).every((value) => Math.abs(value - 30) < 0.6)).toBe(true);
    expect(mixture.subarray(72).every(Number.isNaN)).toBe(true);
  }
  forecaster.step(480_300, [30, 20]);
  expect(mixture[72]).toBeGreaterThan(10);
  expect(mixture[72]).toBeLessThanOrEqual(30);
});
