import type { Config } from "../../shared/config.js";
import type { Store } from "../store/store.js";
import { leftOut } from "./leftOut.js";

/** Stations of which hours are stored, but of which no usable place is known. */
export async function unplaced(store: Pick<Store, "all">): Promise<string[]> {
  const rows = await store.all<{ stationId: string }>(
    `SELECT DISTINCT stationId FROM (SELECT stationId FROM hours UNION ALL SELECT stationId FROM snapshots)
     ANTI JOIN stations USING (stationId) ORDER BY stationId`,
  );
  return rows.map(({ stationId }) => stationId);
}

/** A line for each station that is not shown although it is wanted: what is wrong, and what to do. */
export async function notShown(store: Pick<Store, "all">, config: Pick<Config, "stations">): Promise<string[]> {
  const gone = new Set(await leftOut(store, config));
  const remedy = "give latitude and longitude in isotherm.config.ts";
  return (await unplaced(store))
    .filter((id) => !gone.has(id))
    .map((id) => `${id} is not shown: neither NOAA's station list nor its files say where it is; ${remedy}`);
}

/** A line for each code that several stations that are shown have, so that none is named by it. */
export async function sharedCodes(store: Pick<Store, "all">, config: Pick<Config, "stations">): Promise<string[]> {
  const gone = new Set(await leftOut(store, config));
  const stations = await store.all<{ stationId: string; icao: string }>(
    "SELECT stationId, icao FROM stations WHERE icao IS NOT NULL ORDER BY stationId",
  );
  const idsByCode = new Map<string, string[]>();
  for (const { stationId, icao } of stations) {
    if (!gone.has(stationId)) idsByCode.set(icao, [...(idsByCode.get(icao) ?? []), stationId]);
  }
  return [...idsByCode]
    .filter(([, ids]) => ids.length > 1)
    .map(([icao, ids]) => `${icao} is the code of ${ids.join(" and ")}: they are named by their ids`);
}
