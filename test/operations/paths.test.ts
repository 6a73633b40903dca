import { cpSync, mkdirSync, readdirSync, writeFileSync } from "node:fs";
import { join } from "node:path";
import { beforeAll, expect, test } from "vitest";
import { openStore } from "../../src/data/store/store.js";
import { restoreCheckpoint } from "../../src/deploy/checkpoint/restoreCheckpoint.js";
import { saveCheckpoint } from "../../src/deploy/checkpoint/saveCheckpoint.js";
import { withPublished } from "../../src/pipeline/api/openPublished.js";
import { checkPublished } from "../../src/pipeline/publish/checkPublished.js";
import { publish } from "../../src/pipeline/publish/publish.js";
import { comparePublished } from "../../src/pipeline/verify/difference.js";
import { temporaryFolder } from "../support/temporaryFolder.js";
import { at, configOf, history, storeHours, trainTo } from "../support/training.js";

const station = "USW00000001";
const hours = 40;

let trained: string;
beforeAll(async () => {
  trained = await temporaryFolder();
  const store = await openStore(trained);
  await storeHours(store, station, history(hours, 3));
  await store.run("INSERT INTO stations VALUES ($station, NULL, 'Somewhere', 33.6, -84.4, NULL, 'UTC')", { station });
  await trainTo(store, trained, [station], hours - 1);
  store.close();
});

/** Folders that mean something to SQL, to a shell, to an address, or to DuckDB, which takes some for patterns or columns. */
const folders = [
  { name: '-x it\'s "100%25" a#b/größe ☀ back\\slash; new\nline ~', decoys: [] },
  // What each of the patterns would find too.
  {
    name: "a*c/[ab]/{a,b}/stationId=9",
    decoys: ["abc/[ab]/{a,b}/stationId=9", "a*c/a/{a,b}/stationId=9", "a*c/[ab]/a/stationId=9", "abc/a/b/stationId=9"],
  },
  { name: "n".repeat(200), decoys: [] },
];

test.each(folders)("all works in a folder named $name", async ({ name, decoys }) => {
  const folder = await temporaryFolder();
  for (const decoy of decoys) {
    mkdirSync(join(folder, decoy, "published"), { recursive: true });
    writeFileSync(join(folder, decoy, "published", "hours.parquet"), "no table");
  }
  const home = join(folder, name);
  cpSync(trained, home, { recursive: true });
  const config = configOf(home);
  const now = at(hours - 1);
  const store = await openStore(home);
  await publish(store, config, { clock: { now: () => now, replaying: true } });
  expect(await comparePublished(store, home, station)).toBeNull();
  store.close();
  expect((await checkPublished(config, { now })).problems).toEqual([]);
  const rows = await withPublished(
    ({ query }) =>
      query<{ id: string; n: number }>("SELECT stationId AS id, count(*)::DOUBLE AS n FROM forecasts GROUP BY ALL"),
    home,
  );
  expect(rows).toEqual([{ id: station, n: expect.any(Number) }]);
  for (const place of [join(folder, `${name}.state`), join(folder, `${name}.tar`)]) {
    await saveCheckpoint({ home, place, states: "newest", contact: null });
    const copy = join(folder, `${name} again`);
    expect((await restoreCheckpoint([place], { home: copy })).stations).toEqual([station]);
    expect(readdirSync(copy).sort()).toEqual(["isotherm.duckdb", "snapshots"]);
  }
});
