import { beforeAll, describe, expect, test } from "vitest";
import { type FixtureApi, readFixtureApi } from "../../support/fixtureApi.js";
import { home, lead, visit } from "../../support/visit.js";

let api: FixtureApi;
beforeAll(async () => {
  api = await readFixtureApi(home);
});

describe("the evaluation page", () => {
  test("owns up first, and shows the published errors", () =>
    visit("evaluation?station=KATL", async (page) => {
      await expect.poll(() => lead(page)).toMatch(/^Worse than persistence 1 h ahead\./);
      const cells = await page.getByRole("row", { name: /^24 / }).first().locator("td").allInnerTexts();
      const score = api.evaluations.KATL!.scores.find(
        (row) => row.variable === "temperature" && row.model === "mixture" && row.leadHours === 24,
      )!;
      expect(cells.slice(0, 2)).toEqual([String(score.n), score.maeC.toFixed(2)]);
    }));

  test("shows the EWMAE of the lead chosen", () =>
    visit("evaluation?station=KATL", async (page) => {
      await page.getByRole("combobox", { name: "Lead" }).selectOption("6");
      const series = api.evaluations.KATL!.ewmae.find((row) => row.variable === "temperature" && row.leadHours === 6)!;
      const chart = page.locator("svg[role=img]").last();
      await page.waitForFunction(() =>
        [...document.querySelectorAll("svg[role=img]")].at(-1)?.ariaLabel?.includes("6 hours"),
      );
      expect(await chart.getAttribute("aria-label")).toContain(
        `after ${series.n.at(-1)} errors: validation ${series.validationCorrected.at(-1)!.toFixed(2)}`,
      );
    }));

  test("says that nothing is scored yet", () =>
    visit("evaluation?station=KSEA", async (page) => {
      await expect.poll(() => lead(page)).toBe("No forecast has come due yet, so nothing is scored.");
    }));
});
