import type { Config } from "../../shared/config.js";
import { sqlText } from "../store/sqlText.js";
import type { Store } from "../store/store.js";

const prefix = "configured/";

/**
 * Remembers which stations were updated because they are configured: such a station leaves the site when it is removed from
 * the configuration. A station that was named on the command line stays.
 */
export async function rememberConfigured(
  store: Pick<Store, "run">,
  stationIds: readonly string[],
  { isNamed }: { isNamed: boolean },
): Promise<void> {
  if (stationIds.length === 0) return;
  const keys = stationIds.map((id) => `(${sqlText(prefix + id)})`).join(", ");
  if (isNamed) await store.run(`DELETE FROM meta WHERE key IN (${keys})`);
  else await store.run(`INSERT INTO meta SELECT *, 'true' FROM (VALUES ${keys}) ON CONFLICT DO NOTHING`);
}

/** Stations removed from the configuration: their data stay stored but are not published. */
export async function removedStations(
  store: Pick<Store, "all">,
  { stations }: Pick<Config, "stations">,
): Promise<string[]> {
  const rows = await store.all<{ key: string }>(
    `SELECT key FROM meta WHERE starts_with(key, '${prefix}') ORDER BY key`,
  );
  const configured = new Set(stations.map(({ id }) => id));
  return rows.map(({ key }) => key.slice(prefix.length)).filter((id) => !configured.has(id));
}

/** Stations of which only observations are stored, for the network. */
export async function lendingStations(store: Pick<Store, "all">): Promise<string[]> {
  const rows = await store.all<{ stationId: string }>("SELECT stationId FROM networkStations ORDER BY stationId");
  return rows.map(({ stationId }) => stationId);
}

/** Stations that are not published: removed from the configuration, or of the network. */
export async function unpublishedStations(
  store: Pick<Store, "all">,
  config: Pick<Config, "stations">,
): Promise<string[]> {
  return [...new Set([...(await removedStations(store, config)), ...(await lendingStations(store))])];
}

/** Stations with stored hours but without known coordinates. */
export async function stationsWithoutPlace(store: Pick<Store, "all">): Promise<string[]> {
  const rows = await store.all<{ stationId: string }>(
    `SELECT DISTINCT stationId FROM (SELECT stationId FROM hours UNION ALL SELECT stationId FROM snapshots)
     ANTI JOIN stations USING (stationId) ORDER BY stationId`,
  );
  return rows.map(({ stationId }) => stationId);
}

/** A line for each configured station that is not shown: the problem and the remedy. */
export async function hiddenStationLines(
  store: Pick<Store, "all">,
  config: Pick<Config, "stations">,
): Promise<string[]> {
  const unpublished = new Set(await unpublishedStations(store, config));
  const remedy = "give latitude and longitude in isotherm.config.ts";
  return (await stationsWithoutPlace(store))
    .filter((id) => !unpublished.has(id))
    .map((id) => `${id} is not shown: neither NOAA's station list nor its files say where it is; ${remedy}`);
}

/** A line for each ICAO code that several shown stations share, so that none is named by it. */
export async function sharedCodeLines(store: Pick<Store, "all">, config: Pick<Config, "stations">): Promise<string[]> {
  const unpublished = (await unpublishedStations(store, config)).map(sqlText);
  const shared = await store.all<{ icao: string; ids: string }>(
    `SELECT icao, string_agg(stationId, ' and ' ORDER BY stationId) AS ids FROM stations
     WHERE icao IS NOT NULL AND stationId NOT IN ('', ${unpublished.join(", ")})
     GROUP BY icao HAVING count(*) > 1 ORDER BY icao`,
  );
  return shared.map(({ icao, ids }) => `${icao} is the code of ${ids}: they are named by their ids`);
}
