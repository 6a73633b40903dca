// @vitest-environment jsdom

import { describe, expect, test } from "vitest";
import { failureTable } from "../../../src/components/health/failureTable.js";
import { healthTable } from "../../../src/components/health/healthTable.js";
import { ledgerFacts } from "../../../src/components/health/requestTable.js";
import { sourceTable } from "../../../src/components/health/sourceChart.js";
import { problems, trustVerdict } from "../../../src/components/health/trustVerdict.js";
import type { DataHealth } from "../../../src/shared/published/dataHealth.js";
import type { StationSummary } from "../../../src/shared/published/stationSummary.js";
import { dayMs, hourMs, minuteMs } from "../../../src/shared/time.js";
import { words } from "../../support/drawn.js";
import { fixtureApi } from "../../support/fixtureApi.js";
import { fixtureTime } from "../../support/publishedFixture/fixturePlaces.js";

const now = fixtureTime + 30 * minuteMs;

const api = await fixtureApi();
const isWell = ({ key }: { key: string }) => ["KATL", "VABB"].includes(key);
/** Data without problems. */
const well: { health: DataHealth; stations: StationSummary[] } = {
  health: {
    ...api.health,
    stations: api.health.stations.filter(isWell).map((row) => ({ ...row, alarms: 0, newestAlarmTime: null })),
    runs: api.health.runs.filter(({ outcome }) => outcome !== "failed"),
  },
  stations: api.stations.filter(isWell),
};

const problemsOf = (changes: Partial<DataHealth> = {}, at = now) =>
  problems({ ...well.health, ...changes }, well.stations, { now: at }).map(({ text, stations, level }) =>
    [level === "doubt" ? "" : `${level}: `, text, stations.length > 0 ? `: ${stations.join()}` : ""].join(""),
  );
const first = (change: Partial<DataHealth["stations"][number]>) => ({
  stations: [{ ...well.health.stations[0]!, ...change }, ...well.health.stations.slice(1)],
});

describe("problems", () => {
  test("are none if the data are fine, even if one request in 25 failed", () => {
    expect(problemsOf()).toEqual([]);
    const verdict = trustVerdict(well.health, well.stations, { now });
    expect(words(verdict.querySelector(".lead")!)).toBe(
      "Yes. All 2 stations are fresh, complete and without alarms. Updated 30 min ago.",
    );
    const rejected = well.health.checks.filter(({ severity }) => severity === "error");
    const n = rejected.reduce((total, check) => total + check.n, 0);
    expect([...verdict.querySelectorAll(".readouts dd:not(.when)")].map((value) => words(value))).toEqual([
      "30min old",
      "95.8%",
      String(n),
    ]);
  });

  test.each<[string, Partial<DataHealth>, number]>([
    [
      "severe: The weather is simulated: NOAA could not be reached, so nothing here was observed.",
      { simulated: true },
      0,
    ],
    ["severe: The data were last updated 3 h ago; they should be updated every hour.", {}, 2.5],
  ])("%s", (doubt, changes, hoursLater) => {
    expect(problemsOf(changes, now + hoursLater * hourMs)[0]).toBe(doubt);
  });

  test("include runs and requests that failed in the last day", () => {
    const failing = (hoursAgo: number) => ({
      runs: well.health.runs.map((run, i) => (i === hoursAgo ? { ...run, outcome: "failed" as const } : run)),
    });
    expect(problemsOf(failing(3))).toEqual(["note: 1 of 24 runs of the last day failed. The next run catches up."]);
    expect(problemsOf(failing(30))).toEqual([]);
    const sources = well.health.sources.map((row) => (row.source === "nws" ? { ...row, dayFailed: 5 } : row));
    const effect = "Its forecasts and some fresh hours may come later.";
    expect(problemsOf({ sources })).toEqual([
      `note: 5 of 25 requests to the National Weather Service in the last day failed. ${effect}`,
    ]);
    // A failed request leaves the observations that are there as good as they were.
    expect(words(trustVerdict({ ...well.health, sources }, well.stations, { now }))).toMatch(/^Yes\. All 2 stations/);
    const once = sources.map((row) => (row.source === "nws" ? { ...row, dayRequested: 1, dayFailed: 1 } : row));
    expect(problemsOf({ sources: once })).toEqual([
      `note: The only request to the National Weather Service in the last day failed. ${effect}`,
    ]);
  });

  test("name the stations with a wrong number", () => {
    const problem = `Quantiles cross: ${well.health.stations[0]!.key}`;
    expect(problemsOf(first({ warnings: ["Quantiles cross"] }))).toEqual([problem]);
  });

  test("name the stations that are late, incomplete or have an alarm", () => {
    expect(problemsOf({ asOf: now + 3 * hourMs }, now + 3 * hourMs)).toContain(
      "A report is more than 2 hours overdue: KATL,VABB",
    );
    expect(problemsOf(first({ weekBySource: { awc: 150 } }))).toEqual([
      "More than 5 % of the last week’s reports are missing: KATL",
    ]);
  });

  test.each([
    ["sensor", "The sensor may have moved or changed (alarm of the last 14 days): KATL"],
    ["unknown", "Unusual run of errors (alarm of the last 14 days): KATL"],
    ["weather", "note: Unusual run of errors, shared by neighbours (alarm of the last 14 days): KATL"],
  ] as const)("name an alarm by its cause: %s", (newestAlarmCause, problem) => {
    const alarm = (days: number) =>
      problemsOf(first({ alarms: 1, newestAlarmTime: fixtureTime - days * dayMs, newestAlarmCause }));
    expect(alarm(13)).toEqual([problem]);
    expect(alarm(15)).toEqual([]);
  });

  test("expect no reports before training starts", () => {
    const [atlanta, mumbai] = well.stations as [StationSummary, StationSummary];
    const young = { ...atlanta, genesisTime: fixtureTime - 9 * hourMs };
    const health = { ...well.health, ...first({ weekBySource: { awc: 10 } }) };
    expect(problems(health, [young, mumbai], { now })).toEqual([]);
  });

  test("expect reports only at the hours at which a station reports", () => {
    const [atlanta, mumbai] = well.stations as [StationSummary, StationSummary];
    const newestObservedTime = fixtureTime - 9 * hourMs;
    const station = { ...atlanta, newestObservedTime, newestIssuedTime: newestObservedTime, reportedHours: 8 };
    const health = { ...well.health, ...first({ weekBySource: { ghcnh: 56 } }) };
    const found = (dueTime: number) =>
      problems(health, [{ ...station, dueTime }, mumbai], { now }).map(({ text }) => text);
    expect(found(now)).toEqual([]);
    expect(found(now - 2 * hourMs)).toEqual([]);
    expect(found(now - 3 * hourMs)).toEqual(["A report is more than 2 hours overdue"]);
  });

  test("of a severe kind leave no station without problems", () => {
    const verdict = trustVerdict({ ...well.health, simulated: true }, well.stations, { now });
    expect(words(verdict)).toMatch(/^No\. The weather is simulated: .* Updated 30 min ago\./);
  });

  test("link to their stations and name only the first few", () => {
    const many = Array.from({ length: 9 }, (_, i) => ({
      ...well.stations[0]!,
      key: `K${i}`,
      newestObservedTime: null,
    }));
    const health = { ...well.health, stations: many.map(({ key }) => ({ ...well.health.stations[0]!, key })) };
    const verdict = trustVerdict(health, many, { now });
    expect(words(verdict)).toMatch(/^With care\. 0 of 9 stations are fresh/);
    expect(words(verdict)).toContain("Nothing has been observed yet: K0 Atlanta Hartsfield International Airport, K1");
    expect(words(verdict)).toMatch(/K5 [^,]+ and 3 more\.$/);
    expect(verdict.querySelectorAll("a[data-station]")).toHaveLength(6);
  });
});

test("the hours by source add up in the table", () => {
  const rows = [...sourceTable(api.healthOf.KATL!).querySelectorAll("tbody tr")].map((row) =>
    [...row.children].map((cell) => cell.textContent!),
  );
  expect(rows[0]).toEqual(["9 Mar 2026", "19", "0", "0", "0"]);
  const total = (column: number) => rows.reduce((sum, row) => sum + Number(row[column]), 0);
  expect([total(1), total(2), total(3), total(4)]).toEqual([41, 40 * 24 + 1 - 48, 7, 2]);
});

test("the health and the summary of a station are joined by its key", () => {
  const rowsOf = (table: HTMLElement) => [...table.querySelectorAll("tbody tr")].map((row) => words(row));
  const reversed = { ...api.health, stations: [...api.health.stations].reverse() };
  expect(rowsOf(healthTable(reversed, api.stations))).toEqual(rowsOf(healthTable(api.health, api.stations)));
  const without = { ...api.health, stations: api.health.stations.slice(1) };
  expect(rowsOf(healthTable(without, api.stations))).toEqual(
    rowsOf(healthTable(api.health, api.stations)).filter((row) => !row.startsWith(api.stations[0]!.key)),
  );
  expect(problems(without, api.stations, { now }).flatMap((problem) => problem.stations)).not.toContain(
    api.stations[0]!.key,
  );
});

test("failed checks have a count of older ones", () => {
  expect(words(failureTable({ ...api.healthOf.KATL!, failureCount: 1202 }))).toContain(
    "1,200 older ones are in the published table quarantine",
  );
});

test("the ledger counts its entries for a station, and live forecasts separately", () => {
  const text = words(ledgerFacts(api.health, api.healthOf.KATL!));
  expect(text).toMatch(/KATL: entries3, the newest with hash/);
  expect(text).toMatch(/KATL: stored forecasts24 live, 1 late or replayed \(not in live scores\)$/);
});
