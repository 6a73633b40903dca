import fc from "fast-check";
import { expect, test } from "vitest";
import { normal, uniform } from "../../../src/model/arithmetic/deterministicMath.js";
import { Intervals } from "../../../src/model/forecaster/intervals.js";
import { crps, pinball, pitBin } from "../../../src/model/scores/crps.js";
import {
  coldestAirC,
  columnCount,
  quantileCount,
  quantileLevels,
  quantileNames,
  warmestAirC,
} from "../../../src/model/vocabulary.js";
import { firstHour } from "../support/series.js";

const levels = Object.values(quantileLevels);
/** Quantiles of N(0, 1) at the levels issued. */
const normalQuantiles = [-1.959964, -1.281552, -0.67449, 0, 0.67449, 1.281552, 1.959964];
const value = fc.double({ min: -60, max: 60, noNaN: true });
const sorted = fc
  .array(value, { minLength: quantileCount, maxLength: quantileCount })
  .map((bounds) => bounds.sort((a, b) => a - b));

test("the names of the levels are in order and in percent", () => {
  expect(quantileNames.map((name) => quantileLevels[name])).toEqual([...levels].sort((a, b) => a - b));
  for (const name of quantileNames) expect(Number(`0.${name.slice(1)}`)).toBe(quantileLevels[name]);
});

test("the pinball loss is least at the quantile", () => {
  const next = normal(1);
  const draws = Array.from({ length: 40_000 }, next);
  const loss = (level: number, quantile: number) =>
    draws.reduce((sum, y) => sum + pinball(level, quantile, y), 0) / draws.length;
  levels.forEach((level, q) => {
    const best = loss(level, normalQuantiles[q]);
    expect(best).toBeLessThan(loss(level, normalQuantiles[q] - 0.15));
    expect(best).toBeLessThan(loss(level, normalQuantiles[q] + 0.15));
  });
});

test("the pinball loss is never negative, and half the absolute error at the median", () => {
  fc.assert(
    fc.property(fc.constantFrom(...levels), value, value, (level, quantile, y) => {
      expect(pinball(level, quantile, y)).toBeGreaterThanOrEqual(0);
      expect(pinball(0.5, quantile, y)).toBe(Math.abs(y - quantile) / 2);
    }),
  );
});

test("the CRPS of a point mass is the absolute error", () => {
  fc.assert(
    fc.property(value, value, (point, y) => {
      expect(crps(new Array(quantileCount).fill(point), y)).toBeCloseTo(Math.abs(y - point), 9);
    }),
  );
});

test("the CRPS of N(0, 1) at 0 is 0.233695 within 0.7 %, the precision of twenty levels", () => {
  expect(Math.abs(crps(normalQuantiles, 0) / 0.233695 - 1)).toBeLessThan(0.007);
});

test("the mean CRPS of N(0, 1), well forecast, is 1/√π within 1 %, and any other forecast scores worse", () => {
  const next = normal(2);
  const draws = Array.from({ length: 50_000 }, next);
  const mean = (shift: number, spread: number) => {
    const bounds = normalQuantiles.map((z) => shift + spread * z);
    return draws.reduce((sum, y) => sum + crps(bounds, y), 0) / draws.length;
  };
  const best = mean(0, 1);
  expect(Math.abs(best * Math.sqrt(Math.PI) - 1)).toBeLessThan(0.01);
  for (const [shift, spread] of [
    [0.3, 1],
    [-0.3, 1],
    [0, 0.7],
    [0, 1.4],
  ])
    expect(mean(shift, spread)).toBeGreaterThan(best);
});

test("the CRPS scales and shifts with the values", () => {
  fc.assert(
    fc.property(sorted, value, fc.double({ min: 0.1, max: 3, noNaN: true }), value, (bounds, y, scale, shift) => {
      const moved = crps(
        bounds.map((b) => shift + scale * b),
        shift + scale * y,
      );
      expect(moved).toBeCloseTo(scale * crps(bounds, y), 8);
    }),
  );
});

test("the bin of an observation counts the quantiles at or below it", () => {
  fc.assert(
    fc.property(sorted, value, (bounds, y) => {
      expect(pitBin(bounds, y)).toBe(bounds.filter((bound) => bound <= y).length);
    }),
  );
  expect(pitBin([1, 2, 3, 4, 5, 6, 7], 0)).toBe(0);
  expect(pitBin([1, 2, 3, 4, 5, 6, 7], 4)).toBe(4);
  expect(pitBin([1, 2, 3, 4, 5, 6, 7], 8)).toBe(quantileCount);
});

/** Forecasts 0 each hour with the given errors, and counts how often the observation was below each bound. */
function track(errors: Iterable<number>, column = 0): { below: number[]; issued: number; crossed: number } {
  const intervals = new Intervals();
  const bounds = new Float64Array(quantileCount);
  const below = levels.map(() => 0);
  let issued = 0;
  let crossed = 0;
  let hour = firstHour;
  for (const error of errors) {
    intervals.bounds(column, hour, 0, bounds);
    if (!Number.isNaN(bounds[0])) {
      issued++;
      levels.forEach((_, q) => {
        if (error < bounds[q]) below[q]++;
        if (q > 0 && bounds[q] < bounds[q - 1]) crossed++;
      });
    }
    intervals.learn(column, hour++, 0, bounds, error);
  }
  return { below, issued, crossed };
}

function* drawn(count: number, next: () => number): Generator<number> {
  for (let i = 0; i < count; i++) yield next();
}

const hours = 30_000;
/**
 * Each observation moves a bound by η(level - 1[below]), so the share below differs from the level by the total movement
 * of the bound over ηT: at most (b + η)/(ηT), with η = 0.01 and bounds within b = 3 scales.
 */
const tolerance = (3 + 0.01) / (0.01 * hours);

test.each([
  ["normal", normal(3)],
  [
    "uniform",
    (
      (u) => () =>
        4 * u() - 2
    )(uniform(4)),
  ],
  [
    "skewed",
    (
      (z) => () =>
        z() ** 2 - 1
    )(normal(5)),
  ],
  [
    "of changing size",
    (
      (z, i) => () =>
        (1 + Math.sin(i.hour++ / 500)) * z()
    )(normal(6), { hour: 0 }),
  ],
])("tracked quantiles of errors that are %s are met as often as their levels say", (_, next) => {
  const { below, issued } = track(drawn(hours, next));
  levels.forEach((level, q) => {
    if (level !== 0.5) expect(Math.abs(below[q] / issued - level)).toBeLessThan(tolerance);
  });
});

test("quantiles never cross for any series", () => {
  const rough = fc.oneof(value, fc.constantFrom(0, 1e-9, -1e-9, 1000, -1000));
  let total = 0;
  fc.assert(
    fc.property(fc.array(rough, { minLength: 30, maxLength: 400 }), (errors) => {
      const { crossed, issued } = track(errors);
      expect(crossed).toBe(0);
      total += issued;
    }),
  );
  expect(total).toBeGreaterThan(1000);
});

test("bounds stay within possible temperatures", () => {
  const next = normal(10);
  const intervals = new Intervals();
  const bounds = new Float64Array(quantileCount).fill(Number.NaN);
  for (let h = 0; h < 100; h++) intervals.learn(0, firstHour + h, 0, bounds, 40 * next());
  for (const forecastC of [coldestAirC, -60, 50, warmestAirC]) {
    intervals.bounds(0, firstHour + 100, forecastC, bounds);
    expect(bounds[0]).toBeGreaterThanOrEqual(coldestAirC);
    expect(bounds[quantileCount - 1]).toBeLessThanOrEqual(warmestAirC);
    expect(Array.from(bounds)).toEqual(Array.from(bounds).sort((a, b) => a - b));
  }
});

test.each([
  ["no error at all", () => 0],
  ["errors of rounding", normal(11)],
])("thousands of hours with %s say nothing of errors: those that come then are learned as at first", (_, rounding) => {
  const next = normal(12);
  const after = (repeated: number) => {
    const intervals = new Intervals();
    const bounds = new Float64Array(quantileCount);
    const step = (hour: number, error: number) => {
      intervals.bounds(30, hour, 10, bounds);
      intervals.learn(30, hour, 10, bounds, 10 + error);
    };
    for (let hour = 0; hour < repeated; hour++) step(firstHour - repeated + hour, 1e-6 * rounding());
    intervals.bounds(30, firstHour, 10, bounds);
    expect(bounds[0]).toBeNaN();
    for (let hour = firstHour; hour < firstHour + 5 * 24; hour++) step(hour, 3 * next());
    intervals.bounds(30, firstHour + 5 * 24, 10, bounds);
    return bounds[quantileNames.indexOf("p90")] - bounds[quantileNames.indexOf("p10")];
  };
  const normalWidth = 2 * 1.2816 * 3;
  for (const repeated of [0, 30, 8000]) {
    expect(after(repeated)).toBeGreaterThan(normalWidth / 1.5);
    expect(after(repeated)).toBeLessThan(normalWidth * 1.5);
  }
});

test("the median is the forecast, and there are no intervals before errors are known", () => {
  const intervals = new Intervals();
  const bounds = new Float64Array(quantileCount);
  intervals.bounds(0, firstHour, 12, bounds);
  expect(Array.from(bounds).every(Number.isNaN)).toBe(true);
  const next = normal(7);
  for (let h = 0; h < 100; h++) intervals.learn(0, firstHour + h, 12, bounds, 12 + next());
  intervals.bounds(0, firstHour, 12, bounds);
  expect(bounds[quantileNames.indexOf("p50")]).toBe(12);
  expect(Array.from(bounds).every(Number.isFinite)).toBe(true);
});

test("the spread follows the hour of the day", () => {
  const intervals = new Intervals();
  const bounds = new Float64Array(quantileCount).fill(Number.NaN);
  const next = normal(8);
  const taught = 24 * 800;
  const size = (hour: number) => (hour % 24 < 12 ? 1 : 3);
  for (let hour = firstHour; hour < firstHour + taught; hour++)
    intervals.learn(0, hour, 0, bounds, size(hour) * next());
  const width = (hour: number) => {
    intervals.bounds(0, hour, 0, bounds);
    return bounds[quantileCount - 1] - bounds[0];
  };
  const quiet = firstHour + taught + 6;
  expect(width(quiet + 12) / width(quiet)).toBeGreaterThan(2);
});

test("columns are independent", () => {
  const intervals = new Intervals();
  const bounds = new Float64Array(quantileCount).fill(Number.NaN);
  for (let h = 0; h < 100; h++) intervals.learn(5, firstHour + h, 0, bounds, 1);
  for (const column of [0, 4, 6, columnCount - 1]) {
    intervals.bounds(column, firstHour, 0, bounds);
    expect(bounds[0]).toBeNaN();
  }
});
