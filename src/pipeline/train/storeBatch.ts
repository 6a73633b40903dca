import { type Cell, type Store, timestamp } from "../../data/store/store.js";
import { dayOf, firstHourOfMonth, monthOf } from "../../model/calendar.js";
import { ewmaeDays } from "../../model/scores/ewmae.js";
import type { Config } from "../../shared/config.js";
import { hourMs } from "../../shared/time.js";
import type { ReplayResult } from "../replay/replay.js";
import { appendResult } from "./appendResult.js";
import { storeEvenings } from "./evenings.js";
import { deleteOtherStates, updateKept } from "./keptStates.js";
import { type ChainTip, deleteLearned, learnedTables } from "./learned.js";
import { useCorrections } from "./relearn.js";
import { digestSnapshot, snapshotPath, writeSnapshot } from "./snapshotFile.js";

/** How long every lead and quantile of a forecast is stored, in hours. */
export const forecastHours = 13 * 24;
/** Days of hourly EWMAE that are stored: more than are published, so that going back a day leaves no gap. */
const ewmaeDaysStored = ewmaeDays + 2;

export interface Batch {
  result: ReplayResult;
  /** The snapshot before the batch. */
  tip: ChainTip;
  firstHour: number;
  endHour: number;
  learnedThrough: number;
  genesisTime: number;
  configDigest: string;
  /** Whether the batch replaces all that the station learned before. */
  startsOver: boolean;
  /** Whether the station learns the values as they are known now. */
  relearns: boolean;
}

/**
 * Stores a batch in one transaction. State files are written before it and deleted after it, so that no stored
 * snapshot lacks its state.
 * @param now the run's clock, epoch milliseconds
 * @returns the newest snapshot
 */
export async function storeBatch(
  { store, config, stationId, now }: { store: Store; config: Config; stationId: string; now: number },
  { result, tip, firstHour, endHour, learnedThrough, genesisTime, configDigest, startsOver, relearns }: Batch,
): Promise<ChainTip> {
  let newest = tip;
  const snapshots: Record<string, Cell>[] = [];
  for (const { throughHour, hoursDigest, stateDigest, stateBytes, state } of result.snapshots) {
    const snapshotId = digestSnapshot(configDigest, hoursDigest, stateDigest);
    if (state) writeSnapshot(snapshotPath(config.home, stationId, snapshotId), state);
    const hoursConsumed = newest.hoursConsumed + throughHour - newest.throughHour;
    snapshots.push({
      stationId,
      throughTime: throughHour * hourMs,
      snapshotId,
      parentId: newest.snapshotId,
      genesisTime,
      hoursConsumed,
      hoursDigest,
      configDigest,
      stateBytes,
      kept: state !== null,
    });
    newest = { snapshotId, throughHour, hoursConsumed, hoursDigest };
  }
  await store.transaction(async () => {
    const madeTimeOf = await madeTimeLookup(store, stationId, { firstHour, learnedThrough, now });
    if (startsOver) await deleteLearned(store, stationId);
    if (startsOver && relearns) await useCorrections(store, stationId);
    // The month and day in progress are written again, and so is what an interrupted run left behind.
    for (const [table, column] of Object.entries(learnedTables)) {
      await store.run(`DELETE FROM ${table} WHERE stationId = $stationId AND ${column} >= $since`, {
        stationId,
        since: timestamp(periodStart(column, firstHour) * hourMs),
      });
    }
    await appendResult(store, stationId, result, madeTimeOf);
    await store.insert("snapshots", snapshots);
    for (const table of ["forecasts", "extremes"])
      await store.run(`DELETE FROM ${table} WHERE stationId = $stationId AND issuedTime <= $old`, {
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
    await storeEvenings(store, stationId, result.evenings, { firstHour, endHour });
    await updateKept(store, stationId);
  });
  await deleteOtherStates(store, config.home, stationId);
  return newest;
}

/** The first hour with stored hourly EWMAE. It begins a day, so that a checkpoint's files change once a day. */
export function ewmaeHoursFrom(lastHour: number): number {
  return (dayOf(lastHour) - ewmaeDaysStored) * 24;
}

/** The first hour of the month, day or hour that holds `hour`, whichever the column counts. */
function periodStart(column: (typeof learnedTables)[keyof typeof learnedTables], hour: number): number {
  if (column === "month") return firstHourOfMonth(monthOf(hour));
  return column === "day" ? dayOf(hour) * 24 : hour;
}

/**
 * Looks up when each forecast was first made: now, unless the same forecast was issued before, as when a run resumes
 * from an older snapshot. A run at an earlier clock can't make a forecast before its newest input was first seen, so
 * that replays never count as live.
 * @returns a function to be called hour by hour, in order
 */
async function madeTimeLookup(
  store: Store,
  stationId: string,
  { firstHour, learnedThrough, now }: { firstHour: number; learnedThrough: number; now: number },
) {
  const before = await store.all<{ issue: string; madeTime: number }>(
    `SELECT concat(epoch_ms(issuedTime) // ${hourMs}, digest) AS issue, epoch_ms(madeTime)::DOUBLE AS madeTime
     FROM issues WHERE stationId = $stationId AND issuedTime >= $first`,
    { stationId, first: timestamp(firstHour * hourMs) },
  );
  const known = new Map(before.map(({ issue, madeTime }) => [issue, madeTime]));
  const seenLater = await store.all<{ hour: number; seenTime: number }>(
    `SELECT greatest(epoch_ms(validTime)::DOUBLE / ${hourMs}, $firstHour) AS hour,
       epoch_ms(max(firstSeenTime))::DOUBLE AS "seenTime"
     FROM hours WHERE stationId = $stationId AND firstSeenTime > $now AND (learned OR validTime > $learnedThrough)
     GROUP BY hour ORDER BY hour`,
    { stationId, firstHour, now: timestamp(now), learnedThrough: timestamp(learnedThrough * hourMs) },
  );
  let next = 0;
  let earliest = now;
  return ({ hour, digest }: ReplayResult["issues"][number]) => {
    for (; next < seenLater.length && seenLater[next]!.hour <= hour; next++) {
      earliest = Math.max(earliest, seenLater[next]!.seenTime);
    }
    return known.get(`${hour}${digest}`) ?? earliest;
  };
}
