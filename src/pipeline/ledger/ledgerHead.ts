import { createHash } from "node:crypto";
import type { Store } from "../../data/store/store.js";
import type { LedgerHead, StationHead } from "../../shared/published/ledgerIndex.js";

/** Null when nothing was recorded yet. */
export async function readLedgerHead(store: Pick<Store, "all">): Promise<LedgerHead | null> {
  return headOf(
    await store.all<StationHead>(
      `SELECT stationId, max(entry) AS entries, epoch_ms(max(time))::DOUBLE AS time, arg_max(hash, entry) AS hash
       FROM ledger GROUP BY stationId`,
    ),
  );
}

export function headOf(heads: readonly StationHead[]): LedgerHead | null {
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
