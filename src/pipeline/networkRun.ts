import type { FetchFailure, FetchOptions } from "../data/fetch/fetchRun.js";
import { yearsBetween } from "../data/fetch/yearCoverage.js";
import type { Station } from "../data/sources/source.js";
import { folderStations } from "../data/stations/folderStations.js";
import { lendOnce, networkStations, storedNetwork } from "../data/stations/networkStations.js";
import { resolveStations } from "../data/stations/stations.js";
import { type NetworkChoice, networkOf } from "./replay/networkInput.js";
import type { Run } from "./run.js";
import type { History } from "./update.js";

/**
 * Stations of the network with stored observations, whose newest reports are requested with those of other stations. A
 * shard and a run for named stations fetch no network unless `--network` names one.
 */
export async function knownNetwork(run: Run, history: History): Promise<Station[]> {
  if (!fetchesConfigured(run, history)) return [];
  const rows = await run.store.all<{ stationId: string }>(
    "SELECT DISTINCT stationId FROM files SEMI JOIN networkStations USING (stationId)",
  );
  const fetched = new Set(rows.map(({ stationId }) => stationId));
  const configured = new Set(run.config.stations.map(({ id }) => id));
  return (await storedNetwork(run.store)).filter(({ stationId: id }) => fetched.has(id) && !configured.has(id));
}

function fetchesConfigured({ config }: Run, { network, station, shard }: History): boolean {
  return network === undefined && station === undefined && shard === undefined && config.network !== null;
}

/** What `fetchStations` has asked of the network, what failed, and the training start of each station. */
interface Fetched {
  genesis: (stationId: string) => number;
  asked: readonly Station[];
  failures: readonly FetchFailure[];
}

/**
 * Fetches the observations of the network, from the earliest training start of the other stations on. Failures are one
 * warning.
 * @param stations those of the run
 */
export async function fetchNetworkOf(
  run: Run,
  history: History,
  stations: readonly Station[],
  { genesis, asked, failures }: Fetched,
): Promise<void> {
  const earliest = Math.min(...stations.map(({ stationId }) => genesis(stationId)));
  const network = await networkToFetch(run, history, stations, earliest);
  if (network.length === 0) return;
  const { failureLines, fetchNetwork } = await import("../data/fetch/fetch.js");
  const options: FetchOptions = { ...run, genesis: earliest, asksAbsent: history.relearn };
  const summary = await fetchNetwork(run.store, run.config, network, { ...options, asked });
  run.report.info(`network of ${network.length} stations: ${summary.values} values new or changed`);
  const failed = [...failures, ...summary.failures];
  if (failed.length === 0) return;
  const count = new Set(failed.map(({ stationId }) => stationId)).size;
  const [line, ...others] = failureLines(failed);
  const more = others.length > 0 ? ` and ${others.length} more` : "";
  run.report.warn(`network: requests for ${count} stations failed, the next run tries again: ${line}${more}`);
}

async function networkToFetch(
  run: Run,
  history: History,
  stations: readonly Station[],
  earliest: number,
): Promise<Station[]> {
  const { store, config, clock, report } = run;
  const now = clock.now();
  if (history.network === undefined) {
    if (history.station !== undefined || history.shard !== undefined) return [];
    return networkStations(store, config, { now, report });
  }
  const choice = await networkOf(history.network, (names) => resolveStations(config, names, report));
  const ids = choice === "all" ? folderStations(config, yearsBetween(earliest, now)) : (choice ?? []);
  const chosen = new Set(stations.map(({ stationId }) => stationId));
  const configured = new Set(config.stations.map(({ id }) => id));
  const others = ids.filter((id) => !chosen.has(id));
  if (others.length === 0) return [];
  const resolved = await resolveStations(config, others, report);
  const lending = resolved.map((station) => ({ ...station, onlyLends: !configured.has(station.stationId) }));
  await lendOnce(
    store,
    lending.filter(({ onlyLends }) => onlyLends),
    now,
  );
  return lending;
}

/** The stations whose observations the models of a run use: ids, or "all" for every stored station; empty for none. */
export async function networkMembers(run: Run, { network }: History): Promise<NetworkChoice> {
  const { store, config, report } = run;
  if (network !== undefined) return networkOf(network, (names) => resolveStations(config, names, report));
  if (config.network === null) return [];
  const lending = (await storedNetwork(store)).map(({ stationId }) => stationId);
  return [...new Set([...config.stations.map(({ id }) => id), ...lending])].sort();
}
