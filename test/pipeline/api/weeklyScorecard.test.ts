import { expect, test } from "vitest";
import { type ScoredDay, scorecardOf } from "../../../src/pipeline/api/weeklyScorecard.js";
import { dayMs } from "../../../src/shared/time.js";
import { scorecardWords } from "../../../src/shared/words/scorecardWords.js";

const to = Date.UTC(2026, 2, 9);
const day = (back: number) => to - back * dayMs;
const scored = (model: ScoredDay["model"], back: number, mae: number, publishedMae: number, n = 24): ScoredDay => {
  return { day: day(back), model, n, mae, publishedMae };
};
const ofDays = (model: ScoredDay["model"], errors: readonly number[], own: readonly number[]) =>
  errors.map((mae, i) => scored(model, errors.length - i, mae, own[i]!));
const sources = [
  { name: "nbm", imported: false },
  { name: "open-meteo", imported: true },
];

const own = [1, 1, 1, 1, 1, 1, 2];
const persistence = ofDays("persistence", [3, 3, 3, 3, 3, 3, 3], own);

test("a week names each source, counts the days on which ours was best, and keeps to the same hours", () => {
  const week = scorecardOf(
    [
      ...persistence,
      ...ofDays("nbm", [1.5, 1.5, 0.5, 1, 1.5, 1.5, 2.5], own),
      // Fewer hours than the others, on which ours was worse.
      ...[1, 2, 3].map((back) => scored("other", back, 2, 1.8, 20)),
      scored("nbm", 8, 9, 0),
    ],
    sources,
    to,
  )!;
  expect(week).toMatchObject({ from: day(7), to, leadHours: 24, n: 168, maeC: 1.143 });
  // A tie is not ours.
  expect(week.days.map(({ best }) => best)).toEqual([
    "mixture",
    "mixture",
    "nbm",
    "nbm",
    "mixture",
    "mixture",
    "mixture",
  ]);
  expect(scorecardWords(week)).toBe(
    "isotherm 1.14, NBM 1.43, open-meteo (imported) 2.00 (isotherm 1.80 over its 60 hours), persistence 3.00 °C; best on 5 of 7 days (n = 168)",
  );
  expect(scorecardWords(week, "F")).toMatch(/^isotherm 2\.06, NBM 2\.57, .*°F;/);
});

test("fewer than three days make no scorecard, and a source with fewer is left out", () => {
  expect(scorecardOf(persistence.slice(-2), sources, to)).toBeNull();
  expect(scorecardOf(ofDays("nbm", own, own), sources, to)).toBeNull();
  const week = scorecardOf([...persistence, ...ofDays("nbm", [0, 0], own)], sources, to)!;
  expect(week.others.map(({ model }) => model)).toEqual(["persistence"]);
  expect(scorecardOf(persistence, sources, to + 5 * dayMs)).toBeNull();
});
