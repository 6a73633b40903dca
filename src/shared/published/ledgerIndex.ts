/** What stands for the whole ledger. */
export interface LedgerHead {
  stations: number;
  entries: number;
  /** Time of the newest entry, epoch milliseconds. */
  time: number;
  /** SHA-256 of a line for each station, by id, with its id and the hash of its newest entry. */
  sha256: string;
}

/** How far the ledger of a station goes. */
export interface StationHead {
  stationId: string;
  entries: number;
  time: number;
  /** Of the newest entry. */
  hash: string;
}

/** `/api/ledger.json`: where the ledger is, and how far it goes. */
export interface LedgerIndex {
  head: LedgerHead | null;
  /** Of each station's newest entry. */
  stations: StationHead[];
  /** Files below `/api/`, oldest first; only the last may still change. */
  files: { name: string; entries: number }[];
}
