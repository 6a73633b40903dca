import { distanceKm } from "../data/stations/noaaStations.js";
import { sqlText } from "../data/store/sqlText.js";
import { type Store, timestamp } from "../data/store/store.js";
import { type Place, positionKm } from "../model/network/points.js";
import { readStore } from "../pipeline/run.js";
import { systemClock } from "../shared/clock.js";
import type { Config } from "../shared/config.js";
import { textTable } from "../shared/textTable.js";

/** The stations that only lend their observations; times are ISO 8601, UTC. */
export interface NetworkStatus {
  stations: number;
  /** Stations with a temperature of the last three hours. */
  reporting: number;
  newestHour: string | null;
  /** About how much their hours and reports take in the store. */
  bytes: number;
}

/** A station that only lends its observations; times are ISO 8601, UTC. */
export interface NetworkStation {
  id: string;
  icao: string | null;
  name: string;
  /** The nearest configured station, the distance to it, and the direction from it, degrees clockwise from north. */
  nearest: string | null;
  distanceKm: number | null;
  bearing: number | null;
  since: string;
  newestReport: string | null;
  /** Reports of the last 24 hours. */
  reports: number;
}

const recentHours = 3;

/** @param now epoch milliseconds */
export async function networkStatus(
  store: Pick<Store, "all">,
  { now }: { now: number },
): Promise<NetworkStatus | null> {
  const [row] = await store.all<{ stations: number; reporting: number; newest: number | null }>(
    `SELECT count(*) AS stations, count(*) FILTER (newest > $now - INTERVAL ${recentHours} HOUR) AS reporting,
       epoch_ms(max(newest))::DOUBLE AS newest
     FROM networkStations LEFT JOIN (
       SELECT stationId, max(validTime) AS newest FROM hours SEMI JOIN networkStations USING (stationId)
       WHERE variable = 'temperature' AND value IS NOT NULL GROUP BY stationId
     ) USING (stationId) WHERE leftTime IS NULL`,
    { now: timestamp(now) },
  );
  const { stations, reporting, newest } = row!;
  if (stations === 0) return null;
  return { stations, reporting, newestHour: isoTime(newest), bytes: await storedBytes(store) };
}

export function networkText(network: NetworkStatus | null): string {
  if (network === null) return "network: no stations\n";
  const { stations, reporting, newestHour, bytes } = network;
  const stored = `${(bytes / 1e6).toFixed(1)} MB stored`;
  return `network: ${stations} stations, ${reporting} reported in ${recentHours} hours, newest hour ${newestHour?.replace(/:00\.000Z$/, "Z") ?? "none"}, ${stored}\n`;
}

/** The blocks of `hours` and `reports`, by the share of rows that stations of the network have there. */
async function storedBytes(store: Pick<Store, "all">): Promise<number> {
  let bytes = 0;
  for (const table of ["hours", "reports"]) {
    const [row] = await store.all<{ bytes: number }>(
      `SELECT coalesce((SELECT count(DISTINCT block) FROM (
           SELECT unnest(list_append(additional_block_ids, block_id)) AS block
           FROM pragma_storage_info('${table}') WHERE persistent))
         * (SELECT block_size FROM pragma_database_size() WHERE database_name = current_database())
         * (count(*) FILTER (stationId IN (SELECT stationId FROM networkStations)) / count(*)), 0)::DOUBLE AS bytes
       FROM ${table}`,
    );
    bytes += row!.bytes;
  }
  return Math.round(bytes);
}

/** The network of the configured store. Throws when nothing is stored, or another process is writing. */
export async function readNetworkStations(): Promise<NetworkStation[]> {
  return readStore((store, config) => networkStations(store, config, { now: systemClock().now() }));
}

/** @param now epoch milliseconds */
export async function networkStations(
  store: Pick<Store, "all">,
  { stations: configured }: Pick<Config, "stations">,
  { now }: { now: number },
): Promise<NetworkStation[]> {
  const shown = await store.all<{ name: string; latitude: number; longitude: number }>(
    `SELECT coalesce(icao, stationId) AS name, latitude, longitude FROM stations
     WHERE stationId IN (${configured.map(({ id }) => sqlText(id)).join(", ")}) ORDER BY stationId`,
  );
  const stations = await store.all<
    Pick<NetworkStation, "id" | "icao" | "name" | "reports"> & {
      latitude: number | null;
      longitude: number | null;
      since: number;
      newest: number | null;
    }
  >(
    `SELECT stationId AS id, icao, coalesce(name, stationId) AS name, latitude, longitude, addedTime AS since, newest,
       coalesce(n, 0) AS reports
     FROM networkStations LEFT JOIN stations USING (stationId) LEFT JOIN (
       SELECT stationId, max(reportTime) AS newest,
         count(DISTINCT reportTime) FILTER (reportTime > $now - INTERVAL 24 HOUR) AS n
       FROM reports SEMI JOIN networkStations USING (stationId) GROUP BY stationId
     ) USING (stationId) WHERE leftTime IS NULL ORDER BY stationId`,
    { now: timestamp(now) },
  );
  return stations.map(({ id, icao, name, latitude, longitude, since, newest, reports }) => {
    const nearest = latitude === null || longitude === null ? null : nearestOf(shown, latitude, longitude);
    return {
      id,
      icao,
      name,
      nearest: nearest?.name ?? null,
      distanceKm: nearest && Math.round(nearest.km),
      bearing: nearest && bearingOf(nearest, { latitude: latitude!, longitude: longitude! }),
      since: isoTime(since)!,
      newestReport: isoTime(newest),
      reports,
    };
  });
}

export function networkStationsText(stations: readonly NetworkStation[]): string {
  if (stations.length === 0) return networkText(null);
  const columns = [
    "id",
    "icao",
    "name",
    "nearest",
    "distanceKm",
    "bearing",
    "since",
    "newestReport",
    "reports",
  ] as const;
  return textTable(stations, columns);
}

function nearestOf<T extends Place>(
  places: readonly T[],
  latitude: number,
  longitude: number,
): (T & { km: number }) | null {
  return places
    .map((place) => ({ ...place, km: distanceKm(place.latitude, place.longitude, latitude, longitude) }))
    .reduce<(T & { km: number }) | null>((best, place) => (best && best.km <= place.km ? best : place), null);
}

/** The initial bearing of the great circle, whole degrees clockwise from north. */
function bearingOf(from: Place, to: Place): number {
  const [east, north] = positionKm(from, to);
  return (Math.round((Math.atan2(east, north) * 180) / Math.PI) + 360) % 360;
}

function isoTime(time: number | null): string | null {
  return time === null ? null : new Date(time).toISOString();
}
