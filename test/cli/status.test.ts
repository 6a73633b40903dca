import { expect, test } from "vitest";
import { networkStations, networkStationsText, networkStatus } from "../../src/cli/networkStatus.js";
import { absenceStatuses, runStatuses, sourceStatuses, stationStatuses } from "../../src/cli/status.js";
import { statusText } from "../../src/cli/statusText.js";
import { timestamp } from "../../src/data/store/store.js";
import { dayMs, hourMs } from "../../src/shared/time.js";
import { useTemporaryStore } from "../support/temporaryStore.js";

const now = Date.parse("2026-03-09T18:00Z");
const genesis = Date.parse("2026-03-01T00:00Z");
const temporary = useTemporaryStore();

async function addStation(id: string, icao: string | null) {
  await temporary.store.run("INSERT INTO stations VALUES ($id, $icao, 'Somewhere', 33.6, -84.4, NULL, 'UTC')", {
    id,
    icao,
  });
}

async function addHours(id: string, variable: string, hours: readonly { at: number; value: number | null }[]) {
  const columns = ["stationId", "validTime", "variable", "firstValue", "firstSource", "firstSeenTime", "value"];
  await temporary.store.append(
    "hours",
    [...columns, "source", "reportTime", "reportType", "corrections"],
    hours.map(({ at, value }) => [id, at, variable, 10, "ghcnh", now, value, "ghcnh", at, "FM15", 0]),
  );
}

const nothing = {
  stations: [],
  notShown: [],
  network: null,
  sources: [],
  absences: [],
  runs: [],
  alarms: [],
  ledger: null,
};

test("a station that was never observed has nothing to show", async () => {
  await addStation("USW00013874", "KATL");
  expect(await stationStatuses(temporary.store, { genesis: "2026-03-01" }, { now })).toEqual([
    {
      id: "USW00013874",
      icao: "KATL",
      name: "Somewhere",
      newestObservation: null,
      newestForecast: null,
      hoursMissing: 0,
      rowsQuarantined: 0,
      valuesCorrected: 0,
      valuesLate: 0,
      alarms: 0,
      sources: "",
      requestsMade: 0,
      requestsFailed: 0,
      requestsSaved: 0,
      bytesFetched: 0,
    },
  ]);
});

test("recent alarms are listed with what they may come from", () => {
  const alarm = { station: "KATL", raised: "2026-03-08T05:00:00.000Z", variable: "temperature" } as const;
  expect(statusText({ ...nothing, alarms: [{ ...alarm, found: "forecasts too low", cause: "weather" }] })).toContain(
    "alarm: KATL, 2026-03-08T05:00Z, temperature: forecasts too low; unusual run of errors, shared by\n  neighbours\n",
  );
});

test("hours are missing from genesis to the newest temperature, withdrawn values included", async () => {
  await addStation("USW00013874", "KATL");
  await addHours("USW00013874", "temperature", [
    { at: genesis - hourMs, value: 8 },
    { at: genesis + hourMs, value: 9 },
    { at: genesis + 2 * hourMs, value: null },
    { at: genesis + 5 * hourMs, value: 9 },
  ]);
  await addHours("USW00013874", "dewPoint", [{ at: genesis + 9 * hourMs, value: 1 }]);
  const [status] = await stationStatuses(temporary.store, { genesis: "2026-03-01" }, { now });
  expect(status).toMatchObject({ newestObservation: "2026-03-01T05:00:00.000Z", hoursMissing: 4 });
});

test("forecasts, quarantined rows and requests are counted for their own station", async () => {
  await addStation("USW00013874", "KATL");
  await addStation("USW00094846", "KORD");
  for (const issued of [genesis, genesis + hourMs]) {
    await temporary.store.run(
      `INSERT INTO forecasts (stationId, issuedTime, leadHours, variable, valueC)
       VALUES ('USW00013874', $issued, 1, 'temperature', 9)`,
      { issued: timestamp(issued) },
    );
  }
  // Two failures in one row are one row; a warning leaves its row in use.
  const columns = ["stationId", "source", "file", "row", "schema", "column", "check", "severity", "seenTime"];
  const failure = (row: number, check: string, severity: string) =>
    ["USW00013874", "ghcnh", "a.psv", row, "report", "temperature", check, severity, now] as const;
  await temporary.store.append("quarantine", columns, [
    failure(7, "range", "error"),
    failure(7, "spike", "error"),
    failure(9, "range", "error"),
    failure(11, "spike", "warning"),
  ]);
  await temporary.store.append(
    "requests",
    ["runId", "source", "stationId", "url", "bytes", "seconds", "outcome", "requestedTime"],
    [
      ["r1", "ghcnh", "USW00013874", "http://127.0.0.1/a.psv", 10, 0.1, "fetched", now],
      ["r1", "nws", "USW00013874", "http://127.0.0.1/b", 5, 0.1, "failed", now],
      ["r1", "awc", null, "http://127.0.0.1/c", 99, 0.1, "fetched", now],
    ],
  );
  await temporary.store.append(
    "requestsSaved",
    ["runId", "source", "stationId", "saved"],
    [
      ["r1", "ghcnh", "USW00013874", 2],
      ["r2", "ghcnh", "USW00013874", 3],
    ],
  );
  const [atlanta, chicago] = await stationStatuses(temporary.store, { genesis: "2026-03-01" }, { now });
  expect(atlanta).toMatchObject({
    newestForecast: "2026-03-01T01:00:00.000Z",
    rowsQuarantined: 2,
    requestsMade: 2,
    requestsFailed: 1,
    requestsSaved: 5,
    bytesFetched: 15,
  });
  expect(chicago).toMatchObject({ id: "USW00094846", rowsQuarantined: 0, requestsMade: 0, requestsSaved: 0 });
});

test("requests are counted by source, including those for several stations", async () => {
  expect(await sourceStatuses(temporary.store)).toEqual([]);
  const columns = ["runId", "source", "stationId", "url", "bytes", "seconds", "outcome", "requestedTime"];
  await temporary.store.append("requests", columns, [
    ["r1", "awc", null, "http://127.0.0.1/c", 99, 0.1, "fetched", now],
    ["r2", "awc", null, "http://127.0.0.1/c", 1, 0.1, "failed", now],
    ["r1", "nws", "USW00013874", "http://127.0.0.1/b", 5, 0.1, "fetched", now],
    ["r1", "nws", "USW00094846", "http://127.0.0.1/b", 6, 0.1, "unchanged", now],
  ]);
  await temporary.store.append(
    "requestsSaved",
    ["runId", "source", "stationId", "saved"],
    [
      ["r1", "awc", "USW00013874", 2],
      ["r1", "awc", "USW00094846", 3],
      ["r1", "ghcnh", "USW00094846", 4],
    ],
  );
  const sources = await sourceStatuses(temporary.store);
  expect(sources).toEqual([
    { source: "awc", requestsMade: 2, requestsFailed: 1, requestsSaved: 5, bytesFetched: 100 },
    { source: "ghcnh", requestsMade: 0, requestsFailed: 0, requestsSaved: 4, bytesFetched: 0 },
    { source: "nws", requestsMade: 2, requestsFailed: 0, requestsSaved: 0, bytesFetched: 11 },
  ]);
  expect(statusText({ ...nothing, sources })).toContain(
    "source  requests  failed  saved   MB\nawc            2       1      5  0.0\n",
  );
});

test("absent files are listed with the address that lacks them", async () => {
  await addStation("USW00013874", "KATL");
  const columns = ["source", "file", "stationId", "year", "url", "checkedTime", "absent"];
  await temporary.store.append("files", columns, [
    ["ghcnh", "2019.psv", "USW00013874", 2019, "http://me:secret@a.example/ http://b.example/", now, true],
    ["ghcnh", "2020.psv", "USW00013874", 2020, "http://a.example/2020.psv", now, false],
    ["nws", "points/1,2", "USW00094846", null, "http://c.example/points/1,2", now, true],
  ]);
  const absences = await absenceStatuses(temporary.store);
  const asked = new Date(now).toISOString();
  expect(absences).toEqual([
    { source: "ghcnh", station: "KATL", absent: "2019.psv", asked, address: "http://a.example/ http://b.example/" },
    { source: "nws", station: "USW00094846", absent: "points/1,2", asked, address: "http://c.example/points/1,2" },
  ]);
  const text = statusText({ ...nothing, absences });
  expect(text).toMatch(
    /^ghcnh has no 2019\.psv \(KATL, asked 2026-03-09T18:00Z\)\n {2}at http:\/\/a\.example\/\n {2}at http:\/\/b\.example\/$/m,
  );
});

test("the sources of the temperatures of the last seven days are counted", async () => {
  await addStation("USW00013874", "KATL");
  const value = 9;
  await addHours("USW00013874", "temperature", [
    { at: now - 8 * dayMs, value },
    { at: now - 3 * hourMs, value },
    { at: now - 2 * hourMs, value: null },
    { at: now - hourMs, value },
  ]);
  await temporary.store.run("UPDATE hours SET source = 'awc' WHERE validTime >= $since", {
    since: timestamp(now - hourMs),
  });
  await addHours("USW00013874", "dewPoint", [{ at: now, value }]);
  expect((await stationStatuses(temporary.store, { genesis: "2026-03-01" }, { now }))[0]!.sources).toBe(
    "awc 1, ghcnh 1",
  );
});

test("the newest runs have a duration and an outcome", async () => {
  expect(await runStatuses(temporary.store)).toEqual([]);
  const columns = ["runId", "command", "startedTime", "finishedTime", "asOf", "outcome", "message"];
  const ended = (n: number) =>
    [`r${n}`, "update", now - n * hourMs, now - n * hourMs + 61_250, now, "succeeded", null] as const;
  await temporary.store.append("runs", columns, [
    ["r0", "update", now, null, now, "running", null],
    ["r1", "fetch", now - hourMs, now - hourMs + 3_000, now, "failed", "NOAA could not be reached,\nnor asked again"],
    ["r2", "update", now - 2 * hourMs, null, now, "failed", "killed before it ended"],
    ...[3, 4, 5, 6].map(ended),
  ]);
  const runs = await runStatuses(temporary.store);
  expect(runs.map(({ seconds, outcome }) => [seconds, outcome])).toEqual([
    [null, "running"],
    [3, "failed"],
    [null, "failed"],
    [61.3, "succeeded"],
    [61.3, "succeeded"],
  ]);
  const times = { started: "2026-03-09T17:00:00.000Z", finished: "2026-03-09T17:00:03.000Z" };
  expect(runs[1]).toMatchObject({ command: "fetch", ...times });
  const text = statusText({ ...nothing, runs });
  expect(text).toMatch(/^2026-03-09T17:00Z {2}fetch failed in 3 s: NOAA could not be reached, nor asked again$/m);
});

test("an empty store says so", () => {
  const text = statusText(nothing);
  expect(text.split("\n").filter(Boolean).slice(1)).toEqual([
    "network: no stations",
    "requests: none yet",
    "files that sources lack: none",
    "runs: none yet",
    "ledger: no entry yet",
  ]);
});

test("no line is longer than 100 characters", () => {
  const long = "a very long name or message of something that is not quite at hand ".repeat(4).trim();
  const time = "2026-03-09T17:00:00.000Z";
  const requests = { requestsMade: 123_456, requestsFailed: 99_999, requestsSaved: 99_999, bytesFetched: 123_456e6 };
  const counts = { hoursMissing: 99_999, rowsQuarantined: 123_456, valuesCorrected: 123_456, valuesLate: 99_999 };
  const text = statusText({
    stations: [
      {
        id: "AYM00089009",
        icao: null,
        name: long,
        newestObservation: time,
        newestForecast: time,
        ...counts,
        alarms: 999,
        sources: "ghcnh 120, awc 48, nws 12, isd 9",
        ...requests,
      },
    ],
    notShown: [`AYM00089010 is not shown: ${long}`],
    alarms: [
      { station: "AYM00089009", raised: time, variable: "temperature", found: "forecasts too low", cause: "sensor" },
    ],
    network: { stations: 1234, reporting: 1200, newestHour: time, bytes: 123.4e6 },
    sources: [{ source: "ghcnh", ...requests }],
    absences: [
      {
        source: "ghcnh",
        station: "AYM00089009",
        absent: `${long}.psv`,
        asked: time,
        address: `http://a.example/${"x/".repeat(80)}`,
      },
    ],
    runs: [
      {
        command: "guidance backfill",
        started: time,
        finished: time,
        seconds: 12_345.6,
        outcome: "succeeded",
        message: long,
      },
    ],
    ledger: { stations: 12, entries: 123_456, time: Date.parse(time), sha256: "0".repeat(64) },
  });
  expect(Math.max(...text.split("\n").map((line) => line.length))).toBeLessThanOrEqual(100);
  for (const words of ["AYM00089009", "123456", "is not shown", "0".repeat(64)]) expect(text).toContain(words);
});

test("a station that is not shown is listed after the others", () => {
  const text = statusText({ ...nothing, notShown: ["X is not shown: why"] });
  expect(text).toMatch(/^station .*\nX is not shown: why\n\nnetwork: /);
});

test("the network is one line, and none of its stations or absences is listed", async () => {
  const { store } = temporary;
  expect(await networkStatus(store, { now })).toBeNull();
  await addStation("USW00013874", "KATL");
  await addStation("USW00013876", "KBHM");
  await store.run("UPDATE stations SET longitude = -86.8, latitude = 33.6 WHERE icao = 'KBHM'");
  const time = timestamp(now - dayMs);
  await store.run(
    "INSERT INTO networkStations VALUES ('USW00013876', $time, NULL), ('USW00099999', $time, NULL), ('USW00099998', $time, $time)",
    { time },
  );
  await addHours("USW00013876", "temperature", [{ at: now - hourMs, value: 8 }]);
  await store.run(
    `INSERT INTO reports (stationId, source, reportTime, reportType, corrected)
     SELECT 'USW00013876', 'awc', $time + i * INTERVAL 1 HOUR, 'FM15', false FROM range(24) AS t(i)`,
    { time },
  );
  await store.run(
    "INSERT INTO files (source, file, stationId, url, checkedTime, absent) VALUES ('ghcnh', 'a', 'USW00013876', '', $time, true)",
    { time },
  );
  await store.run("CHECKPOINT");
  const network = await networkStatus(store, { now });
  expect(network).toEqual({
    stations: 2,
    reporting: 1,
    newestHour: "2026-03-09T17:00:00.000Z",
    bytes: expect.any(Number),
  });
  expect(network!.bytes).toBeGreaterThan(0);
  expect(statusText({ ...nothing, network: { ...network!, bytes: 1.23e6 } })).toContain(
    "network: 2 stations, 1 reported in 3 hours, newest hour 2026-03-09T17:00Z, 1.2 MB stored\n",
  );
  expect((await stationStatuses(store, { genesis: null }, { now })).map(({ id }) => id)).toEqual(["USW00013874"]);
  expect(await absenceStatuses(store)).toEqual([]);
  const [near, unknown] = await networkStations(store, { stations: [{ id: "USW00013874" }] }, { now });
  expect(near).toEqual({
    id: "USW00013876",
    icao: "KBHM",
    name: "Somewhere",
    nearest: "KATL",
    distanceKm: 222,
    bearing: 271,
    since: "2026-03-08T18:00:00.000Z",
    newestReport: "2026-03-09T17:00:00.000Z",
    reports: 23,
  });
  expect(unknown).toMatchObject({ id: "USW00099999", nearest: null, bearing: null, newestReport: null, reports: 0 });
  expect(networkStationsText([near!, unknown!])).toMatch(/^USW00013876 {2}KBHM {2}Somewhere +KATL +222 +271 /m);
  expect(networkStationsText([])).toBe("network: no stations\n");
});
