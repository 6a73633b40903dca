import { join } from "node:path";
import { afterAll, beforeAll, describe, expect, onTestFinished, test } from "vitest";
import { isNetworkWaiting } from "../../src/data/stations/networkStations.js";
import { openStore } from "../../src/data/store/store.js";
import { restoreCheckpoint } from "../../src/deploy/checkpoint/restoreCheckpoint.js";
import { saveCheckpoint } from "../../src/deploy/checkpoint/saveCheckpoint.js";
import { type Run, withRun } from "../../src/pipeline/run.js";
import { fetchObservations, type History, update } from "../../src/pipeline/update.js";
import { verifyStations } from "../../src/pipeline/verify/verify.js";
import { type ConfigInput, parseConfig } from "../../src/shared/config.js";
import { type Report, silentReport } from "../../src/shared/progress.js";
import { hourMs, minuteMs } from "../../src/shared/time.js";
import { shortWaits } from "../support/liveRun.js";
import { status } from "../support/loopbackNoaa.js";
import { replayedWeather } from "../support/replayedWeather.js";
import { type ReplayNoaa, startReplay } from "../support/replayNoaa.js";
import { temporaryFolder } from "../support/temporaryFolder.js";
import { fastExperts } from "../support/training.js";

const genesis = Date.parse("2020-02-24T12:00Z");
const [chicago, newYork, brussels] = ["USW00094846", "USW00094789", "BEI0000EBBR"];
const lender = { id: newYork, icao: "KJFK" };

let noaa: ReplayNoaa;
let home: string;
let warnings: string[] = [];
beforeAll(async () => {
  const icaos = ["KORD", "KJFK", "EBBR"] as const;
  noaa = await startReplay(
    icaos.map((icao) => replayedWeather(icao, genesis, 120)),
    genesis,
  );
  home = await temporaryFolder();
});
afterAll(() => noaa.close());

function configOf(given: Partial<ConfigInput>) {
  const bases = [noaa.url];
  const config = parseConfig({
    home,
    stations: [{ id: chicago, icao: "KORD" }],
    genesis: new Date(genesis).toISOString(),
    sources: { ghcnh: bases, isd: bases, awc: bases, nws: bases },
    ...given,
  });
  return { ...config, model: { ...config.model, experts: fastExperts } };
}

/** Works at 9 minutes past an hour after genesis. */
async function runAt<T>(hour: number, given: Partial<ConfigInput>, work: (run: Run) => Promise<T>): Promise<T> {
  noaa.now = genesis + hour * hourMs + 9 * minuteMs;
  noaa.log.length = 0;
  warnings = [];
  const report: Report = { ...silentReport, warn: (text) => warnings.push(text) };
  const options = { command: "update", asOf: new Date(noaa.now).toISOString(), report };
  return withRun(options, work, { config: configOf(given), http: shortWaits });
}

const updateAt = (hour: number, given: Partial<ConfigInput>) =>
  runAt(hour, given, (run) => update(run, { simulate: false }));
const fetchAt = (hour: number, given: Partial<ConfigInput>, history: History = {}) =>
  runAt(hour, given, (run) => fetchObservations(run, history));

async function rows<Row>(sql: string, from = home): Promise<Row[]> {
  const store = await openStore(from, { readOnly: true });
  try {
    return await store.all<Row>(sql);
  } finally {
    store.close();
  }
}

const variablesOf = async (id: string) =>
  (await rows<{ variable: string }>(`SELECT DISTINCT variable FROM hours WHERE stationId = '${id}' ORDER BY ALL`)).map(
    ({ variable }) => variable,
  );
const newestOf = async (id: string) =>
  (await rows<{ time: number }>(`SELECT max(validTime) AS time FROM hours WHERE stationId = '${id}'`))[0]!.time;
const requested = (text: string) => noaa.log.map(({ path }) => path).filter((path) => path.includes(text));
const published = (table: string, id: string) =>
  rows(`FROM '${join(home, "published", `${table}.parquet`)}' WHERE stationId = '${id}' LIMIT 1`);

describe("a station of the network", () => {
  test("is fetched with the others, without forecasts and NWS, and only the measures that it lends", async () => {
    expect(await fetchAt(90, { network: [lender] })).toBeNull();
    expect(await variablesOf(newYork)).toEqual([
      "dewPoint",
      "seaLevelPressure",
      "temperature",
      "windDirection",
      "windSpeed",
    ]);
    expect(await variablesOf(chicago)).toContain("cloudCover");
    expect(requested("KJFK").filter((path) => path.startsWith("stations/"))).toEqual([]);
    expect(requested("points/")).toEqual([expect.stringContaining("points/41.9602"), expect.stringContaining("grid")]);
    expect(requested("data/global-hourly").filter((path) => path.includes("94789"))).toEqual([]);
    expect(warnings).toEqual([]);
    // One request an hour for all stations.
    expect(await updateAt(91, { network: [lender] })).toBeNull();
    expect(requested("metar")).toEqual([expect.stringContaining("ids=KORD,KJFK&")]);
    expect(await newestOf(newYork)).toBe(genesis + 91 * hourMs);
  });

  test("is not trained, published or in the ledger", async () => {
    for (const table of ["snapshots", "issues", "forecasts", "ledger"]) {
      expect(await rows(`FROM ${table} WHERE stationId = '${newYork}'`), table).toEqual([]);
    }
    for (const table of ["stations", "hours", "learnedHours", "quarantine", "traffic", "ledger"]) {
      expect(await published(table, newYork), table).toEqual([]);
    }
    expect(await published("hours", chicago)).toHaveLength(1);
  });

  test("does not make a run fail when its requests do", async () => {
    const path = `access/by-year/2020/psv/GHCNh_${brussels}_2020.psv`;
    noaa.faults.set(
      path,
      Array.from({ length: 9 }, () => status(500)),
    );
    const network = [lender, { id: brussels, icao: "EBBR" }];
    expect(await fetchAt(92, { network })).toBeNull();
    expect(warnings).toEqual([
      expect.stringMatching(/^network: [0-9]+ requests failed, the next run tries again: .*500/),
    ]);
    noaa.faults.delete(path);
    expect(await fetchAt(93, { network })).toBeNull();
    expect(warnings).toEqual([]);
    expect(await variablesOf(brussels)).toContain("temperature");
  });

  test("stays hidden when it leaves the network", async () => {
    await updateAt(94, { network: null });
    const time = expect.any(Number);
    expect(await rows("FROM networkStations ORDER BY stationId")).toEqual([
      { stationId: brussels, addedTime: time, leftTime: time },
      { stationId: newYork, addedTime: time, leftTime: time },
    ]);
    expect(requested("KJFK")).toEqual([]);
    expect(await published("stations", newYork)).toEqual([]);
    expect(await published("ledger", newYork)).toEqual([]);
  });

  test("is a station like others when it is configured, with all its measures, and hidden again when it only lends", async () => {
    const both = [{ id: chicago }, { id: newYork }];
    await updateAt(95, { stations: both, network: [lender] });
    expect(await variablesOf(newYork)).toContain("cloudCover");
    expect(await published("stations", newYork)).toHaveLength(1);
    expect(await rows(`SELECT DISTINCT entry FROM ledger WHERE stationId = '${newYork}'`)).toEqual([{ entry: 1 }]);
    await updateAt(96, { network: [lender] });
    expect(await published("stations", newYork)).toEqual([]);
    expect(await rows(`SELECT max(entry) AS entry FROM ledger WHERE stationId = '${newYork}'`)).toEqual([{ entry: 1 }]);
    expect(await newestOf(newYork)).toBe(genesis + 96 * hourMs);
    const store = await openStore(home, { readOnly: true });
    onTestFinished(() => store.close());
    const verified = await verifyStations(store, configOf({ network: [lender] }), [chicago, newYork]);
    expect(verified.map(({ difference, ledgerDifference }) => [difference, ledgerDifference])).toEqual([
      [null, null],
      [null, null],
    ]);
  });

  test("waits while a first site is made, and is fetched by the run after", async () => {
    const given = { network: [lender, { id: brussels, icao: "EBBR" }] };
    const fresh = await temporaryFolder();
    const isWaiting = async (now: number) => {
      await fetchAt(now, { ...given, home: fresh }, { networkLater: true });
      const store = await openStore(fresh, { readOnly: true });
      try {
        return await isNetworkWaiting(store, configOf({ ...given, home: fresh }));
      } finally {
        store.close();
      }
    };
    expect(await isWaiting(90)).toBe(true);
    expect(requested("KJFK")).toEqual([]);
    await fetchAt(90, { ...given, home: fresh });
    expect(requested(`GHCNh_${newYork}`)).not.toEqual([]);
    // What is stored already is kept up to date.
    expect(await isWaiting(91)).toBe(false);
    expect(requested("metar")).toEqual([expect.stringContaining("ids=KORD,EBBR,KJFK&")]);
  });

  test("is chosen from NOAA's list when it reports now and is near", async () => {
    const given = { network: { within: 2000, max: 5 }, home: await temporaryFolder() };
    await fetchAt(90, given);
    expect(warnings).toEqual([expect.stringMatching(/can't be chosen: NOAA's station list can't be read/)]);
    const lines = [
      "GHCN_ID,LATITUDE,LONGITUDE,ELEVATION,STATE,NAME,GSN,(US)HCN_(US)CRN,WMO_ID,ICAO,ISO_CODE",
      `${newYork},40.64,-73.76,3,NY,NEW YORK,,,,KJFK,US`,
      `${brussels},50.9,4.48,56,,BRUSSELS,,,,EBBR,BE`,
      "USW00014820,41.41,-81.85,238,OH,CLEVELAND,,,,KCLE,US",
    ];
    noaa.files.set("doc/ghcnh-station-list.csv", lines.join("\n"));
    await fetchAt(91, given);
    noaa.files.delete("doc/ghcnh-station-list.csv");
    expect(warnings).toEqual([]);
    expect(await rows("SELECT stationId FROM networkStations", given.home)).toEqual([{ stationId: newYork }]);
    expect(await rows("SELECT DISTINCT stationId FROM hours ORDER BY ALL", given.home)).toHaveLength(2);
  });

  test("keeps its hours in a checkpoint, and where that of a shard is merged", async () => {
    const [folder, shard, merged] = [await temporaryFolder(), await temporaryFolder(), await temporaryFolder()];
    const [whole, part] = [join(folder, "whole"), join(folder, "part")];
    await saveCheckpoint({ home, place: whole, states: "both", contact: null });
    await restoreCheckpoint([whole], { home: shard, stations: new Set([chicago]) });
    await saveCheckpoint({ home: shard, place: part, states: "both", contact: null });
    await restoreCheckpoint([whole, part], { home: merged });
    for (const table of ["hours", "reports", "networkStations", "stations", "files"]) {
      const sql = `FROM ${table} WHERE stationId <> '${chicago}' ORDER BY ALL`;
      const before = await rows(sql);
      expect(before.length, table).toBeGreaterThan(1);
      expect(await rows(sql, merged), table).toEqual(before);
    }
  });

  test("can be named for one run; a shard fetches none, and a run for named stations its newest reports", async () => {
    await fetchAt(97, {}, { network: [brussels] });
    expect(requested(brussels)).not.toEqual([]);
    await fetchAt(98, { network: [lender] }, { network: ["none"] });
    expect(requested("KJFK")).toEqual([]);
    await fetchAt(99, { network: [lender] }, { shard: { place: 1, of: 1 } });
    expect(requested("KJFK")).toEqual([]);
    await fetchAt(100, { network: [lender] }, { station: ["KORD"] });
    expect(requested("KJFK")).toEqual([expect.stringMatching(/metar.*ids=KJFK,KORD&/)]);
    expect(await newestOf(newYork)).toBe(genesis + 100 * hourMs);
    await expect(fetchAt(101, {}, { network: ["all"] })).rejects.toThrow("needs a folder as source of GHCNh");
    expect(await rows("SELECT stationId FROM networkStations WHERE leftTime IS NULL")).toEqual([
      { stationId: newYork },
    ]);
  });
});
