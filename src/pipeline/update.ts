import type { FetchSummary } from "../data/fetch/fetchRun.js";
import type { Station } from "../data/sources/source.js";
import {
  hiddenStationLines,
  lendingStations,
  rememberConfigured,
  sharedCodeLines,
} from "../data/stations/hiddenStations.js";
import { stopLending } from "../data/stations/networkStations.js";
import { configuredStations, resolveStations } from "../data/stations/stations.js";
import { isSimulated } from "../data/store/purgeSimulated.js";
import type { Store } from "../data/store/store.js";
import type { PublishedManifest } from "../shared/published/published.js";
import { type Shard, shardOf } from "../shared/shard.js";
import { minuteMs } from "../shared/time.js";
import { configWithNetwork, fetchNetworkOf, knownNetwork, networkMembers } from "./networkRun.js";
import type { Run } from "./run.js";
import { requestedStart, trainingStart } from "./train/trainingStart.js";

/** Stations and training start, as given on the command line. */
export interface History {
  /** GHCNh ids or ICAO codes; defaults to the configured stations. */
  station?: readonly string[] | undefined;
  /** Restricts the run to one shard of these stations. */
  shard?: Shard | undefined;
  /** First hour of history, epoch milliseconds. */
  from?: number | undefined;
  /** The network of this run: ids or codes, `all` or `none`; defaults to the configured one. */
  network?: readonly string[] | undefined;
  /** Whether a configured network and past guidance that were never fetched are left to a later run, because they take minutes. */
  networkLater?: boolean | undefined;
  /** Whether to learn the history again from the values as corrected, and to ask again for files that were absent. */
  relearn?: boolean | undefined;
}

export interface UpdateOptions extends History {
  /** Whether to simulate weather when NOAA can't be reached and no real observation is stored. */
  simulate: boolean;
  /** Whether to publish; defaults to true. */
  publish?: boolean | undefined;
}

/** Why a run fetched nothing new. */
export type Problem = "NOAA could not be reached" | "NOAA sent nothing that can be used";

/** Simulated weather only shows what the site looks like: few stations and months fill every page within a minute. */
const simulatedStations = 4;
const simulatedMonths = 4;

/**
 * Fetches, trains and publishes. Without new data it publishes what is stored.
 * @returns why nothing new was fetched; null when something was, or nothing was needed
 */
export async function update(
  run: Run,
  { simulate, publish = true, ...history }: UpdateOptions,
): Promise<Problem | null> {
  const stations = await chosenStations(run, history);
  if (stations.length === 0) {
    run.report.warn("this shard has no stations: there are more shards than stations");
    return null;
  }
  const problem = await fetchIfReachable(run, stations, history);
  const isReal = !(await isSimulated(run.store));
  if (isReal && (problem === null || (await hasHours(run.store)))) {
    if (problem) run.report.warn(`${problem}; continuing with the stored observations`);
    await train(run, history, stations);
  } else {
    const reason = `${problem ?? "NOAA could not be reached"}, and no observations are stored`;
    if (!simulate) throw new Error(reason);
    run.report.warn(`${reason}: continuing with simulated weather`);
    await simulateAndTrain(run, stations, history);
  }
  if (publish) await publishForecasts(run);
  return problem;
}

async function hasHours(store: Store): Promise<boolean> {
  return (await store.all("SELECT 1 FROM hours LIMIT 1")).length > 0;
}

async function simulateAndTrain(run: Run, stations: readonly Station[], history: History): Promise<void> {
  const { ingestSimulated } = await import("../data/simulated/simulated.js");
  const isDefault = history.station === undefined && history.from === undefined;
  const chosen = isDefault ? stations.slice(0, simulatedStations) : stations;
  const shortened = isDefault ? { ...history, from: simulatedFrom(run) } : history;
  await ingestSimulated(run.store, chosen, { ...run, genesis: await trainingStarts(run, chosen, shortened) });
  await train(run, shortened, chosen);
}

/** First of the month some months ago, so that later runs of the month continue from the same hour; the configured genesis if it is later. */
function simulatedFrom({ config, clock }: Run): number {
  const now = clock.now();
  const date = new Date(now);
  const from = Date.UTC(date.getUTCFullYear(), date.getUTCMonth() - simulatedMonths, 1);
  return Math.max(from, requestedStart(config, { now }) ?? from);
}

async function fetchIfReachable(run: Run, stations: readonly Station[], history: History): Promise<Problem | null> {
  const { UnreachableError } = await import("../data/fetch/fetch.js");
  try {
    return await fetchObservations(run, history, stations);
  } catch (error) {
    if (!(error instanceof UnreachableError)) throw error;
    return "NOAA could not be reached";
  }
}

/**
 * Fetches, validates and stores observations.
 * @returns why nothing new was fetched; null when something was, or nothing was needed
 */
export async function fetchObservations(
  run: Run,
  history: History,
  stations?: readonly Station[],
): Promise<Problem | null> {
  const { fetchStations } = await import("../data/fetch/fetch.js");
  const chosen = stations ?? (await chosenStations(run, history));
  const genesis = await trainingStarts(run, chosen, history);
  const started = performance.now();
  const network = await knownNetwork(run, history, chosen);
  const options = { ...run, genesis, asksAbsent: history.relearn };
  const { networkFailures, ...summary } = await fetchStations(run.store, run.config, chosen, { ...options, network });
  const { values, failedChecks, requested, saved } = summary;
  run.report.info(
    `${values} values new or changed, ${failedChecks} checks failed, ${requested} requests made and ${saved} saved`,
  );
  const problem = problemOf(summary);
  if (problem === null && chosen.length > 0) {
    const minutes = Math.max(1, run.config.requestMinutes - (performance.now() - started) / minuteMs);
    const asked = { stations: network, failures: networkFailures };
    await fetchNetworkOf(run, history, { stations: chosen, genesis }, { asked, minutes });
    if (!history.networkLater) await fetchPastGuidance(run, chosen, started);
  }
  return problem;
}

/** Reads past guidance of stations for which no update has done so, in the time for requests that is left. */
async function fetchPastGuidance(run: Run, stations: readonly Station[], started: number): Promise<void> {
  const { backfillGuidance, waitingForBackfill } = await import("./guidance/backfill.js");
  const waiting = await waitingForBackfill(run, stations);
  const minutes = run.config.requestMinutes - (performance.now() - started) / minuteMs;
  if (minutes > 0) await backfillGuidance(run, waiting, { days: run.config.backfillDays, minutes });
}

/** Why a fetch got nothing new; null when it did, or when nothing failed. */
function problemOf({ values, answered, failures }: FetchSummary): Problem | null {
  // Guidance is optional.
  const failed = failures.filter(({ source }) => source !== "officialForecast" && source !== "nbm");
  if (failed.length === 0 || values > 0 || answered.live > 0) return null;
  // An unchanged yearly file does not make up for live services that failed.
  const isLiveDown = failed.some(({ source }) => source === "awc" || source === "nws");
  if (answered.files > 0 && !isLiveDown) return null;
  const isUnreachable = failed.some(({ unreachable }) => unreachable);
  return isUnreachable ? "NOAA could not be reached" : "NOAA sent nothing that can be used";
}

/**
 * Fetches the observations of all stations and prepares what shards need to learn them on other machines.
 * @returns why nothing new was fetched, as `fetchObservations`
 */
export async function prepareShards(run: Run, history: History): Promise<Problem | null> {
  const { prepareFields } = await import("./train/planTraining.js");
  const stations = await chosenStations(run, history);
  const problem = await fetchObservations(run, history, stations);
  await prepareFields(
    run.store,
    configWithNetwork(run.config, history.network),
    stations.map(({ stationId }) => stationId),
    { clock: run.clock, from: history.from, members: await networkMembers(run, history) },
  );
  return problem;
}

/** Learns the stored hours that were not learned yet, scores the live forecasts and extends the ledger. */
export async function train(run: Run, history: History, stations?: readonly Station[]): Promise<void> {
  const [{ trainStations }, { scoreLive }, { scoreLiveExtremes }, { recordLedger }] = await Promise.all([
    import("./train/train.js"),
    import("./train/liveScores.js"),
    import("./train/liveExtremeScores.js"),
    import("./ledger/recordLedger.js"),
  ]);
  const chosen = stations ?? (await chosenStations(run, history));
  const rebuild = history.relearn ? await stationsToRelearn(run, chosen) : undefined;
  const task = run.report.task("learn", chosen.length, "stations");
  const shareByStation = new Map<string, number>();
  const { stations: trained } = await trainStations(
    run.store,
    configWithNetwork(run.config, history.network),
    chosen.map(({ stationId }) => stationId),
    {
      clock: run.clock,
      from: history.from,
      relearn: rebuild,
      members: await networkMembers(run, history),
      keepsNetwork: history.shard !== undefined,
      report(stationId, done, total) {
        task.advance(done / total - (shareByStation.get(stationId) ?? 0));
        shareByStation.set(stationId, done / total);
      },
    },
  ).finally(task.end);
  await scoreLive(run.store);
  await scoreLiveExtremes(run.store);
  const except = await lendingStations(run.store);
  await recordLedger(run.store, { runId: run.runId, time: run.clock.now(), except });
  const hours = trained.reduce((total, { hoursLearned }) => total + hoursLearned, 0);
  run.report.info(`${hours} hours learned at ${shareByStation.size} of ${chosen.length} stations`);
  const unfinished = trained.filter(({ isUnfinished }) => isUnfinished).length;
  if (unfinished > 0)
    run.report.warn(`${unfinished} stations are not finished after trainMinutes; the next run goes on`);
  const lacking = trained.filter(({ lacksFields }) => lacksFields).length;
  if (lacking > 0) run.report.warn(`${lacking} stations have hours without stored fields of the network; run prepare`);
  const silent = chosen.filter((_, i) => trained[i]!.snapshotId === null && !trained[i]!.isUnfinished);
  if (silent.length > 0) {
    run.report.warn(
      `no temperature to learn from: ${silent.map(({ icao, stationId }) => icao ?? stationId).join(", ")}`,
    );
  }
}

/** The stations whose values have changed, or arrived late, since they were learned. */
async function stationsToRelearn({ store, report }: Run, stations: readonly Station[]): Promise<Set<string>> {
  const { countCorrections } = await import("./train/relearn.js");
  const changed = new Set<string>();
  for (const { stationId, icao } of stations) {
    const { corrected, late } = await countCorrections(store, stationId);
    if (corrected + late > 0) changed.add(stationId);
    const what =
      corrected + late > 0 ? `${corrected} corrected and ${late} late values` : "no corrected or late values";
    report.info(`${icao ?? stationId}: ${what}`);
  }
  return changed;
}

/** Writes what the pages need to `<home>/published`. */
export async function publishForecasts(run: Run): Promise<PublishedManifest> {
  const [{ publish }, { deleteOldRows }] = await Promise.all([
    import("./publish/publish.js"),
    import("../data/store/deleteOldRows.js"),
  ]);
  await deleteOldRows(run.store, run.clock.now());
  const manifest = await publish(run.store, run.config, { clock: run.clock, report: run.report });
  const through = manifest.dataThrough === null ? "no observation" : new Date(manifest.dataThrough).toISOString();
  run.report.info(`published${manifest.simulated ? " simulated weather" : ""}, newest observation ${through}`);
  for (const line of await sharedCodeLines(run.store, run.config)) run.report.warn(line);
  await warnOfNotShown(run);
  return manifest;
}

export async function warnOfNotShown({ store, config, report }: Run): Promise<void> {
  for (const line of await hiddenStationLines(store, config)) report.warn(line);
}

async function chosenStations(run: Run, { station, shard, from }: History): Promise<Station[]> {
  const { config, store, clock, report } = run;
  // An impossible history fails before the first request, which may be for NOAA's station list.
  requestedStart(config, { from, now: clock.now() });
  const all = station ? await resolveStations(config, station, report) : await configuredStations(config, report);
  const stations = shard ? shardOf(all, shard) : all;
  const ids = stations.map(({ stationId }) => stationId);
  await rememberConfigured(store, ids, { isNamed: station !== undefined });
  await stopLending(store, ids);
  return stations;
}

/** Finds the first hour of each station's history; for others, those of the network, it is the earliest of all. */
async function trainingStarts(
  { store, config, clock }: Run,
  stations: readonly Station[],
  { from }: History,
): Promise<(stationId: string) => number> {
  const starts = new Map<string, number>();
  for (const { stationId } of stations) {
    starts.set(stationId, await trainingStart(store, config, stationId, { from, now: clock.now() }));
  }
  const earliest = Math.min(...starts.values());
  return (stationId) => starts.get(stationId) ?? earliest;
}
