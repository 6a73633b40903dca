import type { Config } from "../../shared/config.js";
import { type Report, silentReport } from "../../shared/progress.js";
import type { Station } from "../sources/source.js";
import { sqlText } from "../store/sqlText.js";
import { getMeta, type Store, setMeta, timestamp } from "../store/store.js";
import { chooseNetwork, isPlaced } from "./chooseNetwork.js";
import { unpublishedStations } from "./hiddenStations.js";
import { builtIn, noaaStations } from "./noaaStations.js";
import { configuredStations, resolveStations } from "./stations.js";
import { upsertStation } from "./upsertStation.js";

/** A station of the network stays unless another adds half as much again, because it has a history. */
const advantage = 1.5;
/** Three of the five fields of the model do without pressure. */
const withoutPressure = 0.6;

/** For which setting and stations the network was chosen. */
const choiceKey = "networkChoice";

/** Stations that report a temperature now, by ICAO code. */
export type Reporting = ReadonlyMap<string, { hasPressure: boolean }>;

export interface NetworkOptions {
  /** The run's clock, epoch milliseconds. */
  now: number;
  report?: Pick<Report, "warn"> | undefined;
  /** Reads which stations report now; null if that is unknown. Called only for a choice. */
  reporting?: (() => Promise<Reporting | null>) | undefined;
}

/**
 * The stations that only lend their observations, never a configured one, by their ids; keeps table `networkStations` in
 * step with the configuration. A choice by distance is made once, and again when the setting or the configured stations
 * change; when NOAA's lists can't be read the next run makes it.
 */
export async function networkStations(store: Store, config: Config, options: NetworkOptions): Promise<Station[]> {
  const { network } = config;
  if (network === null) await keepNetwork(store, [], options);
  else if (!Array.isArray(network)) await choose(store, config, network, options);
  else {
    const configured = new Set(config.stations.map(({ id }) => id));
    const listed = network.filter(({ id }) => !configured.has(id));
    await keepNetwork(store, await listedStations(store, config, listed, options), options);
  }
  return storedNetwork(store);
}

/** The stations of the network as stored, by their ids. */
export async function storedNetwork(store: Pick<Store, "all">): Promise<Station[]> {
  const stations = await store.all<Station>(`
    SELECT stationId, icao, coalesce(name, stationId) AS name, latitude, longitude, elevationM, NULL AS isdId
    FROM networkStations LEFT JOIN stations USING (stationId) WHERE leftTime IS NULL ORDER BY stationId`);
  return stations.map((station) => ({ ...station, onlyLends: true }));
}

/**
 * Hides stations that lend their observations for one run only: they leave the network when they join it.
 * @param now the run's clock, epoch milliseconds
 */
export async function lendOnce(store: Store, stations: readonly Station[], now: number): Promise<void> {
  const rows = stations.map(({ stationId }) => `(${sqlText(stationId)}, $now, $now)`);
  if (rows.length === 0) return;
  await store.run(
    `INSERT INTO networkStations VALUES ${rows.join(", ")}
     ON CONFLICT DO UPDATE SET leftTime = excluded.leftTime WHERE networkStations.leftTime IS NOT NULL`,
    {
      now: timestamp(now),
    },
  );
}

/**
 * Whether some of the configured network is not chosen or was never fetched, so that fetching it takes minutes.
 */
export async function isNetworkWaiting(store: Pick<Store, "all">, config: Config): Promise<boolean> {
  const { network } = config;
  if (network === null) return false;
  if (!Array.isArray(network) && (await getMeta(store, choiceKey)) !== choiceOf(config, network)) return true;
  const rows = await store.all<{ stationId: string }>(
    `SELECT stationId FROM networkStations SEMI JOIN (FROM files WHERE source = 'ghcnh') USING (stationId)
     WHERE leftTime IS NULL`,
  );
  const fetched = new Set(rows.map(({ stationId }) => stationId));
  const members = Array.isArray(network)
    ? network.map(({ id }) => id).filter((id) => !config.stations.some((station) => station.id === id))
    : (await storedNetwork(store)).map(({ stationId }) => stationId);
  return members.some((id) => !fetched.has(id));
}

/** What a choice was made for: the setting and the configured stations. */
function choiceOf({ stations }: Pick<Config, "stations">, { within, max }: { within: number; max: number }): string {
  return JSON.stringify({ within, max, stations: stations.map(({ id }) => id).sort() });
}

/** Stations that are configured or named no longer only lend: their files are read again for the other measures. */
export async function stopLending(store: Store, stationIds: readonly string[]): Promise<void> {
  const lending = `stationId IN (SELECT stationId FROM networkStations WHERE stationId IN (${idList(stationIds)}))`;
  await store.transaction(async () => {
    await store.run(
      `UPDATE files SET ingestedFrom = NULL, ingestedThrough = NULL WHERE source = 'ghcnh' AND ${lending}`,
    );
    await store.run(`DELETE FROM networkStations WHERE ${lending}`);
  });
}

/**
 * Stores which stations belong to the network.
 * @param choice what they were chosen for
 */
async function keepNetwork(
  store: Store,
  stations: readonly Station[],
  { now }: NetworkOptions,
  choice?: string,
): Promise<void> {
  const ids = idList(stations.map(({ stationId }) => stationId));
  const time = { now: timestamp(now) };
  await store.transaction(async () => {
    await store.run(
      `UPDATE networkStations SET leftTime = $now WHERE leftTime IS NULL AND stationId NOT IN (${ids})`,
      time,
    );
    await store.run(
      `UPDATE networkStations SET addedTime = $now, leftTime = NULL WHERE leftTime IS NOT NULL AND stationId IN (${ids})`,
      time,
    );
    for (const station of stations) {
      const { stationId } = station;
      await store.run("INSERT INTO networkStations VALUES ($stationId, $now, NULL) ON CONFLICT DO NOTHING", {
        stationId,
        ...time,
      });
      if (isPlaced(station)) await upsertStation(store, station, null);
    }
    if (choice === undefined) await store.run("DELETE FROM meta WHERE key = $choiceKey", { choiceKey });
    else await setMeta(store, choiceKey, choice);
  });
}

/** NOAA's list is read only for a station that is not stored yet. */
async function listedStations(
  store: Store,
  config: Config,
  network: Config["stations"],
  { report = silentReport }: NetworkOptions,
): Promise<Station[]> {
  const stored = new Map((await storedNetwork(store)).map((station) => [station.stationId, station]));
  const unknown = network.map(({ id }) => id).filter((id) => !stored.has(id));
  const all = { ...config, stations: [...config.stations, ...network] };
  const resolved = unknown.length === 0 ? [] : await resolveStations(all, unknown, report);
  const found = new Map([...stored, ...resolved.map((station) => [station.stationId, station] as const)]);
  return network.map(({ id, ...given }) => ({ ...found.get(id)!, ...given }));
}

/** Chooses the stations, unless they are chosen already for this setting and these configured stations. */
async function choose(
  store: Store,
  config: Config,
  { within, max }: { within: number; max: number },
  options: NetworkOptions,
): Promise<void> {
  const { report = silentReport, reporting } = options;
  const stored = await storedNetwork(store);
  const choice = choiceOf(config, { within, max });
  if ((await getMeta(store, choiceKey)) === choice) return;
  const problems: string[] = [];
  const listed = await noaaStations(config, { warn: (problem) => problems.push(problem) });
  const reports = listed.length > 0 ? ((await reporting?.()) ?? null) : null;
  if (reports === null) {
    const reason = listed.length > 0 ? "the stations that report now are unknown" : "NOAA's station list can't be read";
    report.warn(`the network's stations can't be chosen: ${reason}; the next run tries again`);
    return;
  }
  const configured = (await configuredStations(config)).filter(isPlaced);
  const shown = await shownStations(store, config);
  const taken = new Set(configured.map(({ icao }) => icao));
  const byCode = new Map<string, Station>();
  const known = new Set(stored.map(({ stationId }) => stationId));
  const preference = ({ stationId, icao }: Station) =>
    (known.has(stationId) ? advantage : 1) * (reports.get(icao!)!.hasPressure ? 1 : withoutPressure);
  // Of several stations with one code, one that is stored or built in has files.
  const first = [...stored, ...builtIn(), ...listed];
  for (const { stationId, icao, name, latitude, longitude, elevationM, isdId } of first) {
    if (icao === null || taken.has(icao) || byCode.has(icao) || !reports.has(icao)) continue;
    byCode.set(icao, { stationId, icao, name, latitude, longitude, elevationM, isdId });
  }
  const candidates = [...byCode.values()].filter(isPlaced).filter(({ stationId }) => !shown.has(stationId));
  const chosen = chooseNetwork({ configured, candidates, preference, within, max });
  await keepNetwork(store, chosen, options, choice);
}

/** Stations that were learned and are published; they may have been named on the command line. */
export async function shownStations(store: Store, config: Config): Promise<Set<string>> {
  const rows = await store.all<{ stationId: string }>("SELECT DISTINCT stationId FROM snapshots");
  const unpublished = new Set(await unpublishedStations(store, config));
  return new Set(rows.map(({ stationId }) => stationId).filter((id) => !unpublished.has(id)));
}

function idList(stationIds: readonly string[]): string {
  return ["''", ...stationIds.map(sqlText)].join(", ");
}
