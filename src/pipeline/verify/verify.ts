import type { Store } from "../../data/store/store.js";
import { hourOf } from "../../model/calendar.js";
import type { NetworkHours } from "../../model/network/networkReplay.js";
import type { Config } from "../../shared/config.js";
import { type Report, silentReport } from "../../shared/progress.js";
import { hourMs } from "../../shared/time.js";
import { type PoolOptions, WorkerPool } from "../replay/workerPool.js";
import { guidanceLearnedThrough } from "../train/learned.js";
import { guidanceValues, hourValues } from "../train/modelInput.js";
import { liveNetwork } from "../train/network.js";
import { readKeptState } from "../train/snapshotFile.js";
import { aroundOf, recordedModels, type StationModel } from "../train/stationModel.js";
import { forecastHours } from "../train/storeBatch.js";
import {
  compareEvenings,
  compareForecasts,
  compareIssues,
  comparePublished,
  configurationDifference,
  type Difference,
  firstDifference,
  isoHour,
  type SnapshotRow,
  snapshotDifference,
  stateDifference,
} from "./difference.js";
import { type LedgerDifference, verifyLedger } from "./verifyLedger.js";

export interface VerifyOptions {
  /** Replay from the newest kept state at or before this time (epoch milliseconds), or from the training start. */
  since?: number | undefined;
  workers?: PoolOptions["workers"];
  report?: Report | undefined;
}

/** Number of things compared at a station, up to the first difference. */
export interface VerifiedStation {
  id: string;
  /** ISO 8601 times of the first and last hour replayed; null when there was none. */
  from: string | null;
  through: string | null;
  hours: number;
  snapshots: number;
  /** Kept states, of any time. */
  states: number;
  issues: number;
  forecasts: number;
  /** Ledger entries. */
  entries: number;
  /** The first ledger entry that was changed or does not match the store; null when there is none. */
  ledgerDifference: LedgerDifference | null;
  /** Null when all is as recorded; `time` is the first hour that differs, ISO 8601. */
  difference: { time: string; what: Difference["what"]; message: string } | null;
}

/** Hours replayed between comparisons: the longest month, so that each stretch has a snapshot. */
const stretchHours = 31 * 24;

/**
 * Replays the hours learned and compares the results with the record: every snapshot, every kept state, the digest of
 * every forecast, and every forecast still stored or published. Then compares the record with the ledger, which says
 * what was known at each issue. Changes nothing. Throws when a station is not trained.
 */
export async function verifyStations(
  store: Store,
  config: Config,
  stationIds: readonly string[],
  { since, workers, report = silentReport }: VerifyOptions = {},
): Promise<VerifiedStation[]> {
  const chains = await Promise.all(stationIds.map((id) => readChain(store, id)));
  const models = await recordedModels(store, config);
  // From the network's first hour on, because its stored states are not part of the record.
  const network = await liveNetwork(store);
  const pool = new WorkerPool("replay", { stations: stationIds.length, workers });
  try {
    return await pool.forEach(stationIds, (id, i) =>
      verifyStation({ store, config, id, model: models(id), network, since, pool, report }, chains[i]!),
    );
  } finally {
    await pool.destroy();
  }
}

/** The stations with snapshots or forecasts, recorded or stored, so that a deleted chain of snapshots is noticed. */
export async function trainedStations(store: Pick<Store, "all">): Promise<string[]> {
  const rows = await store.all<{ id: string }>(
    `SELECT stationId AS id FROM snapshots UNION SELECT stationId FROM issues UNION SELECT stationId FROM forecasts
     UNION SELECT stationId FROM (
       FROM ledger WHERE issuedFrom IS NOT NULL
       QUALIFY row_number() OVER (PARTITION BY stationId ORDER BY entry DESC) = 1
     ) WHERE issued > 0
     ORDER BY id`,
  );
  return rows.map(({ id }) => id);
}

/** The snapshots of a station, oldest first. */
async function readChain(store: Pick<Store, "all">, stationId: string): Promise<SnapshotRow[]> {
  const rows = await store.all<SnapshotRow>(
    `SELECT epoch_ms(throughTime)::DOUBLE / ${hourMs} AS throughHour, snapshotId, parentId,
      epoch_ms(genesisTime)::DOUBLE AS genesisTime, hoursConsumed, hoursDigest, configDigest, stateBytes, kept
     FROM snapshots WHERE stationId = $stationId ORDER BY throughTime`,
    { stationId },
  );
  if (rows.length === 0) throw new Error(`${stationId} is not trained yet; train it first`);
  return rows;
}

interface StationRun extends Pick<VerifyOptions, "since"> {
  store: Store;
  config: Config;
  id: string;
  model: StationModel;
  network: NetworkHours | null;
  pool: WorkerPool<"replay">;
  report: Report;
}

async function verifyStation(run: StationRun, chain: SnapshotRow[]): Promise<VerifiedStation> {
  const { config, id, model, since, report } = run;
  const counts = { hours: 0, snapshots: 0, states: 0, issues: 0, forecasts: 0 };
  const ledger = await verifyLedger(run.store, id);
  const kept = chain.filter((row) => row.kept);
  const start = since === undefined ? undefined : kept.findLast(({ throughHour }) => throughHour * hourMs <= since);
  const firstHour = start ? start.throughHour + 1 : hourOf(chain[0]!.genesisTime);
  const lastHour = chain.at(-1)!.throughHour;
  const task = report.task(`verify ${id}`, lastHour - firstHour + 1, "hours");

  const otherConfiguration = configurationDifference(model, chain);
  const differences = otherConfiguration ? [otherConfiguration] : [];
  for (const row of otherConfiguration ? [] : kept) {
    const difference = stateDifference(config.home, id, row);
    if (difference) differences.push(difference);
    else counts.states++;
  }
  let through = firstHour - 1;
  let at = start ? chain.indexOf(start) + 1 : 0;
  let state: Uint8Array | null = null;
  let hoursDigest = "";
  if (start && !differences.some(({ hour }) => hour <= through)) {
    state = readKeptState(config.home, id, start);
    hoursDigest = start.hoursDigest;
  }
  // Everything after a difference differs too.
  while (at < chain.length && !differences.some(({ hour }) => hour <= through) && !otherConfiguration) {
    const rows = stretchOf(chain, at, through);
    const parent = chain[at - 1];
    const compared = await compareStretch(run, { rows, parent, state, hoursDigest, firstHour: through + 1, lastHour });
    differences.push(...compared.differences);
    counts.hours += rows.at(-1)!.throughHour - through;
    counts.snapshots += rows.length;
    counts.issues += compared.issues;
    counts.forecasts += compared.forecasts;
    task.advance(rows.at(-1)!.throughHour - through);
    through = rows.at(-1)!.throughHour;
    at += rows.length;
    ({ state, hoursDigest } = compared);
  }
  task.end();
  const published = await comparePublished(run.store, config.home, id);
  if (published) differences.push(published);
  const first = firstDifference(differences);
  return {
    id,
    from: counts.hours > 0 ? isoHour(firstHour) : null,
    through: counts.hours > 0 ? isoHour(through) : null,
    ...counts,
    entries: ledger.entries,
    ledgerDifference: ledger.difference,
    difference: first && { time: isoHour(first.hour), what: first.what, message: first.message },
  };
}

/** The snapshots from index `at` on that end within one stretch; at least one. */
function stretchOf(chain: readonly SnapshotRow[], at: number, through: number): SnapshotRow[] {
  const beyond = chain.findIndex(({ throughHour }, i) => i > at && throughHour > through + stretchHours);
  return chain.slice(at, beyond < 0 ? chain.length : beyond);
}

interface Stretch {
  /** The snapshots within the stretch, and the one before. The stretch ends with the last. */
  rows: SnapshotRow[];
  parent: SnapshotRow | undefined;
  state: Uint8Array | null;
  hoursDigest: string;
  firstHour: number;
  /** Last hour learned. */
  lastHour: number;
}

async function compareStretch({ store, id, model, network, pool }: StationRun, stretch: Stretch) {
  const { rows, parent, state, hoursDigest, firstHour, lastHour } = stretch;
  const end = rows.at(-1)!.throughHour;
  const result = await pool.run({
    options: model.options,
    state,
    hoursDigest,
    firstHour,
    values: await hourValues(store, id, firstHour, end, lastHour),
    guidance: await guidanceValues(store, id, firstHour, end, {
      throughEntry: await guidanceLearnedThrough(store, id),
    }),
    around: aroundOf(model, network),
    priors: state ? {} : (model.prior?.experts ?? {}),
    snapshotHours: rows.map(({ throughHour }) => throughHour),
    keepStates: [end],
    forecastsFrom: lastHour - forecastHours + 1,
    ewmaeHoursFrom: Number.POSITIVE_INFINITY,
    eveningsFrom: firstHour,
  });
  const hours = { stationId: id, firstHour, lastHour: end === lastHour ? Number.POSITIVE_INFINITY : end };
  const issues = await compareIssues(store, hours, result);
  const forecasts = await compareForecasts(store, hours, result);
  const evening = await compareEvenings(store, hours, result);
  const issueHour = issues.difference?.hour;
  const snapshots = snapshotDifference(rows, parent, result, model, { firstHour, issueHour });
  const newest = result.snapshots.at(-1)!;
  return {
    differences: [snapshots, issues.difference, forecasts.difference, evening].filter(
      (difference) => difference !== null,
    ),
    issues: issues.count,
    forecasts: forecasts.count,
    state: newest.state,
    hoursDigest: newest.hoursDigest,
  };
}
