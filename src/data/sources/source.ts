import type { RawReport } from "./schemas.js";

/** The name and location of a station in its own files. */
export interface Place {
  name: string;
  latitude: number;
  longitude: number;
  elevationM: number | null;
}

/** Whether coordinates are valid; moving stations report 0, 0. */
export function isPlace(latitude: number, longitude: number): boolean {
  return Math.abs(latitude) <= 90 && Math.abs(longitude) <= 180 && (latitude !== 0 || longitude !== 0);
}

/** A row that does not have the columns of its table, or has another problem. */
export interface BrokenRow {
  row: number;
  problem: string;
  /** Defaults to `columns`. */
  check?: "columns" | "encoding";
}

/** An opened file and its rows. */
export interface OpenedFile {
  /** The station of its first row; null if that row is incomplete. */
  stationId: string | null;
  /** The first valid place in the rows of a station read so far; null until there is one. */
  placeOf(stationId: string): Place | null;
  rows: AsyncIterable<RawReport | BrokenRow>;
}

/** A source with one file per station and year. */
export interface FileSource<Name extends string = "ghcnh" | "isd" | "simulated"> {
  readonly name: Name;
  /** Folders below a base, "" included, that may hold the tree. */
  readonly roots: readonly string[];
  /** Path in the tree; null if the source can't have the station or the year. */
  file(station: Station, year: number): string | null;
  /** The id of the station in the source's files. */
  idOf(station: Station): string | null;
  /**
   * Starts to read a file. Throws `FileError` if it is not a file of this source.
   * @param file its name in errors
   */
  open(lines: AsyncIterable<string>, file: string): Promise<OpenedFile>;
}

export interface Station {
  /** GHCNh identifier. */
  stationId: string;
  icao: string | null;
  name: string;
  /** Null if only its files have coordinates. */
  latitude: number | null;
  longitude: number | null;
  elevationM: number | null;
  /** USAF and WBAN number, its id in ISD; null if unknown. */
  isdId: string | null;
  /** Whether it only lends its observations to the network, so that only its measures of the network are stored. */
  onlyLends?: boolean;
}
