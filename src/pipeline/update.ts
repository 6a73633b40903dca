import type { FetchSummary } from "./fetch.js";
import { genesisOf } from "./genesis.js";
import type { PublishedManifest } from "./published.js";
import { isSimulated } from "./purgeSimulated.js";
import type { Run } from "./run.js";
import { configuredStations, resolveStations, type Station } from "./stations.js";

/** Which stations, and from when on; as given on the command line. */
export interface History {
  /** GHCNh ids or ICAO codes; the configured stations if absent. */
  station?: readonly string[] | undefined;
  /** First hour of history, epoch milliseconds. */
  from?: number | undefined;
}

export interface UpdateOptions extends History {
  /** Whether simulated weather takes the place of NOAA's when that can't be reached and nothing is stored. */
  simulate: boolean;
}

/**
 * Fetches, trains and publishes.
 * @returns whether NOAA could be reached; when not, what was stored before is published
 */
export async function update(run: Run, { simulate, ...history }: UpdateOptions): Promise<boolean> {
  const stations = await chosenStations(run, history);
  const reached = await fetchOrSimulate(run, stations, { simulate, ...history });
  await train(run, history, stations);
  await publishForecasts(run);
  return reached;
}

async function fetchOrSimulate(run: Run, stations: readonly Station[], options: UpdateOptions): Promise<boolean> {
  const reached = await fetchIfReachable(run, stations, options);
  if (reached && !(await isSimulated(run.store))) return true;
  const [observed] = await run.store.all("SELECT 1 FROM hours LIMIT 1");
  if (observed && !(await isSimulated(run.store))) {
    run.report.warn("NOAA could not be reached; going on with what is stored");
    return false;
  }
  if (!options.simulate) throw new Error("NOAA could not be reached, and nothing that it observed is stored");
  run.report.warn("NOAA could not be reached, and nothing that it observed is stored: going on with simulated weather");
  const { ingestSimulated } = await import("./sources/simulated.js");
  for (const [genesis, group] of await byGenesis(run, stations, options)) {
    await ingestSimulated(run.store, group, { ...run, genesis });
  }
  return false;
}

async function fetchIfReachable(run: Run, stations: readonly Station[], history: History): Promise<boolean> {
  const { UnreachableError } = await import("./fetch.js");
  try {
    return await fetchObservations(run, history, stations);
  } catch (error) {
    if (!(error instanceof UnreachableError)) throw error;
    return false;
  }
}

/**
 * Fetches, validates and stores observations.
 * @returns whether NOAA could be reached, or needed not to be
 */
export async function fetchObservations(run: Run, history: History, stations?: readonly Station[]): Promise<boolean> {
  const { fetchStations } = await import("./fetch.js");
  const summaries: FetchSummary[] = [];
  for (const [genesis, group] of await byGenesis(run, stations ?? (await chosenStations(run, history)), history)) {
    summaries.push(await fetchStations(run.store, run.config, group, { ...run, genesis }));
  }
  const sum = (key: "files" | "hours" | "quarantined" | "requested" | "saved") =>
    summaries.reduce((total, summary) => total + summary[key], 0);
  run.report.info(
    `${sum("hours")} hours new or changed, ${sum("quarantined")} checks failed, ` +
      `${sum("requested")} requests made and ${sum("saved")} saved`,
  );
  if (!summaries.some(({ failures }) => failures.some(({ unreachable }) => unreachable))) return true;
  const [{ answers }] = (await run.store.all<{ answers: number }>(
    "SELECT count(*) AS answers FROM requests WHERE runId = $runId AND outcome <> 'failed'",
    { runId: run.runId },
  )) as [{ answers: number }];
  return answers > 0;
}

/** Learns from the stored hours that were not yet learned. */
export async function train(run: Run, history: History, stations?: readonly Station[]): Promise<void> {
  const { trainStations } = await import("./train.js");
  const chosen = stations ?? (await chosenStations(run, history));
  const task = run.report.task("learn", chosen.length);
  const doneBefore = new Map<string, number>();
  const { stations: trained } = await trainStations(
    run.store,
    run.config,
    chosen.map(({ stationId }) => stationId),
    {
      clock: run.clock,
      from: history.from,
      report(stationId, done, total) {
        task.advance((done - (doneBefore.get(stationId) ?? 0)) / total);
        doneBefore.set(stationId, done);
      },
    },
  ).finally(task.end);
  const hours = trained.reduce((total, { hoursLearned }) => total + hoursLearned, 0);
  run.report.info(`${hours} hours learned at ${doneBefore.size} of ${chosen.length} stations`);
  const silent = chosen.filter((_, i) => trained[i]!.snapshotId === null);
  if (silent.length > 0) {
    run.report.warn(
      `no temperature to learn from: ${silent.map(({ icao, stationId }) => icao ?? stationId).join(", ")}`,
    );
  }
}

/** Writes what the pages need to `<home>/published`. */
export async function publishForecasts(run: Run): Promise<PublishedManifest> {
  const { publish } = await import("./publish.js");
  const manifest = await publish(run.store, run.config, { clock: run.clock });
  const through = manifest.dataThrough === null ? "no observation" : new Date(manifest.dataThrough).toISOString();
  run.report.info(`published${manifest.simulated ? " simulated weather" : ""}, newest observation ${through}`);
  return manifest;
}

function chosenStations({ config }: Run, { station }: History): Promise<Station[]> {
  return station ? resolveStations(config, station) : configuredStations(config);
}

/** The stations by the first hour of their history. */
async function byGenesis(run: Run, stations: readonly Station[], history: History): Promise<Map<number, Station[]>> {
  const groups = new Map<number, Station[]>();
  for (const station of stations) {
    const genesis = await genesisOf(run.store, run.config, station.stationId, {
      from: history.from,
      now: run.clock.now(),
    });
    groups.set(genesis, [...(groups.get(genesis) ?? []), station]);
  }
  return groups;
}
