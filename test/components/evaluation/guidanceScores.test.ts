// @vitest-environment jsdom

import { expect, test } from "vitest";
import {
  comparedSources,
  guidanceChart,
  guidanceIntroduction,
  guidanceTable,
  guidanceVerdict,
} from "../../../src/components/evaluation/guidanceScores.js";
import { verdict } from "../../../src/components/evaluation/verdict.js";
import type { StationEvaluation } from "../../../src/shared/published/stationEvaluation.js";
import { words } from "../../support/drawn.js";

const difference = (leadHours: number, [low, middle, high]: readonly [number, number, number]) => ({
  variable: "temperature" as const,
  model: "nbm" as const,
  leadHours,
  days: 40,
  n: 900,
  difference: middle,
  differenceLow: low,
  differenceHigh: high,
  skill: 1 - scores.maeC[scores.leadHours.indexOf(leadHours)]! / scores.guidanceC[scores.leadHours.indexOf(leadHours)]!,
  skillLow: 0,
  skillHigh: 0,
});
const scores = {
  variable: "temperature" as const,
  source: "nbm" as const,
  name: "nbm",
  leadHours: [1, 24, 72],
  n: [1900, 900, 800],
  maeC: [0.5, 1.2, 2],
  guidanceC: [1, 1.5, 1.8],
  persistenceC: [0.6, 3, null],
};
const data = {
  model: "mixture",
  guidance: [scores],
  differences: [difference(1, [-0.6, -0.5, -0.4]), difference(24, [-0.7, -0.3, 0.1]), difference(72, [0.1, 0.2, 0.3])],
  live: [],
  scores: [],
  spinUp: null,
} as unknown as StationEvaluation;
const only = (maeC: number[], differences: StationEvaluation["differences"] = []) => ({
  ...data,
  guidance: [{ ...scores, source: "other" as const, name: "open-meteo", maeC }],
  differences: differences.map((row) => ({ ...row, model: "other" as const })),
});

test.each<[StationEvaluation, string | null]>([
  [
    data,
    "Better than the National Blend of Models 1 and 24 h ahead, significantly 1 h ahead. Significantly worse than the National Blend of Models 72 h ahead.",
  ],
  [
    only([0, 0, 0], data.differences.slice(0, 1)),
    "Better than imported guidance (open-meteo) at every lead compared, significantly 1 h ahead.",
  ],
  [
    only([9, 9, 9]),
    "Worse than imported guidance (open-meteo) at every lead compared; too few days are scored to test the difference.",
  ],
  [{ ...data, guidance: [] }, null],
  [
    {
      ...only([0, 0, 0]),
      live: [{ ...scores, source: "nws", maeC: [2, 1, 1], guidanceC: [1, 1, 1], persistenceC: [], versions: [1] }],
    },
    "Better than imported guidance (open-meteo) at every lead compared; too few days are scored to test the difference. Live forecasts alone are worse than the weather service 1 h ahead.",
  ],
])("the verdict on guidance says where ours is better and whether that is significant", (of, sentence) => {
  expect(guidanceVerdict(of)).toBe(sentence);
});

test("the verdict begins with guidance and has the skill against it", () => {
  const months = { firstMonth: Date.UTC(2026, 0), lastMonth: Date.UTC(2026, 2), through: Date.UTC(2026, 2, 9) };
  const { leadHours, n, maeC } = scores;
  const own = { variable: "temperature" as const, model: "mixture" as const, leadHours, n, maeC };
  const text = words(
    verdict({
      ...data,
      period: { name: "all", ...months },
      scores: [own, { ...own, model: "persistence", maeC: [1, 3, 4] }],
    }),
  );
  expect(text).toMatch(/^Better than the National Blend of Models 1 and 24 h ahead, .* 72 h ahead\. No baseline/);
  expect(text).toContain("and 20 % against the National Blend of Models.");
});

test("the table has n, both errors, their difference with its interval, and skill", () => {
  const rows = [...guidanceTable(data, { source: "nbm" }).querySelectorAll("tbody tr")].map((row) =>
    [...row.children].map(({ textContent }) => textContent),
  );
  expect(rows).toEqual([
    ["1", "1,900", "0.50", "1.00", "−0.50", "−0.60 to −0.40", "50\u00a0%"],
    ["24", "900", "1.20", "1.50", "−0.30", "−0.70 to +0.10", "20\u00a0%"],
    ["72", "800", "2.00", "1.80", "+0.20", "+0.10 to +0.30", "−11\u00a0%"],
  ]);
  expect(words(guidanceTable(only([1, 1, 1]), { source: "other", unit: "F" }))).toContain("open-meteo");
  expect(words(guidanceTable(only([1, 1, 1]), { source: "other" }))).toContain("needs 30 days");
});

test("the chart says the errors of the same hours 24 h ahead", () => {
  const label = guidanceChart(data, { source: "nbm", width: 600 }).querySelector("svg[role=img]")!;
  expect(label.getAttribute("aria-label")).toBe(
    "Mean absolute error over the same hours as the National Blend of Models, by lead, °C. 24 hours ahead: published forecast 1.20, NBM 1.50, persistence 3.00.",
  );
});

test("without guidance there is one line", () => {
  expect(comparedSources({ guidance: [] })).toEqual([]);
  expect(words(guidanceIntroduction(data, []))).toMatch(/^No guidance .* is known for this station:/);
});
