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
const hours = 60;

let trained: string;
beforeAll(async () => {
  trained = await temporaryFolder();
  const store = await openStore(trained);
  for (const [seed, id] of [configured, removed, named].entries()) {
    await storeHours(store, id, history(hours, seed));
    await store.run("INSERT INTO stations VALUES ($id, NULL, $id, 33.6, -84.4, NULL, 'UTC')", { id });
  }
  await trainTo(store, trained, [configured, removed, named], hours - 20);
  await trainTo(store, trained, [configured, removed, named], hours - 1);
  await rememberConfigured(store, [configured, removed], { isNamed: false });
  store.close();
});

let home: string;
let told: string[];
const report = { ...silentReport, warn: (message: string) => void told.push(message) };
beforeEach(async () => {
  home = await temporaryFolder();
  cpSync(trained, home, { recursive: true });
  told = [];
});

const statesOf = (id: string) =>
  readdirSync(join(home, "snapshots", id))
    .sort()
    .map((name) => join(home, "snapshots", id, name));

/** What a run of an isotherm of another model leaves. */
function leaveOld(...ids: string[]): void {
  for (const file of ids.flatMap(statesOf)) {
    const bytes = readFileSync(file);
    bytes.writeUInt32LE(modelVersion - 1, 8);
    writeFileSync(file, bytes);
  }
}

async function published(): Promise<{ explained: string[]; kept: string[] }> {
  const store = await openStore(home);
  try {
    await publish(store, configOf(home), { clock: { now: () => at(hours - 1), replaying: true }, report });
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
  return { place, carried: [...new Set(manifest.snapshots.map(({ stationId }) => stationId))] };
};

test("what another version of the model left is not published, told once, and removed", async () => {
  leaveOld(removed, named);
  expect(await published()).toEqual({ explained: [configured], kept: [configured] });
  expect(told).toEqual([`ignored states of another model version: ${removed}, ${named}`]);
  expect([removed, named].flatMap(statesOf)).toEqual([]);
  expect(await published()).toEqual({ explained: [configured], kept: [configured] });
  expect(told).toHaveLength(1);
});

test("of a station that was taken out of the configuration no state is read, and it stays", async () => {
  expect(await published()).toEqual({ explained: [configured, named], kept: [configured, removed, named] });
  for (const file of statesOf(removed)) writeFileSync(file, "not a state");
  expect(await published()).toEqual({ explained: [configured, named], kept: [configured, removed, named] });
  for (const file of statesOf(removed)) rmSync(file);
  expect((await published()).explained).toEqual([configured, named]);
});

test("a state that is missing is named; one that training would not make again is given up", async () => {
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
  expect(told).toEqual([`missing states, now removed from the record: ${configured}`]);
  rmSync(fileOf(true));
  await expect(published()).rejects.toThrow(`${fileOf(true)} is missing; train again to restore it`);
  expect(readdirSync(home).filter((name) => name.startsWith("published"))).toEqual(["published"]);
});

test("a checkpoint leaves behind what another version of the model left, and is whole", async () => {
  leaveOld(removed);
  const { place, carried } = await checkpoint();
  expect(carried).toEqual([configured, named]);
  expect(told).toEqual([`ignored states of another model version: ${removed}`]);
  const copy = await temporaryFolder();
  await restoreCheckpoint([place], { home: copy });
  expect(readdirSync(join(copy, "snapshots")).sort()).toEqual([configured, named]);
});

test("a checkpoint carries a removed station's state unless it is damaged, but is not made of a damaged one", async () => {
  expect((await checkpoint()).carried).toEqual([configured, removed, named]);
  for (const file of statesOf(removed)) writeFileSync(file, "not a state");
  expect((await checkpoint()).carried).toEqual([configured, named]);
  expect(told.every((line) => line.startsWith(`${removed}, which is no longer configured: `))).toBe(true);
  for (const file of statesOf(configured)) writeFileSync(file, "not a state");
  await expect(checkpoint()).rejects.toThrow("is not a snapshot; delete it");
});
