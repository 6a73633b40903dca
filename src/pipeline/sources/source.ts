import type { RawReport } from "../report.js";
import type { Station } from "../stations.js";

/** Where a station is, as its own files say. */
export interface Place {
  name: string;
  latitude: number;
  longitude: number;
  elevationM: number | null;
}

/** A row that can't be told apart into columns, or of which something else is wrong. */
export interface BrokenRow {
  row: number;
  problem: string;
  /** Defaults to `columns`. */
  check?: "columns" | "encoding";
}

/** A file opened: what its first row says of the place (null when it has none), and all its rows. */
export interface OpenedFile {
  stationId: string | null;
  place: Place | null;
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
