// @vitest-environment jsdom

import { beforeAll, describe, expect, test } from "vitest";
import { doubts } from "../../../src/components/health/doubts.js";
import { failureTable } from "../../../src/components/health/failureTable.js";
import { healthTable } from "../../../src/components/health/healthTable.js";
import { issueLines } from "../../../src/components/health/ledgerFacts.js";
import { trafficTable } from "../../../src/components/health/requestTable.js";
import { runTable } from "../../../src/components/health/runTable.js";
import { gapTable, sourceChart, sourceTable } from "../../../src/components/health/sourceChart.js";
import { trustVerdict } from "../../../src/components/health/trustVerdict.js";
import type { DataHealth } from "../../../src/shared/published/dataHealth.js";
import type { StationSummary } from "../../../src/shared/published/stationSummary.js";
import { dayMs, hourMs, minuteMs } from "../../../src/shared/time.js";
import { drawn, golden, words } from "../../support/drawn.js";
import { type FixtureApi, fixtureApi } from "../../support/fixtureApi.js";
import { fixtureTime } from "../../support/publishedFixture/fixturePlaces.js";

const now = fixtureTime + 30 * minuteMs;

let api: FixtureApi;
/** Data that nothing speaks against. */
let well: { health: DataHealth; stations: StationSummary[] };
beforeAll(async () => {
  api = await fixtureApi();
  const isWell = ({ key }: { key: string }) => ["KATL", "VABB"].includes(key);
  const health = {
    ...api.health,
    stations: api.health.stations.filter(isWell).map((row) => ({ ...row, alarms: 0, newestAlarmTime: null })),
    runs: api.health.runs.filter(({ outcome }) => outcome !== "failed"),
  };
  well = { health, stations: api.stations.filter(isWell) };
});

const doubtsOf = (changes: Partial<DataHealth> = {}, at = now) =>
  doubts({ ...well.health, ...changes }, well.stations, { now: at }).map(({ text, stations, grave }) =>
    [grave ? "grave: " : "", text, stations.length > 0 ? `: ${stations.join()}` : ""].join(""),
  );
const first = (change: Partial<DataHealth["stations"][number]>) => ({
  stations: [{ ...well.health.stations[0]!, ...change }, ...well.health.stations.slice(1)],
});

describe("doubts", () => {
  test("are none when all is well, though a request in twenty-five failed", () => {
    expect(doubtsOf()).toEqual([]);
    expect(words(trustVerdict(well.health, well.stations, { now }))).toBe(
      "Yes. All 2 stations raise no doubt: fresh, whole and without an alarm. Renewed 30 min ago.",
    );
  });

  test.each<[string, Partial<DataHealth>, number]>([
    [
      "grave: The weather is simulated: NOAA could not be reached, and nothing here was observed.",
      { simulated: true },
      0,
    ],
    ["grave: The data were last renewed 3 h ago; that should happen every hour.", {}, 2.5],
  ])("%s", (doubt, changes, hoursLater) => {
    expect(doubtsOf(changes, now + hoursLater * hourMs)[0]).toBe(doubt);
  });

  test("say that runs or requests failed within a day", () => {
    const failing = (hoursAgo: number) => ({
      runs: well.health.runs.map((run, i) => (i === hoursAgo ? { ...run, outcome: "failed" as const } : run)),
    });
    expect(doubtsOf(failing(3))).toEqual(["1 of 24 runs of the last day failed."]);
    expect(doubtsOf(failing(30))).toEqual([]);
    const sources = well.health.sources.map((row) => (row.source === "nws" ? { ...row, dayFailed: 5 } : row));
    expect(doubtsOf({ sources })).toEqual(["5 of 25 requests to National Weather Service in the last day failed."]);
    const once = sources.map((row) => (row.source === "nws" ? { ...row, dayRequested: 1, dayFailed: 1 } : row));
    expect(doubtsOf({ sources: once })).toEqual([
      "The only request to National Weather Service in the last day failed.",
    ]);
  });

  test("name the stations of which a number is wrong", () => {
    const doubt = `Quantiles cross: ${well.health.stations[0]!.key}`;
    expect(doubtsOf(first({ warnings: ["Quantiles cross"] }))).toEqual([doubt]);
  });

  test("name the stations that are old, holed or alarmed", () => {
    expect(doubtsOf({ asOf: now + 3 * hourMs }, now + 3 * hourMs)).toContain(
      "A report is more than 2 hours overdue: KATL,VABB",
    );
    expect(doubtsOf(first({ weekBySource: { awc: 150 } }))).toEqual([
      "More than 5 % of the last week’s reports are missing: KATL",
    ]);
    expect(doubtsOf(first({ alarms: 1, newestAlarmTime: fixtureTime - 13 * dayMs }))).toEqual([
      "The model’s errors shifted within the last 14 days: KATL",
    ]);
    expect(doubtsOf(first({ alarms: 1, newestAlarmTime: fixtureTime - 15 * dayMs }))).toEqual([]);
  });

  test("ask nothing of the hours before a model began", () => {
    const [atlanta, mumbai] = well.stations as [StationSummary, StationSummary];
    const young = { ...atlanta, genesisTime: fixtureTime - 9 * hourMs };
    const health = { ...well.health, ...first({ weekBySource: { awc: 10 } }) };
    expect(doubts(health, [young, mumbai], { now })).toEqual([]);
  });

  test("ask of a station what it reports, every three hours or by day only", () => {
    const [atlanta, mumbai] = well.stations as [StationSummary, StationSummary];
    const newestObservedTime = fixtureTime - 9 * hourMs;
    const station = { ...atlanta, newestObservedTime, newestIssuedTime: newestObservedTime, reportedHours: 8 };
    const health = { ...well.health, ...first({ weekBySource: { ghcnh: 56 } }) };
    const found = (dueTime: number) =>
      doubts(health, [{ ...station, dueTime }, mumbai], { now }).map(({ text }) => text);
    expect(found(now)).toEqual([]);
    expect(found(now - 2 * hourMs)).toEqual([]);
    expect(found(now - 3 * hourMs)).toEqual(["A report is more than 2 hours overdue"]);
  });

  test("leave no station well where everything is in doubt", () => {
    const verdict = trustVerdict({ ...well.health, simulated: true }, well.stations, { now });
    expect(words(verdict)).toMatch(/^No\. Renewed 30 min ago\. The weather is simulated/);
  });

  test("are linked to their stations, and only the first few are named", () => {
    const many = Array.from({ length: 9 }, (_, i) => ({
      ...well.stations[0]!,
      key: `K${i}`,
      newestObservedTime: null,
    }));
    const health = { ...well.health, stations: many.map(({ key }) => ({ ...well.health.stations[0]!, key })) };
    const verdict = trustVerdict(health, many, { now });
    expect(words(verdict)).toMatch(/^With care\. 0 of 9 stations raise no doubt/);
    expect(words(verdict)).toContain("Nothing has been observed yet: K0 Atlanta Hartsfield International Airport, K1");
    expect(words(verdict)).toMatch(/K5 [^,]+ and 3 more\.$/);
    expect(verdict.querySelectorAll("a[data-station]")).toHaveLength(6);
  });
});

test("the hours of a station by their source", async () => {
  await expect(drawn(sourceChart(api.healthOf.KATL!, { width: 640 }))).toMatchFileSnapshot(golden("sources"));
  await expect(drawn(sourceChart(api.healthOf.AYM00089009!, { width: 328, variable: "dewPoint" }))).toMatchFileSnapshot(
    golden("sourcesNarrow"),
  );
  expect(words(sourceChart(api.healthOf.KSEA!, { width: 640 }))).toBe("Nothing was observed in these sixty days.");
});

test("the hours by source add up in the table", () => {
  const rows = [...sourceTable(api.healthOf.KATL!).querySelectorAll("tbody tr")].map((row) =>
    [...row.children].map((cell) => cell.textContent!),
  );
  expect(rows[0]).toEqual(["9 Mar 2026", "19", "0", "0", "0"]);
  const total = (column: number) => rows.reduce((sum, row) => sum + Number(row[column]), 0);
  expect([total(1), total(2), total(3), total(4)]).toEqual([41, 40 * 24 + 1 - 48, 7, 2]);
});

describe("what failed a check", () => {
  const shown = (filter: Parameters<typeof failureTable>[1]) =>
    failureTable(api.healthOf.KATL!, filter).querySelectorAll("tbody tr").length;

  test("is sifted by check, severity and words", () => {
    expect(shown({})).toBe(2);
    expect(shown({ check: "physical range of temperature" })).toBe(1);
    expect(shown({ severity: "warning" })).toBe(0);
    expect(shown({ words: "quality  SCRIPT" })).toBe(1);
    expect(words(failureTable(api.healthOf.KATL!, { words: "nowhere" }))).toBe("None like that. 0 of 2 failures.");
  });

  test("is text, whatever it contains", () => {
    const table = failureTable(api.healthOf.KATL!);
    expect(table.querySelector("script")).toBeNull();
    expect(words(table)).toContain("<script>alert(1)</script>");
    expect(trafficTable(api.health).querySelector("b")).toBeNull();
    expect(runTable(api.health).querySelector("em")).toBeNull();
    expect(words(runTable(api.health))).toContain("failed: <em>killed</em> before it ended");
    expect(healthTable(api.health, api.stations).querySelector("tbody b")).toBeNull();
  });

  test("puts together what two files say of a station by its key, whatever their order", () => {
    const rowsOf = (table: HTMLElement) => [...table.querySelectorAll("tbody tr")].map((row) => words(row));
    const turned = { ...api.health, stations: [...api.health.stations].reverse() };
    expect(rowsOf(healthTable(turned, api.stations))).toEqual(rowsOf(healthTable(api.health, api.stations)));
    const without = { ...api.health, stations: api.health.stations.slice(1) };
    expect(rowsOf(healthTable(without, api.stations))).toEqual(
      rowsOf(healthTable(api.health, api.stations)).filter((row) => !row.startsWith(api.stations[0]!.key)),
    );
    expect(doubts(without, api.stations, { now }).flatMap((doubt) => doubt.stations)).not.toContain(
      api.stations[0]!.key,
    );
  });

  test("says how many older ones there are", () => {
    expect(words(failureTable({ ...api.healthOf.KATL!, failureCount: 1202 }))).toContain(
      "1,200 older ones are in the published table quarantine",
    );
  });
});

test("nothing wrong is said in words", () => {
  const nothing = api.healthOf.KSEA!;
  expect(words(gapTable(nothing))).toBe("No hour is missing since the model began.");
  expect(words(failureTable(nothing))).toBe("Every value has passed every check.");
  expect(words(issueLines(nothing))).toBe("No forecast has been issued yet.");
});

test("forecasts made late are counted apart", () => {
  expect(words(issueLines(api.healthOf.KATL!))).toMatch(
    /^Of the 25 forecasts kept here, 24 were made within the hour of their issue; one was made later or replayed/,
  );
});

test("a ledger of one entry is told as such", () => {
  const health = api.healthOf.KATL!;
  const ledger = { ...health.ledger!, entries: 1 };
  expect(words(issueLines({ ...health, ledger }))).toMatch(/Its ledger has one entry, up to/);
});
