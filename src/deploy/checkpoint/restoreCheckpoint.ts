import { existsSync, mkdirSync, readdirSync, renameSync, rmSync } from "node:fs";
import { copyFile } from "node:fs/promises";
import { join, resolve } from "node:path";
import { sqlText } from "../../data/store/sqlText.js";
import { openStore, type Store } from "../../data/store/store.js";
import { StoreInUseError } from "../../data/store/storeError.js";
import { modelVersion } from "../../model/forecaster/forecaster.js";
import { readKeptState, type SnapshotKey, snapshotPath } from "../../pipeline/train/snapshotFile.js";
import { stationsOf } from "./checkpointManifest.js";
import { filesOf, loadTables, type Part } from "./loadTables.js";
import { type OpenCheckpoint, type OpenOptions, openCheckpoint } from "./openCheckpoint.js";

export interface Restored {
  stations: string[];
  /** Newest hour learned, epoch milliseconds. */
  lastHour: number | null;
}

/**
 * Replaces the data of a home by checkpoints.
 * @param places a station comes from the last place that has it, which must continue the others
 */
export async function restoreCheckpoint(
  places: readonly string[],
  { home, ...options }: OpenOptions & { home: string },
): Promise<Restored> {
  const opened: OpenCheckpoint[] = [];
  try {
    for (const place of places) opened.push(await openCheckpoint(place, options));
    return await restoreOpened(opened, { home, ...options });
  } finally {
    for (const checkpoint of opened) await checkpoint.close();
  }
}

/** As `restoreCheckpoint`. Builds and checks a complete store before it replaces anything; on failure the home stays unchanged. */
export async function restoreOpened(
  opened: readonly OpenCheckpoint[],
  { home, stations }: { home: string; stations?: ReadonlySet<string> | undefined },
): Promise<Restored> {
  const staging = join(home, "restoring");
  try {
    const parts = divide(opened, stations);
    mkdirSync(home, { recursive: true });
    rmSync(staging, { recursive: true, force: true });
    const kept = await stage(parts, staging);
    await replaceHome(home, staging, kept);
    const lastHours = opened.flatMap(({ manifest }) => manifest.lastHour ?? []);
    return {
      stations: parts.flatMap(({ stations }) => [...stations]).sort(),
      lastHour: lastHours.length === 0 ? null : Math.max(...lastHours),
    };
  } finally {
    rmSync(staging, { recursive: true, force: true });
  }
}

/** Rows of each table of a checkpoint. */
export function rowsOf({ manifest }: OpenCheckpoint): Record<string, number> {
  const counts: Record<string, number> = {};
  for (const { table, rows } of manifest.tables) counts[table] = (counts[table] ?? 0) + rows;
  return counts;
}

function divide(opened: readonly OpenCheckpoint[], requested: ReadonlySet<string> | undefined): Part[] {
  const owners = new Map<string, OpenCheckpoint>();
  for (const checkpoint of opened)
    for (const stationId of stationsOf(checkpoint.manifest))
      if (!requested || requested.has(stationId)) owners.set(stationId, checkpoint);
  return opened.map((checkpoint) => ({
    checkpoint,
    stations: new Set([...owners].flatMap(([stationId, owner]) => (owner === checkpoint ? [stationId] : []))),
  }));
}

/** Builds a home from the checkpoints; returns the paths of its states. */
async function stage(parts: readonly Part[], staging: string): Promise<ReadonlySet<string>> {
  const store = await openStore(staging);
  try {
    await checkContinuation(store, parts);
    await loadTables(store, parts, staging);
    await copyStates(store, parts, staging);
    const rows = await store.all<{ path: string }>(
      "SELECT stationId || '/' || snapshotId || '.bin' AS path FROM snapshots WHERE kept",
    );
    return new Set(rows.map(({ path }) => path));
  } finally {
    store.close();
  }
}

/**
 * Throws when a checkpoint does not continue an earlier one of the same station: its ledger lacks the newest entry of the
 * earlier one, as with a shard that another run left behind.
 */
async function checkContinuation(store: Pick<Store, "all">, parts: readonly Part[]): Promise<void> {
  for (const [i, later] of parts.entries()) {
    for (const { checkpoint } of parts.slice(0, i)) {
      const stations = new Set(stationsOf(checkpoint.manifest).filter((id) => later.stations.has(id)));
      const before = stations.size === 0 ? null : filesOf({ checkpoint, stations }, "ledger");
      if (before === null) continue;
      const after = filesOf({ checkpoint: later.checkpoint, stations }, "ledger");
      const [lost] = await store.all<{ stationId: string }>(
        `SELECT stationId FROM (
           FROM ${before} WHERE stationId IN (${[...stations].map(sqlText).join(", ")})
           QUALIFY row_number() OVER (PARTITION BY stationId ORDER BY entry DESC) = 1
         ) ${after === null ? "" : `ANTI JOIN ${after} USING (stationId, entry, hash)`}
         ORDER BY stationId LIMIT 1`,
      );
      if (!lost) continue;
      const { place } = later.checkpoint;
      throw new Error(
        `checkpoint ${place}: it does not continue ${checkpoint.place}: entries of ${lost.stationId}'s ledger are missing`,
      );
    }
  }
}

async function copyStates(store: Store, parts: readonly Part[], staging: string): Promise<void> {
  const restored: string[] = [];
  for (const { checkpoint, stations } of parts) {
    const { place, folder, manifest } = checkpoint;
    for (const { path, stationId, snapshotId } of manifest.snapshots) {
      if (!stations.has(stationId)) continue;
      const [key] = await store.all<SnapshotKey>(
        "SELECT snapshotId, configDigest, hoursDigest FROM snapshots WHERE stationId = $stationId AND snapshotId = $snapshotId",
        { stationId, snapshotId },
      );
      if (!key) throw new Error(`checkpoint ${place}: ${path} belongs to no snapshot in its tables`);
      const file = snapshotPath(staging, stationId, snapshotId);
      mkdirSync(join(staging, "snapshots", stationId), { recursive: true });
      await copyFile(join(folder, path), file);
      // A state of another model version can't be read; training starts again without it.
      if (manifest.modelVersion === modelVersion) readKeptState(staging, stationId, key);
      restored.push(snapshotId);
    }
  }
  await store.run(
    "UPDATE snapshots SET kept = false WHERE kept AND NOT list_contains(string_split($restored, ' '), snapshotId)",
    { restored: restored.join(" ") },
  );
}

/**
 * Moves the new store and states into the home. States are named by their content, so the old store keeps its own until
 * the new store replaces it in one step; obsolete states are removed last.
 */
async function replaceHome(home: string, staging: string, kept: ReadonlySet<string>): Promise<void> {
  const database = join(home, "isotherm.duckdb");
  await throwIfInUse(home);
  for (const { stationId, name } of stateFiles(staging)) {
    mkdirSync(join(home, "snapshots", stationId), { recursive: true });
    renameSync(join(staging, "snapshots", stationId, name), join(home, "snapshots", stationId, name));
  }
  rmSync(`${database}.wal`, { force: true });
  renameSync(join(staging, "isotherm.duckdb"), database);
  for (const { stationId, name } of stateFiles(home)) {
    if (!kept.has(`${stationId}/${name}`)) rmSync(join(home, "snapshots", stationId, name));
  }
  // The published tables came from the old store.
  rmSync(join(home, "published"), { recursive: true, force: true });
}

function stateFiles(home: string): { stationId: string; name: string }[] {
  const folder = join(home, "snapshots");
  if (!existsSync(folder)) return [];
  return readdirSync(folder).flatMap((stationId) =>
    readdirSync(join(folder, stationId)).map((name) => ({ stationId, name })),
  );
}

/** A damaged store may be replaced; a store that another process writes to may not. */
async function throwIfInUse(home: string): Promise<void> {
  if (!existsSync(join(home, "isotherm.duckdb"))) return;
  try {
    // Opening and closing the store merges its write-ahead log.
    (await openStore(resolve(home))).close();
  } catch (error) {
    if (error instanceof StoreInUseError) throw error;
  }
}
