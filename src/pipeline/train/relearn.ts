import type { Store } from "../../data/store/store.js";

/** How many values differ from what the model learned. */
export interface Corrections {
  /** Corrected or withdrawn after they were learned. */
  corrected: number;
  /** Arrived too late to be learned. */
  late: number;
}

/** Counts the values that relearning a station would change. */
export async function countCorrections(store: Pick<Store, "all">, stationId: string): Promise<Corrections> {
  const [row] = await store.all<Corrections>(
    `SELECT count(*) FILTER (hours.learned AND hours.value IS DISTINCT FROM m.value) AS corrected,
       count(*) FILTER (NOT hours.learned AND hours.value IS NOT NULL) AS late
     FROM hours JOIN modelHours AS m USING (stationId, validTime, variable)
     WHERE stationId = $stationId AND validTime BETWEEN
       (SELECT min(genesisTime) FROM snapshots WHERE stationId = $stationId) AND
       (SELECT max(throughTime) FROM snapshots WHERE stationId = $stationId)`,
    { stationId },
  );
  return row!;
}

/**
 * Makes a station's model learn its hours as they are known now; later corrections do not change them. Run it within
 * the transaction that deletes what was learned before.
 */
export async function useCorrections(store: Pick<Store, "run">, stationId: string): Promise<void> {
  await store.run("DELETE FROM rebuiltHours WHERE stationId = $stationId", { stationId });
  await store.run(
    `INSERT INTO rebuiltHours SELECT stationId, validTime, variable, value FROM hours
     WHERE stationId = $stationId AND value IS DISTINCT FROM firstValue ORDER BY validTime, variable`,
    { stationId },
  );
}
