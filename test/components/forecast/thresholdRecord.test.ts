import fc from "fast-check";
import { expect, test } from "vitest";
import {
  pastWindows,
  recordsByLead,
  type StoredExtremeRow,
  thresholdRecord,
} from "../../../src/components/forecast/thresholdRecord.js";
import { issuedScores } from "../../../src/model/extremes/quantiles.js";
import { quantileNames } from "../../../src/model/vocabulary.js";
import { hourMs } from "../../../src/shared/time.js";

const forecast = (medianC: number, observed: number, spreadC = 2) => {
  return { validTime: 0, leadHours: 1, quantiles: issuedScores.map((z) => medianC + spreadC * z), observed };
};

test("odds of a threshold are compared with what came, in all and by tenths", () => {
  const record = thresholdRecord([forecast(-0.1, -1), forecast(-0.1, 1), forecast(20, 19), forecast(-20, -19)], 0);
  expect(record).toMatchObject({ n: 4, share: 0.5 });
  expect(record.meanOdds).toBeCloseTo(0.51, 2);
  expect(record.brier).toBeCloseTo(0.125, 3);
  expect(record.tenths.map(({ n }) => n)).toEqual([1, 0, 0, 0, 0, 2, 0, 0, 0, 1]);
  expect(record.tenths[5]).toMatchObject({ meanOdds: expect.closeTo(0.52, 2), share: 0.5 });
});

test("a forecast without quantiles or observation is left out, and nothing gives no numbers", () => {
  const gaps = [forecast(Number.NaN, 3), forecast(3, Number.NaN)];
  expect(thresholdRecord(gaps, 0)).toMatchObject({ n: 0, meanOdds: Number.NaN, share: Number.NaN, brier: Number.NaN });
  expect(thresholdRecord([...gaps, forecast(3, 3)], 0).n).toBe(1);
});

test("the tenths add up to the whole, at any threshold", () => {
  const past = fc.array(fc.tuple(fc.integer({ min: -30, max: 30 }), fc.integer({ min: -30, max: 30 })), {
    minLength: 1,
  });
  fc.assert(
    fc.property(past, fc.integer({ min: -30, max: 30 }), (pairs, thresholdC) => {
      const { n, share, meanOdds, tenths } = thresholdRecord(
        pairs.map(([median, observed]) => forecast(median, observed)),
        thresholdC,
      );
      const sum = (name: "share" | "meanOdds") =>
        tenths.reduce((all, row) => all + (row.n > 0 ? row.n * row[name] : 0), 0);
      expect([sum("share") / n, sum("meanOdds") / n]).toEqual([expect.closeTo(share, 6), expect.closeTo(meanOdds, 6)]);
    }),
    { numRuns: 50 },
  );
});

test("records are by group of leads, and windows count once they have ended and had not begun", () => {
  const leads = [1, 6, 7, 72].map((leadHours) => ({ ...forecast(0, 1), leadHours }));
  expect(recordsByLead(leads, 0).map(({ fromHours, toHours, record }) => [fromHours, toHours, record.n])).toEqual([
    [1, 6, 2],
    [7, 24, 1],
    [49, 72, 1],
  ]);
  // Two nights of 16 hours; of the second two hours are missing.
  const ends = [40, 64];
  const observed = Array.from({ length: 80 }, (_, hour) => ({
    validTime: hour * hourMs,
    temperature: hour - 30,
    dewPoint: null,
  }));
  const kept = observed.filter(({ validTime }) => ![60, 61].includes(validTime / hourMs));
  const rows = ends.flatMap((end) =>
    [10, 16, 30].map((lead): StoredExtremeRow => {
      const quantiles = Object.fromEntries(quantileNames.map((name, q) => [name, issuedScores[q]!]));
      const times = { issuedTime: new Date((end - lead) * hourMs), endTime: new Date(end * hourMs) };
      return { kind: "low", ...times, ...(quantiles as Record<(typeof quantileNames)[number], number>) };
    }),
  );
  const past = pastWindows(rows, kept, "low");
  expect(past.map(({ validTime, leadHours, observed }) => [validTime / hourMs, leadHours, observed])).toEqual([
    [40, 16, -5],
    [40, 30, -5],
  ]);
  expect(pastWindows(rows, observed, "low")).toHaveLength(4);
  expect(pastWindows(rows, observed, "high")).toEqual([]);
  expect(thresholdRecord(past, 0)).toMatchObject({ n: 2, share: 1 });
});
