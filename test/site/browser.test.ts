import { join } from "node:path";
import { AxeBuilder } from "@axe-core/playwright";
import type { Browser, BrowserContextOptions, Page } from "playwright-core";
import { afterAll, beforeAll, describe, expect, test, vi } from "vitest";
import { buildSite, serveSite } from "../../src/pipeline/site.js";
import { launchBrowser } from "../support/browser.js";
import { type FixtureApi, fixtureApi } from "../support/fixtureApi.js";
import { fixtureTime } from "../support/publishedFixture.js";
import { temporaryFolder } from "../support/temporaryFolder.js";

vi.setConfig({ testTimeout: 90_000 });

let api: FixtureApi;
let site: Awaited<ReturnType<typeof serveSite>>;
let browser: Browser;
let closeBrowser: () => Promise<void>;

beforeAll(async () => {
  api = await fixtureApi();
  const dir = join(await temporaryFolder(), "dist");
  await buildSite({ home: api.home, outDir: dir });
  site = await serveSite({ dir, port: 0 });
  ({ browser, close: closeBrowser } = await launchBrowser());
}, 300_000);

afterAll(async () => {
  await closeBrowser?.();
  await site?.close();
});

/** Opens a page as it looks half an hour after the fixture's newest data; fails on anything a reader's console shows. */
async function visit(
  address: string,
  look: (page: Page) => Promise<void>,
  options: BrowserContextOptions = {},
): Promise<void> {
  const context = await browser.newContext({
    viewport: { width: 1280, height: 900 },
    timezoneId: "Europe/Berlin",
    ...options,
  });
  const complaints: string[] = [];
  const page = await context.newPage();
  page.on("console", (message) => complaints.push(`${message.type()}: ${message.text()}`));
  page.on("pageerror", (error) => complaints.push(error.message));
  page.on("requestfailed", (request) => complaints.push(`failed: ${request.url()}`));
  page.on("response", (response) => {
    if (response.status() >= 400) complaints.push(`${response.status()}: ${response.url()}`);
  });
  page.on("request", (request) => {
    if (!request.url().startsWith(site.url) && !request.url().startsWith("data:"))
      complaints.push(`asked ${request.url()}`);
  });
  await page.clock.setFixedTime(fixtureTime + 30 * 60_000);
  try {
    await page.goto(site.url + address);
    await page.waitForFunction(() => !document.querySelector("observablehq-loading") && document.querySelector("h1"));
    await page.waitForLoadState("networkidle");
    await look(page);
    expect(complaints).toEqual([]);
  } finally {
    await context.close();
  }
}

const lead = async (page: Page) => (await page.locator("main .lead").textContent())!.replace(/\s+/g, " ");
const choose = (page: Page, name: string) => page.getByRole("radio", { name }).check({ force: true });
const fahrenheit = (celsius: number) => (celsius * 1.8 + 32).toFixed(1).replace("-", "−");

const pages = ["", "evaluation", "model", "station/KATL"];

describe.each(["light", "dark"] as const)("in %s mode", (colorScheme) => {
  test.each(pages)("axe finds nothing on /%s", (address) =>
    visit(
      `${address}?station=KATL`,
      async (page) => {
        for (const summary of await page.locator("summary").all()) await summary.click();
        const { violations } = await new AxeBuilder({ page }).analyze();
        expect(violations.map(({ id, nodes }) => `${id}: ${nodes.map(({ html }) => html).join(" | ")}`)).toEqual([]);
      },
      { colorScheme },
    ),
  );

  test("axe finds nothing on a phone, where nothing is wider than the screen", async () => {
    for (const address of pages) {
      await visit(
        `${address}?station=AYM00089009`,
        async (page) => {
          expect(await page.evaluate(() => document.documentElement.scrollWidth)).toBeLessThanOrEqual(360);
          const { violations } = await new AxeBuilder({ page }).analyze();
          expect(violations.map(({ id }) => id)).toEqual([]);
        },
        { colorScheme, viewport: { width: 360, height: 740 } },
      );
    }
  });
});

describe("the forecast page", () => {
  test("shows the published numbers of the station in the link", () =>
    visit("?station=KATL&unit=C&time=station&variable=temperature", async (page) => {
      const { temperatureC, highC } = api.stations.find(({ key }) => key === "KATL")!;
      expect(await page.locator("h1").textContent()).toBe("Atlanta Hartsfield International Airport");
      await expect.poll(() => lead(page)).toContain(`${temperatureC!.toFixed(1)} °C at 14:00 EDT on Mon 9 Mar.`);
      await expect.poll(() => lead(page)).toContain(`a high of ${highC!.toFixed(0)} °C`);
      await page.locator("summary", { hasText: "The forecast" }).click();
      const shown = await page.locator("details tbody td:nth-child(3)").allInnerTexts();
      expect(shown).toEqual(
        api.forecasts.KATL!.forecast.temperature.map(({ valueC }) => valueC.toFixed(1).replace("-", "−")),
      );
      expect(await page.locator(".banner").count()).toBe(0);
    }));

  test("draws the forecast's own values", () =>
    visit("?station=KATL", async (page) => {
      const label = await page.locator("svg[role=img]").getAttribute("aria-label");
      expect(label).toContain("Atlanta Hartsfield International Airport. 18.1 °C at 14:00 EDT");
      expect(await page.locator("figure .key").textContent()).toContain("80 % interval");
    }));

  test("changes unit, quantity and time, and says all in the address", () =>
    visit("?station=KATL", async (page) => {
      const { observed } = api.forecasts.KATL!;
      await choose(page, "°F");
      await expect.poll(() => lead(page)).toContain(`${fahrenheit(observed.at(-1)!.temperature!)} °F at 14:00 EDT`);
      await choose(page, "Dew point");
      await expect.poll(() => lead(page)).toContain(`The dew point was ${fahrenheit(observed.at(-1)!.dewPoint!)} °F`);
      await choose(page, "UTC");
      await expect.poll(() => lead(page)).toContain("at 18:00 UTC on Mon 9 Mar");
      await choose(page, "Mine");
      await expect.poll(() => lead(page)).toContain("at 19:00 GMT+1 on Mon 9 Mar");
      const parameters = Object.fromEntries(new URL(page.url()).searchParams);
      expect(parameters).toEqual({
        station: "KATL",
        variable: "dewPoint",
        unit: "F",
        time: "mine",
        show: "official",
        order: "station",
      });
    }));

  test("changes the station by the list and by the table, and carries the choice to the other pages", () =>
    visit("?station=KATL&unit=F", async (page) => {
      await page.getByRole("combobox", { name: "Station" }).selectOption("VABB");
      await page.waitForFunction(() => document.querySelector("h1")?.textContent?.startsWith("Mumbai"));
      await expect.poll(() => lead(page)).toContain("at 23:30 GMT+5:30");
      await page.locator(".table a", { hasText: "PANC" }).click();
      expect(await page.evaluate(() => document.activeElement?.tagName)).toBe("H1");
      await page.waitForFunction(() => document.querySelector("h1")?.textContent?.startsWith("Anchorage"));
      expect(new URL(page.url()).searchParams.get("station")).toBe("PANC");
      expect(await page.locator("tr:has([aria-current]) .code").textContent()).toBe("PANC");
      expect(await page.locator(".map [aria-current]").getAttribute("data-station")).toBe("PANC");
      await page.locator(".map a[data-station=VABB]").click();
      await page.waitForFunction(() => document.querySelector("h1")?.textContent?.startsWith("Mumbai"));
      await page.locator(".map a[data-station=VABB]").press("ArrowLeft");
      await page.keyboard.press("Enter");
      await page.waitForFunction(() => !document.querySelector("h1")?.textContent?.startsWith("Mumbai"));
      await page.getByRole("combobox", { name: "Station" }).selectOption("PANC");
      await page.waitForFunction(() => document.querySelector("h1")?.textContent?.startsWith("Anchorage"));
      await page.getByRole("link", { name: "Evaluation" }).click();
      await page.waitForFunction(() => document.querySelector("h1")?.textContent?.includes("Anchorage"));
      expect(await page.getByRole("radio", { name: "°F" }).isChecked()).toBe(true);
    }));

  test("puts the stations in order and sifts them, and says so in the address", () =>
    visit("?station=KATL&order=-now", async (page) => {
      const codes = () => page.locator(".table tbody tr:visible .code").allInnerTexts();
      const byNow = api.stations
        .filter(({ temperatureC }) => temperatureC !== null)
        .sort((a, b) => b.temperatureC! - a.temperatureC!);
      await expect.poll(codes).toEqual([...byNow.map(({ key }) => key), "KSEA"]);
      await page.getByRole("button", { name: "Skill" }).click();
      expect(await page.getByRole("combobox", { name: "Order" }).inputValue()).toBe("skill");
      await page.getByRole("combobox", { name: "Order" }).selectOption("-high");
      await expect.poll(codes).toEqual(["VABB", "KATL", "PANC", "AYM00089009", "KSEA"]);
      await page.getByRole("searchbox", { name: "Find" }).fill("airport int");
      await expect.poll(codes).toEqual(["KATL", "PANC"]);
      const { order, find } = Object.fromEntries(new URL(page.url()).searchParams);
      expect({ order, find }).toEqual({ order: "-high", find: "airport int" });
    }));

  test("has an address for each station, in which another can be chosen", () =>
    visit("station/VABB?unit=F", async (page) => {
      expect(await page.title()).toMatch(/^Mumbai .* \(VABB\) \| isotherm$/);
      await expect.poll(() => lead(page)).toContain("°F at 23:30 GMT+5:30");
      await page.getByRole("combobox", { name: "Station" }).selectOption("KATL");
      await page.waitForFunction(() => document.title.startsWith("Atlanta"));
      expect(new URL(page.url()).pathname).toBe("/station/KATL");
      expect(new URL(page.url()).searchParams.has("station")).toBe(false);
      await page.goBack();
      await page.waitForFunction(() => document.title.startsWith("Mumbai"));
      await page.getByRole("link", { name: "Model" }).click();
      await page.waitForFunction(() => document.querySelector("h1")?.textContent?.includes("Mumbai"));
      expect(new URL(page.url()).searchParams.get("station")).toBe("VABB");
    }));

  test("works by keyboard alone", () =>
    visit("?station=KATL", async (page) => {
      await page.keyboard.press("Tab");
      expect(await page.locator(":focus").textContent()).toBe("Skip to the content");
      await page.keyboard.press("Enter");
      await page.keyboard.press("Tab");
      expect(await page.evaluate(() => document.activeElement!.tagName)).toBe("SELECT");
      await page.keyboard.press("ArrowDown");
      await page.waitForFunction(() => document.querySelector("h1")?.textContent?.startsWith("Seattle"));
      for (const _ of "qu") await page.keyboard.press("Tab");
      await page.keyboard.press("ArrowRight");
      await expect.poll(() => new URL(page.url()).searchParams.get("unit")).toBe("F");
    }));

  test("remembers the unit, but lets a link overrule it", () =>
    visit("?station=KATL&unit=F", async (page) => {
      await choose(page, "°C");
      await page.goto(`${site.url}?station=VABB`);
      await page.waitForSelector("main .lead");
      expect(await page.getByRole("radio", { name: "°C" }).isChecked()).toBe(true);
      await page.goto(`${site.url}?station=VABB&unit=F`);
      await page.waitForSelector("main .lead");
      expect(await page.getByRole("radio", { name: "°F" }).isChecked()).toBe(true);
    }));

  test("says when the data are stale, and when there are none", async () => {
    await visit("?station=AYM00089009", async (page) => {
      expect(await page.locator(".banner").textContent()).toContain(
        "Stale. The newest observation at AYM00089009 is 32 h old",
      );
      expect(await page.locator("h1").textContent()).toBe('AMUNDSEN-SCOTT <b>&"POLE"</b>');
      expect(await page.locator("figure .key").textContent()).not.toContain("interval");
    });
    await visit("?station=KSEA", async (page) => {
      expect(await page.locator(".banner").textContent()).toContain("No data yet.");
      expect(await page.locator(".forecast-place figure").count()).toBe(0);
    });
  });

  test("lays an earlier issue over what then came, and says so in the address", () =>
    visit("?station=KATL&unit=C&time=utc", async (page) => {
      const { forecasts } = api;
      await page.getByRole("button", { name: "A day earlier" }).click();
      await expect
        .poll(() => page.locator(".issue-sentence").innerText())
        .toMatch(/^As issued at Sun 8 Mar 18:00 UTC: off by/);
      expect(new URL(page.url()).searchParams.get("issued")).toBe("2026-03-08T18:00Z");
      await page.locator("summary", { hasText: "The forecast" }).click();
      const observed = await page.locator("details tbody td:nth-child(4)").allInnerTexts();
      expect(observed).toHaveLength(72);
      const truth = forecasts.KATL!.observed.slice(-24).map(({ temperature }) => temperature?.toFixed(1) ?? "–");
      expect(observed).toEqual([...truth, ...Array(48).fill("–")]);
      await page.reload();
      await expect.poll(() => page.locator(".issue-sentence").innerText()).toContain("Sun 8 Mar 18:00 UTC");
      await page.getByRole("button", { name: "Newest" }).click();
      await expect.poll(() => page.locator(".issue-sentence").count()).toBe(0);
      expect(new URL(page.url()).searchParams.has("issued")).toBe(false);
    }));

  test("reads an hour of the chart by pointer and by arrow keys", () =>
    visit("?station=KATL&time=utc", async (page) => {
      const { forecast, observed } = api.forecasts.KATL!;
      const slider = page.getByRole("slider", { name: "Hour to read" });
      await slider.focus();
      await expect
        .poll(() => page.locator(".reading").innerText())
        .toContain(`observed ${observed.at(-1)!.temperature!.toFixed(1)} °C`);
      await page.keyboard.press("ArrowRight");
      const { valueC, p10, p90 } = forecast.temperature[0]!;
      const told = `forecast ${valueC.toFixed(1)} °C`;
      await expect
        .poll(() => slider.getAttribute("aria-valuetext"))
        .toContain(`Mon 9 Mar 19:00 UTC, 1 h ahead, ${told}`);
      expect(await page.locator(".reading").innerText()).toContain(`80 % ${p10!.toFixed(1)} to ${p90!.toFixed(1)}`);
      const box = (await page.locator("svg[role=img]").boundingBox())!;
      await page.mouse.move(box.x + box.width - 15, box.y + 200);
      await expect.poll(() => page.locator(".reading").innerText()).toContain("72 h ahead");
    }));

  test("draws beside the forecast what is ticked, and remembers it in the link", () =>
    visit("?station=KATL", async (page) => {
      const key = () => page.locator("figure .key").innerText();
      await expect.poll(key).toContain("weather service");
      for (const name of ["Dew point", "Naive forecasts"]) await page.getByRole("checkbox", { name }).check();
      await expect.poll(key).toMatch(/dew point[\s\S]*persistence[\s\S]*same hour yesterday/);
      await page.getByRole("checkbox", { name: "Weather service" }).uncheck();
      await expect.poll(key).not.toContain("weather service");
      expect(new URL(page.url()).searchParams.get("show")).toBe("dewPoint,naive");
    }));

  test("goes back to the station before", () =>
    visit("?station=KATL", async (page) => {
      await page.getByRole("combobox", { name: "Station" }).selectOption("VABB");
      await page.waitForFunction(() => document.querySelector("h1")?.textContent?.startsWith("Mumbai"));
      await page.goBack();
      await page.waitForFunction(() => document.querySelector("h1")?.textContent?.startsWith("Atlanta"));
      expect(await page.getByRole("combobox", { name: "Station" }).inputValue()).toBe("KATL");
    }));

  test("falls back to the first station where the link names none that is published", () =>
    visit("?station=%3Cscript%3E", async (page) => {
      expect(new URL(page.url()).searchParams.get("station")).toBe("AYM00089009");
    }));
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

describe("the model page", () => {
  test("shows the published weights and the chain", () =>
    visit("model?station=KATL", async (page) => {
      const { snapshots } = api.models.KATL!;
      const { weights } = api.weights.KATL!.at(-1)!;
      await page.locator("summary", { hasText: "The weights as a table" }).click();
      const row = await page.getByRole("row", { name: /^T₋0 / }).locator("td").allInnerTexts();
      expect(row[0]).toBe(weights.temperature.rows[1]![0]!.toFixed(3));
      await page.locator("summary", { hasText: "The newest snapshots" }).click();
      const newest = await page
        .getByRole("region", { name: "The newest snapshots" })
        .locator("tbody th code")
        .first()
        .getAttribute("title");
      expect(newest).toBe(snapshots.at(-1)!.snapshotId);
      await expect.poll(() => lead(page)).toContain(`${snapshots.at(-1)!.hoursConsumed} hours`);
    }));
});
