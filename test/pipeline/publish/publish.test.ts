import { createHash } from "node:crypto";
import { mkdirSync, mkdtempSync, readdirSync, readFileSync, rmSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join, relative } from "node:path";
import { afterAll, beforeAll, describe, expect, it } from "vitest";
import { hiddenStationLines, sharedCodeLines } from "../../../src/data/stations/hiddenStations.js";
import { openStore, type Store, setMeta, timestamp } from "../../../src/data/store/store.js";
import { modelNames, publishedModel } from "../../../src/model/vocabulary.js";
import { fieldsOfSchema } from "../../../src/pipeline/dictionary/fieldsOfSchema.js";
import { recordLedger } from "../../../src/pipeline/ledger/recordLedger.js";
import { publish } from "../../../src/pipeline/publish/publish.js";
import { PublishedManifest, type PublishedTable, publishedTables } from "../../../src/shared/published/published.js";
import { dayMs, hourMs } from "../../../src/shared/time.js";
import { at, configOf, genesis, history, storeGuidance, storeHours, trainTo } from "../../support/training.js";

const [ahead, station] = ["USW00000001", "USW00000002"] as const;
/** Both in February, so that January is complete. */
const [now, later] = [200, 220];
const rows = history(later, 18);

let home: string;
let store: Store;
let manifest: PublishedManifest;
/** Digests of the files first published. */
let first: Record<string, string>;
const tables = Object.keys(publishedTables) as PublishedTable[];
const published = () => join(home, "published");

const publishAt = (hour: number) => publish(store, configOf(home), { clock: { now: () => at(hour), replaying: true } });

/** Rows of a published table, times in epoch milliseconds. */
const read = <T = Record<string, number | string | null>>(table: PublishedTable, where = "") =>
  store.all<T>(`FROM '${join(published(), table)}.parquet' ${where}`);

const sha256 = (bytes: Uint8Array) => createHash("sha256").update(bytes).digest("hex");
const publishedNames = () =>
  readdirSync(published(), { recursive: true, withFileTypes: true })
    .filter((entry) => entry.isFile())
    .map((entry) => relative(published(), join(entry.parentPath, entry.name)));

/** Digests of the published files. */
const digests = () =>
  Object.fromEntries(publishedNames().map((name) => [name, sha256(readFileSync(join(published(), name)))]));

beforeAll(async () => {
  home = mkdtempSync(join(tmpdir(), "isotherm-"));
  store = await openStore(home);
  for (const id of [ahead, station]) {
    await storeHours(store, id, rows.slice(0, now));
    // The ledger lists single values only after the history.
    await recordLedger(store, { runId: "run 0", time: at(now - 1) });
    await storeHours(store, id, rows.slice(now), now);
    await store.run("INSERT INTO stations VALUES ($id, NULL, 'Somewhere', 33.6, -84.4, NULL, 'UTC')", { id });
  }
  await trainTo(store, home, [ahead], later - 1);
  await trainTo(store, home, [station], now);
  await store.append(
    "alarms",
    ["stationId", "variable", "time", "side"],
    [50, now + 5].map((hour) => [ahead, "temperature", at(hour), "forecasts too low"]),
  );
  await store.append(
    "quarantine",
    ["stationId", "source", "file", "row", "schema", "column", "check", "value", "severity", "seenTime"],
    [[station, "ghcnh", "some.psv", 7, "RawReport", "temperatureC", "range", "99", "error", at(now)]],
  );
  await store.append(
    "runs",
    ["runId", "command", "startedTime", "asOf", "outcome"],
    [now - 24 * 70, now].map((hour, i) => [`run ${i}`, "update", at(hour), at(now), "running"]),
  );
  await store.append(
    "requests",
    ["runId", "source", "stationId", "url", "status", "bytes", "seconds", "outcome", "requestedTime"],
    [
      ["run 1", "ghcnh", station, "https://noaa.example/file", 200, 12, 0.1, "fetched", at(now)],
      ["run 1", "ghcnh", station, "https://noaa.example/file", 500, 0, 0.2, "failed", at(now)],
      ["run 1", "awc", null, "https://noaa.example/metar", 200, 5, 0.1, "fetched", at(now)],
      ["run 0", "ghcnh", station, "https://noaa.example/file", 304, 0, 0.1, "unchanged", at(now - 24 * 8)],
    ],
  );
  await store.append("requestsSaved", ["runId", "source", "stationId", "saved"], [["run 1", "ghcnh", station, 3]]);
  for (const hour of [now - 60, now - 1, now, now + 1]) await storeGuidance(store, station, hour, 2, () => 11.1);
  // A run that changed nothing.
  await storeGuidance(store, station, now - 30, 0, () => 0, { source: "nbm" });
  const [january, february] = [Date.UTC(2020, 0), Date.UTC(2020, 1)];
  for (const id of [ahead, station])
    for (const month of [january, february])
      await store.run(
        `INSERT INTO liveScores VALUES
         ($id, 'temperature', 'nws', 'nws', 6, $month, $scored, 4, 5, -3, 10, 9),
         ($id, 'dewPoint', 'mixture', '', 6, $month, $scored, 1, 1, 1, 1, 9)`,
        { id, month: timestamp(month), scored: timestamp(at(now)) },
      );
  await store.run(`INSERT INTO liveExtremeScores BY NAME SELECT 'low' AS kind, 1 AS windowNumber, 11 AS modelVersion,
    4 AS n, -3 AS errorSum, 5 AS absoluteSum, 4 AS crpsSum, 0 AS belowP025, 1 AS belowP10, 0 AS belowP25, 1 AS belowP50,
    1 AS belowP75, 1 AS belowP90, 0 AS belowP975, 0 AS aboveP975, 2 AS oddsN, 0.5 AS brierSum, stationId, month, scoredTime
    FROM (SELECT DISTINCT stationId, month, scoredTime FROM liveScores)`);
  await store.run("UPDATE hours SET corrections = 1 WHERE validTime = $time AND variable = 'temperature'", {
    time: timestamp(at(now)),
  });
  manifest = await publishAt(now);
  first = digests();
});
afterAll(() => {
  store.close();
  rmSync(home, { recursive: true });
});

describe("the published data", () => {
  it("are a file per table with valid rows, and a manifest that describes them", async () => {
    expect(
      publishedNames()
        .filter((name) => !/^(api|feed|status)/.test(name))
        .sort(),
    ).toEqual([...tables.map((table) => `${table}.parquet`), "manifest.json"].sort());
    for (const table of tables) {
      const found = await read(table);
      // These stations have no network; publishAnomalies.test.ts has one.
      if (table !== "anomalies") expect(found.length, table).toBeGreaterThan(0);
      const row = publishedTables[table].strict();
      expect(found.filter((one) => !row.safeParse(one).success).slice(0, 3), table).toEqual([]);
    }
    const written: unknown = JSON.parse(readFileSync(join(published(), "manifest.json"), "utf8"));
    expect(PublishedManifest.parse(written)).toEqual(manifest);
    expect(manifest).toMatchObject({ asOf: at(now), dataThrough: at(now), simulated: false, publishedModel });
    for (const { name, rows: count, bytes, sha256: digest } of manifest.files) {
      const content = readFileSync(join(published(), name));
      expect({ bytes: content.length, sha256: sha256(content) }).toEqual({ bytes, sha256: digest });
      expect(await read(name.replace(".parquet", "") as PublishedTable)).toHaveLength(count);
    }
  });

  it("leave out a station removed from the configuration or without coordinates, except in the ledger", async () => {
    const before = Object.fromEntries(
      await Promise.all(tables.map(async (table) => [table, await read(table)] as const)),
    );
    await setMeta(store, `configured/${station}`, "true");
    await publishAt(now);
    for (const table of tables) {
      const isComplete = table.startsWith("ledger");
      const expected = before[table]!.filter((row) => isComplete || row.stationId !== station);
      expect(await read(table), table).toEqual(expected);
    }
    await store.run("DELETE FROM meta WHERE key = $key", { key: `configured/${station}` });

    await store.run("CREATE TEMP TABLE placed AS FROM stations WHERE stationId = $station", { station });
    await store.run("DELETE FROM stations WHERE stationId = $station", { station });
    await publishAt(now);
    for (const table of tables.filter((table) => "stationId" in publishedTables[table].shape)) {
      const ids = new Set((await read(table)).map((row) => row.stationId));
      expect(ids.has(station), table).toBe(table.startsWith("ledger"));
    }
    const config = configOf(home);
    expect(await hiddenStationLines(store, config)).toEqual([expect.stringContaining(`${station} is not shown`)]);
    await setMeta(store, `configured/${station}`, "true");
    expect(await hiddenStationLines(store, config)).toEqual([]);
    await store.run("DELETE FROM meta WHERE key = $key", { key: `configured/${station}` });
    await store.run("INSERT INTO stations FROM placed");
    await publishAt(now);
    expect([digests(), await hiddenStationLines(store, config)]).toEqual([first, []]);
  });

  it("leave out invalid ICAO codes, and status names stations that share a code", async () => {
    const codes = async () => (await read("stations")).map(({ icao }) => icao);
    for (const pair of [
      ["../../x", "N/A"],
      ["kabc", "KABCD"],
    ]) {
      for (const [i, id] of [ahead, station].entries())
        await store.run("UPDATE stations SET icao = $code WHERE stationId = $id", { code: pair[i]!, id });
      await publishAt(now);
      expect(await codes()).toEqual([null, null]);
    }
    await store.run("UPDATE stations SET icao = 'KABC'");
    await publishAt(now);
    expect(await codes()).toEqual(["KABC", "KABC"]);
    expect(await sharedCodeLines(store, configOf(home))).toEqual([
      `KABC is the code of ${ahead} and ${station}: they are named by their ids`,
    ]);
    await store.run("UPDATE stations SET icao = NULL");
  });

  it("have the columns and types of their schemas", async () => {
    const types: Record<string, RegExp> = {
      text: /^(VARCHAR|ENUM.*)$/,
      number: /^(FLOAT|DOUBLE)$/,
      integer: /^(U?(TINY|SMALL|BIG)INT|U?INTEGER)$/,
      boolean: /^BOOLEAN$/,
      time: /^TIMESTAMP$/,
    };
    for (const table of tables) {
      const columns = await store.all<{ column_name: string; column_type: string }>(
        `DESCRIBE FROM read_parquet('${join(published(), table)}.parquet')`,
      );
      const fields = fieldsOfSchema(publishedTables[table]);
      expect(columns.map((column) => column.column_name).sort(), table).toEqual(fields.map(({ name }) => name).sort());
      for (const { name, type } of fields) {
        const { column_type } = columns.find((column) => column.column_name === name)!;
        expect(column_type, `${table}.${name}`).toMatch(types[type]!);
      }
    }
  });

  it("have the newest times, counts and observed hours of each station", async () => {
    const temperatures = rows.slice(0, now + 1).filter(([temperatureC]) => !Number.isNaN(temperatureC!)).length;
    const common = {
      genesisTime: genesis,
      newestObservedTime: at(now),
      dueTime: at(now + 1),
      reportedHours: 24,
      newestIssuedTime: at(now),
      hoursObserved: temperatures,
      hoursMissing: now + 1 - temperatures,
      simulated: false,
    };
    expect(await read("stations")).toMatchObject([
      { ...common, stationId: ahead, rowsQuarantined: 0 },
      { ...common, stationId: station, rowsQuarantined: 1 },
    ]);
    expect(await read("stations")).toMatchObject([ahead, station].map(() => ({ valuesCorrected: 1, valuesLate: 0 })));
    const hours = await read<{ validTime: number; temperatureC: number | null; dewPointC: number | null }>(
      "hours",
      `WHERE stationId = '${station}'`,
    );
    expect(hours).toHaveLength(temperatures);
    for (const { validTime, temperatureC, dewPointC } of hours) {
      const row = rows[(validTime - genesis) / hourMs]!;
      expect(temperatureC).toBe(row[0]);
      expect(dewPointC).toBe(Number.isNaN(row[1]!) ? null : row[1]);
    }
  });

  it("have the mean errors of live forecasts, and when each forecast was made", async () => {
    expect(await read("liveScores", `WHERE stationId = '${station}' AND model = 'nws' LIMIT 1`)).toMatchObject([
      {
        variable: "temperature",
        pairedWith: "nws",
        leadHours: 6,
        n: 4,
        mae: 1.25,
        bias: -0.75,
        rmse: Math.fround(Math.sqrt(2.5)),
      },
    ]);
    expect(await read("liveExtremeScores", `WHERE stationId = '${station}' LIMIT 1`)).toMatchObject([
      { n: 4, bias: -0.75, mae: 1.25, crps: 1, oddsN: 2, brier: 0.25 },
    ]);
    // One run made all forecasts: all but the newest are replays.
    const made = await read<{ issuedTime: number; madeTime: number }>("forecasts", `WHERE stationId = '${station}'`);
    expect(new Set(made.map(({ madeTime }) => madeTime))).toEqual(new Set([at(now)]));
  });

  it("have the guidance public so far, and separately what the model used of it", async () => {
    const rowsOf = async (table: "guidance" | "learnedGuidance") => {
      const rows = await read<{ source: string; issuedTime: number; leadHours: number | null }>(table);
      return rows.map(({ source, issuedTime, leadHours }) => [
        source,
        (issuedTime - genesis) / hourMs - now,
        leadHours,
      ]);
    };
    const learned = [
      ["nbm", -30, null],
      ["nws", -60, 1],
      ["nws", -60, 2],
      ["nws", -1, 1],
      ["nws", -1, 2],
    ];
    // That of an hour is used from the next on.
    expect(await rowsOf("guidance")).toEqual([...learned, ["nws", 0, 1], ["nws", 0, 2]]);
    expect(await rowsOf("learnedGuidance")).toEqual(learned);
  });

  it("have EWMAE at the newest learned hour, and at every hour for the published model", async () => {
    const newest = await read<{ model: string; time: number; n: number }>(
      "ewmae",
      `SELECT model, epoch_ms(time)::DOUBLE AS time, n WHERE stationId = '${station}' AND leadHours = 24
         AND variable = 'temperature' QUALIFY time = max(time) OVER () ORDER BY model`,
    );
    expect(newest.map(({ model, time }) => [model, time])).toEqual(
      ["mixture", "persistence", "rls", "seasonalNaive", "sgd"].map((model) => [model, at(now)]),
    );
    const hourly = await read<{ time: number; validation: number }>(
      "ewmaeHours",
      `SELECT epoch_ms(time)::DOUBLE AS time, validationCorrected AS validation
       WHERE stationId = '${station}' AND leadHours = 24 AND variable = 'temperature' ORDER BY time`,
    );
    const hours = hourly.map(({ time }) => (time - genesis) / hourMs);
    expect(hours).toEqual(Array.from({ length: hours.length }, (_, i) => now - hours.length + 1 + i));
    expect(hours.length).toBeGreaterThan(now - 30);
    // Each error changes the average by a tenth of the difference.
    const errors = await read<{ time: number; error: number }>(
      "forecasts",
      `AS f JOIN '${join(published(), "hours")}.parquet' h
         ON f.stationId = h.stationId AND h.validTime = f.issuedTime + INTERVAL 24 HOUR
       SELECT epoch_ms(h.validTime)::DOUBLE AS time, abs(f.valueC - h.temperatureC) AS error
       WHERE f.stationId = '${station}' AND f.leadHours = 24 AND f.variable = 'temperature' AND f.model = 'mixture'
         AND h.temperatureC IS NOT NULL`,
    );
    const byTime = new Map(errors.map(({ time, error }) => [time, error]));
    for (const [i, { time, validation }] of hourly.entries()) {
      // The correction for the start at 0 still matters.
      if (i < 100) continue;
      const error = byTime.get(time);
      const before = hourly[i - 1]!.validation;
      expect(Math.abs(validation - (error === undefined ? before : 0.1 * error + 0.9 * before))).toBeLessThan(0.016);
    }
  });

  it("have nothing later than the clock, even when a station was trained further", async () => {
    const newest = async (table: PublishedTable, column: string) =>
      (await read<{ t: number }>(table, `SELECT epoch_ms(max(${column}))::DOUBLE AS t`))[0]!.t;
    const times = [
      "hours validTime",
      "forecasts issuedTime",
      "guidance issuedTime",
      "snapshots throughTime",
      "ewmae time",
      "ewmaeHours time",
      "expertWeights time",
      "alarms time",
    ];
    for (const time of times) {
      const [table, column] = time.split(" ") as [PublishedTable, string];
      expect(await newest(table, column), time).toBeLessThanOrEqual(at(now));
    }
    // The current month is left out for the station trained past the clock, because it includes later errors.
    const february = Date.UTC(2020, 1);
    // Nights of so short a history had no odds of frost in February.
    const monthly = tables.filter((table) => "month" in publishedTables[table].shape && table !== "extremeOdds");
    expect(monthly).toEqual(expect.arrayContaining(["scores", "scoresByHour", "calibration"]));
    for (const table of monthly) {
      const months = await store.all(
        `SELECT DISTINCT stationId, epoch_ms(month)::DOUBLE AS month FROM '${join(published(), table)}.parquet' ORDER BY ALL`,
      );
      expect(months, table).toEqual([
        { stationId: ahead, month: Date.UTC(2020, 0) },
        { stationId: station, month: Date.UTC(2020, 0) },
        { stationId: station, month: february },
      ]);
    }
    // The same for the current day.
    const today = Math.floor(at(now) / dayMs) * dayMs;
    const days = await store.all(
      `SELECT stationId, epoch_ms(max(day))::DOUBLE AS newest FROM '${join(published(), "dailyLosses")}.parquet' GROUP BY ALL ORDER BY ALL`,
    );
    expect(days).toEqual([
      { stationId: ahead, newest: today - dayMs },
      { stationId: station, newest: today },
    ]);
  });

  it("have all forecasts of the published model, and only the newest of every other model", async () => {
    const forecasts = await read<{ issuedTime: number; model: string; valueC: number; p025: number; p975: number }>(
      "forecasts",
      `WHERE stationId = '${station}'`,
    );
    for (const { model, issuedTime, valueC, p025, p975 } of forecasts)
      if (model === publishedModel) {
        if (p025 !== null && !(p025 <= p975)) expect.fail(`${p025} above ${p975}`);
        expect(Math.round(valueC * 100) / 100).toBe(valueC);
      } else expect(issuedTime).toBe(at(now));
    const newest = forecasts.filter(({ issuedTime }) => issuedTime === at(now));
    expect(new Set(newest.map(({ model }) => model))).toEqual(
      new Set(modelNames.filter((name) => !/^(nbm|nws|other|ownHistory)/.test(name))),
    );
    expect(newest.filter(({ model }) => model === "persistence")).toHaveLength(144);
  });

  it("have the three worst misses of each month, at most one per day", async () => {
    const misses = await read<{ leadHours: number; variable: string; validTime: number }>(
      "worstMisses",
      `WHERE stationId = '${station}'`,
    );
    const groups = new Map<string, Set<number>>();
    for (const { variable, leadHours, validTime } of misses) {
      const key = `${variable} ${leadHours} ${new Date(validTime).getUTCMonth()}`;
      const day = Math.floor(validTime / dayMs);
      expect(groups.get(key)?.has(day)).not.toBe(true);
      groups.set(key, (groups.get(key) ?? new Set()).add(day));
    }
    expect(Math.max(...[...groups.values()].map((days) => days.size))).toBe(3);
  });

  it("have the runs of sixty days, the requests of seven, and daily request counts of sixty", async () => {
    expect(await read("runs")).toMatchObject([{ runId: "run 1", requested: 3, failed: 1, saved: 3, bytes: 17 }]);
    expect((await read("requests")).map(({ runId }) => runId)).toEqual(["run 1", "run 1", "run 1"]);
    const none = { fetched: 0, unchanged: 0, absent: 0, failed: 0, saved: 0, bytes: 0 };
    expect(await read("traffic")).toMatchObject([
      { ...none, source: "ghcnh", stationId: station, unchanged: 1 },
      { ...none, source: "awc", stationId: null, fetched: 1, bytes: 5 },
      { ...none, source: "ghcnh", stationId: station, fetched: 1, failed: 1, saved: 3, bytes: 12, seconds: 0.3 },
    ]);
  });
});

describe("publishing", () => {
  it("leaves out leads longer than configured", async () => {
    const clock = { now: () => at(now), replaying: true };
    await publish(store, { ...configOf(home), maxLeadHours: 24 }, { clock });
    for (const table of ["forecasts", "scores"] as const) {
      const leads = (await read<{ leadHours: number }>(table)).map(({ leadHours }) => leadHours);
      expect(leads.reduce((a, b) => Math.max(a, b))).toBe(24);
    }
  });

  it("replaces the whole folder by the same bytes for the same data, and removes what a killed run left", async () => {
    writeFileSync(join(published(), "of-an-older-version.parquet"), "");
    for (const left of ["published.tmp", "published.old"]) {
      mkdirSync(join(home, left));
      writeFileSync(join(home, left, "half.parquet"), "");
    }
    expect(await publishAt(now)).toEqual(manifest);
    expect(digests()).toEqual(first);
    expect(readdirSync(published()).sort()).toEqual(
      [...tables.map((table) => `${table}.parquet`), "api", "feed.json", "manifest.json", "status.json"].sort(),
    );
    expect(readdirSync(home).filter((name) => name.startsWith("published"))).toEqual(["published"]);
  });

  it("leaves the previous data when it fails", async () => {
    const before = digests();
    await store.run("ALTER TABLE alarms RENAME TO others");
    await expect(publishAt(now)).rejects.toThrow(/alarms/);
    await store.run("ALTER TABLE others RENAME TO alarms");
    expect(digests()).toEqual(before);
  });

  it("marks simulated weather", async () => {
    await setMeta(store, "simulated", "true");
    expect(await publishAt(now)).toMatchObject({ simulated: true });
    for (const row of await read("stations")) expect(row.simulated).toBe(true);
    await setMeta(store, "simulated", "false");
  });

  it("uses corrected values, and leaves out withdrawn ones", async () => {
    const times = { first: timestamp(at(0)), last: timestamp(at(now)) };
    await store.run("UPDATE hours SET value = 1.5 WHERE validTime = $first", { first: times.first });
    await store.run("UPDATE hours SET value = NULL WHERE validTime = $last", { last: times.last });
    expect((await publishAt(now)).dataThrough).toBeLessThan(at(now));
    const [first] = await read("hours", `WHERE stationId = '${station}' ORDER BY validTime LIMIT 1`);
    expect(first).toMatchObject({ validTime: at(0), temperatureC: 1.5 });
  });
});
