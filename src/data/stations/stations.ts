import type { Config } from "../../shared/config.js";
import { cleanName, isStationId } from "../../shared/identifiers.js";
import { silentReport } from "../../shared/progress.js";
import type { Station } from "../sources/source.js";
import { builtIn, distanceKm, noaaStations, type Warnings } from "./noaaStations.js";
import type { ListedStation } from "./stationList.js";

/** The configured stations, in their order. */
export function configuredStations(config: Config, report: Warnings = silentReport): Promise<Station[]> {
  return resolveStations(
    config,
    config.stations.map((station) => station.id),
    report,
  );
}

/**
 * Finds stations by name: GHCNh id, ISD id or ICAO code, configured or not. NOAA's list is read only for names that are not
 * built in; an id in neither list may still have files and is accepted. A code belongs to one station only, and
 * configured values that contradict a list are ignored; both cause a warning.
 * Throws if an ICAO code is unknown.
 */
export async function resolveStations(
  config: Config,
  names: readonly string[],
  report: Warnings = silentReport,
): Promise<Station[]> {
  const known = builtIn();
  const upper = names.map((name) => name.trim().toUpperCase());
  const isKnown = (id: string | undefined) => known.some((station) => station.stationId === id);
  const all = upper.every((name) => isKnown(idsOf(known, config, name)[0]))
    ? known
    : [...known, ...(await noaaStations(config, report))];
  const warnings = new Set<string>();
  const stations = new Map<string, Station>();
  for (const name of upper) {
    const ids = idsOf(all, config, name);
    const [id] = ids;
    if (!id) throw new Error(`unknown station ${cleanName(name)}; find it with: stations search`);
    if (ids.length > 1) {
      warnings.add(`${name} is the code of ${ids.join(" and ")}: using ${id}; name the other by its id`);
    }
    const { station, warning } = stationOf(all, config, id);
    if (warning) warnings.add(warning);
    stations.set(id, { ...station, isdId: station.isdId ?? (/^\d{11}$/.test(name) ? name : null) });
  }
  const resolved = withUniqueCodes([...stations.values()], all, config, warnings);
  for (const warning of warnings) report.warn(warning);
  return resolved;
}

/** The ids of the stations with this name, the preferred one first; empty if it is unknown. */
function idsOf(all: readonly ListedStation[], config: Config, name: string): string[] {
  const configured = config.stations.find(
    ({ id, icao }) => id === name || (icao === name && contradiction(all, id, icao) === null),
  );
  if (configured) return [configured.id];
  const listed = all.filter(({ stationId, icao, isdId }) => [stationId, icao, isdId].includes(name));
  if (listed.length > 0) return [...new Set(listed.map(({ stationId }) => stationId))];
  if (isStationId(name)) return [name];
  return /^\d{11}$/.test(name) && !name.endsWith("99999") ? [`USW000${name.slice(6)}`] : [];
}

function stationOf(
  all: readonly ListedStation[],
  config: Config,
  id: string,
): { station: Station; warning: string | null } {
  const { rejectedCode, ...listed } = all.find(({ stationId }) => stationId === id) ?? unlisted(id);
  const configured = config.stations.find((station) => station.id === id);
  const wrong = configured?.icao ? contradiction(all, id, configured.icao) : null;
  const station = {
    ...listed,
    icao: listed.icao ?? (wrong ? null : (configured?.icao ?? null)),
    name: (wrong ? null : configured?.name) ?? listed.name,
    latitude: configured?.latitude ?? listed.latitude,
    longitude: configured?.longitude ?? listed.longitude,
  };
  if (wrong) {
    const warning = `isotherm.config.ts gives ${id} the code ${configured!.icao}, but ${wrong}: its code and name are ignored; correct the configuration`;
    return { station, warning };
  }
  if (rejectedCode === null || station.icao !== null) return { station, warning: null };
  const warning = `NOAA's list gives ${id} the code ${JSON.stringify(rejectedCode)}, which is not four letters or digits: the station is named by its id`;
  return { station, warning };
}

function unlisted(stationId: string): ListedStation {
  const nothing = { latitude: null, longitude: null, elevationM: null, isdId: null, rejectedCode: null };
  return { ...nothing, stationId, icao: null, name: stationId };
}

/** Two ids this close to each other may be one airport. */
const oneAirportKm = 30;

/** What a station's configured code contradicts; null if nothing. */
function contradiction(all: readonly ListedStation[], id: string, code: string): string | null {
  const listed = all.find(({ stationId }) => stationId === id) ?? unlisted(id);
  // Ids of network I end in the ICAO code.
  const known = listed.icao ?? /^[A-Z]{2}I0000([A-Z]{4})$/.exec(id)?.[1];
  if (known) return known === code ? null : `${id} is ${known}`;
  const owners = all.filter(({ icao }) => icao === code);
  if (owners.length === 0 || owners.some((owner) => isNear(owner, listed))) return null;
  return `${code} is ${owners[0]!.stationId}, ${owners[0]!.name}`;
}

function isNear(one: Station, other: Station): boolean {
  if (one.latitude === null || one.longitude === null || other.latitude === null || other.longitude === null) {
    return false;
  }
  return distanceKm(one.latitude, one.longitude, other.latitude, other.longitude) < oneAirportKm;
}

/** Live reports are requested by code, so a code belongs to one station: the first configured, or the first named. */
function withUniqueCodes(
  stations: readonly Station[],
  all: readonly ListedStation[],
  config: Config,
  warnings: Set<string>,
): Station[] {
  const owners = new Map<string, string>();
  const claim = ({ stationId, icao }: Station) => {
    if (icao !== null && !owners.has(icao)) owners.set(icao, stationId);
  };
  for (const { id } of config.stations) claim(stationOf(all, config, id).station);
  for (const station of stations) claim(station);
  return stations.map((station) => {
    const owner = station.icao === null ? undefined : owners.get(station.icao);
    if (owner === undefined || owner === station.stationId) return station;
    warnings.add(
      `${station.icao} is the code of ${owner} and ${station.stationId}: ${owner} keeps it, and ${station.stationId} is named by its id`,
    );
    return { ...station, icao: null };
  });
}
