// @vitest-environment jsdom

import { describe, expect, test } from "vitest";
import { differenceTable } from "../../../src/components/evaluation/skillByLeadChart.js";
import { verdict } from "../../../src/components/evaluation/verdict.js";
import type { StationEvaluation } from "../../../src/shared/published/stationEvaluation.js";
import { words } from "../../support/drawn.js";
import { fixtureApi } from "../../support/fixtureApi.js";

const api = await fixtureApi();

const data = api.evaluations.KATL!;
/** The verdict on the evaluation with these changes; without guidance and live scores unless the changes have them. */
const textOf = (changes: Partial<StationEvaluation> = {}) =>
  words(verdict({ ...data, guidance: [], live: [], ...changes }));
const { live } = data;
type Score = StationEvaluation["scores"][number];
type Difference = StationEvaluation["differences"][number];
const scoresWith = (change: (columns: Score) => Partial<Score>) =>
  data.scores.map((columns) => ({ ...columns, ...change(columns) }));
const differencesWith = (change: (row: Difference) => Partial<Difference>, rows = data.differences) =>
  rows.map((row) => ({ ...row, ...change(row) }));

test.each<[what: string, beginning: string, changes: Partial<StationEvaluation>]>([
  [
    "the leads at which a baseline is better, significance and skill",
    "Worse than persistence 1 h ahead. Significant: +0.08 ± 0.01 °C 1 h ahead against persistence. Significantly better than persistence 3, 6, 12, 24, 48 and 72 h ahead; than same hour yesterday, climatology, blend and SGD (original demo) at every lead compared. Skill 24 h ahead: 47 %",
    {},
  ],
  [
    "the leads at which the weather service is better",
    "Worse than persistence 1 h ahead and the weather service 1, 3, 6, 12, 24, 48 and 72 h ahead.",
    { live },
  ],
  [
    "persistence and the same hour yesterday once where they are equal",
    "Worse than persistence 1, 3, 6, 12, 24, 48 and 72 h ahead and same hour yesterday 1, 3, 6 and 12 h ahead.",
    {
      scores: scoresWith(({ model, maeC }) =>
        model === "persistence" || model === "seasonalNaive" ? { maeC: maeC.map(() => 0) } : {},
      ),
      differences: [],
    },
  ],
])("the verdict begins with %s", (_, beginning, changes) => {
  expect(textOf(changes).slice(0, beginning.length)).toBe(beginning);
});

test("the verdict has the skill, the period and the range of n over the leads", () => {
  expect(textOf({ live })).toMatch(
    /Skill 24 h ahead: 47 % against persistence \(24 h ahead, the same hour yesterday\), 41 % against climatology,/,
  );
  expect(textOf()).toMatch(/Scored from Jan 2026 to 9 Mar 2026, n = 384 to 597 forecasts per lead\.$/);
  expect(words(verdict(api.evaluations.KSEA!))).toBe("No forecast has come due yet, so nothing is scored.");
});

test("the verdict says when a worse result is not significant or has too few days", () => {
  const differences = differencesWith(() => ({ differenceLow: -1 }));
  expect(textOf({ differences })).toContain("The difference is not significant. Significantly better");
  expect(textOf({ differences, live })).toContain(
    "The difference from persistence is not significant. Too few days are scored to test the difference from the National Blend of Models and the weather service.",
  );
  // Forty days of dew point are enough.
  expect(words(verdict(data, { variable: "dewPoint" }))).not.toContain("Too few days");
});

test("every claim of the verdict is in the table of differences", () => {
  const cells = [...differenceTable(data).querySelectorAll("tbody tr")].map((row) =>
    [...row.children].map((cell) => words(cell)),
  );
  const worse = cells.flatMap(([lead, , persistence]) => (persistence!.startsWith("+") ? [lead!] : []));
  expect(worse).toEqual(["1"]);
  expect(textOf()).toContain(`Significant: ${cells[0]![2]} °C 1 h ahead against persistence.`);
});

test("the verdict says what spin-up leaves out", () => {
  const spinUp = { until: Date.UTC(2026, 1), hours: 1402 };
  expect(textOf({ spinUp })).toMatch(/The spin-up before 1 Feb 2026 is left out: 1,402 hours in which/);
  expect(textOf({ spinUp, period: null })).toMatch(/^Nothing is scored in this period\. 1,402 hours before 1 Feb 2026/);
});

test("the verdict compares guidance on the same hours only", () => {
  const scores = scoresWith(({ model, maeC }) =>
    model === "nbm" || model === "nws" ? { maeC: maeC.map(() => 0.001) } : {},
  );
  expect(textOf({ scores, live })).toBe(textOf({ live }));
  expect(textOf({ live }).match(/weather service/g)).toHaveLength(3);
  expect(textOf({ live })).toContain("−11 % against the weather service over the 166 hours that both forecast.");
  expect(textOf({ live })).toContain("9 % against the National Blend of Models over the 166 hours that both forecast");
  expect(textOf()).not.toMatch(/weather service|National Blend/);
});

describe("when no baseline has a smaller error, the verdict", () => {
  /** Without the first hour, at which persistence is better. */
  const scores = scoresWith(({ leadHours, n, maeC }) => ({
    leadHours: leadHours.slice(1),
    n: n.slice(1),
    maeC: maeC.slice(1),
  }));
  const ahead = data.differences.filter(({ leadHours }) => leadHours > 1);
  const none = "No baseline has a smaller error.";

  test.each<[what: string, beginning: string, differences: Difference[]]>([
    [
      "says where the forecast is significantly better",
      "Significantly better than every baseline at every lead compared. Skill",
      ahead,
    ],
    [
      "names the leads at which it is",
      `${none} Significantly better than persistence, same hour yesterday, climatology and SGD (original demo) at every lead compared; than blend 3, 6 and 12 h ahead. Skill`,
      differencesWith((row) => (row.model === "blend" && row.leadHours > 12 ? { differenceHigh: 0.01 } : {}), ahead),
    ],
    ["says that too few days are scored", `${none} Too few days are scored to test whether it is better. Skill`, []],
    [
      "says that nothing is significant",
      `${none} It is not significantly better than any baseline. Skill`,
      differencesWith(() => ({ differenceHigh: 0.01 }), ahead),
    ],
    [
      "leaves out a baseline with too few days",
      `${none} Significantly better `,
      ahead.filter(({ model }) => model !== "sgd"),
    ],
  ])("%s", (_, beginning, differences) => {
    expect(textOf({ scores, differences }).slice(0, beginning.length)).toBe(beginning);
  });

  test("says that guidance has too few days to test", () => {
    const better = live.map((row) => ({ ...row, guidanceC: row.guidanceC.map(() => 9) }));
    const differences = ahead.filter(({ model }) => model !== "sgd");
    expect(textOf({ scores, differences, live: better })).toContain(
      "Too few days are scored to test the difference from the National Blend of Models and the weather service.",
    );
  });
});
