import type { Store } from "../../data/store/store.js";
import { hashOf, type LedgerEntry, readNewestEntries } from "./ledgerEntries.js";
import { type CountedDigest, emptyDigest } from "./lineDigest.js";
import { guidanceValuesSeen, observedValues, relearnedValues, unrecordedRows } from "./recordedValues.js";
import { noForecasts, unrecordedForecasts } from "./unrecordedForecasts.js";

const none: CountedDigest = { n: 0, digest: emptyDigest };

/**
 * Adds a ledger entry for each station with values first seen, forecasts issued, or values used for relearning since
 * its last entry. Call it after training.
 * @param time the run's clock, epoch milliseconds
 * @param except stations without a ledger, because they only lend their observations
 * @returns how many entries were added
 */
export async function recordLedger(
  store: Store,
  { runId, time, except = [] }: { runId: string; time: number; except?: readonly string[] },
): Promise<number> {
  return store.transaction(async () => {
    const tips = await readNewestEntries(store);
    const seen = await unrecordedRows(store, observedValues, except);
    const guidance = await unrecordedRows(store, guidanceValuesSeen, except);
    const taken = await relearnedValues(store);
    const issued = await unrecordedForecasts(
      store,
      new Map([...tips].map(([stationId, { issuing }]) => [stationId, issuing])),
    );
    const stations = new Set([...tips.keys(), ...seen.keys(), ...guidance.keys(), ...taken.keys(), ...issued.keys()]);
    const entries = [...stations].sort().flatMap((stationId): LedgerEntry[] => {
      const newest = tips.get(stationId)?.newest;
      const { n, digest } = seen.get(stationId) ?? none;
      const { n: takenCount, digest: takenDigest } = taken.get(stationId) ?? none;
      const { n: guidanceSeen, digest: guidanceDigest } = guidance.get(stationId) ?? none;
      const hasNews =
        n + guidanceSeen > 0 || issued.has(stationId) || takenDigest !== (newest?.takenDigest ?? emptyDigest);
      if (!hasNews) return [];
      const entry = {
        stationId,
        entry: (newest?.entry ?? 0) + 1,
        time,
        runId,
        seen: n,
        seenDigest: digest,
        ...(issued.get(stationId) ?? noForecasts),
        taken: takenCount,
        takenDigest,
        guidanceSeen,
        guidanceDigest,
      };
      return [{ ...entry, hash: hashOf(newest?.hash ?? "", entry) }];
    });
    await store.insert("ledger", entries);
    return entries.length;
  });
}
