import { existsSync } from "node:fs";
import { type Store, timestamp } from "../../data/store/store.js";
import { hourOf } from "../../model/calendar.js";
import type { Config } from "../../shared/config.js";
import { hourMs } from "../../shared/time.js";
import { deleteReplayedEvenings, forgetReplayedTruth } from "./evenings.js";
import { deleteOtherStates } from "./keptStates.js";
import { rewindLiveScores } from "./liveScores.js";
import { readKeptState, type SnapshotKey, snapshotPath } from "./snapshotFile.js";

/** The tables that training fills, with their column of time. */
export const learnedTables = {
  issues: "issuedTime",
  forecasts: "issuedTime",
  extremes: "issuedTime",
  scores: "month",
  scoresByHour: "month",
  calibration: "month",
  calibrationByHour: "month",
  extremeScores: "month",
  extremeOdds: "month",
  questionScores: "month",
  dailyLosses: "day",
  worstMisses: "day",
  ewmae: "time",
  ewmaeHours: "time",
  expertWeights: "time",
  alarms: "time",
  snapshots: "throughTime",
} as const;

/** The newest snapshot of a station's chain of snapshots. */
export interface ChainTip {
  snapshotId: string | null;
  throughHour: number;
  hoursConsumed: number;
  hoursDigest: string;
}

export interface Chain {
  tip: ChainTip;
  /** Reads the state to continue from; null to begin at the first hour. Throws when the file is damaged. */
  readState(): Uint8Array | null;
}

/** A chain without a snapshot; training begins at `startHour`. */
export function emptyChain(startHour: number): Chain {
  const tip = { snapshotId: null, throughHour: startHour - 1, hoursConsumed: 0, hoursDigest: "" };
  return { tip, readState: () => null };
}

/** The newest snapshot up to `lastHour` whose state is still stored, and how to read that state; or an empty chain. */
export async function resumeChain(
  store: Store,
  config: Config,
  stationId: string,
  startHour: number,
  lastHour: number,
): Promise<Chain> {
  const rows = await store.all<SnapshotKey & { throughTime: number; hoursConsumed: number }>(
    `SELECT snapshotId, configDigest, hoursDigest, epoch_ms(throughTime)::DOUBLE AS throughTime, hoursConsumed
     FROM snapshots WHERE stationId = $stationId AND kept AND throughTime <= $last ORDER BY throughTime DESC`,
    { stationId, last: timestamp(lastHour * hourMs) },
  );
  const row = rows.find(({ snapshotId }) => existsSync(snapshotPath(config.home, stationId, snapshotId)));
  if (!row) return emptyChain(startHour);
  const { snapshotId, hoursConsumed, hoursDigest } = row;
  const tip = { snapshotId, throughHour: row.throughTime / hourMs, hoursConsumed, hoursDigest };
  return { tip, readState: () => readKeptState(config.home, stationId, row) };
}

/** Why a station starts over: its model has changed since it was learned, or its past guidance; null if it does not. */
export async function reasonToStartOver(
  store: Store,
  stationId: string,
  configDigest: string,
): Promise<"model" | "guidance" | null> {
  const [row] = await store.all<{ reason: "model" | "guidance" }>(
    `SELECT 'model' AS reason FROM snapshots WHERE stationId = $stationId AND configDigest <> $configDigest
     UNION SELECT 'guidance' FROM learnAgain WHERE stationId = $stationId ORDER BY reason DESC LIMIT 1`,
    { stationId, configDigest },
  );
  return row?.reason ?? null;
}

/** Marks a station to learn its history again at the next training, if it has learned hours after a time. */
export async function learnAgainFrom(store: Store, stationId: string, time: number, now: number): Promise<void> {
  await store.run(
    `INSERT OR REPLACE INTO learnAgain SELECT DISTINCT stationId, $now FROM snapshots
     WHERE stationId = $stationId AND throughTime > $time`,
    { stationId, time: timestamp(time), now: timestamp(now) },
  );
}

/**
 * The newest ledger entry whose guidance a station has learned; null when that is all. A station that is marked to learn
 * again has not learned what came after its newest forecasts.
 */
export async function guidanceLearnedThrough(store: Pick<Store, "all">, stationId: string): Promise<number | null> {
  const [row] = await store.all<{ entry: number | null }>(
    `SELECT max(entry) AS entry FROM ledger SEMI JOIN learnAgain USING (stationId)
     WHERE stationId = $stationId AND issuedFrom IS NOT NULL`,
    { stationId },
  );
  return row!.entry;
}

/**
 * The newest hour ever learned, or the hour before the training start. When a run resumes from an older snapshot,
 * reports of hours up to here that came late stay out, so that it issues the same forecasts again.
 */
export async function newestLearnedHour(store: Store, stationId: string, startHour: number): Promise<number> {
  const [row] = await store.all<{ newest: number | null }>(
    "SELECT epoch_ms(max(validTime))::DOUBLE AS newest FROM hours WHERE stationId = $stationId AND learned",
    { stationId },
  );
  return row?.newest == null ? startHour - 1 : hourOf(row.newest);
}

/** Deletes all that was learned at a station, except evenings forecast live. Run it within a transaction. */
export async function deleteLearned(store: Store, stationId: string): Promise<void> {
  for (const table of Object.keys(learnedTables)) {
    await store.run(`DELETE FROM ${table} WHERE stationId = $stationId`, { stationId });
  }
  await deleteReplayedEvenings(store, stationId);
  await store.run("DELETE FROM learnAgain WHERE stationId = $stationId", { stationId });
  await store.run("UPDATE hours SET learned = false WHERE stationId = $stationId AND learned", { stationId });
}

/** Deletes what was learned after `lastHour`: a run at an earlier clock must not use it. */
export async function deleteLearnedAfter(
  store: Store,
  config: Config,
  stationId: string,
  lastHour: number,
): Promise<void> {
  const last = timestamp(lastHour * hourMs);
  const later = await store.all(
    "SELECT 1 FROM snapshots WHERE stationId = $stationId AND throughTime > $last LIMIT 1",
    { stationId, last },
  );
  if (later.length === 0) return;
  await store.transaction(async () => {
    for (const [table, column] of Object.entries(learnedTables)) {
      // The snapshot at the last hour goes too: learning that hour again restores the scores of its month.
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
    await forgetReplayedTruth(store, stationId, lastHour);
  });
  await deleteOtherStates(store, config.home, stationId);
}
