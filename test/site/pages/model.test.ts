import { text } from "node:stream/consumers";
import type { Page } from "playwright-core";
import { describe, expect, test } from "vitest";
import { featureLabel } from "../../../src/components/chart/modelStyle.js";
import { temperatureScale } from "../../../src/model/features/features.js";
import { networkScale, pointFeatureNames } from "../../../src/model/features/networkFeatures.js";
import { expertNames } from "../../../src/model/vocabulary.js";
import { readFixtureApi } from "../../support/fixtureApi.js";
import { choose, home, lead, visit } from "../../support/visit.js";

const api = await readFixtureApi(home);

const formatted = (value: number, digits: number) => value.toFixed(digits).replace("-", "−");
const signed = (value: number, digits: number) => `${value > 0 ? "+" : ""}${formatted(value, digits)}`;
const region = (page: Page, name: string | RegExp) => page.getByRole("region", { name });
/** The cells of a table row, without the first. */
const row = (page: Page, table: string | RegExp, name: RegExp) =>
  region(page, table).getByRole("row", { name }).first().locator("td").allInnerTexts();
const open = (page: Page, summary: string) => page.locator("summary", { hasText: summary }).click();
const pick = (page: Page, name: string, value: string) =>
  page.getByRole("combobox", { name, exact: true }).selectOption(value);
/** What a station in a network that started with a prior takes from others. */
const otherStations = 2;
const inAddress = (page: Page, name: string) => new URL(page.url()).searchParams.get(name);

describe("the model page", () => {
  test("shows the published weights and the snapshots", () =>
    visit("model?station=KATL", async (page) => {
      const { snapshots } = api.models.KATL!;
      const { weights } = api.weights.KATL!.at(-1)!;
      await open(page, "The weights as a table");
      const row = await page.getByRole("row", { name: /^T−0 / }).locator("td").allInnerTexts();
      expect(row[0]).toBe(weights.temperature.rows[1]![0]!.toFixed(3));
      const downloading = page.waitForEvent("download");
      await page.getByRole("button", { name: "Download CSV" }).first().click();
      const downloaded = await text(await (await downloading).createReadStream());
      expect(downloaded).toContain(`T−0,${row.map((weight) => weight.replace("−", "-")).join(",")}`);
      await open(page, "The newest snapshots");
      const newest = await region(page, "The newest snapshots").locator("tbody th code").first().getAttribute("title");
      expect(newest).toBe(snapshots.at(-1)!.snapshotId);
      await expect.poll(() => lead(page)).toContain(`${snapshots.at(-1)!.hoursConsumed} hours`);
    }));

  test("shows another station", () =>
    visit("model?station=KATL", async (page) => {
      await pick(page, "Station", "VABB");
      await page.waitForFunction(() => document.querySelector("h1")?.textContent?.includes("Mumbai"));
      const { forecastC, leads } = api.explanations.VABB!.variables.temperature;
      await expect
        .poll(() => row(page, "What the forecast is made of", /^forecast/))
        .toEqual([formatted(forecastC[leads.indexOf(24)]!, 2)]);
      const { snapshotId } = api.models.VABB!.snapshots.at(-1)!;
      await expect.poll(() => page.locator(".facts code").first().textContent()).toBe(snapshotId);
      expect(inAddress(page, "station")).toBe("VABB");
    }));

  test("explains the forecast of the chosen hour and quantity", () =>
    visit("model?station=KATL", async (page) => {
      await choose(page, "Dew point");
      const slider = page.getByRole("slider", { name: "Hours ahead" });
      await slider.fill("36");
      const { forecastC, leads, parts, experts } = api.explanations.KATL!.variables.dewPoint;
      const place = leads.indexOf(36);
      await expect
        .poll(() => row(page, "What the forecast is made of", /^forecast/))
        .toEqual([formatted(forecastC[place]!, 2)]);
      expect([inAddress(page, "variable"), inAddress(page, "hour")]).toEqual(["dewPoint", "36"]);
      expect(await page.locator("output").innerText()).toBe("36 h");
      const daily = parts.filter(({ part }) => /day/.test(part));
      const table = region(page, "What the forecast is made of");
      const button = table.getByRole("button", { name: /^daily cycle/ });
      await button.click();
      expect(await button.getAttribute("aria-expanded")).toBe("true");
      for (const { part, hundredths } of daily) {
        const shown = table.locator("tr.part:visible", { hasText: featureLabel(part) }).locator("td");
        expect(await shown.innerText()).toBe(signed(hundredths[place]! / 100, 2));
      }
      await button.click();
      expect(await table.locator("tr.part:visible").count()).toBe(0);
      const { forecastC: persistence } = experts.find(({ model }) => model === "persistence")!;
      expect((await row(page, "Forecasts of the experts", /^persistence/))[0]).toBe(formatted(persistence[place]!, 1));
      await slider.focus();
      await page.keyboard.press("ArrowLeft");
      await expect
        .poll(() => row(page, "What the forecast is made of", /^forecast/))
        .toEqual([formatted(forecastC[leads.indexOf(35)]!, 2)]);
      await choose(page, "Temperature");
      const { temperature } = api.explanations.KATL!.variables;
      await expect
        .poll(() => row(page, "What the forecast is made of", /^forecast/))
        .toEqual([formatted(temperature.forecastC[leads.indexOf(35)]!, 2)]);
    }));

  test("shows the weights of the experts at the chosen lead", () =>
    visit("model?station=KATL", async (page) => {
      const lead = page.getByRole("combobox", { name: "Hours ahead" }).first();
      await lead.selectOption("48");
      const { weights } = api.models.KATL!.expertWeights.find(
        ({ variable, leadHours }) => variable === "temperature" && leadHours === 48,
      )!;
      const chart = page.getByRole("img", { name: /48 h/ }).first();
      await expect.poll(() => chart.getAttribute("aria-label")).toContain(`${Math.round(weights.rls.at(-1)! / 10)}`);
      expect(inAddress(page, "lead")).toBe("48");
      await open(page, "The newest weights of the experts");
      const shown = await row(page, "The newest weights of the experts", /^recursive least squares/);
      expect(shown[5]).toBe((weights.rls.at(-1)! / 1000).toFixed(3));
    }));

  test("shows the weights of a snapshot, lags or all features, and says when its state is not stored", () =>
    visit("model?station=KATL", async (page) => {
      const { snapshots } = api.models.KATL!;
      const { snapshotId, weights } = api.weights.KATL![0]!;
      const { features, leads, rows } = weights.temperature;
      await page.locator(`.timeline input[value="${snapshotId}"]`).check();
      await expect.poll(() => page.locator(".facts code").first().textContent()).toBe(snapshotId);
      const own = features.filter((name) => !pointFeatureNames.includes(name));
      const map = page.getByRole("img", { name: /^Weights of \d/ });
      const largest = Math.max(...features.flatMap((name, i) => (/^T₋\d+$/.test(name) ? rows[i]!.map(Math.abs) : [])));
      await expect
        .poll(() => map.getAttribute("aria-label"))
        .toContain(
          `Weights of ${features.filter((name) => /^T₋\d+$/.test(name)).length} lags at ${leads.length} leads. ` +
            `The largest is ${(largest / temperatureScale).toFixed(2)} `,
        );
      await choose(page, "All own features");
      await expect
        .poll(() => map.getAttribute("aria-label"))
        .toContain(`Weights of ${own.length} features of the station itself`);
      expect(inAddress(page, "rows")).toBe("all");
      await open(page, "The weights as a table");
      const shown = await region(page, /weights/)
        .getByRole("row", { name: /^T−0 / })
        .first()
        .locator("td")
        .allInnerTexts();
      expect(shown[0]).toBe(rows[features.indexOf("T₋0")]![0]!.toFixed(3));
      await choose(page, "Lags of temperature");
      await expect.poll(() => map.getAttribute("aria-label")).toContain("lags");
      await page.locator(`.timeline input[value="${snapshots[1]!.snapshotId}"]`).check();
      await expect.poll(() => page.locator(".facts").first().innerText()).toContain("not kept");
      await expect.poll(() => page.locator("main").innerText()).toContain("The state of this snapshot is not stored");
    }));

  test("shows the weights of the network at the chosen lead, and says what the model started with", () =>
    visit("model?station=KATL", async (page) => {
      const { features, leads, rows } = api.weights.KATL!.at(-1)!.weights.temperature;
      const wheels = page.getByRole("img", { name: /^Weights of the network/ });
      await expect.poll(() => wheels.getAttribute("aria-label")).toContain("24 hours ahead, at 25 points");
      await page.getByRole("combobox", { name: "Hours ahead" }).last().selectOption("6");
      await expect.poll(() => wheels.getAttribute("aria-label")).toContain(" 6 hours ahead");
      expect(inAddress(page, "networklead")).toBe("6");
      await open(page, "The weights of the network as a table");
      const shown = await row(page, "The weights of the network", /^500 km WNW/);
      const weight = rows[features.indexOf("T′ 500 km WNW")]![leads.indexOf(6)]!;
      expect(shown[0]).toBe(signed(weight * networkScale, 3));
      expect(await lead(page)).toContain("what 2 other stations had learned from Jan 2016 to Dec 2020");
      await pick(page, "Station", "VABB");
      await expect.poll(() => wheels.count()).toBe(0);
      expect(await lead(page)).not.toContain("other stations");
    }));

  test("lists the alarms", () =>
    visit("model?station=KATL", async (page) => {
      expect(api.models.KATL!.alarms).toHaveLength(1);
      expect(await page.locator("main").innerText()).toContain(api.models.KATL!.alarms[0]!.side);
    }));

  test("takes replay settings from the link and rejects invalid ones", () =>
    visit("model?station=KATL&lags=0,3,24&experts=rls&delta=-1&epsilon=7", async (page) => {
      const [lags, delta, epsilon] = [/^Lags of temperature/, /^δ/, /^ε/].map((name) =>
        page.getByRole("textbox", { name }),
      );
      expect(await lags!.inputValue()).toBe("0, 3, 24");
      expect([await delta!.inputValue(), await epsilon!.inputValue()]).toEqual(["0.1", "0.001"]);
      const boxes = page.getByRole("group", { name: "Experts" }).getByRole("checkbox");
      expect(await boxes.count()).toBe(expertNames.length);
      expect(await page.locator("fieldset.checkboxes input:checked").count()).toBe(1 + otherStations);
      const replay = page.getByRole("button", { name: "Replay" });
      await lags!.fill("3 24");
      expect(await replay.isDisabled()).toBe(true);
      expect(await page.getByRole("alert").innerText()).toContain("lags must be whole hours, ascending from 0");
      await page.getByRole("button", { name: "As published" }).click();
      expect([await lags!.inputValue(), await replay.isDisabled()]).toEqual([
        "0, 1, 2, 3, 4, 6, 9, 12, 18, 21, 22, 23, 24, 25, 26, 36, 47, 48, 71, 95",
        false,
      ]);
      expect([inAddress(page, "lags"), inAddress(page, "experts")]).toEqual([null, null]);
      expect(await page.locator("fieldset.checkboxes input:checked").count()).toBe(expertNames.length + otherStations);
    }));
});
