import type { Page } from "playwright-core";
import { describe, expect, test } from "vitest";
import { readFixtureApi } from "../../support/fixtureApi.js";
import { choose, home, lead, visit } from "../../support/visit.js";

const api = await readFixtureApi(home);

const region = (page: Page, name: string) => page.getByRole("region", { name, exact: true });
const rows = (page: Page, name: string) => region(page, name).locator("tbody tr:visible");
const cells = async (page: Page, name: string, row: number) =>
  (await rows(page, name).nth(row).locator("th, td").allInnerTexts()).map((text) => text.replace(/\s+/g, " ").trim());
/** Opens the folded sections. */
const openAll = (page: Page) =>
  page.evaluate(() => {
    for (const section of document.querySelectorAll<HTMLDetailsElement>(".more > details")) section.open = true;
  });
const parameters = (page: Page) => Object.fromEntries(new URL(page.url()).searchParams);

describe("the data page", () => {
  test("says whether the data can be trusted, and links stations with problems", () =>
    visit("data?station=KATL", async (page) => {
      await expect
        .poll(() => lead(page))
        .toBe("With care. 0 of 5 stations are fresh, complete and without alarms. Updated 30 min ago.");
      const problems = page.locator(".problems li");
      expect(await problems.first().innerText()).toBe("Nothing has been observed yet: KSEA Seattle Tacoma Airport.");
      await problems.last().locator("[data-station=VABB]").click();
      await page.getByRole("heading", { name: /in detail: Mumbai/ }).waitFor();
      expect(parameters(page).station).toBe("VABB");
    }));

  test("sorts and searches the stations", () =>
    visit("data?station=KATL", async (page) => {
      const all = "Health of all stations";
      const { weekBySource, requested, saved } = api.health.stations.find(({ key }) => key === "KATL")!;
      expect(await cells(page, all, 1)).toEqual([
        "KATL Atlanta Hartsfield International Airport",
        "30 min old",
        `GHCNh ${weekBySource.ghcnh}, AWC ${weekBySource.awc}`,
        "7",
        "7 of 961",
        "1",
        "1",
        "2",
        "1 4 Mar 2026",
        `${requested} ${saved} saved`,
        "1",
        "5.7 MB",
      ]);
      const newest = region(page, all).getByRole("button", { name: /^Newest/ });
      await newest.click();
      await newest.click();
      expect((await cells(page, all, 0))[0]).toMatch(/^KATL|^VABB/);
      await page.getByRole("combobox", { name: "Order" }).selectOption("-week");
      expect((await cells(page, all, 0))[0]).toMatch(/^AYM00089009/);
      await page.getByRole("searchbox", { name: "Find" }).fill("anchorage");
      await expect.poll(() => rows(page, all).count()).toBe(1);
      expect(await page.getByText("1 of 5 stations").isVisible()).toBe(true);
      expect(parameters(page)).toMatchObject({ order: "-week", find: "anchorage" });
      await page.reload();
      await expect.poll(() => rows(page, all).count()).toBe(1);
      await rows(page, all).first().locator("a").click();
      await page.getByRole("heading", { name: /in detail: Anchorage/ }).waitFor();
    }));

  test("sorts the stations by any column, in both directions", () =>
    visit("data?station=KATL", async (page) => {
      const all = "Health of all stations";
      const byKey = new Map(
        api.stations.map((station, i) => [station.key, { ...api.health.stations[i]!, ...station }] as const),
      );
      const fields = {
        Newest: "newestObservedTime",
        "Missing, total": "hoursMissing",
        Late: "valuesLate",
        Corrected: "valuesCorrected",
        Rejected: "rowsQuarantined",
        Alarms: "newestAlarmTime",
        Requests: "requested",
        Failed: "failed",
        Fetched: "bytes",
        Station: "key",
      } as const;
      const shown = async (field: (typeof fields)[keyof typeof fields]) => {
        const codes = await rows(page, all).locator(".code").allInnerTexts();
        return codes.map((key) => byKey.get(key)![field]).filter((value) => value !== null);
      };
      for (const [name, field] of Object.entries(fields)) {
        const values = [...byKey.values()].map((row) => row[field]).filter((value) => value !== null);
        values.sort((a, b) => (a < b ? -1 : a > b ? 1 : 0));
        const heading = region(page, all).getByRole("button", { name: new RegExp(`^${name}`) });
        await heading.click();
        await expect.poll(() => shown(field), { message: name }).toEqual(values);
        await heading.click();
        await expect.poll(() => shown(field), { message: name }).toEqual(values.reverse());
      }
      for (const [name, column] of [
        ["Sources, 7 days", 2],
        ["Missing, 7 days", 3],
      ] as const) {
        const texts = async () =>
          Promise.all((await rows(page, all).all()).map((row) => row.locator("th, td").nth(column).innerText()));
        const heading = region(page, all).getByRole("button", { name });
        await heading.click();
        const up = (await texts()).filter((text) => text !== "–");
        await heading.click();
        expect(new Set(up).size).toBeGreaterThan(1);
        await expect.poll(async () => (await texts()).filter((text) => text !== "–")[0]).toBe(up.at(-1));
      }
    }));

  test("shows the source of each hour of a station", () =>
    visit("data?station=KATL", async (page) => {
      const chart = (quantity: string) => page.getByRole("img", { name: new RegExp(`^${quantity} at KATL`) });
      await expect
        .poll(() => chart("Temperature").getAttribute("aria-label"))
        .toContain("41 from Aviation Weather Center, 913 from GHCNh, 7 missing, 2 corrected or late");
      await page.locator("summary", { hasText: "Hours by source" }).click();
      expect(await cells(page, "Hours by source", 0)).toEqual(["9 Mar 2026", "19", "0", "0", "0"]);
      await choose(page, "Dew point");
      await expect.poll(() => chart("Dew point").count()).toBe(1);
      expect(parameters(page).variable).toBe("dewPoint");
      await page.getByRole("combobox", { name: "Station" }).selectOption("AYM00089009");
      await expect.poll(() => page.getByRole("img", { name: /^Dew point at AYM00089009/ }).count()).toBe(1);
    }));

  test("lists gaps, corrections, failed checks and requests, and filters the checks", () =>
    visit("data?station=KATL", async (page) => {
      await openAll(page);
      expect(await cells(page, "Gaps", 0)).toEqual(["8 Mar 2026 06:00", "8 Mar 2026 12:00", "7"]);
      const [corrected, late] = api.healthOf.KATL!.corrections;
      const changed = await cells(page, "Corrected and late values", 0);
      expect(changed).toContain(`${corrected!.firstValue.toFixed(1)} °C`);
      expect(changed).toContain(`${corrected!.value!.toFixed(1)} °C`);
      expect(late!.late).toBe(true);
      expect((await cells(page, "Corrected and late values", 1)).at(-1)).toBe("no, late");
      const failed = "Failed checks";
      await expect.poll(() => rows(page, failed).count()).toBe(2);
      await page.getByRole("combobox", { name: "Check" }).selectOption("physical range of temperature");
      await expect.poll(() => rows(page, failed).count()).toBe(1);
      expect((await cells(page, failed, 0)).slice(1, 5)).toEqual(["rejected", "physical range", "temperature", "99.9"]);
      await choose(page, "Used anyway");
      await expect.poll(() => page.getByText("No failures match.").count()).toBe(1);
      await choose(page, "Rejected");
      await page.getByRole("combobox", { name: "Check" }).selectOption("all");
      await page.getByRole("searchbox", { name: "Containing" }).fill("script");
      await expect.poll(() => rows(page, failed).count()).toBe(1);
      expect(await cells(page, failed, 0)).toContain("<script>alert(1)</script>");
      expect(parameters(page)).toMatchObject({ check: "all", severity: "error", containing: "script" });
      await page.reload();
      await page.locator("#rejected").click();
      await expect.poll(() => rows(page, failed).count()).toBe(1);
      await openAll(page);
      expect((await cells(page, "Failed requests", 0))[3]).toBe("503 <b>Service</b> Unavailable");
      expect((await cells(page, "Alarms", 0)).slice(2)).toEqual([
        "forecasts too low",
        "+4.0 °C",
        "–",
        "unusual run of errors",
      ]);
    }));

  test("shows requests, checks, runs and the ledger", () =>
    visit("data?station=KATL", async (page) => {
      await openAll(page);
      const { sources, runs, ledger, checks } = api.health;
      const requests = await cells(page, "Requests by source", 2);
      const nws = sources[2]!;
      expect(requests.slice(1, 6).map(Number)).toEqual([
        nws.fetched + nws.failed,
        nws.fetched,
        nws.unchanged,
        nws.absent,
        nws.failed,
      ]);
      expect(requests.at(-1)).toContain("503 <b>Service</b> Unavailable");
      expect((await cells(page, "Failed checks of all stations", 0))[5]).toBe(String(checks[0]!.n));
      expect(await rows(page, "Runs").count()).toBe(runs.length);
      expect((await cells(page, "Runs", 0))[4]).toBe("published this site");
      expect((await cells(page, "Runs", 30))[4]).toBe("failed: <em>killed</em> before it ended");
      expect(await page.locator(".facts dd").first().innerText()).toBe(ledger!.sha256);
      const file = await page.getByRole("link", { name: "api/ledger.json" }).getAttribute("href");
      expect((await page.request.get(file!)).ok()).toBe(true);
    }));

  test("says that nothing was observed", () =>
    visit("data?station=KSEA", async (page) => {
      await expect.poll(() => page.getByText("No observations in the last sixty days.").count()).toBe(1);
      await openAll(page);
      expect(await page.getByText("All values have passed all checks.").count()).toBe(1);
    }));
});
