import { readFile } from "node:fs/promises";
import { join } from "node:path";
import type { Page } from "playwright-core";
import { describe, expect, test } from "vitest";
import { oddsBelow } from "../../../src/components/forecast/threshold.js";
import { upstreamOf } from "../../../src/components/forecast/upstreamChart.js";
import { dayMs, hourMs } from "../../../src/shared/time.js";
import { readFixtureApi } from "../../support/fixtureApi.js";
import { temporaryFolder } from "../../support/temporaryFolder.js";
import { choose, goTo, home, lead, url, visit } from "../../support/visit.js";

const api = await readFixtureApi(home);

/** Waits until the page shows a station. */
const shows = (page: Page, place: string) =>
  page.waitForFunction((name) => document.querySelector("h1")?.textContent?.includes(name), place);
const fahrenheit = (celsius: number) => (celsius * 1.8 + 32).toFixed(1).replace("-", "−");

describe("the forecast page", () => {
  test("shows the published numbers of the station in the link", () =>
    visit("?station=KATL&unit=C&time=station&variable=temperature", async (page) => {
      const { temperatureC, highC } = api.stations.find(({ key }) => key === "KATL")!;
      expect(await page.locator("h1").textContent()).toBe("Atlanta Hartsfield International Airport");
      await expect.poll(() => lead(page)).toContain(`${temperatureC!.toFixed(1)} °C at 14:00 EDT on Mon 9 Mar.`);
      await expect.poll(() => lead(page)).toContain(`high ${highC!.toFixed(0)} °C`);
      const label = await page.locator("svg[role=img]").getAttribute("aria-label");
      expect(label).toContain("Atlanta Hartsfield International Airport. 18.1 °C at 14:00 EDT");
      expect(await page.locator(".forecast-place svg[role=img]").textContent()).toContain("80 %");
      await page.locator("summary", { hasText: "The forecast" }).click();
      const shown = await page.locator("[data-part=numbers] tbody td:nth-child(3)").allInnerTexts();
      expect(shown).toEqual(
        api.forecasts.KATL!.forecast.temperature.map(({ valueC }) => valueC.toFixed(1).replace("-", "−")),
      );
      expect(await page.locator(".banner").count()).toBe(0);
    }));

  test("shows any evening as it was forecast and as it came, at an address that stays", () =>
    visit("station/KATL?evening=2026-03-07&unit=C&time=station", async (page) => {
      const [low, high] = api.forecasts.KATL!.evenings;
      const card = page.locator(".evening");
      const press = (name: string) => page.getByRole("button", { name, exact: true }).click();
      const inAddress = () => new URL(page.url()).searchParams.get("evening");
      await expect.poll(() => card.innerText()).toContain("The evening of Sat 7 Mar 2026 at KATL");
      expect(await card.innerText()).toContain(`high ${high!.p50.toFixed(1)} °C`);
      await press("Evening after");
      await expect.poll(() => card.innerText()).toContain(`It was ${low!.truthC!.toFixed(1)}`);
      expect(await card.innerText()).toContain("The day ends on Mon 9 Mar at 22:00 EDT");
      expect(inAddress()).toBe("2026-03-08");
      expect(await page.getByRole("button", { name: "Evening after" }).isDisabled()).toBe(true);
      await press("Evening before");
      expect(inAddress()).toBe("2026-03-07");
      await page.getByLabel("Evening of", { exact: true }).fill("2026-03-08");
      await page.getByLabel("Evening of", { exact: true }).press("Tab");
      await expect.poll(inAddress).toBe("2026-03-08");
      await press("Last night");
      await card.getByRole("link", { name: "Last night’s low" }).waitFor();
      expect(inAddress()).toBeNull();
      await page.locator("summary", { hasText: "Numbers and receipt" }).click();
      expect(await card.locator("tbody tr").first().locator("td").first().innerText()).toBe(low!.p50.toFixed(1));
      await page.context().grantPermissions(["clipboard-read", "clipboard-write"]);
      await press("Copy link");
      const link = card.getByRole("link", { name: "Permanent link" });
      await expect
        .poll(() => page.evaluate(() => navigator.clipboard.readText()))
        .toBe(await link.evaluate((element) => (element as HTMLAnchorElement).href));
      await card.getByRole("link", { name: "Yesterday’s high" }).click();
      await expect.poll(inAddress).toBe("2026-03-07");
    }));

  test.each(["arrive late", "fail"])(
    "draws the list of stations after the chart, also when the chart’s data %s",
    (fate) =>
      visit(
        "?station=KATL",
        async (page) => {
          const messages: string[] = [];
          let release = () => {};
          const released = new Promise<void>((done) => {
            release = done;
          });
          await page.route("**/api/KATL.json", async (route) => {
            await released;
            await (fate === "fail" ? route.fulfill({ status: 200, body: "{" }) : route.continue());
          });
          page.on("console", (message) => messages.push(message.type()));
          await page.goto(`${url}?station=KATL&unit=F`);
          const list = page.getByRole("columnheader", { name: "Now, °F" });
          await page.getByRole("combobox", { name: "Station" }).waitFor();
          // Enough frames for everything that does not wait.
          for (let i = 0; i < 20; i++) await page.evaluate(() => new Promise(requestAnimationFrame));
          expect(await list.count()).toBe(0);
          release();
          await list.waitFor();
          expect(await page.locator("svg.map:visible").count()).toBe(1);
          expect(await page.locator(".forecast-place svg[role=img]").count()).toBe(fate === "fail" ? 0 : 1);
          expect(messages.length > 0).toBe(fate === "fail");
        },
        { complaints: fate === "fail" ? "expected" : "none" },
      ),
  );

  test("changes unit, quantity and time and back, and keeps them in the address", () =>
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
        show: "guidance",
        order: "station",
        hour: "24",
        map: "now",
      });
      await choose(page, "Temperature");
      await choose(page, "°C");
      await page.getByRole("group", { name: "Time" }).getByRole("radio", { name: "Station" }).check({ force: true });
      const { temperature } = observed.at(-1)!;
      await expect.poll(() => lead(page)).toContain(`${temperature!.toFixed(1)} °C at 14:00 EDT on Mon 9 Mar.`);
    }));

  test("colours the map by what is chosen, with the published numbers", () =>
    visit("?station=PANC&unit=C", async (page) => {
      const layer = page.locator(".map .network");
      const mark = page.locator(".map a[data-station=KATL]");
      const atl = api.stations.find(({ key }) => key === "KATL")!;
      const choice = page.getByRole("combobox", { name: "On the map" });
      const name = (words: string) => expect.poll(() => mark.getAttribute("aria-label")).toContain(words);
      await name(`${atl.temperatureC!.toFixed(0)} °C now`);
      await choice.selectOption("high");
      await name(`next high ${atl.highC!.toFixed(0)} °C`);
      expect(await layer.count()).toBe(0);
      await choice.selectOption("spread");
      await name(`80 % interval ${atl.spread24C!.toFixed(1)} °C wide`);
      await choice.selectOption("pressure");
      await expect.poll(() => layer.getAttribute("aria-label")).toMatch(/^2 stations .* hPa/);
      await choice.selectOption("anomaly");
      await expect.poll(() => layer.getAttribute("aria-label")).toMatch(/^3 stations .* \+4\.2 °C from usual/);
      await choice.selectOption("wind");
      await expect.poll(() => layer.getAttribute("aria-label")).toMatch(/^Wind at 3 stations/);
      expect(await page.locator(".map-legend").innerText()).toContain("10 m/s");
      expect(new URL(page.url()).searchParams.get("map")).toBe("wind");
      await page.locator("summary", { hasText: "The network now" }).click();
      expect(await page.getByRole("region", { name: "The network now" }).locator("tbody tr").count()).toBe(4);
    }));

  test("says why, for the hour chosen, from parts that are loaded only then", () =>
    visit("?station=PANC&unit=C&hour=12", async (page) => {
      const loaded: string[] = [];
      page.on("request", (request) => loaded.push(request.url()));
      await page.locator(".map a").first().waitFor();
      expect(loaded.some((address) => address.includes("explanation"))).toBe(false);
      const why = page.locator("details.why");
      await why.locator("> summary").click();
      const text = async () => (await why.innerText()).replaceAll("\u00a0", " ");
      const sentence = (lead: number) => {
        const { leads, forecastC } = api.explanations.PANC!.variables.temperature;
        return `${lead} h ahead, the temperature forecast is ${forecastC[leads.indexOf(lead)]!.toFixed(1).replace("-", "−")} °C`;
      };
      await expect.poll(text).toContain(sentence(12));
      expect(loaded.some((address) => address.includes("PANC/explanation.json"))).toBe(true);
      await why.locator("summary", { hasText: "What other stations add" }).click();
      const parts = upstreamOf(api.explanations.PANC!, "temperature", 12)!.parts;
      const share = parts.reduce((sum, { hundredths }) => sum + hundredths, 0) / 100;
      expect(await text()).toContain(`12 h ahead by ${share > 0 ? "+" : ""}${share.toFixed(2).replace("-", "−")} °C.`);
      await why.getByRole("slider", { name: "Hours ahead" }).fill("48");
      await expect.poll(text).toContain(sentence(48));
      // Mumbai is far from every other station.
      await page.getByRole("combobox", { name: "Station" }).selectOption("VABB");
      await expect.poll(text).not.toContain("other stations add");
      await page.getByRole("button", { name: "A day earlier" }).click();
      await expect.poll(text).toContain("known for the newest forecast only");
    }));

  test("changes the station by the list, the table and the map, goes back, and carries the choice to other pages", () =>
    visit("?station=KATL&unit=F", async (page) => {
      await page.getByRole("combobox", { name: "Station" }).selectOption("VABB");
      await shows(page, "Mumbai");
      await expect.poll(() => lead(page)).toContain("at 23:30 GMT+5:30");
      await page.goBack();
      await shows(page, "Atlanta");
      expect(await page.getByRole("combobox", { name: "Station" }).inputValue()).toBe("KATL");
      await page.locator(".table a", { hasText: "PANC" }).click();
      expect(await page.evaluate(() => document.activeElement?.tagName)).toBe("H1");
      await shows(page, "Anchorage");
      expect(new URL(page.url()).searchParams.get("station")).toBe("PANC");
      expect(await page.locator("tr:has([aria-current]) .code").textContent()).toBe("PANC");
      expect(await page.locator(".map [aria-current]").getAttribute("data-station")).toBe("PANC");
      await page.locator(".map a[data-station=VABB]").click();
      await shows(page, "Mumbai");
      await page.locator(".map a[data-station=VABB]").press("ArrowLeft");
      await page.keyboard.press("Enter");
      await page.waitForFunction(() => !document.querySelector("h1")?.textContent?.startsWith("Mumbai"));
      await page.getByRole("combobox", { name: "Station" }).selectOption("PANC");
      await shows(page, "Anchorage");
      await page.getByRole("link", { name: "Evaluation" }).click();
      await shows(page, "Anchorage");
      expect(await page.getByRole("radio", { name: "°F" }).isChecked()).toBe(true);
    }));

  test("sorts and searches the stations, and keeps both in the address", () =>
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

  test("has a page per station, on which another can be chosen", () =>
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
      await shows(page, "Mumbai");
      expect(new URL(page.url()).searchParams.get("station")).toBe("VABB");
    }));

  test("works by keyboard alone", () =>
    visit("?station=KATL", async (page) => {
      await page.keyboard.press("Tab");
      expect(await page.locator(":focus").textContent()).toBe("Skip to the content");
      await page.keyboard.press("Enter");
      // The hour of the chart comes first.
      await page.keyboard.press("Tab");
      expect(await page.locator(":focus").getAttribute("type")).toBe("range");
      // Then the link to the chart's code, the reasons and the station.
      await page.keyboard.press("Tab");
      await page.keyboard.press("Tab");
      expect(await page.locator(":focus").textContent()).toContain("Why this forecast?");
      await page.keyboard.press("Tab");
      expect(await page.evaluate(() => document.activeElement!.tagName)).toBe("SELECT");
      await page.keyboard.press("ArrowDown");
      await shows(page, "Seattle");
      for (const _ of "qu") await page.keyboard.press("Tab");
      await page.keyboard.press("ArrowRight");
      await expect.poll(() => new URL(page.url()).searchParams.get("unit")).toBe("F");
    }));

  test("remembers the unit unless a link sets another", () =>
    visit("?station=KATL&unit=F", async (page) => {
      await choose(page, "°C");
      await goTo(page, `${url}?station=VABB`);
      expect(await page.getByRole("radio", { name: "°C" }).isChecked()).toBe(true);
      await goTo(page, `${url}?station=VABB&unit=F`);
      expect(await page.getByRole("radio", { name: "°F" }).isChecked()).toBe(true);
    }));

  test("works when the browser blocks site data", () =>
    visit("?station=KATL", async (page) => {
      const block = await page.addInitScript(() =>
        Object.defineProperty(window, "localStorage", {
          get() {
            throw new DOMException("site data are blocked", "SecurityError");
          },
        }),
      );
      await page.goto(`${url}?station=KATL`);
      await choose(page, "°F");
      await expect.poll(() => lead(page)).toContain("°F at 14:00 EDT");
      expect(new URL(page.url()).searchParams.get("unit")).toBe("F");
      await block.dispose();
      await goTo(page, url);
    }));

  test("says when the data are stale, and when there are none", async () => {
    await visit("?station=AYM00089009", async (page) => {
      expect(await page.locator(".banner").textContent()).toContain("Stale: newest observation 32 h old");
      expect(await page.locator("h1").textContent()).toBe('AMUNDSEN-SCOTT <b>&"POLE"</b>');
      expect(await page.locator(".forecast-place svg[role=img]").textContent()).not.toContain("80 %");
    });
    await visit("?station=KSEA", async (page) => {
      expect(await page.locator(".banner").textContent()).toContain("No data yet:");
      expect(await page.locator(".forecast-place figure").count()).toBe(0);
    });
  });

  test("shows an older forecast with the later observations, and keeps it in the address", () =>
    visit("?station=KATL&unit=C&time=utc", async (page) => {
      const { forecasts } = api;
      await page.getByRole("button", { name: "A day earlier" }).click();
      await expect
        .poll(() => page.locator(".score-sentence").innerText())
        .toMatch(/^\d+ of 24 hours fell into the 80 % range\. Forecast issued Sun 8 Mar 18:00 UTC: mean error/);
      expect(new URL(page.url()).searchParams.get("issued")).toBe("2026-03-08T18:00Z");
      // Everything about the station changes with the chart, and the first line below that on the site says so.
      const firstLine = page.locator("main .freshness");
      await expect.poll(() => firstLine.innerText()).toMatch(/^Older forecast, issued Sun 8 Mar 2026 18:00 UTC\. /);
      expect(
        await firstLine.evaluate((line) => {
          const [site, main] = [".site-line", "main"].map(
            (part) => document.querySelector<HTMLElement>(part)!.innerText,
          );
          return main!
            .slice(site!.length)
            .trimStart()
            .startsWith((line as HTMLElement).innerText);
        }),
      ).toBe(true);
      await expect.poll(() => page.title()).toMatch(/\(KATL\), forecast of Sun 8 Mar 2026 18:00 UTC \| isotherm$/);
      expect(await page.locator("h1").innerText()).toMatch(/Airport, forecast of Sun 8 Mar 2026 18:00 UTC$/);
      expect(await lead(page)).toMatch(
        / at 18:00 UTC on Sun 8 Mar 2026\. Forecast then: a .* Issued 18:00 UTC on Sun 8/,
      );
      expect(await page.locator(".readouts").innerText()).toMatch(/18:00 Sun.*Mean error.*24 of 72 h observed/is);
      expect(await page.locator(".forecast-place svg[role=img]").textContent()).toContain("2026");
      const download = page.waitForEvent("download");
      await page.getByRole("link", { name: "This forecast, CSV" }).click();
      const file = join(await temporaryFolder(), (await download).suggestedFilename());
      await (await download).saveAs(file);
      expect(file).toMatch(/KATL-2026-03-08T1800Z\.csv$/);
      expect(await readFile(file, "utf8")).toContain("KATL,temperature,2026-03-08T18:00:00Z,2026-03-08T19:00:00Z,1,");
      await page.locator("summary", { hasText: "The forecast" }).click();
      const observed = await page.locator("[data-part=numbers] tbody td:nth-child(4)").allInnerTexts();
      expect(observed).toHaveLength(72);
      const truth = forecasts.KATL!.observed.slice(-24).map(({ temperature }) => temperature?.toFixed(1) ?? "–");
      expect(observed).toEqual([...truth, ...Array(48).fill("–")]);
      await page.reload();
      await expect.poll(() => page.locator(".score-sentence").innerText()).toContain("Sun 8 Mar 18:00 UTC");
      await page.getByRole("button", { name: "Newest" }).click();
      await expect.poll(() => page.locator(".score-sentence").count()).toBe(0);
      await expect.poll(() => page.title()).toBe("Atlanta Hartsfield International Airport (KATL) | isotherm");
      await page.getByRole("button", { name: "A day earlier" }).click();
      await page.getByRole("button", { name: "Show the current forecast" }).click();
      await expect.poll(() => firstLine.innerText()).toMatch(/^Newest observation 30 min old/);
      expect(new URL(page.url()).searchParams.has("issued")).toBe(false);
    }));

  test("moves between forecasts by hours and days, and by the slider", () =>
    visit("?station=KATL&time=utc", async (page) => {
      const { issues } = api.forecasts.KATL!;
      const issued = () => new URL(page.url()).searchParams.get("issued");
      const nameOf = (time: number) => `${new Date(time).toISOString().slice(0, 16)}Z`;
      const press = (name: string) => page.getByRole("button", { name }).click();
      // The fixture has a forecast every three hours, so an hour earlier is three hours earlier.
      const [newest, last] = [issues.at(-1)!, issues.length - 1];
      await press("An hour earlier");
      await expect.poll(issued).toBe(nameOf(issues[last - 1]!));
      await press("A day earlier");
      await expect.poll(issued).toBe(nameOf(issues[last - 1]! - dayMs));
      await press("An hour later");
      await expect.poll(issued).toBe(nameOf(issues[last - 8]!));
      await press("A day later");
      await expect.poll(issued).toBe(null);
      const slider = page.getByRole("group", { name: "Time of the forecast" }).getByRole("slider");
      await slider.focus();
      await page.keyboard.press("ArrowLeft");
      await page.keyboard.press("ArrowLeft");
      await expect.poll(issued).toBe(nameOf(issues[last - 2]!));
      await expect
        .poll(() => page.locator(".score-sentence").innerText())
        .toContain(`Forecast issued Mon 9 Mar ${new Date(newest - 6 * hourMs).toISOString().slice(11, 16)} UTC`);
      await page.keyboard.press("End");
      await expect.poll(issued).toBe(null);
    }));

  test("sorts the stations by any column, in both directions", () =>
    visit("?station=KATL", async (page) => {
      const codes = () => page.locator(".table tbody tr:visible .code").allInnerTexts();
      const fields = {
        "Now, °C": "temperatureC",
        "Next low": "lowC",
        "Next high": "highC",
        Spread: "spread24C",
        EWMAE: "ewmae24C",
        Skill: "skill24",
        Data: "newestObservedTime",
        Station: "key",
      } as const;
      for (const [name, field] of Object.entries(fields)) {
        const values = api.stations.flatMap((station) => station[field] ?? []);
        values.sort((a, b) => (a < b ? -1 : a > b ? 1 : 0));
        const missing = Array(api.stations.length - values.length).fill(null);
        const byKey = new Map<string, unknown>(api.stations.map((station) => [station.key, station[field]]));
        const shown = async () => (await codes()).map((key) => byKey.get(key));
        const heading = page.locator(".table thead").getByRole("button", { name: new RegExp(`^${name}`) });
        await heading.click();
        await expect.poll(shown).toEqual([...values, ...missing]);
        await heading.click();
        await expect.poll(shown).toEqual([...values.reverse(), ...missing]);
        expect(await page.locator("[aria-sort]").getAttribute("aria-sort")).toBe("descending");
      }
    }));

  test("links the station's files", () =>
    visit("?station=VABB", async (page) => {
      const links = page.locator(".downloads a");
      await expect.poll(() => links.first().getAttribute("href")).toContain("VABB");
      const answers = await Promise.all(
        (await links.evaluateAll((all) => all.map((link) => (link as HTMLAnchorElement).href))).map((href) =>
          fetch(href),
        ),
      );
      expect(answers.map(({ status }) => status)).toEqual(Array(6).fill(200));
      const [csv, , json, , drawing] = await Promise.all(answers.map((answer) => answer.text()));
      const { valueC } = api.forecasts.VABB!.forecast.temperature[0]!;
      expect(csv!.split("\n")[1]).toContain(String(valueC));
      expect(JSON.parse(json!).forecast.temperature[0].valueC).toBe(valueC);
      expect(drawing).toMatch(/^<svg/);
    }));

  test("reads an hour of the chart by pointer and by arrow keys", () =>
    visit("?station=KATL&time=utc", async (page) => {
      const { forecast, observed } = api.forecasts.KATL!;
      const slider = page.getByRole("slider", { name: "Hour to read" });
      const reading = page.locator(".reading");
      const height = () => page.evaluate(() => document.documentElement.scrollHeight);
      const before = await height();
      expect(await reading.isVisible()).toBe(false);
      await slider.focus();
      await expect
        .poll(() => reading.textContent())
        .toContain(`observed ${observed.at(-1)!.temperature!.toFixed(1)} °C`);
      await page.keyboard.press("ArrowRight");
      const { valueC, p10, p90 } = forecast.temperature[0]!;
      const text = `forecast ${valueC.toFixed(1)} °C`;
      await expect.poll(() => slider.getAttribute("aria-valuetext")).toContain(`19:00 UTC, 1 h ahead, ${text}`);
      expect(await reading.textContent()).toContain(`80 % ${p10!.toFixed(1)} to ${p90!.toFixed(1)}`);
      const box = (await page.locator(".forecast-place svg[role=img]").boundingBox())!;
      await page.mouse.move(box.x + box.width - 40, box.y + 200);
      await expect.poll(() => reading.textContent()).toContain("72 h ahead");
      const tip = (await reading.boundingBox())!;
      expect(Math.abs(tip.x + tip.width - (box.x + box.width - 40))).toBeLessThan(20);
      expect(await height()).toBe(before);
      await page.mouse.click(box.x + box.width - 40, box.y + 200);
      await expect.poll(() => page.locator("details.why").getAttribute("open")).not.toBeNull();
      expect(await page.getByRole("slider", { name: "Hours ahead" }).inputValue()).toBe("72");
    }));

  test("has a threshold to drag or type, with its odds and their record, and keeps it in the address", () =>
    visit("?station=KATL&unit=F", async (page) => {
      const { forecast } = api.forecasts.KATL!;
      const files: string[] = [];
      page.on("request", (request) => files.push(new URL(request.url()).pathname));
      expect(await page.locator(".threshold-odds").isVisible()).toBe(false);
      await page.getByRole("checkbox", { name: "Threshold" }).check();
      const field = page.getByRole("spinbutton", { name: "Odds below, °F" });
      await field.fill("50");
      const record = page.locator(".threshold-odds p:not(.csv)");
      await expect
        .poll(() => record.innerText())
        .toMatch(/^In the last 3 days, .* \(n = [\d,]+ hours; Brier score 0\.\d+\)\.$/);
      expect(files.filter((file) => file.endsWith("issues.parquet"))).toEqual(["/api/KATL/issues.parquet"]);
      await page.locator("summary", { hasText: "Past odds by tenths" }).click();
      const counts = await page
        .getByRole("region", { name: "Past odds by tenths" })
        .locator("td:last-child")
        .allInnerTexts();
      const n = Number(/n = ([\d,]+)/.exec(await record.innerText())![1]!.replace(",", ""));
      expect(counts.reduce((sum, count) => sum + Number(count.replace(",", "")), 0)).toBe(n);
      const grip = (await page.locator(".threshold-line .grip").boundingBox())!;
      await page.mouse.move(grip.x + 300, grip.y + 14);
      await page.mouse.down();
      await page.mouse.move(grip.x + 300, grip.y - 20, { steps: 4 });
      await page.mouse.up();
      const dragged = Number(await field.inputValue());
      expect(dragged).toBeGreaterThan(50);
      const thresholdC = Number(new URL(page.url()).searchParams.get("threshold"));
      expect(thresholdC).toBeCloseTo((dragged - 32) / 1.8, 1);
      await page.locator("summary", { hasText: "Odds of each hour" }).click();
      const odds = await page.getByRole("region", { name: "Odds of each hour" }).locator("td").allInnerTexts();
      expect(odds).toEqual(
        forecast.temperature.map((row) => `${Math.round(100 * oddsBelow(row, thresholdC)!)}\u00a0%`),
      );
      await page.getByRole("combobox", { name: "Station" }).selectOption("VABB");
      await shows(page, "Mumbai");
      expect(await field.inputValue()).toBe(String(dragged));
      await page.getByRole("checkbox", { name: "Threshold" }).uncheck();
      expect(new URL(page.url()).searchParams.has("threshold")).toBe(false);
    }));

  test("begins its chart high on a phone", () =>
    visit(
      "?station=KATL",
      async (page) => {
        const chart = (await page.locator(".forecast-place svg[role=img]").boundingBox())!;
        expect(chart.y).toBeLessThan(480);
      },
      { viewport: { width: 360, height: 740 } },
    ));

  test("adds the lines that are ticked, and keeps them in the address", () =>
    visit("?station=KATL", async (page) => {
      const key = () => page.locator("figure .key").innerText();
      await expect.poll(key).toMatch(/NBM[\s\S]*weather service/);
      for (const name of ["Dew point", "Baselines", "Possible courses"])
        await page.getByRole("checkbox", { name }).check();
      await expect.poll(key).toMatch(/dew point[\s\S]*persistence[\s\S]*same hour yesterday[\s\S]*possible courses/);
      await page.getByRole("checkbox", { name: "Guidance" }).uncheck();
      await expect.poll(key).not.toMatch(/NBM|weather service/);
      expect(new URL(page.url()).searchParams.get("show")).toBe("dewPoint,naive,draws");
    }));

  test("falls back to the first station when the link names an unknown one", () =>
    visit("?station=%3Cscript%3E", async (page) => {
      expect(new URL(page.url()).searchParams.get("station")).toBe("AYM00089009");
    }));
});
