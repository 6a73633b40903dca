import { chmodSync, readdirSync, readFileSync, rmSync, statSync, writeFileSync } from "node:fs";
import { readFile } from "node:fs/promises";
import { join } from "node:path";
import { beforeAll, beforeEach, describe, expect, it } from "vitest";
import { openStore, type Store } from "../../../src/data/store/store.js";
import { readManifest } from "../../../src/deploy/checkpoint/checkpointManifest.js";
import { restoreCheckpoint } from "../../../src/deploy/checkpoint/restoreCheckpoint.js";
import { saveCheckpoint } from "../../../src/deploy/checkpoint/saveCheckpoint.js";
import { pushOrphan, remoteOf } from "../../../src/deploy/ci/branch.js";
import { type CiSettings, ciSettings } from "../../../src/deploy/ci/ciSettings.js";
import { checkpointFolder, restoreState, saveState } from "../../../src/deploy/ci/state.js";
import { recordLedger } from "../../../src/pipeline/ledger/recordLedger.js";
import { restoredFile } from "../../../src/pipeline/publish/checkPublished.js";
import { silentReport } from "../../../src/shared/progress.js";
import { type BareRepository, bareRepository } from "../../support/bareRepository.js";
import { deadServer } from "../../support/isotherm.js";
import { type ObjectStore, startObjectStore } from "../../support/objectStore.js";
import { temporaryFolder } from "../../support/temporaryFolder.js";
import { at, configOf, fastExperts, history, storeHours, trainTo } from "../../support/training.js";

const stations = ["USW00000001", "USW00000002"] as const;
const hours = 40;

/** With the state of a first run. */
let template: BareRepository;
let repository: BareRepository;
let settings: CiSettings;
/** The checkpoint of a first run. */
let first: string;
/** That of a shard that continues it with the first station. */
let firstPart: string;

beforeAll(async () => {
  const home = await temporaryFolder();
  await inStore(home, async (store) => {
    for (const [i, id] of stations.entries()) await storeHours(store, id, history(hours, i + 1));
    await trainTo(store, home, stations, hours - 1, { experts: fastExperts });
  });
  first = join(home, "checkpoint");
  await saveCheckpoint({ home, place: first, states: "daily", contact: null });
  template = await bareRepository();
  await pushOrphan(remoteOf(`file://${template.folder}`, null), { folder: first, branch: "state", message: "State" });
  firstPart = await part(stations[0]);
});
beforeEach(async () => {
  repository = await bareRepository("repository", template);
  settings = ciSettings({ ISOTHERM_REMOTE: `file://${repository.folder}`, ISOTHERM_SITE: deadServer });
});

async function inStore<T>(home: string, work: (store: Store) => Promise<T>): Promise<T> {
  const store = await openStore(home);
  try {
    return await work(store);
  } finally {
    store.close();
  }
}

/** A machine that has restored the state. */
async function restored(options: Partial<Parameters<typeof restoreState>[1]> = {}): Promise<string> {
  const home = await temporaryFolder();
  await restoreState(settings, { home, report: silentReport, ...options });
  return home;
}

/** One more hour is observed and recorded in the ledger; the seed chooses the weather. */
async function goOn(home: string, ids: readonly string[] = stations, seed = 5): Promise<void> {
  await inStore(home, async (store) => {
    const [row] = await store.all<{ n: number }>("SELECT count(DISTINCT validTime) AS n FROM hours");
    const hour = Math.max(hours, row!.n);
    for (const id of ids) await storeHours(store, id, history(hour + 1, seed).slice(hour), hour);
    await recordLedger(store, { runId: "a run", time: at(hour) });
  });
}

/** The checkpoint of a shard that continues with one station. */
async function part(id: string, change: (home: string) => Promise<void> = () => Promise.resolve()): Promise<string> {
  const home = await temporaryFolder();
  await restoreCheckpoint([first], { home, stations: new Set([id]) });
  await goOn(home, [id]);
  await change(home);
  const place = join(home, "part.tar");
  await saveCheckpoint({ home, place, states: "newest", contact: null });
  return place;
}

const save = (home: string) => saveState(settings, configOf(home), silentReport);
const tip = () => repository.commits("state")[0];

// Runs that see the same and save within one second make the same commit, of which nothing can be lost; so these two
// see different weather.
describe("two runs at the same time", { timeout: 120_000 }, () => {
  it("keep what the first to save has learned", async () => {
    const [one, other] = [await restored(), await restored()];
    await goOn(one);
    await save(one);
    const before = tip();
    await goOn(other, stations, 6);
    await expect(save(other)).rejects.toThrow("branch state was changed by another run");
    expect(tip()).toBe(before);
    // The first may save again.
    await save(one);
  });

  it("do not both start without a state", async () => {
    repository.git("branch", "-D", "state");
    settings = { ...settings, coldStart: true };
    const [one, other] = [await restored(), await restored()];
    await goOn(one);
    await save(one);
    await goOn(other, stations, 6);
    await expect(save(other)).rejects.toThrow("changed by another run");
  });
});

describe("a rejected push", () => {
  it("is an error with the reason; the state stays unchanged", async () => {
    const home = await restored();
    await goOn(home);
    const before = tip();
    const hook = join(repository.folder, "hooks", "pre-receive");
    writeFileSync(hook, "#!/bin/sh\necho protected branch >&2\nexit 1\n");
    chmodSync(hook, 0o755);
    await expect(save(home)).rejects.toThrow(/git push failed[\s\S]*protected branch/);
    expect(tip()).toBe(before);
  });
});

describe("an unreachable repository", () => {
  it("does not cause a cold start or a restore of an older state from the site", async () => {
    const remote = { url: join(repository.folder, "nowhere"), env: {} };
    const home = await temporaryFolder();
    const restoring = restoreState({ ...settings, remote, coldStart: true }, { home, report: silentReport });
    await expect(restoring).rejects.toThrow("git clone failed");
  });
});

describe("a state kept elsewhere, or that can't be fetched", { timeout: 120_000 }, () => {
  let objects: ObjectStore;
  beforeEach(async () => {
    objects = await startObjectStore();
    // The site has a copy, which may be older.
    const pages = await startObjectStore();
    for (const name of readdirSync(first, { recursive: true }).map(String))
      if (statSync(join(first, name)).isFile()) pages.objects.set(`state/${name}`, readFileSync(join(first, name)));
    settings = { ...settings, site: pages.url };
    return async () => void (await Promise.all([objects.close(), pages.close()]));
  });
  const restoring = async () => restoreState(settings, { home: await temporaryFolder(), report: silentReport });

  it("on its branch fails the run instead of restoring the site's copy", async () => {
    // The branch is listed, but the server has lost its content.
    const commit = tip()!;
    rmSync(join(repository.folder, "objects", commit.slice(0, 2), commit.slice(2)), { force: true });
    rmSync(join(repository.folder, "objects", "pack"), { recursive: true, force: true });
    await expect(restoring()).rejects.toThrow("git clone failed");
  });

  it("at its URL fails the run, unless it is missing or damaged", async () => {
    settings = { ...settings, state: `${objects.url}state.tar` };
    objects.trouble = 403;
    await expect(restoring()).rejects.toThrow("state.tar: status 403");
    objects.trouble = null;
    expect(await restoring()).toMatchObject({ stations });
    objects.objects.set("state.tar", Buffer.from("damaged"));
    expect(await restoring()).toMatchObject({ stations });
  });

  it("in a folder is saved whole and restored by the next run", async () => {
    settings = { ...settings, state: join(await temporaryFolder(), "state") };
    const home = await restored();
    await goOn(home);
    await save(home);
    expect(readManifest(settings.state!)).toEqual(readManifest(checkpointFolder(home)));
    await save(await restored());
  });

  it("is not replaced by a run that has not restored it", async () => {
    settings = { ...settings, state: `${objects.url}state.tar` };
    const [one, other] = [await restored(), await restored()];
    await goOn(one);
    await save(one);
    const kept = objects.objects.get("state.tar");
    await expect(save(other)).rejects.toThrow("state.tar was changed by another run");
    for (const home of [one, other]) rmSync(join(home, "stateTip.json"));
    await expect(save(other)).rejects.toThrow("state.tar was changed by another run, or was never restored here");
    expect(objects.objects.get("state.tar")).toBe(kept);
    settings = { ...settings, state: null };
    await expect(save(one)).rejects.toThrow("branch state was changed by another run, or was never restored here");
  });
});

describe("parts", { timeout: 120_000 }, () => {
  it("are merged into the state that they continue", async () => {
    const home = await restored({ parts: [firstPart] });
    const newest = await inStore(home, (store) =>
      store.all("SELECT stationId, max(entry) AS entry FROM ledger GROUP BY ALL ORDER BY ALL"),
    );
    expect(newest).toEqual([
      { stationId: stations[0], entry: 2 },
      { stationId: stations[1], entry: 1 },
    ]);
    await save(home);
  });

  it("of an earlier run are rejected", async () => {
    const home = await restored();
    await goOn(home);
    await goOn(home);
    await save(home);
    await expect(restored({ parts: [firstPart] })).rejects.toThrow(
      new RegExp(`part\\.tar: it does not continue .*entries of ${stations[0]}'s ledger`),
    );
  });

  it("with missing rows are rejected", async () => {
    const lost = await part(stations[0], (home) =>
      inStore(home, async (store) => void (await store.run("DELETE FROM hours WHERE rowid < 20"))),
    );
    const home = await restored({ parts: [lost] });
    const { hours: before } = JSON.parse(await readFile(restoredFile(home), "utf8")) as { hours: number };
    const [now] = await inStore(home, (store) => store.all<{ n: number }>("SELECT count(*) AS n FROM hours"));
    expect(now!.n).toBeLessThan(before);
  });
});
