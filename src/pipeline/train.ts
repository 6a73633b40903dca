import { existsSync, readdirSync, rmSync } from "node:fs";
import { availableParallelism } from "node:os";
import { join } from "node:path";
import type { Piscina } from "piscina";
import { firstHourOfMonth, hourOf, monthOf } from "../model/calendar.js";
import { type ModelName, maxLeadHours, modelNames, variables } from "../model/vocabulary.js";
import type { Clock } from "./clock.js";
import type { Config } from "./config.js";
import { forecastColumns, forecastRows } from "./forecastRows.js";
import { genesisOf } from "./genesis.js";
import { hourMs, hourValues } from "./hourValues.js";
import { learnableHour } from "./learnableHour.js";
import type { ReplayResult, ReplayTask } from "./replay.js";
import { readKeptState, type SnapshotKey, snapshotPath, writeSnapshot } from "./snapshotFile.js";
import { digestConfig, snapshotIdOf } from "./snapshotId.js";
import { type Cell, type Store, timestamp } from "./store.js";
import { createPool } from "./workerPool.js";

/** Hours taken in between two commits. */
const batchHours = 366 * 24;
/** For how long forecasts are stored whole, in hours. */
export const forecastHours = 60 * 24;
/** How many last days and last months keep the state they ended with. */
const keptDays = 2;
const keptMonths = 2;

export interface TrainOptions {
  clock: Clock;
  /** Overrides the genesis, epoch milliseconds. */
  from?: number | undefined;
  /** Worker threads; defaults to the cores. */
  workers?: number | undefined;
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
 * observation at or before the clock, waiting for a missing hour's report as long as the watermark says. A station whose genesis or configuration changed begins anew; one trained past
 * the clock is taken back to it. Each batch is one transaction, and what it leaves does not depend on where earlier
 * runs stopped.
 */
export async function trainStations(
  store: Store,
  config: Config,
  stationIds: readonly string[],
  { clock, from, workers = availableParallelism(), report }: TrainOptions,
): Promise<{ stations: TrainedStation[] }> {
  const pool = createPool<ReplayTask, ReplayResult>("replay", Math.min(workers, stationIds.length));
  try {
    const runs = stationIds.map((stationId) => trainStation({ store, config, stationId, clock, from, pool, report }));
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
  pool: Piscina<ReplayTask, ReplayResult>;
}

async function trainStation(run: StationRun): Promise<TrainedStation> {
  const { store, config, stationId, clock, from, pool, report } = run;
  const genesisTime = await genesisOf(store, config, stationId, { from, now: clock.now() });
  const genesisHour = hourOf(genesisTime);
  const configDigest = digestConfig(config, genesisTime);
  const lastHour = await learnableHour(store, config, stationId, { genesis: genesisTime, now: clock.now() });
  await beginAnewIfChanged(store, config, stationId, lastHour === null ? null : configDigest);
  if (lastHour === null) return { stationId, hoursLearned: 0, throughTime: null, snapshotId: null };

  await rewind(store, config, stationId, lastHour);
  const learnedThrough = await newestLearned(store, stationId, genesisHour);
  const { tip: start, state: startState } = await resume(store, config, stationId, genesisHour, lastHour);
  let tip = start;
  let state = startState;
  const total = lastHour - tip.throughHour;
  while (tip.throughHour < lastHour) {
    const firstHour = tip.throughHour + 1;
    const endHour = Math.min(lastHour, firstHour + batchHours - 1);
    const ends = snapshotHours(firstHour, endHour, lastHour);
    const result = await pool.run({
      options: config.model,
      state,
      hoursDigest: tip.hoursDigest,
      firstHour,
      values: await hourValues(store, stationId, firstHour, endHour, learnedThrough),
      snapshotHours: ends.all,
      keepStates: ends.kept,
      forecastsFrom: lastHour - forecastHours + 1,
    });
    const newest = result.snapshots.at(-1)!;
    state = newest.state;
    tip = await commit(run, { result, tip, firstHour, endHour, learnedThrough, genesisTime, configDigest });
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

/** Models whose EWMAE is stored: the published, the simplest and the seed's. */
const ewmaeModels = new Set<ModelName>(["persistence", "seasonalNaive", "sgd", "rls", "mixture"]);

const derivedTables = {
  issues: "issuedTime",
  forecasts: "issuedTime",
  scores: "month",
  scoresByHour: "month",
  calibration: "month",
  calibrationByHour: "month",
  ewmae: "time",
  expertWeights: "time",
  alarms: "time",
  snapshots: "throughTime",
} as const;

/** Forgets all that was learned of a station when that was under another configuration, or is to go on from nothing. */
async function beginAnewIfChanged(
  store: Store,
  config: Config,
  stationId: string,
  digest: string | null,
): Promise<void> {
  const others = await store.all(
    "SELECT 1 FROM snapshots WHERE stationId = $stationId AND configDigest IS DISTINCT FROM $digest LIMIT 1",
    { stationId, digest },
  );
  if (others.length === 0) return;
  await store.transaction(async () => {
    for (const table of Object.keys(derivedTables)) {
      await store.run(`DELETE FROM ${table} WHERE stationId = $stationId`, { stationId });
    }
    await store.run("UPDATE hours SET learned = false WHERE stationId = $stationId AND learned", { stationId });
  });
  removeOtherStates(config.home, stationId, new Set());
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
  });
  removeOtherStates(config.home, stationId, await keptIds(store, stationId));
}

/** The newest snapshot whose state is still there, or the hour before genesis. */
async function resume(store: Store, config: Config, stationId: string, genesisHour: number, lastHour: number) {
  const rows = await store.all<SnapshotKey & { throughTime: number; hoursConsumed: number }>(
    `SELECT snapshotId, configDigest, hoursDigest, epoch_ms(throughTime)::DOUBLE AS throughTime, hoursConsumed
     FROM snapshots WHERE stationId = $stationId AND kept AND throughTime <= $last ORDER BY throughTime DESC`,
    { stationId, last: timestamp(lastHour * hourMs) },
  );
  const row = rows.find(({ snapshotId }) => existsSync(snapshotPath(config.home, stationId, snapshotId)));
  if (!row) {
    const tip: Tip = { snapshotId: null, throughHour: genesisHour - 1, hoursConsumed: 0, hoursDigest: "" };
    return { tip, state: null };
  }
  const { snapshotId, hoursConsumed, hoursDigest } = row;
  const tip: Tip = { snapshotId, throughHour: row.throughTime / hourMs, hoursConsumed, hoursDigest };
  return { tip, state: readKeptState(config.home, stationId, row) };
}

/** Snapshots are taken at the end of each month, of each of the last days, and where the batch ends. */
function snapshotHours(firstHour: number, endHour: number, lastHour: number): { all: number[]; kept: number[] } {
  const all = new Set<number>([endHour]);
  const kept = new Set<number>([endHour]);
  const lastMonth = monthOf(lastHour);
  for (let month = monthOf(firstHour) + 1; firstHourOfMonth(month) - 1 <= endHour; month++) {
    const end = firstHourOfMonth(month) - 1;
    if (end < firstHour) continue;
    all.add(end);
    if (month > lastMonth - keptMonths) kept.add(end);
  }
  for (let end = Math.floor((lastHour + 1) / 24) * 24 - 1, n = 0; n < keptDays; end -= 24, n++) {
    if (end < firstHour || end > endHour) continue;
    all.add(end);
    kept.add(end);
  }
  const ascending = (hours: Set<number>) => [...hours].sort((a, b) => a - b);
  return { all: ascending(all), kept: ascending(kept) };
}

interface Batch {
  result: ReplayResult;
  tip: Tip;
  firstHour: number;
  endHour: number;
  learnedThrough: number;
  genesisTime: number;
  configDigest: string;
}

/** Stores a batch in one transaction. The states are written before it, and removed after it, so that none is missed. */
async function commit({ store, config, stationId }: StationRun, batch: Batch): Promise<Tip> {
  const { result, firstHour, endHour, learnedThrough, genesisTime, configDigest } = batch;
  let tip = batch.tip;
  const snapshots: Cell[][] = [];
  for (const { throughHour, hoursDigest, stateDigest, stateBytes, state } of result.snapshots) {
    const snapshotId = snapshotIdOf(configDigest, hoursDigest, stateDigest);
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
    // The month under way, and whatever a rewound run left, is written anew.
    for (const [table, column] of Object.entries(derivedTables)) {
      const since = column === "month" ? firstHourOfMonth(monthOf(firstHour)) : firstHour;
      await store.run(`DELETE FROM ${table} WHERE stationId = $stationId AND ${column} >= $since`, {
        stationId,
        since: timestamp(since * hourMs),
      });
    }
    await appendResult(store, stationId, result);
    await store.append("snapshots", snapshotColumns, snapshots);
    await store.run("DELETE FROM forecasts WHERE stationId = $stationId AND issuedTime <= $old", {
      stationId,
      old: timestamp((endHour - forecastHours) * hourMs),
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
    await markKept(store, stationId);
  });
  removeOtherStates(config.home, stationId, await keptIds(store, stationId));
  return tip;
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

/** Of the states kept so far: the newest, those that ended one of the last days, those that ended a month. */
async function markKept(store: Store, stationId: string): Promise<void> {
  await store.run(
    `UPDATE snapshots SET kept = false WHERE stationId = $stationId AND kept AND throughTime NOT IN (
      SELECT max(throughTime) FROM snapshots WHERE stationId = $stationId
      UNION ALL (SELECT throughTime FROM snapshots WHERE stationId = $stationId AND kept
        AND hour(throughTime) = 23 ORDER BY throughTime DESC LIMIT ${keptDays})
      UNION ALL (SELECT throughTime FROM snapshots WHERE stationId = $stationId AND kept
        AND hour(throughTime) = 23 AND day(throughTime + INTERVAL 1 HOUR) = 1 ORDER BY throughTime DESC LIMIT ${keptMonths}))`,
    { stationId },
  );
}

async function keptIds(store: Store, stationId: string): Promise<Set<string>> {
  const rows = await store.all<{ snapshotId: string }>(
    "SELECT snapshotId FROM snapshots WHERE stationId = $stationId AND kept",
    { stationId },
  );
  return new Set(rows.map(({ snapshotId }) => snapshotId));
}

function removeOtherStates(home: string, stationId: string, kept: ReadonlySet<string>): void {
  const folder = join(home, "snapshots", stationId);
  let names: string[];
  try {
    names = readdirSync(folder);
  } catch {
    return; // nothing was ever written
  }
  for (const name of names) if (!kept.has(name.replace(/\.bin$/, ""))) rmSync(join(folder, name), { force: true });
}

const calibrationColumns = [
  ...["n", "crps"],
  ...["belowP025", "belowP10", "belowP25", "belowP50", "belowP75", "belowP90", "belowP975", "aboveP975"],
  ...["pinballP025", "pinballP10", "pinballP25", "pinballP50", "pinballP75", "pinballP90", "pinballP975"],
];

async function appendResult(store: Store, stationId: string, result: ReplayResult): Promise<void> {
  const at = (column: number) => [variables[Math.floor(column / maxLeadHours)]!, (column % maxLeadHours) + 1] as const;
  const months = result.months.map(({ month, ...rest }) => ({ time: firstHourOfMonth(month) * hourMs, ...rest }));
  await store.append(
    "issues",
    ["stationId", "issuedTime", "digest"],
    result.issues.map(({ hour, digest }) => [stationId, hour * hourMs, digest]),
  );
  await store.append("forecasts", ["stationId", ...forecastColumns], stationForecasts(stationId, result));
  await store.append(
    "scores",
    ["stationId", "month", "model", "variable", "leadHours", "n", "mae", "bias", "rmse"],
    months.flatMap(({ time, scores }) =>
      scores.map((s) => [stationId, time, modelNames[s.model]!, ...at(s.column), s.n, s.mae, s.bias, s.rmse]),
    ),
  );
  await store.append(
    "scoresByHour",
    ["stationId", "month", "model", "variable", "leadHours", "hourOfDay", "n", "mae", "bias", "rmse"],
    months.flatMap(({ time, byHour }) =>
      byHour.map((s) => [
        ...[stationId, time, modelNames[s.model]!, ...at(s.column), s.hourOfDay],
        ...[s.n, s.mae, s.bias, s.rmse],
      ]),
    ),
  );
  await store.append(
    "calibration",
    ["stationId", "month", "variable", "leadHours", ...calibrationColumns],
    months.flatMap(({ time, calibration }) =>
      calibration.map((c) => [stationId, time, ...at(c.column), c.n, c.crps, ...c.bins, ...c.pinball]),
    ),
  );
  await store.append(
    "calibrationByHour",
    ["stationId", "month", "variable", "leadHours", "hourOfDay", ...calibrationColumns],
    months.flatMap(({ time, calibrationByHour }) =>
      calibrationByHour.map((c) => [
        ...[stationId, time, ...at(c.column), c.hourOfDay],
        ...[c.n, c.crps, ...c.bins, ...c.pinball],
      ]),
    ),
  );
  await store.append(
    "ewmae",
    [
      ...["stationId", "time", "model", "variable", "leadHours", "n", "validation", "training", "validationCorrected"],
      ...["trainingCorrected", "validationSlow"],
    ],
    result.ewmae.flatMap(({ hour, values }) =>
      values
        .filter((e) => ewmaeModels.has(modelNames[e.model]!))
        .map((e) => [
          ...[stationId, hour * hourMs, modelNames[e.model]!, ...at(e.column), e.n, e.validation, e.training],
          ...[e.validationCorrected, e.trainingCorrected, e.validationSlow],
        ]),
    ),
  );
  await store.append(
    "expertWeights",
    ["stationId", "time", "variable", "leadHours", "model", "weight"],
    result.weights.flatMap(({ hour, column, weights }) =>
      weights.map((weight, k) => [stationId, hour * hourMs, ...at(column), modelNames[k]!, weight]),
    ),
  );
  await store.append(
    "alarms",
    ["stationId", "time", "variable", "side"],
    result.alarms.map(({ hour, variable, side }) => [
      stationId,
      hour * hourMs,
      variables[variable]!,
      side > 0 ? "forecasts too high" : "forecasts too low",
    ]),
  );
}

function* stationForecasts(stationId: string, { forecasts }: ReplayResult): Generator<Cell[]> {
  for (const row of forecastRows(forecasts)) yield [stationId, ...row];
}
