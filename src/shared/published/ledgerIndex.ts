/** A digest of the whole ledger. */
export interface LedgerHead {
  stations: number;
  entries: number;
  /** Time of the newest entry, epoch milliseconds. */
  time: number;
  /** SHA-256 of one line per station, sorted by id: its id and the hash of its newest entry. */
  sha256: string;
}

/** The newest entry of a station's ledger. */
export interface StationHead {
  stationId: string;
  entries: number;
  time: number;
  /** Hash of the newest entry. */
  hash: string;
}

/** `/api/ledger.json`: the ledger's files and newest entries. */
export interface LedgerIndex {
  head: LedgerHead | null;
  /** The newest entry of each station. */
  stations: StationHead[];
  /** Files below `/api/`, oldest first; only the last may still change. */
  files: { name: string; entries: number }[];
}
