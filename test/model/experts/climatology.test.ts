import { expect, test } from "vitest";
import { Climatology } from "../../../src/model/experts/climatology.js";
import { harmonicCount, harmonicsOf } from "../../../src/model/features/features.js";
import { columnCount, columnOf } from "../../../src/model/vocabulary.js";
import { batchRidge, dot } from "../support/linearAlgebra.js";
import { maeOf, replayExpert } from "../support/replayExpert.js";
import { firstHour, observed, weather, withGaps } from "../support/series.js";

function inputs(t: number): Float64Array {
  const x = new Float64Array(1 + harmonicCount);
  x[0] = 1;
  harmonicsOf(firstHour + t, x, 1);
  return x;
}

test("climatology is the ridge regression of all past temperatures on the harmonics of their hours", () => {
  const rows = withGaps(weather(600, 1), 2);
  const issued = replayExpert(new Climatology(), rows);
  for (const latest of [40, 300, 599]) {
    const t = rows.findLastIndex((row, s) => s <= latest && !Number.isNaN(row[0]));
    const known = Array.from({ length: t + 1 }, (_, s) => s).filter((s) => !Number.isNaN(rows[s][0]));
    const theta = batchRidge(
      known.map(inputs),
      known.map((s) => rows[s][0]),
      1,
      new Float64Array(1 + harmonicCount),
    );
    for (const lead of [1, 10, 72]) expect(issued[t][columnOf(0, lead)]).toBeCloseTo(dot(inputs(t + lead), theta), 4);
  }
  expect(rows.filter(([t]) => Number.isNaN(t)).length).toBeGreaterThan(20);
});

test("climatology finds the daily and annual cycle, with the same error three days as one hour ahead", () => {
  const cycles = Array.from({ length: 14_000 }, (_, t) => {
    const year = Math.cos((2 * Math.PI * t) / 8766);
    return observed(10 - 12 * year - (5 - 2 * year) * Math.cos((2 * Math.PI * (t - 3)) / 24));
  });
  const issued = replayExpert(new Climatology(), cycles);
  for (const lead of [1, 24, 72]) expect(maeOf(issued, cycles, lead, 9000)).toBeLessThan(0.3);
});

test("the newest observation has no more weight than any other", () => {
  const rows = weather(500, 3);
  const warm = replayExpert(new Climatology(), [...rows, observed(30)]);
  const cold = replayExpert(new Climatology(), [...rows, observed(-30)]);
  for (let column = 0; column < columnCount / 2; column++)
    expect(Math.abs(warm[500][column] - cold[500][column])).toBeLessThan(60 / 20); // one of 500 values, 19 weights
});
