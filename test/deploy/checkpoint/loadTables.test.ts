import { mkdirSync, readFileSync, writeFileSync } from "node:fs";
import { join } from "node:path";
import { describe, expect, it, onTestFinished } from "vitest";
import { migrations, schemaVersion } from "../../../src/data/store/migrations.js";
import { getMeta, openStore } from "../../../src/data/store/store.js";
import { manifestName, sealManifest } from "../../../src/deploy/checkpoint/checkpointManifest.js";
import { loadTables } from "../../../src/deploy/checkpoint/loadTables.js";
import { openCheckpoint } from "../../../src/deploy/checkpoint/openCheckpoint.js";
import { restoreCheckpoint } from "../../../src/deploy/checkpoint/restoreCheckpoint.js";
import { saveCheckpoint } from "../../../src/deploy/checkpoint/saveCheckpoint.js";
import { writeCheckpoint } from "../../../src/deploy/checkpoint/writeCheckpoint.js";
import { temporaryFolder } from "../../support/temporaryFolder.js";
import { history, storeHours } from "../../support/training.js";

const station = "USW00000001";

/** What a later version of isotherm might change: a new computed column, a renamed one, a dropped table. */
const later = [
  `ALTER TABLE hours ADD COLUMN isWarm BOOLEAN;
   UPDATE hours SET isWarm = firstValue > 10;
   ALTER TABLE files RENAME COLUMN url TO address;
   DROP TABLE forecastGrids`,
  "ALTER TABLE hours RENAME COLUMN isWarm TO warm",
];

async function savedStore(): Promise<{ place: string; hours: number }> {
  const home = await temporaryFolder();
  const store = await openStore(home);
  await storeHours(store, station, history(50, 1));
  await store.run(
    `INSERT INTO files (source, file, stationId, url, checkedTime, absent)
     VALUES ('awc', 'metar/KXXX', '${station}', 'https://example.org', '2020-01-01', false)`,
  );
  const [row] = await store.all<{ n: number }>("SELECT count(*) AS n FROM hours");
  store.close();
  const place = join(await temporaryFolder(), "checkpoint.tar");
  await saveCheckpoint({ home, place, states: "newest", contact: null });
  return { place, hours: row!.n };
}

describe("a checkpoint of an older schema", () => {
  it("is migrated, including tables without rows; the store keeps its own version", async () => {
    const { place, hours } = await savedStore();
    const checkpoint = await openCheckpoint(place);
    const folder = await temporaryFolder();
    const store = await openStore(folder);
    onTestFinished(() => store.close());
    onTestFinished(() => checkpoint.close());
    for (const migration of later) await store.run(migration);
    await store.run(`UPDATE meta SET value = '${schemaVersion + 2}' WHERE key = 'schemaVersion'`);
    await loadTables(store, [{ checkpoint, stations: new Set([station]) }], folder, [...migrations, ...later]);
    const [row] = await store.all<{ n: number; right: number }>(
      "SELECT count(*) AS n, count(*) FILTER (warm = (firstValue > 10)) AS right FROM hours",
    );
    expect(row).toEqual({ n: hours, right: hours });
    expect(await store.all("SELECT address FROM files")).toEqual([{ address: "https://example.org" }]);
    expect(await getMeta(store, "schemaVersion")).toBe(String(schemaVersion + 2));
  });

  it("can have version 2 but no earlier one", async () => {
    const home = await temporaryFolder();
    const old = await openStore(home);
    await old.run(readFileSync(new URL("../../input/toVersion2.sql", import.meta.url), "utf8"));
    const time = "TIMESTAMP '2020-01-01'";
    await old.run(`INSERT INTO issues VALUES ('${station}', ${time}, ${time}, '0123456789abcdef');
      INSERT INTO officialForecasts VALUES ('${station}', ${time}, ${time}, ${time}, 1, 10, NULL);
      INSERT INTO hours (stationId, validTime, variable, firstValue, firstSource, firstSeenTime, value, source, reportTime,
        reportType) VALUES ('${station}', ${time}, 'temperature', 1, 'awc', ${time}, 2, 'awc', ${time}, 'FM15')`);
    const folder = join(home, "checkpoint");
    mkdirSync(folder);
    const manifest = await writeCheckpoint(old, { home, folder, states: "newest" });
    old.close();
    const restored = await temporaryFolder();
    writeFileSync(join(folder, manifestName), sealManifest({ ...manifest, schemaVersion: 1 }));
    await expect(restoreCheckpoint([folder], { home: restored })).rejects.toThrow(/schema version 1 .*empty folder/);
    writeFileSync(join(folder, manifestName), sealManifest({ ...manifest, schemaVersion: 2 }));
    await restoreCheckpoint([folder], { home: restored });
    const store = await openStore(restored);
    onTestFinished(() => store.close());
    expect(await store.all("SELECT stationId, firstValue, value, learned, entry FROM hours")).toEqual([
      { stationId: station, firstValue: 1, value: 2, learned: false, entry: 1 },
    ]);
    expect(await store.all("SELECT digest FROM issues")).toEqual([{ digest: "0123456789abcdef" }]);
    expect(await store.all("SELECT source, leadHours, temperatureC, entry FROM guidanceSeen")).toEqual([
      { source: "nws", leadHours: 1, temperatureC: 10, entry: 1 },
    ]);
    expect(await getMeta(store, "schemaVersion")).toBe(String(schemaVersion));
  });

  it("is rejected if its tables do not fit the store, which stays empty", async () => {
    const { place } = await savedStore();
    const checkpoint = await openCheckpoint(place);
    const folder = await temporaryFolder();
    const store = await openStore(folder);
    onTestFinished(() => store.close());
    onTestFinished(() => checkpoint.close());
    await store.run("ALTER TABLE files RENAME COLUMN url TO address");
    const loaded = loadTables(store, [{ checkpoint, stations: new Set([station]) }], folder);
    await expect(loaded).rejects.toThrow(/^checkpoint .*url/);
    expect(await store.all("SELECT 1 FROM hours")).toEqual([]);
  });
});
