import fc from "fast-check";
import { describe, expect, test } from "vitest";
import { DailyScores } from "../../../src/model/scores/dailyScores.js";
import { columnOf, comparedBaselines, modelNames } from "../../../src/model/vocabulary.js";
import { firstHour } from "../support/series.js";

interface Due {
  column: number;
  hour: number;
  published: number;
  due: number[];
  low: number;
  high: number;
  y: number;
}

const celsius = fc.double({ min: -40, max: 40, noNaN: true });
const perhaps = fc.oneof(celsius, fc.constant(Number.NaN));
const reportedColumns = [columnOf(0, 1), columnOf(0, 24), columnOf(1, 72)];
const due: fc.Arbitrary<Due> = fc.record({
  column: fc.constantFrom(...reportedColumns, columnOf(0, 2)),
  hour: fc.integer({ min: firstHour, max: firstHour + 23 }),
  published: celsius,
  due: fc.array(perhaps, { minLength: modelNames.length, maxLength: modelNames.length }),
  low: perhaps,
  high: perhaps,
  y: celsius,
});
const list = fc.array(due, { maxLength: 80 });

function score(all: readonly Due[], scores = new DailyScores()): DailyScores {
  for (const { column, hour, published, due, low, high, y } of all)
    scores.add(column, hour, published, due, low, high, y);
  return scores;
}

const mean = (values: readonly number[]) => values.reduce((sum, v) => sum + v, 0) / values.length;

describe("the scores of a day", () => {
  test("compare each baseline with the published forecast over the same hours", () => {
    fc.assert(
      fc.property(list, (all) => {
        const losses = [...score(all).pairedLosses()];
        const expected = comparedBaselines.flatMap((baseline) =>
          reportedColumns.flatMap((column) => {
            const model = modelNames.indexOf(baseline);
            const both = all.filter((one) => one.column === column && !Number.isNaN(one.due[model]));
            if (both.length === 0) return [];
            return [
              {
                model,
                column,
                n: both.length,
                mae: expect.closeTo(mean(both.map((one) => Math.abs(one.due[model]! - one.y))), 9),
                publishedMae: expect.closeTo(mean(both.map((one) => Math.abs(one.published - one.y))), 9),
              },
            ];
          }),
        );
        expect(losses).toEqual(expected);
      }),
    );
  });

  test("keep the worst miss of each column with its interval, the first if equal", () => {
    fc.assert(
      fc.property(list, (all) => {
        const misses = [...score(all).worstMisses()];
        const expected = reportedColumns.flatMap((column) => {
          const size = (one: Due) => Math.abs(one.published - one.y);
          const worst = all
            .filter((one) => one.column === column)
            .reduce<Due | null>((best, one) => (best && size(best) >= size(one) ? best : one), null);
          if (!worst) return [];
          const { hour, published, y, low, high } = worst;
          return [{ column, validHour: hour, forecast: published, observed: y, low, high }];
        });
        expect(misses).toEqual(expected);
      }),
    );
  });

  test("are cleared at the end of the day", () => {
    fc.assert(
      fc.property(list, list, (before, after) => {
        const scores = score(before);
        scores.clear();
        score(after, scores);
        expect([...scores.pairedLosses()]).toEqual([...score(after).pairedLosses()]);
        expect([...scores.worstMisses()]).toEqual([...score(after).worstMisses()]);
      }),
    );
  });
});
