import type { Store } from "../../data/store/store.js";
import { hourOf } from "../../model/calendar.js";
import type { Clock } from "../../shared/clock.js";
import type { Config } from "../../shared/config.js";
import { hourMs } from "../../shared/time.js";
import { type PoolOptions, WorkerPool } from "../replay/workerPool.js";
import { deleteOtherStates, snapshotHours } from "./keptStates.js";
import { learnableHour } from "./learnableHour.js";
import {
  deleteLearned,
  deleteLearnedAfter,
  emptyChain,
  hasOtherConfig,
  newestLearnedHour,
  resumeChain,
} from "./learned.js";
import { hourValues, officialValues } from "./modelInput.js";
import { digestConfig } from "./snapshotFile.js";
import { ewmaeHoursFrom, forecastHours, storeBatch } from "./storeBatch.js";
import { trainingStart } from "./trainingStart.js";

/** Hours learned between two commits. */
const batchHours = 366 * 24;

export interface TrainOptions {
  clock: Clock;
  /** Overrides the training start, epoch milliseconds. */
  from?: number | undefined;
  /** Stations that start over and learn the values as they are known now. */
  relearn?: ReadonlySet<string> | undefined;
  workers?: PoolOptions["workers"];
  /** Called after each batch with the hours done and the hours to do. */
  report?: ((stationId: string, done: number, total: number) => void) | undefined;
}

export interface TrainedStation {
  stationId: string;
  /** Hours learned by this run. */
  hoursLearned: number;
  /** Last hour learned, epoch milliseconds; null when the station has no observation. */
  throughTime: number | null;
  snapshotId: string | null;
}

/**
 * Trains each station in a worker thread, from its newest snapshot to the last learnable hour at the clock. A station
 * starts over when its training start or configuration changed, or when it is relearned; a station trained past the
 * clock goes back to it. Each batch is one transaction, and results do not depend on where earlier runs stopped.
 */
export async function trainStations(
  store: Store,
  config: Config,
  stationIds: readonly string[],
  { clock, from, relearn, workers, report }: TrainOptions,
): Promise<{ stations: TrainedStation[] }> {
  const pool = new WorkerPool("replay", { stations: stationIds.length, workers });
  try {
    const stations = await pool.forEach(stationIds, (stationId) => {
      const relearns = relearn?.has(stationId) ?? false;
      return trainStation({ store, config, stationId, clock, from, relearns, pool, report });
    });
    return { stations };
  } finally {
    await pool.destroy();
  }
}

interface StationRun extends Pick<TrainOptions, "clock" | "from" | "report"> {
  store: Store;
  config: Config;
  stationId: string;
  relearns: boolean;
  pool: WorkerPool<"replay">;
}

async function trainStation(run: StationRun): Promise<TrainedStation> {
  const { store, config, stationId, clock, from, relearns, pool, report } = run;
  const genesisTime = await trainingStart(store, config, stationId, { from, now: clock.now() });
  const lastHour = await learnableHour(store, config, stationId, { genesis: genesisTime, now: clock.now() });
  if (lastHour === null) {
    await store.transaction(() => deleteLearned(store, stationId));
    await deleteOtherStates(store, config.home, stationId);
    return { stationId, hoursLearned: 0, throughTime: null, snapshotId: null };
  }

  const startHour = hourOf(genesisTime);
  const configDigest = digestConfig(config, genesisTime);
  let startsOver = relearns || (await hasOtherConfig(store, stationId, configDigest));
  if (!startsOver) await deleteLearnedAfter(store, config, stationId, lastHour);
  const learnedThrough = startsOver ? startHour - 1 : await newestLearnedHour(store, stationId, startHour);
  let { tip, state } = startsOver
    ? emptyChain(startHour)
    : await resumeChain(store, config, stationId, startHour, lastHour);

  const total = lastHour - tip.throughHour;
  while (tip.throughHour < lastHour) {
    const firstHour = tip.throughHour + 1;
    const endHour = Math.min(lastHour, firstHour + batchHours - 1);
    const snapshots = snapshotHours(firstHour, endHour, lastHour);
    // The first batch of a relearned station stores the values it learned, so later batches read them as usual.
    const source = startsOver && relearns ? "hours" : "modelHours";
    const result = await pool.run({
      options: config.model,
      state,
      hoursDigest: tip.hoursDigest,
      firstHour,
      values: await hourValues(store, stationId, firstHour, endHour, learnedThrough, source),
      official: await officialValues(store, stationId, firstHour, endHour),
      snapshotHours: snapshots.all,
      keepStates: snapshots.kept,
      forecastsFrom: lastHour - forecastHours + 1,
      ewmaeHoursFrom: ewmaeHoursFrom(lastHour),
    });
    state = result.snapshots.at(-1)!.state;
    tip = await storeBatch(
      { store, config, stationId, now: clock.now() },
      { result, tip, firstHour, endHour, learnedThrough, genesisTime, configDigest, startsOver, relearns },
    );
    startsOver = false;
    report?.(stationId, endHour - (lastHour - total), total);
  }
  return { stationId, hoursLearned: total, throughTime: tip.throughHour * hourMs, snapshotId: tip.snapshotId };
}
