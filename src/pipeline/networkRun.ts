import type { FetchFailure } from "../data/fetch/fetchRun.js";
import { yearsBetween } from "../data/fetch/yearCoverage.js";
import type { Station } from "../data/sources/source.js";
import { folderStations } from "../data/stations/folderStations.js";
import {
  isNetworkWaiting,
  lendOnce,
  networkStations,
  shownStations,
  storedNetwork,
} from "../data/stations/networkStations.js";
import { resolveStations } from "../data/stations/stations.js";
import { isSimulated } from "../data/store/purgeSimulated.js";
import type { Store } from "../data/store/store.js";
import type { Config } from "../shared/config.js";
import { silentReport } from "../shared/progress.js";
import { networkOf } from "./replay/networkInput.js";
import { type Run, readStore } from "./run.js";
import { networkPlaces } from "./train/network.js";
import type { History } from "./update.js";

/**
 * Stations of the network with stored observations, whose newest reports are requested with those of the run's stations. A
 * run for named stations needs them all, because it freezes the network's hours that it learns; a shard needs none.
 * @param stations those of the run
 */
export async function knownNetwork(run: Run, history: History, stations: readonly Station[]): Promise<Station[]> {
  if (run.config.network === null || history.network !== undefined || history.shard !== undefined) return [];
  if (history.station !== undefined) return otherMembers(run, stations);
  const rows = await run.store.all<{ stationId: string }>(
    "SELECT DISTINCT stationId FROM files SEMI JOIN networkStations USING (stationId)",
  );
  const fetched = new Set(rows.map(({ stationId }) => stationId));
  const configured = new Set(run.config.stations.map(({ id }) => id));
  return (await storedNetwork(run.store)).filter(({ stationId: id }) => fetched.has(id) && !configured.has(id));
}

/** The stations of the network but those of the run. */
async function otherMembers({ store, config }: Run, stations: readonly Station[]): Promise<Station[]> {
  const members = await store.all<Station>(
    `SELECT stationId, icao, name, latitude, longitude, elevationM, NULL AS isdId
     FROM stations SEMI JOIN networkPlaces USING (stationId) ORDER BY stationId`,
  );
  const own = new Set(stations.map(({ stationId }) => stationId));
  const configured = new Set(config.stations.map(({ id }) => id));
  return members
    .filter(({ stationId }) => !own.has(stationId))
    .map((member) => ({ ...member, onlyLends: !configured.has(member.stationId) }));
}

function fetchesConfigured({ network, station, shard }: History): boolean {
  return network === undefined && station === undefined && shard === undefined;
}

/** Whether a run with `networkLater` has left the network, or past guidance, to a later one. Simulated weather has none. */
export async function isNetworkLeft(history: History): Promise<boolean> {
  if (!fetchesConfigured(history)) return false;
  return readStore(async (store, config) => {
    if (await isSimulated(store)) return false;
    if (await isNetworkWaiting(store, config)) return true;
    const configured = new Set(config.stations.map(({ id }) => id));
    const stored = await store.all<{ stationId: string; icao: string | null }>("SELECT stationId, icao FROM stations");
    const { waitingForBackfill } = await import("./guidance/backfill.js");
    const own = stored.filter(({ stationId }) => configured.has(stationId));
    return (await waitingForBackfill({ store, config }, own)).length > 0;
  });
}

/** What `fetchStations` has asked of the network, and what failed. */
interface Asked {
  stations: readonly Station[];
  failures: readonly FetchFailure[];
}

/**
 * Fetches the observations of the network, from the earliest training start of the other stations on. Failures are one
 * warning.
 * @param stations those of the run, with their training start
 * @param minutes the longest time that requests take
 */
export async function fetchNetworkOf(
  run: Run,
  history: History,
  { stations, genesis }: { stations: readonly Station[]; genesis: (stationId: string) => number },
  { asked, minutes }: { asked: Asked; minutes: number },
): Promise<void> {
  const earliest = Math.min(...stations.map(({ stationId }) => genesis(stationId)));
  const config = { ...run.config, requestMinutes: minutes };
  const network = await networkToFetch({ ...run, config }, history, stations, earliest);
  if (network.length === 0) return;
  const { failureLines, fetchNetwork } = await import("../data/fetch/fetch.js");
  const options = { ...run, genesis: earliest, asksAbsent: history.relearn, asked: asked.stations };
  const summary = await fetchNetwork(run.store, config, network, options);
  run.report.info(`network of ${network.length} stations: ${summary.values} values new or changed`);
  const failed = [...asked.failures, ...summary.failures];
  if (failed.length === 0) return;
  const [line, ...others] = failureLines(failed);
  const more = others.length > 0 ? `; and ${others.length} more` : "";
  run.report.warn(`network: ${failed.length} requests failed, the next run tries again: ${line}${more}`);
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
    if (!fetchesConfigured(history)) return [];
    if (history.networkLater && (await isNetworkWaiting(store, config))) return [];
    const { readReportingStations } = await import("../data/fetch/reportingStations.js");
    return networkStations(store, config, { now, report, reporting: () => readReportingStations(store, config, run) });
  }
  const choice = await networkOf(history.network, (names) => resolveStations(config, names, report));
  const ids = choice === "all" ? folderStations(config, yearsBetween(earliest, now)) : (choice ?? []);
  const chosen = new Set(stations.map(({ stationId }) => stationId));
  const shown = new Set([...config.stations.map(({ id }) => id), ...(await shownStations(store, config))]);
  const others = ids.filter((id) => !chosen.has(id));
  if (others.length === 0) return [];
  // Ids from a folder need no list.
  const resolved = await resolveStations(config, others, choice === "all" ? silentReport : report);
  const lending = resolved.map((station) => ({ ...station, onlyLends: !shown.has(station.stationId) }));
  await lendOnce(
    store,
    lending.filter(({ onlyLends }) => onlyLends),
    now,
  );
  return lending;
}

/**
 * Share of the stations that only lend which must have observations before the network begins: those that come later
 * have no history in it.
 */
const beginsWith = 0.9;

/** The configuration with the network that `--network` names for this run. */
export function configWithNetwork(config: Config, network: History["network"]): Config {
  if (network === undefined) return config;
  return { ...config, network: network.length === 1 && network[0] === "none" ? null : (config.network ?? []) };
}

/**
 * The stations whose observations the models of a run may use. Empty for none, and until most of those that only lend
 * have been fetched.
 */
export async function networkMembers(run: Run, { network }: History): Promise<string[]> {
  const { store, config, report } = run;
  if (await isSimulated(store)) return [];
  if (network !== undefined) {
    const choice = await networkOf(network, (names) => resolveStations(config, names, report));
    return choice === "all" ? storedStations(store) : [...(choice ?? [])];
  }
  if (config.network === null) return [];
  const lending = (await storedNetwork(store)).map(({ stationId }) => stationId);
  const fetched = new Set(await stationsWithHours(store));
  const isChosen = lending.length > 0 || (Array.isArray(config.network) && config.network.length === 0);
  const hasBegun = (await networkPlaces(store)).size > 0;
  const count = lending.filter((id) => fetched.has(id)).length;
  if (!hasBegun && (!isChosen || count < beginsWith * lending.length)) return [];
  return [...config.stations.map(({ id }) => id), ...lending].filter((id) => fetched.has(id));
}

async function storedStations(store: Store): Promise<string[]> {
  const rows = await store.all<{ stationId: string }>("SELECT stationId FROM stations ORDER BY stationId");
  return rows.map(({ stationId }) => stationId);
}

async function stationsWithHours(store: Store): Promise<string[]> {
  const rows = await store.all<{ stationId: string }>("SELECT DISTINCT stationId FROM hours");
  return rows.map(({ stationId }) => stationId);
}
