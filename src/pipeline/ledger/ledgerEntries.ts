import { createHash } from "node:crypto";
import type { Store } from "../../data/store/store.js";
import type { LedgerHead, StationHead } from "../../shared/published/ledgerIndex.js";

/** A row of table `ledger`; times are epoch milliseconds. */
export interface LedgerEntry {
  stationId: string;
  entry: number;
  time: number;
  runId: string;
  seen: number;
  seenDigest: string;
  snapshotIds: string;
  issuedFrom: number | null;
  issuedThrough: number | null;
  issued: number;
  issuesDigest: string;
  taken: number;
  takenDigest: string;
  hash: string;
  /** Rows of guidance first seen; null in entries from before these were recorded. */
  guidanceSeen: number | null;
  guidanceDigest: string | null;
}

/** The columns that are hashed, in this order. */
const hashedColumns = [
  "stationId",
  "entry",
  "time",
  "runId",
  "seen",
  "seenDigest",
  "snapshotIds",
  "issuedFrom",
  "issuedThrough",
  "issued",
  "issuesDigest",
  "taken",
  "takenDigest",
  "guidanceSeen",
  "guidanceDigest",
] as const satisfies (keyof LedgerEntry)[];

/**
 * SHA-256 of the previous hash ("" for the first entry) and the entry's other columns as a JSON array. Columns of
 * guidance are left out when they are null.
 */
export function hashOf(previous: string, entry: Omit<LedgerEntry, "hash">): string {
  const hashed = hashedColumns.filter((column) => !column.startsWith("guidance") || entry[column] !== null);
  const cells = hashed.map((column) => entry[column]);
  return createHash("sha256")
    .update(previous + JSON.stringify(cells))
    .digest("hex");
}

/** The ledger of a station, oldest entry first. */
export async function readLedger(store: Pick<Store, "all">, stationId: string): Promise<LedgerEntry[]> {
  return store.all<LedgerEntry>("FROM ledger WHERE stationId = $stationId ORDER BY entry", { stationId });
}

/** The newest entry of each station, and the newest that records a forecast. */
export async function readNewestEntries(
  store: Pick<Store, "all">,
): Promise<Map<string, { newest: LedgerEntry; issuing: LedgerEntry | null }>> {
  const newestOf = (condition: string) =>
    store.all<LedgerEntry>(
      `FROM ledger WHERE ${condition}
       QUALIFY row_number() OVER (PARTITION BY stationId ORDER BY entry DESC) = 1 ORDER BY stationId`,
    );
  const issuing = new Map((await newestOf("issuedFrom IS NOT NULL")).map((entry) => [entry.stationId, entry]));
  const newest = await newestOf("true");
  return new Map(
    newest.map((entry) => [entry.stationId, { newest: entry, issuing: issuing.get(entry.stationId) ?? null }]),
  );
}

/** An entry that records forecasts; times in epoch milliseconds. */
export type IssuingEntry = LedgerEntry & { issuedFrom: number; issuedThrough: number };

/**
 * The entries that record the forecasts in force, oldest first. An entry replaces earlier ones that begin at its first
 * hour or later, as after relearning or a run at an earlier clock.
 */
export function entriesInForce(entries: readonly LedgerEntry[]): IssuingEntry[] {
  const ranges: IssuingEntry[] = [];
  for (const entry of entries) {
    if (!isIssuing(entry)) continue;
    while (ranges.length > 0 && ranges.at(-1)!.issuedFrom >= entry.issuedFrom) ranges.pop();
    ranges.push(entry);
  }
  return ranges;
}

function isIssuing(entry: LedgerEntry): entry is IssuingEntry {
  return entry.issuedFrom !== null && entry.issuedThrough !== null;
}

/** The head of the ledger; null when it is empty. */
export async function readLedgerHead(store: Pick<Store, "all">): Promise<LedgerHead | null> {
  return ledgerHeadOf(
    await store.all<StationHead>(
      `SELECT stationId, max(entry) AS entries, max(time) AS time, arg_max(hash, entry) AS hash
       FROM ledger GROUP BY stationId`,
    ),
  );
}

export function ledgerHeadOf(heads: readonly StationHead[]): LedgerHead | null {
  if (heads.length === 0) return null;
  const sha256 = createHash("sha256");
  const sorted = [...heads].sort((a, b) => (a.stationId < b.stationId ? -1 : 1));
  for (const { stationId, hash } of sorted) sha256.update(`${stationId} ${hash}\n`);
  return {
    stations: heads.length,
    entries: heads.reduce((sum, { entries }) => sum + entries, 0),
    time: Math.max(...heads.map(({ time }) => time)),
    sha256: sha256.digest("hex"),
  };
}
