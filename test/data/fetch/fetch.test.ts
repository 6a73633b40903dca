import { existsSync, mkdirSync, readdirSync, rmSync, writeFileSync } from "node:fs";
import { dirname, join } from "node:path";
import { gzipSync } from "node:zlib";
import { afterEach, beforeEach, describe, expect, it } from "vitest";
import { fetchStations, UnreachableError } from "../../../src/data/fetch/fetch.js";
import { ingestSimulated } from "../../../src/data/simulated/simulated.js";
import { resolveStations } from "../../../src/data/stations/stations.js";
import { isSimulated } from "../../../src/data/store/purgeSimulated.js";
import { systemClock } from "../../../src/shared/clock.js";
import { type Config, parseConfig } from "../../../src/shared/config.js";
import { type Report, silentReport } from "../../../src/shared/progress.js";
import { dayMs, hourMs } from "../../../src/shared/time.js";
import {
  changed,
  cutTo,
  type Fault,
  hangUp,
  type LoopbackNoaa,
  startNoaa,
  status,
  webPage,
} from "../../support/loopbackNoaa.js";
import { psv, routineRows } from "../../support/psv.js";
import { temporaryFolder } from "../../support/temporaryFolder.js";
import { useTemporaryStore } from "../../support/temporaryStore.js";

const ohare = "USW00094846";
const midway = "USW00014819";
const path = (id: string, year: number) => `access/by-year/${year}/psv/GHCNh_${id}_${year}.psv`;
const newYear = (year: number) => Date.UTC(year, 0, 1);

const temporary = useTemporaryStore();
let noaa: LoopbackNoaa;
beforeEach(async () => {
  noaa = await startNoaa();
  noaa.files.set(path(ohare, 2019), psv(ohare, routineRows(newYear(2019), 24)));
  noaa.files.set(
    path(ohare, 2020),
    psv(
      ohare,
      routineRows(newYear(2020), 48, (hour) => (hour % 24) / 2),
    ),
  );
});
afterEach(() => noaa.close());

function configOf(ghcnh: readonly string[], isdBase = noaa.url): Config {
  return parseConfig({
    home: temporary.home,
    stations: [{ id: ohare }],
    // The folder has no replies of the live services.
    sources: { ghcnh: [...ghcnh], isd: [isdBase], awc: [temporary.home], nws: [temporary.home] },
  });
}

interface Options {
  config?: Config;
  names?: string[];
  from?: number;
  report?: Report;
  asksAbsent?: boolean;
}

async function fetchAt(asOf: string, options: Options = {}) {
  const { config = configOf([noaa.url]), names = [ohare], from = newYear(2019), ...others } = options;
  const stations = await resolveStations(config, names);
  return fetchStations(temporary.store, config, stations, {
    genesis: from,
    clock: systemClock(asOf),
    runId: asOf,
    report: silentReport,
    ...others,
    http: { retryDelayMs: 5, connectTimeoutMs: 300 },
  });
}

const requests = () => temporary.store.all("SELECT outcome, status, message FROM requests ORDER BY rowid");
const count = async (table: string) =>
  (await temporary.store.all<{ n: number }>(`SELECT count(*) AS n FROM ${table}`))[0]!.n;
const newest = async () =>
  (await temporary.store.all<{ newest: string }>("SELECT max(validTime)::VARCHAR AS newest FROM hours"))[0]!.newest;

describe("fetchStations", () => {
  it("brings hours up to date, and requests nothing that can't have changed", async () => {
    const first = await fetchAt("2020-06-01");
    expect(first).toMatchObject({ files: 2, reports: 72, values: 144, failedChecks: 0, requested: 2, failures: [] });
    expect(await count("hours")).toBe(144);
    const again = await fetchAt("2020-06-01T01:00");
    expect(again).toMatchObject({ files: 0, requested: 0, saved: 2 });
    // Later the current year can have changed; the past one is final.
    const later = await fetchAt("2020-06-02T01:00");
    expect(later).toMatchObject({ files: 0, requested: 1, saved: 1 });
    expect((await requests()).map((row) => row.outcome)).toEqual(["fetched", "fetched", "unchanged"]);
    expect(noaa.log.filter((entry) => entry.path.includes("2019"))).toHaveLength(1);
    expect(await temporary.store.all("SELECT sum(saved)::INTEGER AS saved FROM requestsSaved")).toEqual([{ saved: 3 }]);
  });

  it("ignores observations after the clock and before the training start", async () => {
    await fetchAt("2020-01-01T12:00", { from: newYear(2020) + hourMs * 6 });
    expect(await count("hours")).toBe(14);
    expect(await newest()).toBe("2020-01-01 12:00:00");
    expect(await count("quarantine")).toBe(0);
    // A report of 12:51 stands for 13:00, and is known only then.
    const asked = noaa.log.length;
    await fetchAt("2020-01-01T12:55", { from: newYear(2020) + hourMs * 6 });
    expect(await newest()).toBe("2020-01-01 12:00:00");
    await fetchAt("2020-01-01T13:00", { from: newYear(2020) + hourMs * 6 });
    expect(await newest()).toBe("2020-01-01 13:00:00");
    await fetchAt("2020-01-01T13:00");
    expect(await count("hours")).toBe(24 * 2 + 13 * 2);
    // All of that but the year that was not yet known came from what had been kept.
    expect(noaa.log.slice(asked).map((entry) => entry.path)).toEqual([path(ohare, 2019)]);
  });

  it("requests a missing file of the current year once a day", async () => {
    noaa.files.delete(path(ohare, 2020));
    const askedAt = async (asOf: string) => {
      const before = noaa.log.length;
      await fetchAt(asOf);
      return noaa.log.slice(before).some((entry) => entry.path === path(ohare, 2020));
    };
    expect(await askedAt("2020-01-01T01:00")).toBe(true);
    for (const hour of ["05", "11", "20"]) expect(await askedAt(`2020-01-01T${hour}:00`), hour).toBe(false);
    expect(await askedAt("2020-01-01T22:00")).toBe(true);
  });

  it("requests an absent file once a day, and ISD instead", async () => {
    noaa.files.delete(path(ohare, 2019));
    noaa.files.set(
      "data/global-hourly/access/2019/72530094846.csv",
      [
        '"STATION","DATE","REPORT_TYPE","TMP","DEW"',
        '"72530094846","2019-07-01T00:51:00","FM-15","+0250,5","+0150,5"',
      ].join("\n"),
    );
    expect(await fetchAt("2020-06-01")).toMatchObject({ files: 2, failures: [] });
    expect(await temporary.store.all("SELECT DISTINCT source FROM hours ORDER BY source")).toEqual([
      { source: "ghcnh" },
      { source: "isd" },
    ]);
    const asked = noaa.log.length;
    await fetchAt("2020-06-01T12:00");
    expect(noaa.log.slice(asked).map((entry) => entry.path)).toEqual([path(ohare, 2020)]);
    // GHCNh comes to have the hour too, and goes first.
    noaa.files.set(path(ohare, 2019), psv(ohare, [{ date: "2019-07-01T00:51:00", temperature: 24 }]));
    await fetchAt("2020-06-05");
    expect(
      await temporary.store.all(
        "SELECT firstValue, firstSource, value, source FROM hours WHERE year(validTime) = 2019",
      ),
    ).toEqual(
      expect.arrayContaining([
        { firstValue: 25, firstSource: "isd", value: 24, source: "ghcnh" },
        { firstValue: 15, firstSource: "isd", value: 15, source: "isd" },
      ]),
    );
  });

  it("requests all years again on the next run if a station had none", async () => {
    const lines: string[] = [];
    const report = { ...silentReport, info: (line: string) => void lines.push(line) };
    noaa.fault = () => status(404);
    await expect(fetchAt("2020-06-01", { report })).rejects.toThrow("no observations of KORD: no source has a file");
    expect(lines).toEqual([
      "ghcnh has no file for 2019–2020: KORD; asked again within a day",
      "isd has no file for 2019–2020: KORD; asked again within a day",
    ]);
    noaa.fault = () => undefined;
    expect(await fetchAt("2020-06-01T01:00")).toMatchObject({ files: 2, reports: 72 });
  });

  it("fetches a year that was absent once within a day, known before or not", async () => {
    for (const known of [false, true]) {
      await temporary.store.run("DELETE FROM files");
      await temporary.store.run("DELETE FROM hours");
      await temporary.store.run("DELETE FROM reports");
      // Of the year before, half was there when it was under way.
      const half = psv(ohare, routineRows(newYear(2019), 12));
      if (known) noaa.files.set(path(ohare, 2019), half);
      if (known) await fetchAt("2019-03-01");
      const whole = psv(ohare, routineRows(newYear(2019), 24));
      noaa.files.delete(path(ohare, 2019));
      await fetchAt("2020-06-01");
      noaa.files.set(path(ohare, 2019), whole);
      const asked = noaa.log.length;
      await fetchAt("2020-06-01T12:00");
      expect(noaa.log.slice(asked).map((entry) => entry.path)).not.toContain(path(ohare, 2019));
      await fetchAt("2020-06-02");
      expect(await count("hours")).toBe(144);
      const later = noaa.log.length;
      await fetchAt("2020-06-05");
      expect(noaa.log.slice(later).map((entry) => entry.path)).toEqual([path(ohare, 2020)]);
    }
  });

  it.each([
    ["at another address", () => ({ config: configOf([noaa.hosts[1]]) })],
    ["at one more address", () => ({ config: configOf([noaa.url, noaa.hosts[1]]) })],
    ["when it relearns", () => ({ asksAbsent: true })],
  ])("requests at once what was absent: %s", async (_, optionsOf) => {
    noaa.files.delete(path(ohare, 2019));
    await fetchAt("2020-06-01");
    noaa.files.set(path(ohare, 2019), psv(ohare, routineRows(newYear(2019), 24)));
    expect(await fetchAt("2020-06-01T01:00")).toMatchObject({ files: 0 });
    await fetchAt("2020-06-01T01:00", optionsOf());
    expect(await count("hours")).toBe(144);
  });

  it.each<[string, (raw: string) => void]>([
    ["is gone", (raw) => rmSync(raw)],
    ["is cut off", (raw) => writeFileSync(raw, gzipSync("STATION|DATE\n".repeat(99)).subarray(0, 30))],
    ["is empty", (raw) => writeFileSync(raw, "")],
    [
      "is a folder",
      (raw) => {
        rmSync(raw);
        mkdirSync(raw);
      },
    ],
  ])("reads a file whole where the stored copy %s", async (_, change) => {
    // The copy of the current year has more than was known at the clock.
    await fetchAt("2020-01-01T12:00");
    change(join(temporary.home, "raw", "ghcnh", `${path(ohare, 2020)}.gz`));
    expect(await fetchAt("2020-06-01")).toMatchObject({ failures: [] });
    expect(await count("hours")).toBe(144);
  });

  it("goes on with other files if one can't be stored", async () => {
    noaa.files.set(path(midway, 2020), psv(midway, routineRows(newYear(2020), 24)));
    // A file stands where its folder would be.
    mkdirSync(join(temporary.home, "raw", "ghcnh", "access", "by-year"), { recursive: true });
    writeFileSync(join(temporary.home, "raw", "ghcnh", "access", "by-year", "2019"), "");
    const names = [ohare, midway];
    const { failures } = await fetchAt("2020-06-01", { names });
    const url = `${noaa.url}${path(ohare, 2019)}`;
    const message = `${url}: can't be stored: ENOTDIR: not a directory`;
    expect(failures).toEqual([{ stationId: ohare, source: "ghcnh", unreachable: false, url, message }]);
    expect(await temporary.store.all("SELECT DISTINCT stationId FROM hours ORDER BY ALL")).toEqual([
      { stationId: midway },
      { stationId: ohare },
    ]);
  });

  it("deletes files that it could not use", async () => {
    const half = changed((body) => gzipSync(body).subarray(0, 50));
    const faults: Fault[] = [webPage, cutTo(0.5), status(403), ...Array(4).fill(hangUp), half];
    for (const [i, fault] of faults.entries()) {
      noaa.faults.set(path(ohare, 2020), fault === hangUp ? Array(4).fill(hangUp) : [fault]);
      await fetchAt(new Date(newYear(2020) + i * dayMs).toISOString());
    }
    expect(await temporary.store.all("SELECT value FROM quarantine")).toEqual([
      { value: "gzip is cut off or damaged after line 0" },
    ]);
    const left = readdirSync(join(temporary.home, "raw"), { recursive: true, withFileTypes: true });
    expect(left.flatMap((entry) => (entry.isFile() ? [entry.name] : []))).toEqual([`GHCNh_${ohare}_2019.psv.gz`]);
  }, 60_000);

  it("goes to the next mirror when one is dead or serves nonsense", async () => {
    const mirror = await startNoaa();
    await mirror.close();
    const dead = await fetchAt("2020-06-01", { config: configOf([mirror.url, noaa.url]) });
    expect(dead).toMatchObject({ files: 2, reports: 72 });
    expect(dead.failures.every((failure) => failure.unreachable)).toBe(true);
  });

  it("notices within seconds that nothing answers", async () => {
    await noaa.close();
    const start = performance.now();
    const names = [ohare, midway, "KATL", "KJFK", "KDEN", "KSEA", "KPHX", "KMIA", "KMSP", "KBOS", "PANC", "KDFW"];
    await expect(fetchAt("2020-06-01", { names })).rejects.toThrow(UnreachableError);
    expect(performance.now() - start).toBeLessThan(5000);
    noaa = await startNoaa();
  });

  it("says what is missing when servers answer but have nothing", async () => {
    await expect(fetchAt("2020-06-01", { names: ["KDFW"] })).rejects.toThrow("no observations of KDFW");
  });

  it("reads a folder like a server: .gz or plain, from the tree's root or above it", async () => {
    const folder = await temporaryFolder();
    const put = (name: string, content: string | Buffer) => {
      mkdirSync(dirname(join(folder, name)), { recursive: true });
      writeFileSync(join(folder, name), content);
    };
    put(`hourly/${path(ohare, 2019)}.gz`, gzipSync(psv(ohare, routineRows(newYear(2019), 5))));
    put(`hourly/${path(ohare, 2020)}`, psv(ohare, routineRows(newYear(2020), 5)));
    const config = configOf([folder], folder);
    expect(await fetchAt("2020-06-01", { config })).toMatchObject({ files: 2, reports: 10, requested: 2 });
    expect(await fetchAt("2020-06-02", { config })).toMatchObject({ files: 0, requested: 0, saved: 2 });
    expect(await fetchAt("2020-06-02", { config: configOf([join(folder, "hourly")], folder) })).toMatchObject({
      reports: 10,
    });
    put(`hourly/${path(ohare, 2020)}`, psv(ohare, routineRows(newYear(2020), 6)));
    expect(await fetchAt("2020-06-02", { config })).toMatchObject({ reports: 11 });
    expect(
      await temporary.store.all("SELECT DISTINCT url FROM requests WHERE url LIKE '%' || $folder || '%'", { folder }),
    ).toEqual([]);
  });

  it("goes on without an unreadable address, with one warning", async () => {
    const warnings: string[] = [];
    const report = { ...silentReport, warn: (message: string) => void warnings.push(message) };
    const config = configOf(["s3://noaa-ghcnh-pds/hourly/", noaa.url], "/nonexistent");
    expect(await fetchAt("2020-06-01", { config, report })).toMatchObject({ reports: 72, failures: [] });
    expect(warnings).toEqual([
      expect.stringContaining("sources.ghcnh in isotherm.config.ts: s3://noaa-ghcnh-pds/hourly/ is not an address"),
      expect.stringContaining("sources.isd in isotherm.config.ts: no such folder: /nonexistent"),
    ]);
    // Without a request to ISD nothing is known to be absent there.
    expect(await temporary.store.all("FROM files WHERE source = 'isd'")).toEqual([]);
  });

  it("fails if no address can be read, with the reason for each", async () => {
    const { sources, ...config } = configOf(["ftp://one.example/"], "/nonexistent");
    const none = { ...config, sources: { ...sources, awc: ["http://"], nws: ["htps://two.example/"] } };
    await expect(fetchAt("2020-06-01", { config: none })).rejects.toThrow(
      /^no source can be read: .*ftp:.*\/nonexistent.*http:\/\/ is.*htps:/,
    );
  });

  it("never mixes simulated with real: the first real rows end the simulation", async () => {
    const config = configOf([noaa.url]);
    const stations = await resolveStations(config, ["KATL", "KORD"]);
    const options = { genesis: newYear(2019), clock: systemClock("2019-03-01"), report: silentReport };
    await ingestSimulated(temporary.store, stations, options);
    await temporary.store.run("INSERT INTO issues VALUES ('USW00013874', '2019-02-01', '2019-02-01', 'x')");
    mkdirSync(join(temporary.home, "snapshots", "USW00013874"), { recursive: true });
    expect(await isSimulated(temporary.store)).toBe(true);
    // What is simulated does not count as known.
    noaa.faults.set("*", Array(40).fill(status(500)));
    await expect(fetchAt("2020-05-01")).rejects.toThrow(UnreachableError);
    expect(await isSimulated(temporary.store)).toBe(true);
    noaa.faults.clear();
    await fetchAt("2020-06-01");
    expect(await isSimulated(temporary.store)).toBe(false);
    expect(await temporary.store.all("SELECT DISTINCT stationId, source FROM hours")).toEqual([
      { stationId: ohare, source: "ghcnh" },
    ]);
    for (const table of ["issues", "quarantine"]) expect(await count(table)).toBe(0);
    expect(existsSync(join(temporary.home, "snapshots"))).toBe(false);
    await expect(ingestSimulated(temporary.store, stations, options)).rejects.toThrow(/real observations/);
  });
});
