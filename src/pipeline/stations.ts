import { existsSync } from "node:fs";
import { rename } from "node:fs/promises";
import { join } from "node:path";
import lookUpTimeZone from "@photostructure/tz-lookup";
import Papa from "papaparse";
import type { Config } from "./config.js";
import { openHttp } from "./http.js";
import { knownStations } from "./knownStations.js";
import { readBytes } from "./readLines.js";
import { ghcnh } from "./sources/ghcnh.js";
import type { Place } from "./sources/source.js";
import type { Store } from "./store.js";
import { askBase } from "./tree.js";

export interface Station {
  /** GHCNh identifier. */
  stationId: string;
  icao: string | null;
  name: string;
  /** Null when only its files can tell. */
  latitude: number | null;
  longitude: number | null;
  elevationM: number | null;
  /** USAF and WBAN number, as ISD names it; null when unknown. */
  isdId: string | null;
}

const listFile = "doc/ghcnh-station-list.csv";

function builtIn(): Station[] {
  return knownStations.map(([stationId, icao, name, latitude, longitude, elevationM, isdId]) => ({
    stationId,
    icao,
    name,
    latitude,
    longitude,
    elevationM,
    isdId,
  }));
}

/** The configured stations, in the order given there. */
export function configuredStations(config: Config): Promise<Station[]> {
  return resolveStations(
    config,
    config.stations.map((station) => station.id),
  );
}

/**
 * The stations of these names: GHCNh ids, ISD ids or ICAO codes, configured or not. NOAA's list is asked only for what
 * neither the configuration nor the built-in list knows; an id in none of them may still have files, and stands.
 * Throws when an ICAO code is not known.
 */
export async function resolveStations(config: Config, names: readonly string[]): Promise<Station[]> {
  const known = builtIn();
  const upper = names.map((name) => name.trim().toUpperCase());
  const isKnown = (name: string) => findStation(known, config, name)?.latitude != null;
  const all = upper.every(isKnown) ? known : [...known, ...(await noaaStations(config))];
  const stations = upper.map((name) => {
    const station = findStation(all, config, name);
    if (!station) throw new Error(`no station ${name}; search for it with: stations search`);
    return station;
  });
  return [...new Map(stations.map((station) => [station.stationId, station])).values()];
}

function findStation(all: readonly Station[], config: Config, name: string): Station | null {
  const configured = config.stations.find((station) => station.id === name || station.icao === name);
  const id = configured?.id ?? name;
  const listed = all.find((station) => station.stationId === id || station.icao === id || station.isdId === id);
  if (listed) {
    return { ...listed, icao: listed.icao ?? configured?.icao ?? null, name: configured?.name ?? listed.name };
  }
  if (/^\d{11}$/.test(id)) {
    const wban = id.slice(6);
    return wban === "99999" ? null : { ...unlisted(`USW000${wban}`), isdId: id };
  }
  if (!isStationId(id)) return null;
  return { ...unlisted(id), icao: configured?.icao ?? null, name: configured?.name ?? id };
}

function isStationId(text: string): boolean {
  return /^[A-Z]{2}[A-Z0-9][A-Z0-9-]{8}$/.test(text);
}

function unlisted(stationId: string): Station {
  return { stationId, icao: null, name: stationId, latitude: null, longitude: null, elevationM: null, isdId: null };
}

/** Stations whose id, code or name contains every word of `text`, those with an ICAO code first. */
export async function searchStations(config: Config, text: string): Promise<Station[]> {
  const words = text.toUpperCase().split(/\s+/).filter(Boolean);
  const matches = (await listStations(config)).filter((station) => {
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
  n = 10,
): Promise<(Station & { distanceKm: number })[]> {
  if (!(Math.abs(latitude) <= 90 && Math.abs(longitude) <= 180)) {
    throw new Error(`not a place: ${latitude}, ${longitude}`);
  }
  return (await listStations(config))
    .flatMap((station) => {
      if (station.latitude === null || station.longitude === null) return [];
      return { ...station, distanceKm: distanceKm(latitude, longitude, station.latitude, station.longitude) };
    })
    .sort((a, b) => a.distanceKm - b.distanceKm)
    .slice(0, n);
}

/** NOAA's list where it can be had, with what only the built-in one has. */
async function listStations(config: Config): Promise<Station[]> {
  const stations = new Map(builtIn().map((station) => [station.stationId, station]));
  for (const listed of await noaaStations(config)) {
    const isdId = stations.get(listed.stationId)?.isdId ?? listed.isdId;
    stations.set(listed.stationId, { ...listed, isdId });
  }
  return [...stations.values()];
}

/** NOAA's station list, fetched once and kept under `<home>/raw`; empty when it can't be had. */
async function noaaStations(config: Config): Promise<Station[]> {
  const kept = join(config.home, "raw", "ghcnh", `${listFile}.gz`);
  const path = existsSync(kept) ? kept : await fetchList(config, kept);
  return path ? parseStationList(await readLatin1(path)) : [];
}

async function fetchList(config: Config, kept: string): Promise<string | null> {
  const http = openHttp({ contact: config.contact });
  const temporary = `${kept}.${process.pid}.part`;
  try {
    for (const base of config.sources.ghcnh) {
      const found = await askBase(http, base, ghcnh.roots, listFile, { to: temporary });
      if (found.outcome !== "fetched") continue;
      if (found.path !== temporary) return found.path;
      if (parseStationList(await readLatin1(temporary)).length === 0) continue;
      await rename(temporary, kept);
      return kept;
    }
    return null;
  } finally {
    await http.close();
  }
}

/** The list's own encoding is latin-1, as names like "Zürich" show. */
async function readLatin1(path: string): Promise<string> {
  const chunks: Buffer[] = [];
  for await (const chunk of await readBytes(path)) chunks.push(chunk as Buffer);
  return Buffer.concat(chunks).toString("latin1");
}

/** Reads `ghcnh-station-list.csv`; rows without a usable id or place are left out. */
export function parseStationList(text: string): Station[] {
  const { data } = Papa.parse<Record<string, string>>(text, {
    header: true,
    skipEmptyLines: true,
    transformHeader: (name) => name.trim().toUpperCase(),
  });
  return data.flatMap((row) => {
    const stationId = row.GHCN_ID?.trim() ?? "";
    const latitude = Number(row.LATITUDE?.trim() || Number.NaN);
    const longitude = Number(row.LONGITUDE?.trim() || Number.NaN);
    if (!isStationId(stationId) || !(Math.abs(latitude) <= 90 && Math.abs(longitude) <= 180)) return [];
    const elevation = Number(row.ELEVATION?.trim() || Number.NaN);
    return {
      stationId,
      icao: row.ICAO?.trim() || null,
      name: row.NAME?.trim() || stationId,
      latitude,
      longitude,
      elevationM: elevation > -999 ? elevation : null,
      isdId: isdIdOf(stationId, row.WMO_ID?.trim() ?? ""),
    };
  });
}

/** ISD numbers a station by its WMO number and its WBAN number, where it has one: 72219 and 13874 make 72219013874. */
function isdIdOf(stationId: string, wmoId: string): string | null {
  if (!/^\d{5}$/.test(wmoId)) return null;
  const wban = /^USW000(\d{5})$/.exec(stationId)?.[1] ?? "99999";
  return `${wmoId}0${wban}`;
}

function distanceKm(lat1: number, lon1: number, lat2: number, lon2: number): number {
  const radians = Math.PI / 180;
  const haversine =
    Math.sin(((lat2 - lat1) * radians) / 2) ** 2 +
    Math.cos(lat1 * radians) * Math.cos(lat2 * radians) * Math.sin(((lon2 - lon1) * radians) / 2) ** 2;
  return 2 * 6371 * Math.asin(Math.sqrt(haversine));
}

/** Writes a station to `stations`, with what its file says of the place where nothing else does. */
export async function upsertStation(store: Store, station: Station, place: Place | null): Promise<void> {
  const latitude = station.latitude ?? place?.latitude;
  const longitude = station.longitude ?? place?.longitude;
  if (latitude === undefined || longitude === undefined) return;
  const name = station.name === station.stationId ? place?.name || station.name : station.name;
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
      timeZone: lookUpTimeZone(latitude, longitude),
    },
  );
}
