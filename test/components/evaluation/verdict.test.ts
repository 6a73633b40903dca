// @vitest-environment jsdom

import { describe, expect, test } from "vitest";
import { verdict } from "../../../src/components/evaluation/verdict.js";
import { words } from "../../support/drawn.js";
import { fixtureApi } from "../../support/fixtureApi.js";

const api = await fixtureApi();

describe("verdict", () => {
  test("starts with the leads at which a baseline is better", () => {
    expect(words(verdict({ ...api.evaluations.KATL!, live: [] }))).toMatch(
      /^Worse than persistence 1 h ahead\. Significant: \+0\.08 ± 0\.01 °C 1 h ahead against persistence\. Significantly better than persistence 3, 6, 12, 24, 48 and 72 h ahead; than same hour yesterday, climatology, blend and SGD \(original demo\) at every lead compared\. Skill 24 h ahead: 47 %/,
    );
  });

  test("counts persistence and the same hour yesterday once where they are equal", () => {
    const data = api.evaluations.KATL!;
    const worse = data.scores.map((row) =>
      row.model === "persistence" || row.model === "seasonalNaive" ? { ...row, maeC: row.maeC.map(() => 0) } : row,
    );
    const text = words(verdict({ ...data, scores: worse, differences: [], live: [] }))!;
    expect(text).toMatch(
      /^Worse than persistence 1–72 h ahead and same hour yesterday 1–23, 25–47 and 49–71 h ahead\./,
    );
    expect(words(verdict(data))).toMatch(
      /Skill 24 h ahead: 47 % against persistence \(24 h ahead, the same hour yesterday\), 41 % against climatology,/,
    );
  });

  test("starts with the leads at which the weather service is better", () => {
    expect(words(verdict(api.evaluations.KATL!))).toMatch(
      /^Worse than persistence 1 h ahead and the weather service 1, 3, 6, 12, 24, 48 and 72 h ahead\./,
    );
  });

  test("says when a worse result is not significant or has too few days", () => {
    const data = api.evaluations.KATL!;
    const differences = data.differences.map((row) => ({ ...row, differenceLow: -1 }));
    expect(words(verdict({ ...data, differences, live: [] }))).toContain(
      "The difference is not significant. Significantly better",
    );
    expect(words(verdict({ ...data, differences }))).toContain(
      "The difference from persistence is not significant. Too few days are scored to test the difference from the weather service.",
    );
    // Forty days of dew point are enough.
    expect(words(verdict(data, { variable: "dewPoint" }))).not.toContain("Too few days");
  });

  test("compares the weather service on the same hours only", () => {
    const data = api.evaluations.KATL!;
    const scores = data.scores.map((row) =>
      row.model === "official" ? { ...row, maeC: row.maeC.map(() => 0.001) } : row,
    );
    expect(verdict({ ...data, scores }).textContent).toBe(verdict(data).textContent);
    const text = words(verdict(data));
    expect(text!.match(/weather service/g)).toHaveLength(3);
    expect(text).toContain("−11 % against the weather service over the 166 hours that both forecast.");
    expect(words(verdict({ ...data, live: [] }))).not.toContain("weather service");
  });

  describe("when no baseline has a smaller error", () => {
    const ahead = () => {
      const data = api.evaluations.KATL!;
      const from = <T>(column: T[]) => column.slice(1);
      const scores = data.scores.map((row) => ({
        ...row,
        leadHours: from(row.leadHours),
        n: from(row.n),
        maeC: from(row.maeC),
      }));
      return { ...data, scores, differences: data.differences.filter(({ leadHours }) => leadHours > 1), live: [] };
    };

    test("says so when the forecast is significantly better everywhere", () => {
      expect(words(verdict(ahead()))).toMatch(
        /^Significantly better than every baseline 3, 6, 12, 24, 48 and 72 h ahead\. Skill/,
      );
    });

    test("names the leads at which it is significantly better", () => {
      const data = ahead();
      const differences = data.differences.map((row) =>
        row.model === "blend" && row.leadHours > 12 ? { ...row, differenceHigh: 0.01 } : row,
      );
      const text = words(verdict({ ...data, differences }));
      expect(text).toMatch(
        /^No baseline has a smaller error\. Significantly better than persistence, same hour yesterday, climatology and SGD \(original demo\) at every lead compared; than blend 3, 6 and 12 h ahead\. Skill/,
      );
    });

    test("says so when too few days are scored or nothing is significant", () => {
      const data = ahead();
      expect(words(verdict({ ...data, differences: [] }))).toMatch(
        /^No baseline has a smaller error\. Too few days are scored to test whether it is better\. Skill/,
      );
      const differences = data.differences.map((row) => ({ ...row, differenceHigh: 0.01 }));
      expect(words(verdict({ ...data, differences }))).toMatch(
        /^No baseline has a smaller error\. It is not significantly better than any baseline\. Skill/,
      );
    });

    test("names the baseline with too few days to test", () => {
      const data = ahead();
      const differences = data.differences.filter(({ model }) => model !== "sgd");
      expect(words(verdict({ ...data, differences }))).toMatch(
        /^No baseline has a smaller error\. Significantly better /,
      );
      const { live } = api.evaluations.KATL!;
      const official = live.map((row) => ({ ...row, officialC: row.officialC.map(() => 9) }));
      expect(words(verdict({ ...data, live: official }))).toContain(
        "Too few days are scored to test the difference from the weather service.",
      );
    });
  });

  test("joins neighbouring leads to ranges", () => {
    const data = api.evaluations.KATL!;
    const bad = new Set([1, 4, 5, 6]);
    const scores = data.scores.map((row) =>
      row.model === "climatology"
        ? { ...row, maeC: row.maeC.map((maeC, i) => (bad.has(row.leadHours[i]!) ? 0 : maeC)) }
        : row,
    );
    expect(words(verdict({ ...data, scores, live: [] }))).toMatch(
      /^Worse than persistence 1 h ahead and climatology 1 and 4–6 h ahead\./,
    );
  });

  test("gives the period and the range of n over the leads", () => {
    expect(words(verdict(api.evaluations.KATL!))).toMatch(
      /Scored from Jan 2026 to 9 Mar 2026, n = 384 to 597 forecasts per lead\.$/,
    );
    expect(words(verdict(api.evaluations.KSEA!))).toBe("No forecast has come due yet, so nothing is scored.");
  });
});
