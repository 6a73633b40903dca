import fc from "fast-check";
import { expect, test } from "vitest";
import { cosTurns, normal } from "../../../src/model/arithmetic/deterministicMath.js";
import { yearTurns } from "../../../src/model/calendar.js";
import { ExtremeClimatology } from "../../../src/model/extremes/extremeClimatology.js";
import { ExtremeScores, pooledScores } from "../../../src/model/extremes/extremeScores.js";
import { HeatThreshold } from "../../../src/model/extremes/heatThreshold.js";
import { eventCame, eventOdds } from "../../../src/model/extremes/odds.js";
import { issuedScores } from "../../../src/model/extremes/quantiles.js";
import { firstHour } from "../support/series.js";

const forecast = (mean: number, deviation = 1) => issuedScores.map((score) => mean + deviation * score);

test("frost is a low below the threshold, heat a high that reaches it", () => {
  const thresholds = [eventCame(0, -0.1, 0), eventCame(0, 0, 0), eventCame(1, 30, 30), eventCame(1, 29.9, 30)];
  expect(thresholds).toEqual([1, 0, 1, 0]);
  fc.assert(
    fc.property(fc.double({ min: -20, max: 20, noNaN: true }), (mean) => {
      expect(eventOdds(0, forecast(mean), 3) + eventOdds(1, forecast(mean), 3)).toBeCloseTo(1, 9);
    }),
  );
  // The day has already been as warm as the threshold.
  expect(eventOdds(1, [30, 30, 30, 30, 31, 32, 33], 30)).toBe(1);
  expect([eventOdds(1, forecast(1), Number.NaN), eventCame(1, 1, Number.NaN)]).toEqual([Number.NaN, Number.NaN]);
});

test("the threshold of heat is reached by at most 5 % of 300 highs or more, a half degree less by more", () => {
  fc.assert(
    fc.property(
      fc.array(fc.double({ min: -40, max: 45, noNaN: true }), { minLength: 300, maxLength: 400 }),
      (highs) => {
        const heat = new HeatThreshold();
        for (const [i, high] of highs.entries()) {
          if (i < 300) expect(heat.thresholdC).toBeNaN();
          heat.add(high);
        }
        const reached = (thresholdC: number) => highs.filter((high) => high >= thresholdC).length / highs.length;
        expect(reached(heat.thresholdC)).toBeLessThanOrEqual(0.05);
        expect(reached(heat.thresholdC - 0.5)).toBeGreaterThan(0.05);
      },
    ),
    { numRuns: 5 },
  );
  expect(new HeatThreshold(31.5).thresholdC).toBe(31.5);
});

test("climatology finds the season of the mean and of the spread", () => {
  const climatology = new ExtremeClimatology();
  const next = normal(9);
  const season = (hour: number) => cosTurns(yearTurns(hour));
  expect(climatology.at(0, firstHour).meanC).toBeNaN();
  for (let day = 0; day < 365 * 12; day++) {
    const hour = firstHour + 24 * day;
    climatology.learn(0, hour, 10 - 8 * season(hour) + (3 + season(hour)) * next());
  }
  for (const days of [0, 91, 182, 273]) {
    const hour = firstHour + 24 * (365 * 12 + days);
    const { meanC, deviationC } = climatology.at(0, hour);
    expect(Math.abs(meanC - (10 - 8 * season(hour)))).toBeLessThan(0.5);
    expect(Math.abs(deviationC - (3 + season(hour)))).toBeLessThan(0.3);
  }
  // One winter says little about summer.
  const winter = new ExtremeClimatology();
  for (let day = 0; day < 60; day++) winter.learn(0, firstHour + 24 * day, next());
  expect(winter.at(0, firstHour + 24 * 182).deviationC).toBeGreaterThan(
    3 * winter.at(0, firstHour + 24 * 60).deviationC,
  );
});

test("scores compare a forecast with yesterday, climatology and the hourly quantiles; months are pooled by their numbers", () => {
  const scores = new ExtremeScores();
  const known = { untracked: forecast(5), climatology: forecast(0, 5) };
  scores.add(0, 1, -1, { quantiles: forecast(-3), before: 2, thresholdC: 0, ...known });
  scores.add(1, 1, 9, { quantiles: forecast(8), before: Number.NaN, thresholdC: Number.NaN, ...known });
  const [low, high] = [...scores.monthly()];
  expect(low).toMatchObject({
    kind: 0,
    n: 1,
    oddsN: 1,
    bias: -2,
    mae: 2,
    beforeMae: 3,
    climatologyMae: 1,
    beforeBrier: 1,
  });
  expect(low!.brier).toBeLessThan(low!.climatologyBrier);
  expect(low!.climatologyBrier).toBeCloseTo(0.25, 2);
  expect(low!.untrackedBrier).toBeGreaterThan(0.99);
  // Without a threshold there are no odds, and without a day before no comparison with it.
  expect(high).toMatchObject({ kind: 1, n: 1, oddsN: 0, beforeMae: Number.NaN, brier: Number.NaN });
  const warm = { ...high!, n: 3, oddsN: 2, mae: 3, brier: 0.5 };
  expect(pooledScores([high!, warm, low!])[1]).toMatchObject({ n: 4, oddsN: 2, mae: 2.5, brier: 0.5 });
  expect(pooledScores([warm, { ...warm, oddsN: 6, brier: 0.1 }])[0]!.brier).toBeCloseTo(0.2, 9);
});
