import { beforeAll, describe, expect, test } from "vitest";
import { withPublished } from "../../../src/pipeline/api/openPublished.js";
import type { RequestRow } from "../../../src/shared/published/runTables.js";
import { dayMs, hourMs, minuteMs } from "../../../src/shared/time.js";
import { type FixtureApi, fixtureApi } from "../../support/fixtureApi.js";
import { fixtureTime } from "../../support/publishedFixture/fixturePlaces.js";

let api: FixtureApi;
let requests: RequestRow[];
beforeAll(async () => {
  api = await fixtureApi();
  requests = await withPublished(({ query }) => query("FROM requests"), api.home);
});

const sum = (numbers: number[]) => numbers.reduce((total, n) => total + n, 0);
const trustOf = (key: string) => api.health.stations.find((row) => row.key === key)!;

describe("the health of all stations", () => {
  test("counts the hours of the last week by source, also for stations without any", () => {
    expect(api.health.stations.map(({ key }) => key)).toEqual(api.stations.map(({ key }) => key));
    expect(sum(Object.values(trustOf("KATL").weekBySource))).toBe(168 - 7);
    expect(trustOf("KATL").weekBySource).toEqual({ ghcnh: 120, awc: 41 });
    expect(trustOf("KSEA")).toMatchObject({ weekBySource: {}, alarms: 0, newestAlarmTime: null, requested: 0 });
    expect(trustOf("PANC").newestAlarmTime).toBe(fixtureTime - hourMs - 5 * dayMs);
  });

  test("counts requests for one station by station, and requests for several only by source", () => {
    const own = requests.filter(({ stationId }) => stationId === "USW00013874");
    expect(trustOf("KATL")).toMatchObject({
      requested: own.length,
      failed: own.filter(({ outcome }) => outcome === "failed").length,
      bytes: sum(own.map(({ bytes }) => bytes)),
    });
    const awc = api.health.sources.find(({ source }) => source === "awc")!;
    const asked = requests.filter(({ source }) => source === "awc");
    expect(awc).toMatchObject({ fetched: asked.length, failed: 0, seconds: 0.4, failure: null });
    expect(awc.dayRequested).toBe(asked.filter(({ requestedTime }) => requestedTime > fixtureTime - dayMs).length);
  });

  test("has the newest failure of a source", () => {
    const nws = api.health.sources.find(({ source }) => source === "nws")!;
    const failed = requests.find(({ outcome }) => outcome === "failed")!;
    expect(nws).toMatchObject({ failed: 1, dayFailed: 1 });
    expect(nws.failure).toEqual({ time: failed.requestedTime, url: failed.url, message: failed.message });
  });

  test("counts failed checks over all stations", () => {
    expect(api.health.checks).toHaveLength(2);
    expect(api.health.checks[0]).toMatchObject({ n: 4, stations: 4, newestTime: fixtureTime });
  });

  test("lists the newest runs, newest first, and the head of the ledger", () => {
    const { runs, ledger } = api.health;
    expect(runs).toHaveLength(48);
    expect(runs[0]).toMatchObject({ runId: "run 71", outcome: "running" });
    expect(runs.map(({ startedTime }) => startedTime)).toEqual(
      runs.map(({ startedTime }) => startedTime).sort((a, b) => b - a),
    );
    expect(ledger).toMatchObject({ stations: 4, entries: 12, time: fixtureTime + 9 * minuteMs });
  });
});

describe("the health of a station", () => {
  test("has the hours of sixty days, each with its source", () => {
    const { hours } = api.healthOf.KATL!;
    expect(hours.firstTime).toBe(fixtureTime - (60 * 24 - 1) * hourMs);
    expect(hours.sources).toEqual(["awc", "ghcnh"]);
    const { temperature, dewPoint } = hours.observed;
    expect(temperature).toHaveLength(60 * 24);
    expect(temperature.at(-1)).toBe(0);
    expect(temperature.slice(-37, -30)).toEqual(Array(7).fill(-1));
    expect(temperature.at(-100)).toBe(1);
    // The fixture has only forty days.
    expect(temperature[0]).toBe(-1);
    expect(dewPoint).toEqual(temperature);
  });

  test("ends at the run's clock, however old the newest observation is", () => {
    const { hours } = api.healthOf.AYM00089009!;
    expect(hours.firstTime).toBe(fixtureTime - (60 * 24 - 1) * hourMs);
    expect(hours.observed.temperature.slice(-31)).toEqual(Array(31).fill(-1));
    expect(hours.observed.temperature.at(-32)).toBe(0);
  });

  test("finds each gap once, from its first hour to its last", () => {
    const { gaps, gapCount } = api.healthOf.KATL!;
    expect(gaps).toEqual([{ firstTime: fixtureTime - 36 * hourMs, lastTime: fixtureTime - 30 * hourMs, hours: 7 }]);
    expect(gapCount).toBe(1);
    expect(sum(gaps.map(({ hours }) => hours))).toBe(api.stations.find(({ key }) => key === "KATL")!.hoursMissing);
  });

  test("has corrections, failed checks, failed requests, and the number of forecasts made on time", () => {
    const { corrections, correctionCount, failures, failureCount, failedRequests, issues, ledger } = api.healthOf.KATL!;
    expect(corrections.map(({ late }) => late)).toEqual([false, true]);
    expect([correctionCount, failureCount]).toEqual([2, 2]);
    expect(failures.map(({ value }) => value)).toEqual(["99.9", "<script>alert(1)</script>"]);
    expect(failedRequests).toMatchObject([{ status: 503 }]);
    expect(issues).toEqual({ onTime: 24, late: 1 });
    expect(ledger).toMatchObject({ entries: 3 });
  });

  test("is empty for a station without observations", () => {
    expect(api.healthOf.KSEA).toMatchObject({
      gaps: [],
      corrections: [],
      failures: [],
      issues: { onTime: 0, late: 0 },
      ledger: null,
      hours: { sources: [] },
    });
  });
});
