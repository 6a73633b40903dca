import { sqlText } from "../../data/store/sqlText.js";
import type { Store } from "../../data/store/store.js";
import { stationsOf } from "./checkpointManifest.js";
import { filesOf, type Part } from "./loadTables.js";

/**
 * Throws where a station is taken from a checkpoint that does not go on from one before it that has the station too: its
 * ledger lacks the newest entry there, as that of a part which an earlier run has left.
 */
export async function throwUnlessGoneOn(store: Pick<Store, "all">, parts: readonly Part[]): Promise<void> {
  for (const [i, later] of parts.entries()) {
    for (const { checkpoint } of parts.slice(0, i)) {
      const stations = new Set(stationsOf(checkpoint.manifest).filter((id) => later.stations.has(id)));
      const before = stations.size === 0 ? null : filesOf({ checkpoint, stations }, "ledger");
      // One of the first schema has none.
      if (before === null) continue;
      const after = filesOf({ checkpoint: later.checkpoint, stations }, "ledger");
      const [lost] = await store.all<{ stationId: string }>(
        `SELECT stationId FROM (
           FROM ${before} WHERE stationId IN (${[...stations].map(sqlText).join(", ")})
           QUALIFY row_number() OVER (PARTITION BY stationId ORDER BY entry DESC) = 1
         ) ${after === null ? "" : `ANTI JOIN ${after} USING (stationId, entry, hash)`}
         ORDER BY stationId LIMIT 1`,
      );
      if (!lost) continue;
      const { place } = later.checkpoint;
      throw new Error(
        `checkpoint ${place}: it does not go on from ${checkpoint.place}, whose ledger of ${lost.stationId} it has not`,
      );
    }
  }
}
