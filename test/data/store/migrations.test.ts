import { readFileSync } from "node:fs";
import { beforeEach, expect, onTestFinished, test } from "vitest";
import { migrations, oldestVersion } from "../../../src/data/store/migrations.js";
import { openStore, type Store, setMeta } from "../../../src/data/store/store.js";
import { emptyDigest } from "../../../src/pipeline/ledger/lineDigest.js";
import { guidanceValuesSeen, unrecordedRows } from "../../../src/pipeline/ledger/recordedValues.js";
import { verifyLedger } from "../../../src/pipeline/verify/verifyLedger.js";
import { temporaryFolder } from "../../support/temporaryFolder.js";

let home: string;
beforeEach(async () => {
  home = await temporaryFolder();
});

/** A store of an older version. */
async function storeOf(version: number): Promise<Store> {
  const store = await openStore(home);
  await store.run(readFileSync(new URL("../../input/toVersion2.sql", import.meta.url), "utf8"));
  for (const migration of migrations.slice(0, version - oldestVersion)) await store.run(migration);
  await setMeta(store, "schemaVersion", String(version));
  return store;
}

/** Opens an older store, which migrates it. */
async function migrated(): Promise<Store> {
  const [old, fresh] = [await openStore(home), await openStore(await temporaryFolder())];
  onTestFinished(() => old.close());
  onTestFinished(() => fresh.close());
  const layout = `SELECT table_name, column_name, column_index, data_type, is_nullable, column_default
    FROM duckdb_columns() WHERE NOT internal ORDER BY ALL`;
  expect(await old.all(layout)).toEqual(await fresh.all(layout));
  return old;
}

test("in a store of version 2 the next ledger entry covers its official forecasts, which are guidance", async () => {
  const before = await storeOf(2);
  const time = "TIMESTAMP '2020-01-01'";
  const forecast = (id: string) => `('${id}', ${time}, ${time}, ${time}, 1, 10, NULL)`;
  await before.run(`INSERT INTO officialForecasts VALUES ${forecast("a")}, ${forecast("b")};
    INSERT INTO hours (stationId, validTime, variable, firstValue, firstSource, firstSeenTime, value, source, reportTime,
      reportType) VALUES ('a', ${time}, 'temperature', 1, 'awc', ${time}, 2, 'awc', ${time}, 'FM15');
    INSERT INTO liveScores VALUES ('a', 'dewPoint', 'official', true, 6, ${time}, ${time}, 4, 5, -3, 10);
    INSERT INTO ledger SELECT 'a', i, ${time}, 'run', 0, '', '', NULL, NULL, 0, '', 0, '', '' FROM range(1, 8) AS t(i)`);
  before.close();
  const store = await migrated();
  expect(await store.all("SELECT stationId, source, entry FROM guidanceRuns ORDER BY ALL")).toEqual([
    { stationId: "a", source: "nws", entry: 8 },
    { stationId: "b", source: "nws", entry: 1 },
  ]);
  expect(
    await store.all("SELECT modelHours.value, entry FROM modelHours JOIN hours USING (stationId, validTime)"),
  ).toEqual([{ value: 1, entry: 1 }]);
  expect(await unrecordedRows(store, guidanceValuesSeen)).toEqual(
    new Map(["a", "b"].map((id) => [id, { n: 1, digest: expect.stringMatching(/^[0-9a-f]{32}$/) }])),
  );
  expect(await store.all("SELECT DISTINCT guidanceSeen, guidanceDigest FROM ledger")).toEqual([
    { guidanceSeen: null, guidanceDigest: null },
  ]);
  expect(await store.all("SELECT model, pairedWith, n, modelVersion FROM liveScores")).toEqual([
    { model: "nws", pairedWith: "nws", n: 4, modelVersion: 8 },
  ]);
});

test("in a store of version 5 official forecasts become guidance, and its ledger stays right", async () => {
  const before = await storeOf(5);
  const at = (time: string) => `TIMESTAMP '2026-03-01 ${time}'`;
  await before.run(`
    INSERT INTO officialForecasts VALUES
      ('a', ${at("10:00")}, ${at("10:20")}, ${at("10:05")}, 1, 10.5, 3, 1),
      ('a', ${at("10:00")}, ${at("10:20")}, ${at("10:05")}, 2, 11, NULL, 1),
      ('a', ${at("16:00")}, ${at("16:20")}, ${at("16:05")}, 1, 12.25, 3.5, 2);
    INSERT INTO liveScores BY NAME
      SELECT 'a' AS stationId, 'dewPoint' AS variable, model, paired, 6 AS leadHours, ${at("00:00")} AS month,
        ${at("16:00")} AS scoredTime, n, 5 AS absoluteSum, -3 AS errorSum, 10 AS squareSum, 9 AS modelVersion
      FROM (VALUES ('official', true, 1), ('mixture', true, 2), ('mixture', false, 3)) AS t(model, paired, n);
    INSERT INTO expertWeights BY NAME
      SELECT 'a' AS stationId, 'dewPoint' AS variable, model, 6 AS leadHours, ${at("16:00")} AS time, 0.5 AS weight
      FROM (VALUES ('official'), ('officialCorrected'), ('rls')) AS t(model)`);
  // As version 5 wrote it.
  const none = { seen: 0, seenDigest: emptyDigest, snapshotIds: "", issued: 0, issuesDigest: emptyDigest };
  const entry = { stationId: "a", ...none, issuedFrom: null, issuedThrough: null, taken: 0, takenDigest: emptyDigest };
  await before.insert("ledger", [
    {
      ...entry,
      entry: 1,
      runId: "run 1",
      time: Date.parse("2026-03-01T10:30Z"),
      officialSeen: 2,
      officialDigest: "c93aaa8b1190a6873464ed1b6432bb0e",
      hash: "52415190a5be2b5e59ab8fcd46471372d7fa2100431c07b52f8796ec8fe7f394",
    },
    {
      ...entry,
      entry: 2,
      runId: "run 2",
      time: Date.parse("2026-03-01T16:30Z"),
      officialSeen: 1,
      officialDigest: "ad63a52d921b0cd7a37db7eabfab0380",
      hash: "dddfd20643e56924fc07817e036f515e631f202b529a6cff849cc34f13315029",
    },
  ]);
  before.close();
  const store = await migrated();
  const run = { source: "nws", stationId: "a", imported: false };
  const [first, second] = [
    { ...run, issuedTime: "10:00", runTime: "10:05", publicTime: "10:20", entry: 1 },
    { ...run, issuedTime: "16:00", runTime: "16:05", publicTime: "16:20", entry: 2 },
  ];
  expect(
    await store.all(`SELECT * REPLACE (strftime(issuedTime, '%H:%M') AS issuedTime, strftime(runTime, '%H:%M') AS runTime,
      strftime(publicTime, '%H:%M') AS publicTime) FROM guidanceSeen ORDER BY guidanceSeen.issuedTime, leadHours`),
  ).toEqual(
    [
      { ...first, leadHours: 1, temperatureC: 10.5, dewPointC: 3 },
      { ...first, leadHours: 2, temperatureC: 11, dewPointC: null },
      { ...second, leadHours: 1, temperatureC: 12.25, dewPointC: 3.5 },
    ].map((row) => ({ ...row, temperatureSpreadC: null })),
  );
  expect(await store.all("SELECT model, pairedWith, n, modelVersion FROM liveScores ORDER BY n")).toEqual([
    { model: "nws", pairedWith: "nws", n: 1, modelVersion: 9 },
    { model: "mixture", pairedWith: "nws", n: 2, modelVersion: 9 },
    { model: "mixture", pairedWith: "", n: 3, modelVersion: 9 },
  ]);
  expect(await store.all("SELECT model FROM expertWeights ORDER BY ALL")).toEqual(
    ["nws", "nwsCorrected", "rls"].map((model) => ({ model })),
  );
  expect(await verifyLedger(store, "a")).toEqual({ entries: 2, difference: null });
  // What it records of guidance is checked.
  await store.run("UPDATE guidance SET dewPointC = 3.25 WHERE dewPointC = 3.5");
  expect((await verifyLedger(store, "a")).difference).toMatchObject({ entry: 2 });
});

test("in a store of version 6 the odds of frost become odds of an event, and lows have as many odds as forecasts", async () => {
  const before = await storeOf(6);
  const month = "TIMESTAMP '2026-03-01'";
  await before.run(`
    INSERT INTO frostOdds VALUES ('a', 1, ${month}, 9, 20, 19.5, 20);
    INSERT INTO extremeScores SELECT 'a', kind, 1, ${month}, 20, 0, 1, 1, 1, 1, 0, 0, 0, 0, 0, 0, 0, 20, 0.1, 0.2
      FROM (VALUES ('low'), ('high')) AS t(kind)`);
  before.close();
  const store = await migrated();
  expect(await store.all("SELECT event, windowNumber, tenth, n, came FROM extremeOdds")).toEqual([
    { event: "frost", windowNumber: 1, tenth: 9, n: 20, came: 20 },
  ]);
  expect(await store.all("SELECT kind, oddsN, climatologyMae FROM extremeScores ORDER BY kind")).toEqual([
    { kind: "high", oddsN: 0, climatologyMae: null },
    { kind: "low", oddsN: 20, climatologyMae: null },
  ]);
});
