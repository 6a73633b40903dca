import type { LedgerEntry } from "./ledgerEntry.js";

/** An entry that tells of issues; times in epoch milliseconds. */
export type IssuingEntry = LedgerEntry & { issuedFrom: number; issuedThrough: number };

/**
 * The entries that tell what counts as issued, oldest first: an entry takes the place of earlier ones that begin where
 * it does or later, as after a rebuild, or a run whose clock was put back.
 */
export function effectiveRanges(entries: readonly LedgerEntry[]): IssuingEntry[] {
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
