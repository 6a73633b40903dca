import type { Store } from "../../data/store/store.js";
import { hashOf, type LedgerEntry, ledgerColumns, readTips } from "./ledgerEntry.js";
import { type Digested, digestOfNothing } from "./lineDigest.js";
import { newlyIssued, noneIssued } from "./newlyIssued.js";
import { newlySeen, seenHours, seenOfficial } from "./seenValues.js";
import { takenByRebuilds } from "./takenValues.js";

const nothing: Digested = { n: 0, digest: digestOfNothing };

/**
 * Adds an entry to the ledger of each station of which something was first seen, issued or taken by a rebuild since its
 * last one. To be called when a run has trained.
 * @param time the run's clock, epoch milliseconds
 * @returns how many entries were added
 */
export async function recordLedger(store: Store, { runId, time }: { runId: string; time: number }): Promise<number> {
  return store.transaction(async () => {
    const tips = await readTips(store);
    const seen = await newlySeen(store, seenHours);
    const official = await newlySeen(store, seenOfficial);
    const taken = await takenByRebuilds(store);
    const issued = await newlyIssued(store, new Map([...tips].map(([stationId, { issuing }]) => [stationId, issuing])));
    const stations = new Set([...tips.keys(), ...seen.keys(), ...official.keys(), ...taken.keys(), ...issued.keys()]);
    const entries = [...stations].sort().flatMap((stationId): LedgerEntry[] => {
      const newest = tips.get(stationId)?.newest;
      const { n, digest } = seen.get(stationId) ?? nothing;
      const { n: takenCount, digest: takenDigest } = taken.get(stationId) ?? nothing;
      const { n: officialSeen, digest: officialDigest } = official.get(stationId) ?? nothing;
      const isNews =
        n + officialSeen > 0 || issued.has(stationId) || takenDigest !== (newest?.takenDigest ?? digestOfNothing);
      if (!isNews) return [];
      const entry = {
        ...{ stationId, entry: (newest?.entry ?? 0) + 1, time, runId, seen: n, seenDigest: digest },
        ...(issued.get(stationId) ?? noneIssued),
        ...{ taken: takenCount, takenDigest, officialSeen, officialDigest },
      };
      return [{ ...entry, hash: hashOf(newest?.hash ?? "", entry) }];
    });
    await store.append(
      "ledger",
      ledgerColumns,
      entries.map((entry) => ledgerColumns.map((column) => entry[column])),
    );
    return entries.length;
  });
}
