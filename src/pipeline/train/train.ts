import { existsSync } from "node:fs";
import { type Cell, type Store, timestamp } from "../../data/store/store.js";
import { dayOf, firstHourOfMonth, hourOf, monthOf } from "../../model/calendar.js";
import { ewmaeDays } from "../../model/scores/ewmae.js";
import type { Clock } from "../../shared/clock.js";
import type { Config } from "../../shared/config.js";
import { hourMs } from "../../shared/time.js";
import type { ReplayResult } from "../replay/replay.js";
import { type PoolOptions, WorkerPool } from "../replay/workerPool.js";
import { appendResult } from "./appendResult.js";
import { deleteOtherStates, keptSnapshotIds, snapshotHours, updateKept } from "./keptStates.js";
import { learnableHour } from "./learnableHour.js";
import { rewindLiveScores } from "./liveScores.js";
import { madeTimes } from "./madeTimes.js";
import { hourValues, officialValues } from "./modelInput.js";
import { useCorrections } from "./relearn.js";
import {
  digestConfig,
  digestSnapshot,
  readKeptState,
  type SnapshotKey,
  snapshotPath,
  writeSnapshot,
} from "./snapshotFile.js";
import { trainingStart } from "./trainingStart.js";

/** Hours taken in between two commits. */
const batchHours = 366 * 24;
/** For how long forecasts are stored whole, in hours. */
export const forecastHours = 13 * 24;
/** For how many days EWMAE is stored at every hour; longer than it is published, so that going back a day leaves no gap. */
const ewmaeDaysStored = ewmaeDays + 2;

export interface TrainOptions {
  clock: Clock;
  /** Overrides the genesis, epoch milliseconds. */
  from?: number | undefined;
  /** Stations that begin a new lineage, from the values as they are known now. */
  rebuild?: ReadonlySet<string> | undefined;
  workers?: PoolOptions["workers"];
  /** Is told of each batch: hours done of the hours to do. */
  report?: ((stationId: string, done: number, total: number) => void) | undefined;
}

export interface TrainedStation {
  stationId: string;
  /** Hours taken in by this run. */
  hoursLearned: number;
  /** Last hour taken in, epoch milliseconds; null when the station has no observation. */
  throughTime: number | null;
  snapshotId: string | null;
}

interface Tip {
  snapshotId: string | null;
  throughHour: number;
  hoursConsumed: number;
  hoursDigest: string;
}

/**
 * Takes every hour since the newest snapshot through the loop, station by station in worker threads, up to the newest
 * that can be learned at the clock. A station whose genesis or configuration changed begins anew, and so does one that is
 * rebuilt; one trained past the clock is taken back to it. Each batch is one transaction, and what it leaves does not depend on where earlier runs stopped.
 */
export async function trainStations(
  store: Store,
  config: Config,
  stationIds: readonly string[],
  { clock, from, rebuild, workers, report }: TrainOptions,
): Promise<{ stations: TrainedStation[] }> {
  const pool = new WorkerPool("replay", { stations: stationIds.length, workers });
  try {
    const runs = stationIds.map((stationId) => {
      const isRebuilt = rebuild?.has(stationId) ?? false;
      return pool.inTurn(() => trainStation({ store, config, stationId, clock, from, isRebuilt, pool, report }));
    });
    // One that fails lets the others finish: none may still be writing when the store is closed.
    await Promise.allSettled(runs);
    return { stations: await Promise.all(runs) };
  } finally {
    await pool.destroy();
  }
}

interface StationRun extends Pick<TrainOptions, "clock" | "from" | "report"> {
  store: Store;
  config: Config;
  stationId: string;
  isRebuilt: boolean;
  pool: WorkerPool<"replay">;
}

async function trainStation(run: StationRun): Promise<TrainedStation> {
  const { store, config, stationId, clock, from, isRebuilt, pool, report } = run;
  const genesisTime = await trainingStart(store, config, stationId, { from, now: clock.now() });
  const genesisHour = hourOf(genesisTime);
  const configDigest = digestConfig(config, genesisTime);
  const lastHour = await learnableHour(store, config, stationId, { genesis: genesisTime, now: clock.now() });
  if (lastHour === null) {
    await store.transaction(() => forget(store, stationId));
    deleteOtherStates(config.home, stationId, new Set());
    return { stationId, hoursLearned: 0, throughTime: null, snapshotId: null };
  }

  let isAnew = isRebuilt || (await hasOtherConfig(store, stationId, configDigest));
  if (!isAnew) await rewind(store, config, stationId, lastHour);
  const learnedThrough = isAnew ? genesisHour - 1 : await newestLearned(store, stationId, genesisHour);
  let { tip, state } = isAnew ? nothing(genesisHour) : await resume(store, config, stationId, genesisHour, lastHour);
  const total = lastHour - tip.throughHour;
  while (tip.throughHour < lastHour) {
    const firstHour = tip.throughHour + 1;
    const endHour = Math.min(lastHour, firstHour + batchHours - 1);
    const ends = snapshotHours(firstHour, endHour, lastHour);
    // What a rebuild takes for the model is stored with its first batch.
    const source = isAnew && isRebuilt ? "hours" : "modelHours";
    const result = await pool.run({
      options: config.model,
      state,
      hoursDigest: tip.hoursDigest,
      firstHour,
      values: await hourValues(store, stationId, firstHour, endHour, learnedThrough, source),
      official: await officialValues(store, stationId, firstHour, endHour),
      snapshotHours: ends.all,
      keepStates: ends.kept,
      forecastsFrom: lastHour - forecastHours + 1,
      ewmaeHoursFrom: ewmaeHoursFrom(lastHour),
    });
    const newest = result.snapshots.at(-1)!;
    state = newest.state;
    tip = await commit(run, { result, tip, firstHour, endHour, learnedThrough, genesisTime, configDigest, isAnew });
    isAnew = false;
    report?.(stationId, endHour - (lastHour - total), total);
  }
  return { stationId, hoursLearned: total, throughTime: tip.throughHour * hourMs, snapshotId: tip.snapshotId };
}

/**
 * The newest hour that was ever learned. Behind it, what is not marked as learned came late, and stays out when hours
 * are taken in once more from an older snapshot: else what was issued then would not be issued again.
 */
async function newestLearned(store: Store, stationId: string, genesisHour: number): Promise<number> {
  const [row] = await store.all<{ newest: number | null }>(
    "SELECT epoch_ms(max(validTime))::DOUBLE AS newest FROM hours WHERE stationId = $stationId AND learned",
    { stationId },
  );
  return row?.newest == null ? genesisHour - 1 : hourOf(row.newest);
}

const derivedTables = {
  issues: "issuedTime",
  forecasts: "issuedTime",
  scores: "month",
  scoresByHour: "month",
  calibration: "month",
  calibrationByHour: "month",
  dailyLosses: "day",
  worstMisses: "day",
  ewmae: "time",
  ewmaeHours: "time",
  expertWeights: "time",
  alarms: "time",
  snapshots: "throughTime",
} as const;

async function hasOtherConfig(store: Store, stationId: string, digest: string): Promise<boolean> {
  const others = await store.all(
    "SELECT 1 FROM snapshots WHERE stationId = $stationId AND configDigest <> $digest LIMIT 1",
    { stationId, digest },
  );
  return others.length > 0;
}

/** Forgets all that was learned of a station. To be run within a transaction. */
async function forget(store: Store, stationId: string): Promise<void> {
  for (const table of Object.keys(derivedTables)) {
    await store.run(`DELETE FROM ${table} WHERE stationId = $stationId`, { stationId });
  }
  await store.run("UPDATE hours SET learned = false WHERE stationId = $stationId AND learned", { stationId });
}

/** Forgets what was learned after `lastHour`, which a run at an earlier clock must not know. */
async function rewind(store: Store, config: Config, stationId: string, lastHour: number): Promise<void> {
  const last = timestamp(lastHour * hourMs);
  const later = await store.all(
    "SELECT 1 FROM snapshots WHERE stationId = $stationId AND throughTime > $last LIMIT 1",
    { stationId, last },
  );
  if (later.length === 0) return;
  await store.transaction(async () => {
    for (const [table, column] of Object.entries(derivedTables)) {
      // A snapshot at the last hour goes too: taking that hour in again is what puts its month's scores right.
      const after = table === "snapshots" ? ">=" : ">";
      await store.run(`DELETE FROM ${table} WHERE stationId = $stationId AND ${column} ${after} $last`, {
        stationId,
        last,
      });
    }
    await store.run("UPDATE hours SET learned = false WHERE stationId = $stationId AND validTime > $last AND learned", {
      stationId,
      last,
    });
    await rewindLiveScores(store, stationId, lastHour);
  });
  deleteOtherStates(config.home, stationId, await keptSnapshotIds(store, stationId));
}

/** The hour before genesis. */
function nothing(genesisHour: number): { tip: Tip; state: Uint8Array | null } {
  return { tip: { snapshotId: null, throughHour: genesisHour - 1, hoursConsumed: 0, hoursDigest: "" }, state: null };
}

/** The newest snapshot whose state is still there, or the hour before genesis. */
async function resume(store: Store, config: Config, stationId: string, genesisHour: number, lastHour: number) {
  const rows = await store.all<SnapshotKey & { throughTime: number; hoursConsumed: number }>(
    `SELECT snapshotId, configDigest, hoursDigest, epoch_ms(throughTime)::DOUBLE AS throughTime, hoursConsumed
     FROM snapshots WHERE stationId = $stationId AND kept AND throughTime <= $last ORDER BY throughTime DESC`,
    { stationId, last: timestamp(lastHour * hourMs) },
  );
  const row = rows.find(({ snapshotId }) => existsSync(snapshotPath(config.home, stationId, snapshotId)));
  if (!row) return nothing(genesisHour);
  const { snapshotId, hoursConsumed, hoursDigest } = row;
  const tip: Tip = { snapshotId, throughHour: row.throughTime / hourMs, hoursConsumed, hoursDigest };
  return { tip, state: readKeptState(config.home, stationId, row) };
}

interface Batch {
  result: ReplayResult;
  tip: Tip;
  firstHour: number;
  endHour: number;
  learnedThrough: number;
  genesisTime: number;
  configDigest: string;
  /** Whether it begins a lineage, which takes the place of the one before. */
  isAnew: boolean;
}

/** Stores a batch in one transaction. The states are written before it, and removed after it, so that none is missed. */
async function commit({ store, config, stationId, clock, isRebuilt }: StationRun, batch: Batch): Promise<Tip> {
  const { result, firstHour, endHour, learnedThrough, genesisTime, configDigest, isAnew } = batch;
  let tip = batch.tip;
  const snapshots: Cell[][] = [];
  for (const { throughHour, hoursDigest, stateDigest, stateBytes, state } of result.snapshots) {
    const snapshotId = digestSnapshot(configDigest, hoursDigest, stateDigest);
    if (state) writeSnapshot(snapshotPath(config.home, stationId, snapshotId), state);
    const hoursConsumed = tip.hoursConsumed + throughHour - tip.throughHour;
    snapshots.push([
      stationId,
      throughHour * hourMs,
      snapshotId,
      tip.snapshotId,
      genesisTime,
      hoursConsumed,
      hoursDigest,
      configDigest,
      stateBytes,
      state !== null,
    ]);
    tip = { snapshotId, throughHour, hoursConsumed, hoursDigest };
  }
  await store.transaction(async () => {
    const madeTimeOf = await madeTimes(store, stationId, { firstHour, learnedThrough, now: clock.now() });
    if (isAnew) await forget(store, stationId);
    if (isAnew && isRebuilt) await useCorrections(store, stationId);
    // The month and the day under way, and whatever a rewound run left, is written anew.
    for (const [table, column] of Object.entries(derivedTables)) {
      const since = firstHourSince(column, firstHour);
      await store.run(`DELETE FROM ${table} WHERE stationId = $stationId AND ${column} >= $since`, {
        stationId,
        since: timestamp(since * hourMs),
      });
    }
    await appendResult(store, stationId, result, madeTimeOf);
    await store.append("snapshots", snapshotColumns, snapshots);
    await store.run("DELETE FROM forecasts WHERE stationId = $stationId AND issuedTime <= $old", {
      stationId,
      old: timestamp((endHour - forecastHours) * hourMs),
    });
    await store.run("DELETE FROM ewmaeHours WHERE stationId = $stationId AND time < $from", {
      stationId,
      from: timestamp(ewmaeHoursFrom(endHour) * hourMs),
    });
    await store.run(
      `UPDATE hours SET learned = true
       WHERE stationId = $stationId AND validTime BETWEEN $first AND $last AND NOT learned`,
      {
        stationId,
        first: timestamp(Math.max(firstHour, learnedThrough + 1) * hourMs),
        last: timestamp(endHour * hourMs),
      },
    );
    await updateKept(store, stationId);
  });
  deleteOtherStates(config.home, stationId, await keptSnapshotIds(store, stationId));
  return tip;
}

/** The first hour at which EWMAE is stored hour by hour: it begins a day, so that a checkpoint's files change once a day. */
function ewmaeHoursFrom(lastHour: number): number {
  return (dayOf(lastHour) - ewmaeDaysStored) * 24;
}

/** The first hour of what is written anew when hours from `firstHour` on are taken in. */
function firstHourSince(column: (typeof derivedTables)[keyof typeof derivedTables], firstHour: number): number {
  if (column === "month") return firstHourOfMonth(monthOf(firstHour));
  return column === "day" ? dayOf(firstHour) * 24 : firstHour;
}

const snapshotColumns = [
  "stationId",
  "throughTime",
  "snapshotId",
  "parentId",
  "genesisTime",
  "hoursConsumed",
  "hoursDigest",
  "configDigest",
  "stateBytes",
  "kept",
];
