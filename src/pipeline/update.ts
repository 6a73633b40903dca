import type { FetchSummary } from "../data/fetch/fetchRun.js";
import type { Station } from "../data/sources/source.js";
import { rememberChosen } from "../data/stations/leftOut.js";
import { notShown, sharedCodes } from "../data/stations/notShown.js";
import { configuredStations, resolveStations } from "../data/stations/stations.js";
import { isSimulated } from "../data/store/purgeSimulated.js";
import type { PublishedManifest } from "../shared/published/published.js";
import { type Shard, shardOf } from "../shared/shard.js";
import type { Run } from "./run.js";
import { requestedStart, trainingStart } from "./train/trainingStart.js";

/** Which stations, and from when on; as given on the command line. */
export interface History {
  /** GHCNh ids or ICAO codes; the configured stations if absent. */
  station?: readonly string[] | undefined;
  /** Only this part of them. */
  shard?: Shard | undefined;
  /** First hour of history, epoch milliseconds. */
  from?: number | undefined;
  /** Whether to ask again for all that was absent, and to begin new lineages, which learn the values as known now. */
  rebuild?: boolean | undefined;
}

export interface UpdateOptions extends History {
  /** Whether simulated weather takes the place of NOAA's when that can't be reached and nothing is stored. */
  simulate: boolean;
}

/** Why nothing fresh came. */
export type Problem = "NOAA could not be reached" | "NOAA sent nothing that can be used";

/**
 * Fetches, trains and publishes.
 * @returns why nothing fresh came, null when something did or nothing was needed; what was stored before is published
 */
export async function update(run: Run, { simulate, ...history }: UpdateOptions): Promise<Problem | null> {
  const stations = await chosenStations(run, history);
  if (stations.length === 0) {
    run.report.warn("there are more parts than stations: this one has none");
    return null;
  }
  const problem = await fetchOrSimulate(run, stations, { simulate, ...history });
  await train(run, history, stations);
  await publishForecasts(run);
  return problem;
}

async function fetchOrSimulate(
  run: Run,
  stations: readonly Station[],
  options: UpdateOptions,
): Promise<Problem | null> {
  const problem = await fetchIfReachable(run, stations, options);
  if (problem === null && !(await isSimulated(run.store))) return null;
  const [observed] = await run.store.all("SELECT 1 FROM hours LIMIT 1");
  if (observed && !(await isSimulated(run.store))) {
    run.report.warn(`${problem}; going on with what is stored`);
    return problem;
  }
  if (!options.simulate) throw new Error("NOAA could not be reached, and nothing that it observed is stored");
  run.report.warn("NOAA could not be reached, and nothing that it observed is stored: going on with simulated weather");
  const { ingestSimulated } = await import("../data/simulated/simulated.js");
  for (const [genesis, group] of await byGenesis(run, stations, options)) {
    await ingestSimulated(run.store, group, { ...run, genesis });
  }
  return problem;
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
 * @returns why nothing fresh came, null when something did or nothing was needed
 */
export async function fetchObservations(
  run: Run,
  history: History,
  stations?: readonly Station[],
): Promise<Problem | null> {
  const { fetchStations } = await import("../data/fetch/fetch.js");
  const groups = await byGenesis(run, stations ?? (await chosenStations(run, history)), history);
  const geneses = new Map(
    [...groups].flatMap(([genesis, group]) => group.map(({ stationId }) => [stationId, genesis] as const)),
  );
  const summary = await fetchStations(run.store, run.config, [...groups.values()].flat(), {
    ...run,
    genesis: (stationId) => geneses.get(stationId)!,
    asksAbsent: history.rebuild,
  });
  const { hours, quarantined, requested, saved } = summary;
  run.report.info(
    `${hours} values new or changed, ${quarantined} checks failed, ${requested} requests made and ${saved} saved`,
  );
  return problemOf(summary);
}

/** Why a fetch brought nothing fresh; null when it did, or when nothing failed. */
function problemOf({ hours, answered, failures }: FetchSummary): Problem | null {
  // The official forecast is a welcome addition: without it nothing is missing.
  const failed = failures.filter(({ source }) => source !== "officialForecast");
  if (failed.length === 0 || hours > 0 || answered.live > 0) return null;
  // That a file has not changed is no news where the live services are silent.
  const isSilent = failed.some(({ source }) => source === "awc" || source === "nws");
  if (answered.files > 0 && !isSilent) return null;
  const isUnreachable = failed.some(({ unreachable }) => unreachable);
  return isUnreachable ? "NOAA could not be reached" : "NOAA sent nothing that can be used";
}

/** Learns from the stored hours that were not yet learned. */
export async function train(run: Run, history: History, stations?: readonly Station[]): Promise<void> {
  const [{ trainStations }, { scoreLive }, { recordLedger }] = await Promise.all([
    import("./train/train.js"),
    import("./train/liveScores.js"),
    import("./ledger/recordLedger.js"),
  ]);
  const chosen = stations ?? (await chosenStations(run, history));
  const rebuild = history.rebuild ? await stationsToRebuild(run, chosen) : undefined;
  const task = run.report.task("learn", chosen.length);
  const doneBefore = new Map<string, number>();
  const { stations: trained } = await trainStations(
    run.store,
    run.config,
    chosen.map(({ stationId }) => stationId),
    {
      clock: run.clock,
      from: history.from,
      rebuild,
      report(stationId, done, total) {
        task.advance((done - (doneBefore.get(stationId) ?? 0)) / total);
        doneBefore.set(stationId, done);
      },
    },
  ).finally(task.end);
  await scoreLive(run.store);
  await recordLedger(run.store, { runId: run.runId, time: run.clock.now() });
  const hours = trained.reduce((total, { hoursLearned }) => total + hoursLearned, 0);
  run.report.info(`${hours} hours learned at ${doneBefore.size} of ${chosen.length} stations`);
  const silent = chosen.filter((_, i) => trained[i]!.snapshotId === null);
  if (silent.length > 0) {
    run.report.warn(
      `no temperature to learn from: ${silent.map(({ icao, stationId }) => icao ?? stationId).join(", ")}`,
    );
  }
}

/** Those of which something else is known now than was learned. */
async function stationsToRebuild({ store, report }: Run, stations: readonly Station[]): Promise<Set<string>> {
  const { countCorrections } = await import("./train/relearn.js");
  const chosen = new Set<string>();
  for (const { stationId, icao } of stations) {
    const { corrected, late } = await countCorrections(store, stationId);
    if (corrected + late > 0) chosen.add(stationId);
    const what = `${corrected} values corrected and ${late} that came late`;
    report.info(`${icao ?? stationId}: ${corrected + late > 0 ? what : "nothing was corrected or came late"}`);
  }
  return chosen;
}

/** Writes what the pages need to `<home>/published`. */
export async function publishForecasts(run: Run): Promise<PublishedManifest> {
  const [{ publish }, { forgetOld }] = await Promise.all([
    import("./publish/publish.js"),
    import("../data/store/forgetOld.js"),
  ]);
  await forgetOld(run.store, run.clock.now());
  const manifest = await publish(run.store, run.config, { clock: run.clock, report: run.report });
  const through = manifest.dataThrough === null ? "no observation" : new Date(manifest.dataThrough).toISOString();
  run.report.info(`published${manifest.simulated ? " simulated weather" : ""}, newest observation ${through}`);
  for (const line of await sharedCodes(run.store, run.config)) run.report.warn(line);
  await warnOfNotShown(run);
  return manifest;
}

export async function warnOfNotShown({ store, config, report }: Run): Promise<void> {
  for (const line of await notShown(store, config)) report.warn(line);
}

async function chosenStations(run: Run, { station, shard, from }: History): Promise<Station[]> {
  const { config, store, clock, report } = run;
  // A history that can't be is refused before NOAA is asked for anything, the list of stations too.
  requestedStart(config, { from, now: clock.now() });
  const all = station ? await resolveStations(config, station, report) : await configuredStations(config, report);
  const stations = shard ? shardOf(all, shard) : all;
  const ids = stations.map(({ stationId }) => stationId);
  await rememberChosen(store, ids, { isNamed: station !== undefined });
  return stations;
}

/** The stations by the first hour of their history. */
async function byGenesis(run: Run, stations: readonly Station[], history: History): Promise<Map<number, Station[]>> {
  const groups = new Map<number, Station[]>();
  for (const station of stations) {
    const genesis = await trainingStart(run.store, run.config, station.stationId, {
      from: history.from,
      now: run.clock.now(),
    });
    groups.set(genesis, [...(groups.get(genesis) ?? []), station]);
  }
  return groups;
}
