import lookUpTimeZone from "@photostructure/tz-lookup";
import { cleanName } from "../../shared/identifiers.js";
import { isPlace, type Place, type Station } from "../sources/source.js";
import type { Store } from "../store/store.js";

/**
 * Writes a station to `stations`, with the place of its file if there is no other, and the stored name if neither has one.
 * A station without valid coordinates is not written and can't be shown.
 */
export async function upsertStation(store: Store, station: Station, place: Place | null): Promise<void> {
  const latitude = station.latitude ?? place?.latitude ?? Number.NaN;
  const longitude = station.longitude ?? place?.longitude ?? Number.NaN;
  if (!isPlace(latitude, longitude)) return;
  const name = station.name === station.stationId ? cleanName(place?.name ?? "") : station.name;
  await store.run(
    `INSERT OR REPLACE INTO stations (stationId, icao, name, latitude, longitude, elevationM, timeZone)
     VALUES ($stationId, $icao,
       coalesce(nullif($name, ''), (SELECT name FROM stations WHERE stationId = $stationId), $stationId),
       $latitude, $longitude, $elevationM, $timeZone)`,
    {
      stationId: station.stationId,
      icao: station.icao,
      name,
      latitude,
      longitude,
      elevationM: station.elevationM ?? place?.elevationM ?? null,
      timeZone: timeZoneAt(latitude, longitude),
    },
  );
}

/** The time zone of a place; a fixed offset by longitude if this machine does not know the zone. */
function timeZoneAt(latitude: number, longitude: number): string {
  const name = lookUpTimeZone(latitude, longitude);
  try {
    new Intl.DateTimeFormat("en", { timeZone: name });
    return name;
  } catch {
    const offset = Math.round(longitude / 15);
    return offset === 0 ? "Etc/GMT" : `Etc/GMT${offset > 0 ? "-" : "+"}${Math.abs(offset)}`;
  }
}
