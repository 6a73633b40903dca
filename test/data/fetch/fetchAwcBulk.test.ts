import { mkdirSync, rmSync, writeFileSync } from "node:fs";
import { dirname, join } from "node:path";
import { gunzipSync, gzipSync } from "node:zlib";
import { afterAll, afterEach, beforeAll, describe, expect, it } from "vitest";
import { openStore } from "../../../src/data/store/store.js";
import { type Config, parseConfig } from "../../../src/shared/config.js";
import { type Report, silentReport } from "../../../src/shared/progress.js";
import { hourMs } from "../../../src/shared/time.js";
import { bulkHeader } from "../../support/awcBulkFile.js";
import { fetchAt, fetchLive, liveConfig, truth } from "../../support/liveRun.js";
import { changed, cutTo, type Fault, stall, status, webPage } from "../../support/loopbackNoaa.js";
import { replayedWeather } from "../../support/replayedWeather.js";
import { type ReplayedStation, type ReplayNoaa, startReplay } from "../../support/replayNoaa.js";
import { temporaryFolder } from "../../support/temporaryFolder.js";
import { useTemporaryStore } from "../../support/temporaryStore.js";

const genesis = Date.UTC(2026, 2, 1);
const names = bulkHeader.split(",");
const bulkPath = "data/cache/metars.cache.csv.gz";
const ohare = replayedWeather("KORD", genesis, 48);
/** Places with the same weather. */
const stations = Array.from({ length: 10 }, (_, i): ReplayedStation => {
  const code = String.fromCharCode(65 + i);
  return { ...ohare, stationId: `USI0000KX${code}X`, icao: `KX${code}X`, longitude: ohare.longitude + i / 10 };
});
const icaos = stations.map(({ icao }) => icao);
const at = (hours: number) => genesis + hours * hourMs;
/** When everything was fetched, and when the next hour is there. */
const start = 5 + 7 / 60;
const later = start + 1;

let noaa: ReplayNoaa;
let before: string;
beforeAll(async () => {
  before = await temporaryFolder();
  noaa = await startReplay(stations, at(start));
  const store = await openStore(before);
  await fetchLive(store, configAt(before), { genesis, now: at(start), icaos });
  store.close();
});
afterAll(() => noaa.close());
const temporary = useTemporaryStore(() => before);
afterEach(() => {
  noaa.fault = () => undefined;
});

/** Only AWC, without the history that only GHCNh has. */
function configAt(home: string, sources: { awc?: string[] } = {}): Config {
  const places = stations.map(({ stationId: id, icao, latitude, longitude }) => ({ id, icao, latitude, longitude }));
  const { sources: live } = liveConfig(home, noaa, { ghcnh: [home], isd: [home], nws: [home], ...sources });
  return parseConfig({ home, stations: places, sources: live });
}

const config = () => configAt(temporary.home);
const fetchAfter = (hours: number, names = icaos) =>
  fetchAt(temporary.store, config(), noaa, { genesis, now: at(hours), icaos: names });
const isBulk = (path: string) => path === bulkPath;
/** The requests of a fetch: `bulk`, or the stations of a JSON request. */
async function askedBy(work: () => Promise<unknown>): Promise<string[]> {
  const before = noaa.log.length;
  await work();
  return noaa.log.slice(before).map(({ path }) => (isBulk(path) ? "bulk" : /ids=([^&]+)/.exec(path)![1]!));
}
const query = <T>(sql: string) => temporary.store.all<T>(sql);
/** Checks that every station has every hour, as its routine report has it, from the first time on. */
async function expectWhole(hours: number, names = icaos): Promise<void> {
  const expected = Object.entries(truth(ohare, genesis, at(Math.floor(hours))));
  const ids = stations.filter(({ icao }) => names.includes(icao)).map(({ stationId }) => stationId);
  const rows = await query<{ stationId: string; time: number; value: number; firstValue: number }>(
    `SELECT stationId, epoch_ms(validTime)::DOUBLE AS time, value, "firstValue" FROM hours
     WHERE variable = 'temperature' AND list_contains([${ids.map((id) => `'${id}'`)}], stationId) ORDER BY ALL`,
  );
  expect(rows).toEqual(
    ids.flatMap((stationId) =>
      expected.map(([time, value]) => ({ stationId, time: Date.parse(time), value, firstValue: value })),
    ),
  );
}
/** Changes the lines of the bulk file. */
const bulkLines = (change: (lines: string[]) => string[]): Fault =>
  changed((body) => gzipSync(change(gunzipSync(body).toString().split("\n")).join("\n")));

/** Changes cells of stations in the bulk file, or removes their rows, and answers JSON requests with a fault. */
function changeBulk(changes: Record<string, Record<string, string> | null>, json?: Fault): void {
  const change = (line: string): string[] => {
    const cells = line.split(",");
    const changed = changes[cells[1]!];
    if (changed === undefined) return [line];
    return changed === null ? [] : [names.map((name, i) => changed[name] ?? cells[i]).join(",")];
  };
  noaa.fault = (path) => (isBulk(path) ? bulkLines((lines) => lines.flatMap(change)) : json);
}

/** Collects the lines about AWC that a run logs. */
function awcLines(): { lines: string[]; report: Report } {
  const lines: string[] = [];
  const add = (line: string) => void (line.startsWith("ghcnh has no file") || lines.push(line));
  return { lines, report: { ...silentReport, warn: add, info: add } };
}

describe("the current hour of many stations", () => {
  it("comes by one request an hour, with the values of the JSON", async () => {
    for (let hour = 1; hour <= 2; hour++) {
      expect(await askedBy(() => fetchAfter(start + hour))).toEqual(["bulk"]);
    }
    await expectWhole(start + 2);
    const [first] = await query<object>("SELECT * EXCLUDE (stationId) FROM requests WHERE url LIKE '%cache%' LIMIT 1");
    expect(first).toMatchObject({ source: "awc", status: 200, outcome: "fetched", message: null });
    expect(await query("SELECT DISTINCT stationId FROM requests WHERE source = 'awc'")).toEqual([{ stationId: null }]);
    expect(await query("SELECT * FROM quarantine")).toEqual([]);
    expect(await query("SELECT DISTINCT name = stationId AS unnamed FROM stations")).toEqual([{ unnamed: false }]);
    // Within minutes nothing is requested again.
    expect(await askedBy(() => fetchAfter(start + 2 + 2 / 60))).toEqual([]);
    // All measures are those of the JSON.
    const columns = "stationId, validTime, variable, firstValue, value, source, reportTime, reportType";
    const byBulk = await query(`SELECT ${columns} FROM hours ORDER BY ALL`);
    await temporary.store.run("DELETE FROM hours");
    await temporary.store.run("DELETE FROM reports");
    await temporary.store.run("DELETE FROM files");
    noaa.fault = (path) => (isBulk(path) ? status(404) : undefined);
    await fetchAfter(start + 2);
    expect(await query(`SELECT ${columns} FROM hours ORDER BY ALL`)).toEqual(byBulk);
  });

  it("comes by JSON for few stations, and where more than the current hour is missing", async () => {
    expect(await askedBy(() => fetchAfter(start + 2))).not.toContain("bulk");
    const few = icaos.slice(0, 8);
    expect(await askedBy(() => fetchAfter(start + 3, few))).toEqual([few.join(",")]);
    // Nine lack one hour, and one lacks two.
    await fetchAfter(start + 3, icaos.slice(0, 9));
    expect(await askedBy(() => fetchAfter(start + 4))).toEqual(["bulk", icaos[9]]);
    await expectWhole(start + 4);
  });

  it("comes by JSON for stations that are not in the file, or not with the report of the hour", async () => {
    const raw = (type: string, icao: string, time: string) => `${type} ${icao} 01${time}Z 10SM`;
    changeBulk({
      KXAX: null,
      KXBX: { raw_text: raw("SPECI", "KXBX", "0602"), observation_time: "2026-03-01T06:02:00Z", metar_type: "SPECI" },
      KXCX: { raw_text: raw("METAR", "KXCX", "0531"), observation_time: "2026-03-01T05:31:00Z" },
      KXDX: { raw_text: raw("METAR", "KXDX", "0601"), observation_time: "2026-03-01T06:01:00Z" },
      KXEX: { raw_text: raw("METAR", "KXEX", "0551"), temp_c: "" },
    });
    expect(await askedBy(() => fetchAfter(later))).toEqual(["bulk", "KXAX,KXBX,KXCX,KXDX,KXEX"]);
    await expectWhole(later);
  });

  it("comes by JSON where the file's value is rejected, which is stored with file, row, column and check", async () => {
    changeBulk(
      {
        KXBX: { raw_text: "METAR KXYZ 010551Z 10SM" },
        KXCX: { elevation_m: "200,1" },
        KXDX: { raw_text: "METAR KXDX 010551Z 10SM", temp_c: "99", dewpoint_c: "" },
      },
      status(500),
    );
    expect((await askedBy(() => fetchAfter(later))).slice(0, 2)).toEqual(["bulk", "KXBX,KXCX,KXDX"]);
    const rejected = () =>
      query('SELECT stationId, file, "row", "column", "check", value FROM quarantine ORDER BY "row"');
    const file = noaa.hosts[1] + bulkPath;
    expect(await rejected()).toEqual([
      { stationId: "USI0000KXBX", file, row: 3, column: "rawText", check: "station", value: "KXYZ, not KXBX" },
      { stationId: null, file, row: 4, column: null, check: "columns", value: "KXCX: 45 columns, expected 44" },
      { stationId: "USI0000KXDX", file, row: 5, column: "temperatureC", check: "range", value: "99" },
    ]);
    await expectWhole(later, icaos.slice(4));
    noaa.fault = () => undefined;
    await fetchAfter(later + 1);
    await fetchAfter(later + 2);
    await expectWhole(later + 2);
    expect(await rejected()).toEqual([]);
  });

  const faults: [string, Fault, RegExp][] = [
    ["is absent", status(404), /status 404/],
    ["fails", status(500), /status 500/],
    ["stops", stall, /./],
    ["is cut off", cutTo(0.5), /gzip is cut off or damaged/],
    ["is a web page", webPage, /is a web page, not data/],
    ["is empty", changed(() => ""), /has no header with station_id/],
    [
      "has another header",
      bulkLines(([header, ...rows]) => [header!.replace("temp_c", "temp_f"), ...rows]),
      /missing column temp_c/,
    ],
    [
      "is of another day",
      bulkLines((lines) => lines.map((line) => line.replace("2026-03-01T", "2026-02-27T"))),
      /has no current report/,
    ],
  ];

  it("comes by JSON where the file is of no use, hour after hour, which is recorded and logged in one line", async () => {
    const http = { retryDelayMs: 5, idleTimeoutMs: 150, answerTimeoutMs: 1200 };
    for (const [hour, [what, fault, reason]] of faults.entries()) {
      const now = at(later + hour);
      noaa.now = now;
      noaa.fault = (path) => (isBulk(path) ? fault : undefined);
      const { lines, report } = awcLines();
      const paths = await askedBy(() => fetchLive(temporary.store, config(), { genesis, now, icaos, report, http }));
      expect(paths.at(-1), what).toBe(icaos.join(","));
      expect(lines, what).toEqual([expect.stringMatching(reason)]);
      expect(
        await query(
          `SELECT stationId, count(*)::INTEGER AS n FROM requests
           WHERE url LIKE '%cache%' AND runId = '${new Date(now).toISOString()}' GROUP BY 1`,
        ),
        what,
      ).toEqual([{ stationId: null, n: 1 }]);
    }
    await expectWhole(later + faults.length - 1);
    // It heals, and no failure is reported any longer.
    noaa.fault = () => undefined;
    expect(await askedBy(() => fetchAfter(later + faults.length))).toEqual(["bulk"]);
    await expectWhole(later + faults.length);
    expect(await query("SELECT * FROM quarantine")).toEqual([]);
  });

  it("comes by JSON where the file has not changed", async () => {
    await fetchAfter(later);
    const frozen = noaa.now;
    noaa.now = at(later + 1);
    noaa.fault = (path) => {
      noaa.now = isBulk(path) ? frozen : at(later + 1);
      return undefined;
    };
    const now = at(later + 1);
    expect(await askedBy(() => fetchLive(temporary.store, config(), { genesis, now, icaos }))).toEqual([
      "bulk",
      icaos.join(","),
    ]);
    expect(noaa.log.find(({ path, status: code }) => isBulk(path) && code === 304)).toBeDefined();
    await expectWhole(later + 1);
  });

  it("comes from a folder's file, packed or not, and without a word from its JSON where there is none", async () => {
    const folder = join(temporary.home, "awc");
    const write = (path: string, body: string | Buffer) => {
      mkdirSync(dirname(join(folder, path)), { recursive: true });
      writeFileSync(join(folder, path), body);
    };
    const fetched = async (path: string) => Buffer.from(await (await fetch(noaa.hosts[1] + path)).arrayBuffer());
    const { lines, report } = awcLines();
    const fetchFrom = (hours: number) =>
      fetchLive(temporary.store, configAt(temporary.home, { awc: [folder] }), {
        genesis,
        now: at(hours),
        icaos,
        replaying: true,
        report,
      });
    const writeJson = async (hours: number) => {
      noaa.now = at(hours);
      for (const icao of icaos) {
        write(`api/data/metar/${icao}.json`, await fetched(`api/data/metar?ids=${icao}&format=json&hours=12`));
      }
    };
    noaa.now = at(later);
    write(bulkPath, await fetched(bulkPath));
    expect(await fetchFrom(later)).toMatchObject({ files: 1, reports: 10 });
    await expectWhole(later);
    noaa.now = at(later + 1);
    write(bulkPath.replace(".gz", ""), gunzipSync(await fetched(bulkPath)));
    expect(await fetchFrom(later + 1)).toMatchObject({ files: 1, reports: 10 });
    await expectWhole(later + 1);
    expect(await query("SELECT * FROM requests WHERE url LIKE '%cache%'")).toEqual([]);
    rmSync(join(folder, "data"), { recursive: true });
    await writeJson(later + 2);
    await fetchFrom(later + 2);
    await expectWhole(later + 2);
    expect(lines).toEqual([]);
  });
});
