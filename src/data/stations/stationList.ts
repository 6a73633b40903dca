import Papa from "papaparse";
import { cleanName, isIcao, isStationId } from "../../shared/identifiers.js";
import { FileError } from "../http/fileError.js";
import type { Station } from "../sources/source.js";
import { isPlace } from "../sources/source.js";

export const listFile = "doc/ghcnh-station-list.csv";

export interface ListedStation extends Station {
  /** An invalid ICAO code of the list; null if there is none. */
  rejectedCode: string | null;
}

/**
 * Reads `ghcnh-station-list.csv`; skips rows without a valid id and sets other invalid values to null.
 * Throws `FileError` if it is not a list of stations.
 * @param warn called for missing columns
 */
export function parseStationList(text: string, warn: (problem: string) => void = () => {}): ListedStation[] {
  if (text.trim() === "") throw new FileError(listFile, "is empty");
  if (/^\s*</.test(text)) throw new FileError(listFile, "is a web page, not data");
  const { data, meta } = Papa.parse<Record<string, string>>(text, {
    header: true,
    skipEmptyLines: true,
    transformHeader: (name) => name.trim().toUpperCase(),
  });
  const columns = meta.fields ?? [];
  const missing = ["GHCN_ID", "LATITUDE", "LONGITUDE", "NAME", "ICAO"].filter((name) => !columns.includes(name));
  if (missing.includes("GHCN_ID")) {
    throw new FileError(listFile, `has no column GHCN_ID, only ${cleanName(columns.join(", "))}`);
  }
  const stations = data.flatMap((row) => stationOf(row) ?? []);
  if (stations.length === 0) throw new FileError(listFile, "has no row with a GHCNh id");
  if (missing.length > 0) warn(`${listFile} has no column ${missing.join(", ")}`);
  return stations;
}

function stationOf(row: Record<string, string>): ListedStation | null {
  const stationId = row.GHCN_ID?.trim() ?? "";
  if (!isStationId(stationId)) return null;
  const latitude = numberOf(row.LATITUDE);
  const longitude = numberOf(row.LONGITUDE);
  const hasPlace = isPlace(latitude, longitude);
  const elevation = numberOf(row.ELEVATION);
  const code = row.ICAO?.trim() ?? "";
  return {
    stationId,
    icao: isIcao(code) ? code : null,
    rejectedCode: code !== "" && !isIcao(code) ? cleanName(code) : null,
    name: cleanName(row.NAME ?? "") || stationId,
    latitude: hasPlace ? latitude : null,
    longitude: hasPlace ? longitude : null,
    elevationM: elevation > -999 ? elevation : null,
    isdId: isdIdOf(stationId, row.WMO_ID?.trim() ?? ""),
  };
}

function numberOf(text: string | undefined): number {
  return Number(text?.trim() || Number.NaN);
}

/** An ISD id joins the WMO and the WBAN number, 99999 if there is none: 72219 and 13874 make 72219013874. */
function isdIdOf(stationId: string, wmoId: string): string | null {
  if (!/^\d{5}$/.test(wmoId)) return null;
  const wban = /^USW000(\d{5})$/.exec(stationId)?.[1] ?? "99999";
  return `${wmoId}0${wban}`;
}

/**
 * The text of a list in UTF-16 or UTF-8, with or without a byte order mark, or otherwise latin-1, which NOAA uses for names
 * like "Zürich".
 */
export function decodeList(bytes: Buffer): string {
  const [first, second] = bytes;
  const isBigEndian = (first === 0xfe && second === 0xff) || (first === 0 && second !== 0);
  const isLittleEndian = (first === 0xff && second === 0xfe) || (first !== 0 && second === 0);
  // The decoder removes the mark.
  if (isBigEndian || isLittleEndian) return new TextDecoder(isBigEndian ? "utf-16be" : "utf-16le").decode(bytes);
  try {
    return new TextDecoder("utf-8", { fatal: true }).decode(bytes);
  } catch {
    return bytes.toString("latin1");
  }
}
