import type { RawReport } from "./schemas.js";

/** Where a station is, as its own files say. */
export interface Place {
  name: string;
  latitude: number;
  longitude: number;
  elevationM: number | null;
}

/** Whether coordinates are a station's; 0, 0 is what stations on the move give. */
export function isPlace(latitude: number, longitude: number): boolean {
  return Math.abs(latitude) <= 90 && Math.abs(longitude) <= 180 && (latitude !== 0 || longitude !== 0);
}

/** A row that can't be told apart into columns, or of which something else is wrong. */
export interface BrokenRow {
  row: number;
  problem: string;
  /** Defaults to `columns`. */
  check?: "columns" | "encoding";
}

/** A file opened, and all its rows. */
export interface OpenedFile {
  /** Of its first row; null when that is not whole. */
  stationId: string | null;
  /** The first usable place that the rows of a station read so far give; null until there is one. */
  placeOf(stationId: string): Place | null;
  rows: AsyncIterable<RawReport | BrokenRow>;
}

/** A source of files with one station's reports of one year. */
export interface FileSource {
  readonly name: "ghcnh" | "isd" | "simulated";
  /** Folders below a base, "" included, in which the tree may begin. */
  readonly roots: readonly string[];
  /** Path in the tree, null when the source can't have the station or the year. */
  file(station: Station, year: number): string | null;
  /** How the source names the station, in its own files. */
  idOf(station: Station): string | null;
  /**
   * Begins to read a file; throws `FileError` when it is not one of this source.
   * @param file its name in errors
   */
  open(lines: AsyncIterable<string>, file: string): Promise<OpenedFile>;
}

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
