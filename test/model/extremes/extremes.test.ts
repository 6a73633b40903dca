import fc from "fast-check";
import { expect, test } from "vitest";
import { normal } from "../../../src/model/arithmetic/deterministicMath.js";
import { packState, unpackState } from "../../../src/model/arithmetic/state.js";
import { Extremes } from "../../../src/model/extremes/extremes.js";
import { issuedScores, normalShare, probabilityBelow, quantileAt } from "../../../src/model/extremes/quantiles.js";
import { endsAt, extremeKinds, firstEnd, windowLengths, windowNumber } from "../../../src/model/extremes/windows.js";
import { columnCount, levels, maxLeadHours, medianIndex, quantileCount } from "../../../src/model/vocabulary.js";
import { firstHour } from "../support/series.js";

/** Hourly forecasts that are the same at each lead: a normal distribution. */
function hourlyForecast(mean: number, deviation: number) {
  const medians = new Float32Array(columnCount).fill(mean);
  const quantiles = new Float32Array(columnCount * quantileCount);
  for (let i = 0; i < quantiles.length; i++) quantiles[i] = mean + deviation * issuedScores[i % quantileCount]!;
  return { medians, quantiles };
}

const of = (extremes: Extremes, kind: number, window: number) =>
  Array.from(extremes.quantiles.subarray((kind * 3 + window) * quantileCount, (kind * 3 + window + 1) * quantileCount));

test("nights end at 9 and days at 21 o'clock of local standard time", () => {
  for (const utcOffset of [-10, -6, 0, 5]) {
    const ends = [0, 1].map((kind) =>
      Array.from({ length: 48 }, (_, i) => firstHour + i).filter((hour) => endsAt(kind, hour, utcOffset)),
    );
    expect(ends.map((hours) => hours.map((hour) => (hour - firstHour + utcOffset + 48) % 24))).toEqual([
      [9, 9],
      [21, 21],
    ]);
    for (let hour = firstHour; hour < firstHour + 24; hour++)
      expect(endsAt(0, hour + firstEnd(0, hour, utcOffset), utcOffset)).toBe(true);
  }
  expect([1, windowLengths[0]!, windowLengths[0]! + 1, 24, 25, 72].map((lead) => windowNumber(0, lead))).toEqual([
    0, 0, 1, 1, 2, 3,
  ]);
});

test("constant weather: the bounds close on it, in order, and what was observed bounds them", () => {
  const extremes = new Extremes(0);
  const { medians, quantiles } = hourlyForecast(5, 2);
  // The outer quantiles follow more slowly.
  const width = (window: number) => of(extremes, 1, window)[4]! - of(extremes, 1, window)[2]!;
  let before = Number.NaN;
  for (let t = 0; t < 24 * 400; t++) {
    extremes.observe(firstHour + t, 5);
    extremes.issue(firstHour + t, medians, quantiles);
    if (t === 24) before = width(1);
  }
  // 23 o'clock: the night is under way since 18 o'clock and has been 5 °C.
  expect(of(extremes, 0, 0).at(-1)).toBeLessThanOrEqual(5);
  expect(width(1)).toBeLessThan(0.6 * before);
  for (const [kind] of extremeKinds.entries())
    for (const window of [0, 1, 2]) {
      const bounds = of(extremes, kind, window);
      expect(bounds).toEqual([...bounds].sort((a, b) => a - b));
    }
});

test("nights drawn from a known distribution: as many lows fall below each quantile as it says", () => {
  const extremes = new Extremes(0);
  const { medians, quantiles } = hourlyForecast(10, 3);
  const next = normal(3);
  const below = new Float64Array(quantileCount);
  const issued: number[][] = [];
  let [nights, drawn] = [0, 10];
  for (let t = 0; t < 24 * 1500; t++) {
    if (t % 24 === 12) drawn = 10 + 3 * next();
    extremes.observe(firstHour + t, drawn);
    if (endsAt(0, firstHour + t, 0) && t > 24 * 500) {
      nights++;
      for (let q = 0; q < quantileCount; q++) if (drawn < issued[t - 48]![q]!) below[q]!++;
    }
    extremes.issue(firstHour + t, medians, quantiles);
    // From 48 hours before its end a night is the second to come.
    issued.push(of(extremes, 0, 1));
  }
  for (const [q, level] of levels.entries())
    expect([level, below[q]! / nights]).toEqual([level, expect.closeTo(level, 1)]);
});

test("a truth that the window had observed before the forecast counts as inside its intervals", () => {
  const extremes = new Extremes(0);
  const { medians, quantiles } = hourlyForecast(20, 1);
  for (let t = 0; t < 24 * 3; t++) {
    // Every night's low comes at 19 o'clock, and the forecast expects a warm night.
    extremes.observe(firstHour + t, t % 24 === 19 ? 1 : 15);
    extremes.issue(firstHour + t, medians, quantiles);
  }
  const underWay = [...extremes.scores.monthly()].find(({ kind, window }) => kind === 0 && window === 0)!;
  expect(underWay.bins[medianIndex]).toBeGreaterThan(0.8 * underWay.n);
  expect(underWay.bins.reduce((sum, n) => sum + n, 0)).toBe(underWay.n);
});

test("odds are the share of the distribution below a threshold, and certain once decided", () => {
  fc.assert(
    fc.property(
      fc.double({ min: -20, max: 20, noNaN: true }),
      fc.double({ min: 0.5, max: 5, noNaN: true }),
      (mean, width) => {
        const quantiles = issuedScores.map((score) => mean + width * score);
        for (const score of [-2.5, -1, 0, 0.3, 2.2]) {
          expect(quantileAt(quantiles, 0, score)).toBeCloseTo(mean + width * score, 6);
          expect(probabilityBelow(quantiles, mean + width * score)).toBeCloseTo(normalShare(score), 4);
        }
      },
    ),
    { numRuns: 30 },
  );
  expect([normalShare(0), normalShare(1.95996), normalShare(-1.28155)].map((p) => p.toFixed(4))).toEqual([
    "0.5000",
    "0.9750",
    "0.1000",
  ]);
  // The night has already been colder than every bound above -1 °C.
  const decided = [-4, -3, -2, -1, -1, -1, -1];
  expect(probabilityBelow(decided, 0)).toBe(1);
  expect(probabilityBelow([1, 1, 1, 2, 3, 4, 5], 0)).toBe(0);
  expect(probabilityBelow([2, 2, 2, 2, 2, 2, 2], 0)).toBe(0);
});

test("with too many hours missing nothing is learned or scored, and one gap is no harm", () => {
  const { medians, quantiles } = hourlyForecast(5, 2);
  const states = [0, 1, 2].map((gaps) => {
    const extremes = new Extremes(0);
    for (let t = 0; t < 24 * 4; t++) {
      const isGap = t % 24 >= 20 && t % 24 < 20 + gaps;
      extremes.observe(firstHour + t, isGap ? Number.NaN : 5);
      extremes.issue(firstHour + t, medians, quantiles);
    }
    return [...extremes.scores.monthly()].filter(({ kind }) => kind === 0).reduce((sum, { n }) => sum + n, 0);
  });
  expect(states[0]).toBeGreaterThan(maxLeadHours / 2);
  expect(states[1]).toBe(states[0]);
  expect(states[2]).toBe(0);
});

test("a state restored at any hour goes on with the same bits", () => {
  const { medians, quantiles } = hourlyForecast(5, 2);
  const next = normal(5);
  const hours = Array.from({ length: 24 * 30 }, () => 5 + 4 * next());
  const run = (extremes: Extremes, from: number, to: number) => {
    for (let t = from; t < to; t++) {
      extremes.observe(firstHour + t, hours[t]!);
      extremes.issue(firstHour + t, medians, quantiles);
    }
    return extremes;
  };
  const whole = run(new Extremes(-6, 8), 0, hours.length);
  const resumed = new Extremes(-6, 8);
  unpackState(resumed.state, packState(run(new Extremes(-6, 8), 0, 401).state));
  run(resumed, 401, hours.length);
  expect(packState(resumed.state)).toEqual(packState(whole.state));
  expect([...resumed.issued(firstHour + hours.length - 1)].map(({ thresholdC }) => thresholdC)).toEqual(
    expect.arrayContaining([0, 8]),
  );
});
