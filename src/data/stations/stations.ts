import { existsSync } from "node:fs";
import { rename, rm } from "node:fs/promises";
import { join } from "node:path";
import lookUpTimeZone from "@photostructure/tz-lookup";
import type { Config } from "../../shared/config.js";
import { cleanName, isStationId } from "../../shared/identifiers.js";
import { knownStations } from "../../shared/knownStations.js";
import { type Report, silentReport } from "../../shared/progress.js";
import { shownPlace } from "../http/address.js";
import { askBase } from "../http/askBase.js";
import { FileError } from "../http/fileError.js";
import { openHttp } from "../http/http.js";
import { addressRemedy, readableSources } from "../http/readableSources.js";
import { readWhole } from "../http/readLines.js";
import { ghcnh } from "../sources/ghcnh.js";
import type { Station } from "../sources/source.js";
import { isPlace, type Place } from "../sources/source.js";
import type { Store } from "../store/store.js";
import { decodeList, type ListedStation, listFile, parseStationList } from "./stationList.js";

type Warnings = Pick<Report, "warn">;

/** The largest list, bytes; NOAA's has 4 MB. */
const largestList = 1 << 26;

function builtIn(): ListedStation[] {
  return knownStations.map(([stationId, icao, name, latitude, longitude, elevationM, isdId]) => ({
    stationId,
    icao,
    name,
    latitude,
    longitude,
    elevationM,
    isdId,
    rejectedCode: null,
  }));
}

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

/** Stations whose id, code or name contains every word of `text`, those with an ICAO code first. */
export async function searchStations(
  config: Config,
  text: string,
  report: Warnings = silentReport,
): Promise<Station[]> {
  const words = text.toUpperCase().split(/\s+/).filter(Boolean);
  const matches = (await listStations(config, report)).filter((station) => {
    const hay = `${station.stationId} ${station.icao ?? ""} ${station.name}`.toUpperCase();
    return words.every((word) => hay.includes(word));
  });
  const exact = (station: Station) => words.includes(station.icao ?? "") || words.includes(station.stationId);
  const rank = (station: Station) => (exact(station) ? 0 : station.icao ? 1 : 2);
  return matches.sort((a, b) => rank(a) - rank(b) || a.name.localeCompare(b.name));
}

/** The `n` stations nearest to a place, with their distance. */
export async function stationsNear(
  config: Config,
  latitude: number,
  longitude: number,
  { n = 10, report = silentReport }: { n?: number; report?: Warnings } = {},
): Promise<(Station & { distanceKm: number })[]> {
  if (!(Math.abs(latitude) <= 90 && Math.abs(longitude) <= 180)) {
    throw new Error(`not valid coordinates: ${latitude}, ${longitude}`);
  }
  return (await listStations(config, report))
    .flatMap((station) => {
      if (station.latitude === null || station.longitude === null) return [];
      return { ...station, distanceKm: distanceKm(latitude, longitude, station.latitude, station.longitude) };
    })
    .sort((a, b) => a.distanceKm - b.distanceKm)
    .slice(0, n);
}

/** NOAA's list, if available, and the built-in stations. */
async function listStations(config: Config, report: Warnings): Promise<Station[]> {
  for (const problem of readableSources(config).problems.ghcnh) report.warn(`${problem}; ${addressRemedy}`);
  const stations = new Map(builtIn().map((station) => [station.stationId, station]));
  for (const listed of await noaaStations(config, report)) {
    const isdId = stations.get(listed.stationId)?.isdId ?? listed.isdId;
    stations.set(listed.stationId, { ...listed, isdId });
  }
  return [...stations.values()].map(({ rejectedCode, ...station }) => station);
}

/**
 * NOAA's station list, downloaded once and kept under `<home>/raw`; empty, with a warning, if it is not available. Unusable
 * addresses are reported by the fetch of observations.
 */
async function noaaStations(config: Config, report: Warnings): Promise<ListedStation[]> {
  const bases = readableSources(config).sources.ghcnh;
  const kept = join(config.home, "raw", "ghcnh", `${listFile}.gz`);
  const temporary = `${kept}.${process.pid}.part`;
  const http = openHttp({ contact: config.contact });
  const problems: string[] = [];
  try {
    const stored = existsSync(kept) ? await readList(kept, problems) : null;
    if (stored) return stationsOf(stored, report);
    for (const base of bases) {
      const { outcome, path, message } = await askBase(http, base, ghcnh.roots, listFile, { to: temporary });
      if (outcome === "absent") problems.push(`${listFile} is not at ${shownPlace(base)}`);
      if (outcome === "failed") problems.push(message ?? `${shownPlace(base)} did not answer`);
      const list = path === null ? null : await readList(path, problems);
      if (!list) continue;
      if (path === temporary) await rename(temporary, kept);
      return stationsOf(list, report);
    }
  } finally {
    await rm(temporary, { force: true });
    await http.close();
  }
  if (problems.length > 0) {
    report.warn(
      `NOAA's station list can't be read: ${problems.join("; ")}. Only the codes of built-in stations are known; name others by their GHCNh id`,
    );
  }
  return [];
}

interface StationList {
  stations: ListedStation[];
  warnings: string[];
}

function stationsOf({ stations, warnings }: StationList, report: Warnings): ListedStation[] {
  for (const warning of warnings) report.warn(`NOAA's station list: ${warning}`);
  return stations;
}

/** The stations of a list on disk; null, with the reason added to the problems, if it is not valid. */
async function readList(path: string, problems: string[]): Promise<StationList | null> {
  try {
    const warnings: string[] = [];
    const text = decodeList(await readWhole(path, listFile, largestList));
    return { stations: parseStationList(text, (problem) => warnings.push(problem)), warnings };
  } catch (error) {
    if (!(error instanceof FileError)) throw error;
    problems.push(error.message);
    return null;
  }
}

function distanceKm(lat1: number, lon1: number, lat2: number, lon2: number): number {
  const radians = Math.PI / 180;
  const haversine =
    Math.sin(((lat2 - lat1) * radians) / 2) ** 2 +
    Math.cos(lat1 * radians) * Math.cos(lat2 * radians) * Math.sin(((lon2 - lon1) * radians) / 2) ** 2;
  return 2 * 6371 * Math.asin(Math.sqrt(haversine));
}

/**
 * Writes a station to `stations`, with the place of its file if there is no other. A station without valid coordinates is
 * not written and can't be shown.
 */
export async function upsertStation(store: Store, station: Station, place: Place | null): Promise<void> {
  const latitude = station.latitude ?? place?.latitude ?? Number.NaN;
  const longitude = station.longitude ?? place?.longitude ?? Number.NaN;
  if (!isPlace(latitude, longitude)) return;
  const name = station.name === station.stationId ? cleanName(place?.name ?? "") || station.name : station.name;
  await store.run(
    `INSERT OR REPLACE INTO stations (stationId, icao, name, latitude, longitude, elevationM, timeZone)
     VALUES ($stationId, $icao, $name, $latitude, $longitude, $elevationM, $timeZone)`,
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
