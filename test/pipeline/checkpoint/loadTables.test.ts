import { join } from "node:path";
import { describe, expect, it } from "vitest";
import { loadTables } from "../../../src/pipeline/checkpoint/loadTables.js";
import { openCheckpoint } from "../../../src/pipeline/checkpoint/openCheckpoint.js";
import { saveCheckpoint } from "../../../src/pipeline/checkpoint/saveCheckpoint.js";
import { migrations, schemaVersion } from "../../../src/pipeline/migrations.js";
import { getMeta, openStore } from "../../../src/pipeline/store.js";
import { temporaryFolder } from "../../support/temporaryFolder.js";
import { history, storeHours } from "../../support/training.js";

const station = "USW00000001";

/** What a later version of isotherm might bring: a new column that is computed, a renamed one, a table gone. */
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
  it("goes through the migrations, also where tables have no rows, and the store keeps its own version", async () => {
    const { place, hours } = await savedStore();
    const checkpoint = await openCheckpoint(place);
    const folder = await temporaryFolder();
    const store = await openStore(folder);
    try {
      for (const migration of later) await store.run(migration);
      await store.run(`UPDATE meta SET value = '${schemaVersion + 2}' WHERE key = 'schemaVersion'`);
      await loadTables(store, [{ checkpoint, stations: new Set([station]) }], folder, [...migrations, ...later]);
      const [row] = await store.all<{ n: number; right: number }>(
        "SELECT count(*) AS n, count(*) FILTER (warm = (firstValue > 10)) AS right FROM hours",
      );
      expect(row).toEqual({ n: hours, right: hours });
      expect(await store.all("SELECT address FROM files")).toEqual([{ address: "https://example.org" }]);
      expect(await getMeta(store, "schemaVersion")).toBe(String(schemaVersion + 2));
    } finally {
      store.close();
      await checkpoint.close();
    }
  });

  it("is refused when its tables can't become those of the store, which stays empty", async () => {
    const { place } = await savedStore();
    const checkpoint = await openCheckpoint(place);
    const folder = await temporaryFolder();
    const store = await openStore(folder);
    try {
      await store.run("ALTER TABLE files RENAME COLUMN url TO address");
      const loaded = loadTables(store, [{ checkpoint, stations: new Set([station]) }], folder);
      await expect(loaded).rejects.toThrow(/^checkpoint .*url/);
      expect(await store.all("SELECT 1 FROM hours")).toEqual([]);
    } finally {
      store.close();
      await checkpoint.close();
    }
  });
});
