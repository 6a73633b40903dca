import type { Page } from "playwright-core";
import { describe, expect, test } from "vitest";
import { readFixtureApi } from "../../support/fixtureApi.js";
import { choose, home, lead, visit } from "../../support/visit.js";

const api = await readFixtureApi(home);

const signed = (value: number, digits: number) => `${value > 0 ? "+" : ""}${value.toFixed(digits).replace("-", "−")}`;
/** The cells of a visible table row, without the first. */
/** The cells of a row, once it is drawn. */
const row = async (page: Page, region: RegExp, name: RegExp) => {
  const found = page.getByRole("region", { name: region }).getByRole("row", { name }).first();
  await found.waitFor({ state: "attached" });
  return found.locator("td").allInnerTexts();
};
const chart = (page: Page, name: RegExp) => page.getByRole("img", { name });
const pick = (page: Page, name: string, value: string) => page.getByRole("combobox", { name }).selectOption(value);

/** Opens the folded sections and tables. */
const openAll = async (page: Page) => {
  // Sections draw when they open, with tables that are folded themselves.
  await expect.poll(() => page.locator("details details").count()).toBeGreaterThan(0);
  await page.evaluate(async () => {
    const isClosed = () => [...document.querySelectorAll("details")].filter(({ open }) => !open);
    for (let closed = isClosed(), last = performance.now(); performance.now() < last + 300; closed = isClosed()) {
      if (closed.length > 0) last = performance.now();
      for (const section of closed) section.open = true;
      await new Promise((next) => setTimeout(next, 30));
    }
  });
};

describe("the evaluation page", () => {
  test("shows persistence, the first baseline, in the score table on a phone without scrolling", () =>
    visit(
      "evaluation?station=KATL",
      async (page) => {
        const table = page.getByRole("region", { name: /^Mean absolute error by lead/ });
        const [edge, column] = await Promise.all([
          table.boundingBox(),
          table.getByRole("columnheader", { name: "persistence" }).boundingBox(),
        ]);
        expect(column!.x + column!.width).toBeLessThanOrEqual(edge!.x + edge!.width);
      },
      { viewport: { width: 360, height: 740 } },
    ));

  test("says first where it is worse, and shows the published errors", () =>
    visit("evaluation?station=KATL&unit=C&period=all", async (page) => {
      await expect
        .poll(() => lead(page))
        .toMatch(/^Better than the National .* Worse than the weather service .* Worse than persistence 1 h ahead\./);
      const score = api.evaluations.KATL!.scores.find(
        (columns) => columns.variable === "temperature" && columns.model === "mixture",
      )!;
      const at = score.leadHours.indexOf(24);
      const shown = await row(page, /^Mean absolute error by lead/, /^24 /);
      expect([shown[0], shown.at(-3)]).toEqual([score.maeC[at]!.toFixed(2), String(score.n[at])]);
    }));

  test("leaves out the spin-up unless that is chosen, and says so", () =>
    visit("evaluation?station=KATL", async (page) => {
      const spinUp = api.evaluationsOf.KATL!.get("since-spin-up")!.spinUp!;
      const hours = spinUp.hours.toLocaleString("en");
      await expect.poll(() => lead(page)).toContain(`The spin-up before 1 Mar 2026 is left out: ${hours} hours`);
      await pick(page, "Period", "all");
      await expect.poll(() => lead(page)).toContain("Scored from Jan 2026 to");
      expect(await lead(page)).not.toContain("spin-up");
    }));

  test("says by how much it differs from each baseline, and how significant that is", () =>
    visit("evaluation?station=KATL&unit=C&period=all", async (page) => {
      await openAll(page);
      const { difference, differenceHigh } = api.evaluations.KATL!.differences.find(
        (one) => one.variable === "temperature" && one.model === "sgd" && one.leadHours === 48,
      )!;
      expect((await row(page, /^Difference of the errors/, /^48 /)).at(-3)).toBe(
        `${signed(difference, 2)} ± ${(differenceHigh - difference).toFixed(2)}`,
      );
      const names = { nbm: ["National Blend of Models", "NBM"], nws: ["weather service", "weather service"] } as const;
      const charts = chart(page, /^Errors of the same hours by lead/);
      await expect.poll(() => charts.count()).toBe(2);
      for (const [i, source] of (["nbm", "nws"] as const).entries()) {
        const live = api.evaluations.KATL!.live.find((one) => one.source === source && one.variable === "temperature")!;
        const [phrase, label] = names[source];
        const shown = await row(page, new RegExp(`^Compared with the ${phrase}`), /^1 /);
        expect(shown[2]).toBe(live.guidanceC[0]!.toFixed(2));
        const text = `${label} ${live.guidanceC[4]!.toFixed(2)}`;
        expect(await charts.nth(i).getAttribute("aria-label")).toContain(text);
      }
    }));

  test("scores live forecasts separately, also where there is no guidance", () =>
    visit("evaluation?station=VABB&unit=C&period=all", async (page) => {
      const contents = page.getByRole("navigation", { name: "On this page" });
      await contents.getByRole("link", { name: "Live forecasts" }).click();
      const live = api.evaluations.VABB!.onTime.find(({ variable }) => variable === "temperature")!;
      expect((await row(page, /^Live forecasts/, /^24 /)).slice(0, 3)).toEqual([
        String(live.n[4]),
        live.maeC[4]!.toFixed(2),
        live.persistenceC[4]!.toFixed(2),
      ]);
      expect(live.n[4]).toBe(166);
      await expect
        .poll(() => page.evaluate(() => document.querySelector("#live-forecasts")!.getBoundingClientRect().top))
        .toBeLessThan(300);
      expect(await page.locator("main").innerText()).toContain("No guidance has come due here yet");
      expect(await chart(page, /^Errors of the same hours/).count()).toBe(0);
    }));

  test("takes quantity, unit, period and lead, and keeps them in the address", () =>
    visit("evaluation?station=KATL", async (page) => {
      await choose(page, "Dew point");
      await choose(page, "°F");
      await pick(page, "Period", "2026");
      await pick(page, "Lead", "6");
      const data = api.evaluationsOf.KATL!.get("2026")!;
      const score = data.scores.find((columns) => columns.variable === "dewPoint" && columns.model === "mixture")!;
      await expect
        .poll(async () => (await row(page, /^Mean absolute error by lead, °F/, /^24 /))[0])
        .toBe((score.maeC[23]! * 1.8).toFixed(2));
      await openAll(page);
      expect(Object.fromEntries(new URL(page.url()).searchParams)).toEqual({
        station: "KATL",
        variable: "dewPoint",
        unit: "F",
        period: "2026",
        lead: "6",
        month: "2026-03",
      });
      const miss = data.worst.find((one) => one.variable === "dewPoint" && one.leadHours === 6)!;
      const misses = page.getByRole("region", { name: /^Worst misses 6 hours ahead/ });
      await expect
        .poll(async () => (await misses.locator("tbody tr").first().locator("td").allInnerTexts()).at(-1))
        .toBe(signed((miss.forecastC - miss.observedC) * 1.8, 1));
      for (const name of [/^PIT histogram 6 hours/, /6 hours ahead by month and hour/])
        await expect.poll(() => chart(page, name).count()).toBe(1);
      await page.reload();
      await expect.poll(() => page.getByRole("combobox", { name: "Period" }).inputValue()).toBe("2026");
    }));

  test("shows the error of each month and the newest EWMAE of the lead chosen", () =>
    visit("evaluation?station=KATL&unit=C&period=all", async (page) => {
      await pick(page, "Lead", "6");
      const { maeC } = api.evaluations.KATL!.byMonth.find(
        (one) => one.variable === "temperature" && one.leadHours === 6,
      )!;
      await expect
        .poll(() => chart(page, /^Mean absolute error 6 hours ahead by month, /).getAttribute("aria-label"))
        .toContain(`largest ${Math.max(...maeC).toFixed(2)} in`);
      await page.locator("summary", { hasText: "The newest EWMAE" }).click();
      expect((await row(page, /^The newest EWMAE of each lead/, /^6 /)).at(-1)).toBe("9 Mar 2026 08:00");
    }));

  test("shows every hour of the selected month, by default the newest with at least a week", () =>
    visit("evaluation?station=KATL&unit=C", async (page) => {
      const month = page.getByRole("combobox", { name: "Month" });
      await expect.poll(() => month.inputValue()).toBe("2026-03");
      const newest = api.ewmaeHours
        .KATL!.filter((row) => row.variable === "temperature" && row.leadHours === 6)
        .at(-1)!;
      await pick(page, "Lead", "6");
      const at = (name: RegExp) => chart(page, name).getAttribute("aria-label");
      await expect
        .poll(() => at(/^EWMAE 6 hours ahead at every hour of Mar 2026/))
        .toContain(
          `At 9 Mar 2026 18:00 UTC: validation ${newest.validationCorrected.toFixed(2)}, training ${newest.trainingCorrected.toFixed(2)};`,
        );
      await pick(page, "Month", "2026-02");
      await expect
        .poll(() => at(/^EWMAE 6 hours ahead at every hour of Feb 2026/))
        .toContain("At 28 Feb 2026 23:00 UTC");
      expect(new URL(page.url()).searchParams.get("month")).toBe("2026-02");
    }));

  test("has a table of every chart's numbers", () =>
    visit("evaluation?station=KATL&unit=C&period=all", async (page) => {
      await openAll(page);
      const { leadHours, crpsC } = api.evaluations.KATL!.calibration.find(
        ({ variable }) => variable === "temperature",
      )!;
      expect((await row(page, /^Coverage by lead/, /^24 /)).slice(1)).toEqual([
        "93.5\u00a0%",
        "78.0\u00a0%",
        "49.5\u00a0%",
        crpsC[leadHours.indexOf(24)]!.toFixed(2),
      ]);
      const byHour = api.evaluations.KATL!.byHour.find(
        (one) => one.variable === "temperature" && one.leadHours === 24,
      )!;
      // Midnight in Atlanta, in winter.
      expect((await row(page, /^Errors by month and hour/, /^Feb/)).slice(0, 2)).toEqual([
        "192",
        byHour.maeC[1]![5]!.toFixed(2),
      ]);
      expect(await row(page, /^PIT histogram/, /^50 % and 75 %/)).toEqual(["147", "0.98"]);
    }));

  test("opens another station from the table of all stations", () =>
    visit("evaluation?station=KATL&period=all", async (page) => {
      await openAll(page);
      const link = page.getByRole("region", { name: "Errors of 4 stations" }).locator("[data-station=VABB]");
      await link.click();
      await page.waitForFunction(() => document.querySelector("h1")?.textContent?.includes("Mumbai"));
      expect(new URL(page.url()).searchParams.get("station")).toBe("VABB");
      await pick(page, "Station", "PANC");
      await page.waitForFunction(() => document.querySelector("h1")?.textContent?.includes("Anchorage"));
    }));

  test("says that nothing is scored yet", () =>
    visit("evaluation?station=KSEA", async (page) => {
      await expect.poll(() => lead(page)).toBe("No forecast has come due yet, so nothing is scored.");
    }));
});
