import { existsSync } from "node:fs";
import { rename, rm } from "node:fs/promises";
import { join } from "node:path";
import type { Config } from "../../shared/config.js";
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
import { decodeList, type ListedStation, listFile, parseStationList } from "./stationList.js";

export type Warnings = Pick<Report, "warn">;

/** The largest list, bytes; NOAA's has 4 MB. */
const largestList = 1 << 26;

/** The stations built into isotherm. */
export function builtIn(): ListedStation[] {
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
export async function noaaStations(config: Config, report: Warnings): Promise<ListedStation[]> {
  const bases = readableSources(config).sources.ghcnh;
  const kept = join(config.home, "raw", "ghcnh", `${listFile}.gz`);
  const temporary = `${kept}.${process.pid}.part`;
  const http = openHttp({ contact: config.contact });
  const problems: string[] = [];
  try {
    const stored = existsSync(kept) ? await readList(kept, problems, report) : null;
    if (stored) return stored;
    for (const base of bases) {
      const { outcome, path, message } = await askBase(http, base, ghcnh.roots, listFile, { to: temporary });
      if (outcome === "absent") problems.push(`${listFile} is not at ${shownPlace(base)}`);
      if (outcome === "failed") problems.push(message ?? `${shownPlace(base)} did not answer`);
      const list = path === null ? null : await readList(path, problems, report);
      if (!list) continue;
      if (path === temporary) await rename(temporary, kept);
      return list;
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

/** The stations of a list on disk; null, with the reason added to the problems, if it is not valid. */
async function readList(path: string, problems: string[], report: Warnings): Promise<ListedStation[] | null> {
  try {
    const text = decodeList(await readWhole(path, listFile, largestList));
    return parseStationList(text, (problem) => report.warn(`NOAA's station list: ${problem}`));
  } catch (error) {
    if (!(error instanceof FileError)) throw error;
    problems.push(error.message);
    return null;
  }
}

/** Kilometres between two places, by the haversine formula. */
export function distanceKm(lat1: number, lon1: number, lat2: number, lon2: number): number {
  const radians = Math.PI / 180;
  const haversine =
    Math.sin(((lat2 - lat1) * radians) / 2) ** 2 +
    Math.cos(lat1 * radians) * Math.cos(lat2 * radians) * Math.sin(((lon2 - lon1) * radians) / 2) ** 2;
  return 2 * 6371 * Math.asin(Math.sqrt(haversine));
}
