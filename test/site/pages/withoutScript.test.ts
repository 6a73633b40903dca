import type { Page } from "playwright-core";
import { describe, expect, test } from "vitest";
import { readFixtureApi } from "../../support/fixtureApi.js";
import { goTo, home, lead, url, visit, visitWithoutScript } from "../../support/visit.js";

const api = await readFixtureApi(home);

const stations = ["AYM00089009", "KATL", "KSEA", "PANC", "VABB"];

describe("without JavaScript", () => {
  test.each([
    ["", "AYM00089009"],
    ["station/KATL", "KATL"],
  ])("/%s has the sentence, the chart and the tables", (address, key) =>
    visitWithoutScript(address, async (page) => {
      const data = api.forecasts[key]!;
      const now = data.observed.findLast(({ temperature }) => temperature !== null)!.temperature!;
      expect(await lead(page)).toContain(`${now.toFixed(1).replace("-", "−")} °C at`);
      expect(await page.locator(".freshness").innerText()).toContain("ewest observation");
      const chart = page.locator("svg[role=img]:visible");
      expect(await chart.count()).toBe(1);
      expect(await chart.getAttribute("aria-label")).toContain(await lead(page));
      await page.locator("[data-part=numbers] summary").click();
      const hours = await page.locator("[data-part=numbers] tbody td:nth-child(3)").allInnerTexts();
      expect(hours).toEqual(data.forecast.temperature.map(({ valueC }) => valueC.toFixed(1).replace("-", "−")));
      // A station's own page does not grow with their number: the list is on the first.
      if (address !== "") await page.getByRole("link", { name: "The list of all stations" }).click();
      const rows = page.getByRole("region", { name: "All stations" }).locator("tbody tr");
      expect(await rows.locator(".code").allInnerTexts()).toEqual(stations);
      expect(await rows.first().innerText()).toContain('AMUNDSEN-SCOTT <b>&"POLE"</b>');
      expect(await page.locator("tbody b").count()).toBe(0);
      expect(await page.locator("button:visible, input:visible, select:visible").count()).toBe(0);
      await rows.nth(3).locator("a").click();
      expect(await page.title()).toContain("(PANC)");
    }),
  );

  test("a station without data says so", () =>
    visitWithoutScript("station/KSEA", async (page) => {
      expect(await lead(page)).toBe("Nothing has been observed here yet, so nothing is forecast.");
      expect(await page.locator("main").innerText()).toContain("Nothing to draw yet.");
    }));

  test.each(["evaluation", "model", "data", "explore"])(
    "/%s has a title and says that it needs JavaScript",
    (address) =>
      visitWithoutScript(address, async (page) => {
        expect(await page.locator(".banner").innerText()).toContain("needs JavaScript");
        const meta = (name: string) => page.locator(`meta[property="og:${name}"]`).getAttribute("content");
        expect((await meta("title"))!.toLowerCase()).toBe(`${address} | isotherm`);
        expect(await page.locator("meta[name=description]").getAttribute("content")).toBe(await meta("description"));
        expect((await fetch(new URL((await meta("image"))!, page.url()))).status).toBe(200);
        await page.locator(".banner").getByRole("link", { name: "forecasts" }).click();
        expect(await lead(page)).toContain("°C");
      }),
  );

  test("nothing is wider than a phone", () =>
    visitWithoutScript(
      "station/KATL",
      async (page) => {
        expect(await page.evaluate(() => document.documentElement.scrollWidth)).toBeLessThanOrEqual(360);
      },
      { viewport: { width: 360, height: 740 } },
    ));
});

/** Layout shifts since the page was opened. */
const shifted = (page: Page) =>
  page.evaluate(
    () =>
      new Promise<string[]>((resolve) => {
        new PerformanceObserver((list) => {
          const shifts = list.getEntries() as (PerformanceEntry & { value: number; sources: { node: Element }[] })[];
          resolve(
            shifts.map(
              ({ value, sources }) => `${value}: ${sources.map(({ node }) => node?.outerHTML ?? "").join(" ")}`,
            ),
          );
        }).observe({ type: "layout-shift", buffered: true });
        setTimeout(() => resolve([]), 300);
      }),
  );

describe("the live page replaces the static one", () => {
  test.each([
    ["", 1280],
    ["station/KATL", 1280],
    ["station/KATL", 800],
    ["station/KATL", 360],
    ["station/KSEA", 360],
    ["?station=VABB&unit=F&variable=dewPoint", 1280],
    ["evaluation?station=KATL", 1280],
    ["evaluation?station=VABB&unit=F&variable=dewPoint", 360],
    ["model?station=KATL", 1280],
    ["model?station=KSEA", 360],
    ["data?station=KATL", 1280],
    ["data?station=KATL", 360],
    ["explore", 1280],
    ["explore", 360],
  ])("without layout shifts: /%s, %i pixels wide", (address, width) =>
    visit(
      address,
      async (page) => {
        expect(await page.locator("observablehq-loading").count()).toBe(0);
        expect(await shifted(page)).toEqual([]);
      },
      // Nothing is cached, because late fonts and code cause most shifts.
      { viewport: { width, height: 900 }, isUncached: true },
    ),
  );

  test("and hides static content that does not match the link", () =>
    visit("?station=VABB&unit=F", async (page) => {
      expect(await page.evaluate(() => document.documentElement.className)).toBe("other-choices");
      await goTo(page, `${url}station/KATL?unit=C&time=station`);
      expect(await page.evaluate(() => document.documentElement.className)).toBe("");
      await goTo(page, `${url}?station=AYM00089009&unit=C&time=station&order=-now`);
      expect(await page.evaluate(() => document.documentElement.className)).toBe("other-choices");
    }));
});

describe("for other websites", () => {
  test("a station's drawing is complete by itself", () =>
    visitWithoutScript("embed/KATL.svg", async (page) => {
      const words = await page.locator("svg").first().getAttribute("aria-label");
      expect(words).toContain(
        "Atlanta Hartsfield International Airport (KATL): 18.1 °C at 14:00 Mon, today’s high 19 °C (80 %: 18 to 21), tonight’s low 9 °C",
      );
      expect(await page.locator("svg > text").last().textContent()).toBe("Observations: NOAA");
    }));

  test("station names are escaped in a drawing too", () =>
    visitWithoutScript("embed/AYM00089009.svg", async (page) => {
      expect(await page.locator("svg > text").first().textContent()).toBe(
        'AMUNDSEN-SCOTT <b>&"POLE"</b> (AYM00089009)',
      );
      expect(await page.locator("b").count()).toBe(0);
    }));

  test("a link preview has the sentence and an image", () =>
    visitWithoutScript("station/AYM00089009", async (page) => {
      const meta = (name: string) => page.locator(`meta[property="og:${name}"]`).getAttribute("content");
      expect(await meta("title")).toBe('AMUNDSEN-SCOTT <b>&"POLE"</b> (AYM00089009) | isotherm');
      expect(await meta("description")).toBe((await lead(page)).trim());
      const image = await fetch(new URL((await meta("image"))!, page.url()));
      expect(image.headers.get("content-type")).toBe("image/png");
      const header = new DataView(await image.arrayBuffer());
      expect([header.getUint32(16), header.getUint32(20)]).toEqual([
        Number(await meta("image:width")),
        Number(await meta("image:height")),
      ]);
    }));
});
