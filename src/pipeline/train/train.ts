import type { Store } from "../../data/store/store.js";
import type { NetworkHours } from "../../model/network/networkReplay.js";
import type { Clock } from "../../shared/clock.js";
import type { Config } from "../../shared/config.js";
import { hourMs, minuteMs } from "../../shared/time.js";
import { type PoolOptions, WorkerPool } from "../replay/workerPool.js";
import { eveningsFrom } from "./evenings.js";
import { deleteOtherStates, snapshotHours } from "./keptStates.js";
import { deleteLearned } from "./learned.js";
import { guidanceValues, hourValues } from "./modelInput.js";
import { readFields } from "./networkFields.js";
import { planTraining, type StationPlan } from "./planTraining.js";
import { aroundOf } from "./stationModel.js";
import { ewmaeHoursFrom, forecastHours, storeBatch } from "./storeBatch.js";

/** Hours learned between two commits. */
const batchHours = 366 * 24;

export interface TrainOptions {
  clock: Clock;
  /** Overrides the training start, epoch milliseconds. */
  from?: number | undefined;
  /** Stations that start over and learn the values as they are known now. */
  relearn?: ReadonlySet<string> | undefined;
  /** Stations that are in the network from now on, unless `config.network` is null. */
  members?: readonly string[] | undefined;
  /** Whether stations learn with the fields that another machine stored, and no hour after them: see `prepareShards`. */
  keepsNetwork?: boolean | undefined;
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
  /** Whether time ran out: the next run goes on. */
  isUnfinished: boolean;
  /** Whether a shard lacks the fields of later hours. */
  lacksFields: boolean;
}

/** A station with fewer hours to learn is finished even when time is over. */
const fewHours = 7 * 24;

/**
 * Trains each station in a worker thread, from its newest snapshot to the last learnable hour at the clock. A station
 * starts over when its training start or configuration changed, or when it is relearned; a station trained past the
 * clock goes back to it. Each batch is one transaction, and results do not depend on where earlier runs stopped. After
 * `config.trainMinutes` no long history is begun or continued: its station keeps what it has until the next run.
 */
export async function trainStations(
  store: Store,
  config: Config,
  stationIds: readonly string[],
  options: TrainOptions,
): Promise<{ stations: TrainedStation[] }> {
  const { workers } = options;
  const endTime = performance.now() + config.trainMinutes * minuteMs;
  const { plans, network } = await planTraining(store, config, stationIds, options);
  const pool = new WorkerPool("replay", { stations: stationIds.length, workers });
  try {
    const stations = await pool.forEach(stationIds, (_, i) =>
      trainStation(
        { store, config, now: options.clock.now(), endTime, pool, network, report: options.report },
        plans[i]!,
      ),
    );
    return { stations };
  } finally {
    await pool.destroy();
  }
}

interface TrainRun extends Pick<TrainOptions, "report"> {
  store: Store;
  config: Config;
  now: number;
  /** When time is over, by `performance.now()`. */
  endTime: number;
  pool: WorkerPool<"replay">;
  network: NetworkHours | null;
}

async function trainStation(run: TrainRun, plan: StationPlan): Promise<TrainedStation> {
  const { store, config, now, endTime, pool, network, report } = run;
  const { stationId, genesisTime, lastHour, model, configDigest, relearns, usesStoredFields, learnedThrough, chain } =
    plan;
  if (lastHour === null) {
    await store.transaction(() => deleteLearned(store, stationId));
    await deleteOtherStates(store, config.home, stationId);
    return { stationId, hoursLearned: 0, throughTime: null, snapshotId: null, isUnfinished: false, lacksFields: false };
  }
  const isTimeOver = (throughHour: number) => lastHour - throughHour > fewHours && performance.now() > endTime;
  let { startsOver } = plan;
  let { tip } = chain;
  let state = tip.throughHour < lastHour && !isTimeOver(tip.throughHour) ? chain.readState() : null;
  const before = tip.throughHour;
  const total = lastHour - before;
  while (tip.throughHour < lastHour && !isTimeOver(tip.throughHour)) {
    const firstHour = tip.throughHour + 1;
    const endHour = Math.min(lastHour, firstHour + batchHours - 1);
    const snapshots = snapshotHours(firstHour, endHour, lastHour);
    // The first batch of a relearned station stores the values it learned, so later batches read them as usual.
    const source = startsOver && relearns ? "hours" : "modelHours";
    const result = await pool.run({
      options: model.options,
      state,
      hoursDigest: tip.hoursDigest,
      firstHour,
      values: await hourValues(store, stationId, firstHour, endHour, learnedThrough, source),
      guidance: await guidanceValues(store, stationId, firstHour, endHour),
      around: usesStoredFields
        ? await readFields(store, stationId, { firstHour, lastHour: endHour })
        : aroundOf(model, network),
      priors: state ? {} : (model.prior?.experts ?? {}),
      snapshotHours: snapshots.all,
      keepStates: snapshots.kept,
      forecastsFrom: lastHour - forecastHours + 1,
      ewmaeHoursFrom: ewmaeHoursFrom(lastHour),
      eveningsFrom: eveningsFrom(lastHour),
    });
    state = result.snapshots.at(-1)!.state;
    tip = await storeBatch(
      { store, config, stationId, now },
      { result, tip, firstHour, endHour, learnedThrough, genesisTime, configDigest, startsOver, relearns },
    );
    startsOver = false;
    report?.(stationId, endHour - (lastHour - total), total);
  }
  const { throughHour, snapshotId } = tip;
  return {
    stationId,
    hoursLearned: throughHour - before,
    throughTime: throughHour * hourMs,
    snapshotId,
    isUnfinished: throughHour < lastHour,
    lacksFields: plan.lacksFields,
  };
}
