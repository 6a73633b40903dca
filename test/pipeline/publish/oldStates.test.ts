import { cpSync, existsSync, readdirSync, readFileSync, rmSync, writeFileSync } from "node:fs";
import { join } from "node:path";
import { beforeAll, beforeEach, expect, test } from "vitest";
import { rememberConfigured } from "../../../src/data/stations/hiddenStations.js";
import { openStore } from "../../../src/data/store/store.js";
import { restoreCheckpoint } from "../../../src/deploy/checkpoint/restoreCheckpoint.js";
import { saveCheckpoint } from "../../../src/deploy/checkpoint/saveCheckpoint.js";
import { modelVersion } from "../../../src/model/forecaster/forecaster.js";
import { publish } from "../../../src/pipeline/publish/publish.js";
import { silentReport } from "../../../src/shared/progress.js";
import { temporaryFolder } from "../../support/temporaryFolder.js";
import { at, configOf, history, storeHours, trainTo } from "../../support/training.js";

const [configured, removed, named] = ["USW00000001", "USW00000002", "USW00000003"] as const;
const experts = ["persistence", "rls"] as const;
const hours = 60;

let trained: string;
beforeAll(async () => {
  trained = await temporaryFolder();
  const store = await openStore(trained);
  for (const [seed, id] of [configured, removed, named].entries()) {
    await storeHours(store, id, history(hours, seed));
    await store.run("INSERT INTO stations VALUES ($id, NULL, $id, 33.6, -84.4, NULL, 'UTC')", { id });
  }
  await trainTo(store, trained, [configured, removed, named], hours - 20, { experts });
  await trainTo(store, trained, [configured, removed, named], hours - 1, { experts });
  await rememberConfigured(store, [configured, removed], { isNamed: false });
  store.close();
});

let home: string;
let warnings: string[];
const report = { ...silentReport, warn: (message: string) => void warnings.push(message) };
beforeEach(async () => {
  home = await temporaryFolder();
  cpSync(trained, home, { recursive: true });
  warnings = [];
});

const statesOf = (id: string) =>
  readdirSync(join(home, "snapshots", id))
    .sort()
    .map((name) => join(home, "snapshots", id, name));

/** Marks the states of stations as those of another model version. */
function markOld(...ids: string[]): void {
  for (const file of ids.flatMap(statesOf)) {
    const bytes = readFileSync(file);
    bytes.writeUInt32LE(modelVersion - 1, 8);
    writeFileSync(file, bytes);
  }
}

async function published(): Promise<{ explained: string[]; kept: string[] }> {
  const store = await openStore(home);
  try {
    await publish(store, configOf(home, experts), { clock: { now: () => at(hours - 1), replaying: true }, report });
    const idsOf = async (from: string) =>
      (await store.all<{ id: string }>(`SELECT DISTINCT stationId AS id FROM ${from} ORDER BY id`)).map(({ id }) => id);
    return {
      explained: await idsOf(`'${join(home, "published", "explanations.parquet")}'`),
      kept: await idsOf("snapshots WHERE kept"),
    };
  } finally {
    store.close();
  }
}

const checkpoint = async () => {
  const place = join(await temporaryFolder(), "checkpoint");
  const { stations } = configOf(home);
  const manifest = await saveCheckpoint({ home, place, states: "both", stations, contact: null, report });
  return { place, stationsSaved: [...new Set(manifest.snapshots.map(({ stationId }) => stationId))] };
};

test("states of another model version are not published, are removed, and cause one warning", async () => {
  markOld(removed, named);
  expect(await published()).toEqual({ explained: [configured], kept: [configured] });
  expect(warnings).toEqual([`ignored states of another model version: ${removed}, ${named}`]);
  expect([removed, named].flatMap(statesOf)).toEqual([]);
  expect(await published()).toEqual({ explained: [configured], kept: [configured] });
  expect(warnings).toHaveLength(1);
});

test("states of a removed station are neither read nor deleted", async () => {
  for (const file of statesOf(removed)) writeFileSync(file, "not a state");
  expect(await published()).toEqual({ explained: [configured, named], kept: [configured, removed, named] });
  for (const file of statesOf(removed)) rmSync(file);
  expect((await published()).explained).toEqual([configured, named]);
});

test("a missing newest state is an error; an older one is removed from the record with a warning", async () => {
  const [first] = statesOf(configured);
  const store = await openStore(home);
  const rows = await store.all<{ id: string; newest: boolean }>(
    `SELECT snapshotId AS id, throughTime = max(throughTime) OVER () AS newest FROM snapshots
     WHERE kept AND stationId = '${configured}'`,
  );
  store.close();
  const fileOf = (newest: boolean) =>
    join(home, "snapshots", configured, `${rows.find((row) => row.newest === newest)!.id}.bin`);
  expect(existsSync(first!)).toBe(true);
  rmSync(fileOf(false));
  await published();
  expect(warnings).toEqual([`missing states, now removed from the record: ${configured}`]);
  rmSync(fileOf(true));
  await expect(published()).rejects.toThrow(`${fileOf(true)} is missing; train again to restore it`);
  expect(readdirSync(home).filter((name) => name.startsWith("published"))).toEqual(["published"]);
});

test("a checkpoint leaves out states of another model version, and can be restored", async () => {
  markOld(removed);
  const { place, stationsSaved } = await checkpoint();
  expect(stationsSaved).toEqual([configured, named]);
  expect(warnings).toEqual([`ignored states of another model version: ${removed}`]);
  const copy = await temporaryFolder();
  await restoreCheckpoint([place], { home: copy });
  expect(readdirSync(join(copy, "snapshots")).sort()).toEqual([configured, named]);
});

test("a checkpoint leaves out damaged states of a removed station, and fails for those of a configured one", async () => {
  expect((await checkpoint()).stationsSaved).toEqual([configured, removed, named]);
  for (const file of statesOf(removed)) writeFileSync(file, "not a state");
  expect((await checkpoint()).stationsSaved).toEqual([configured, named]);
  expect(warnings.every((line) => line.startsWith(`${removed}, which is no longer configured: `))).toBe(true);
  for (const file of statesOf(configured)) writeFileSync(file, "not a state");
  await expect(checkpoint()).rejects.toThrow("is not a snapshot; delete it");
});
