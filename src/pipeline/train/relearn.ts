import type { Store } from "../../data/store/store.js";

/** Values of which the model has learned something else than what is known now. */
export interface Corrections {
  /** Corrected or withdrawn since. */
  corrected: number;
  /** Came after the loop had passed their hour. */
  late: number;
}

/** What a rebuild of a station would learn that its lineage has not. */
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
 * From now on a station's model learns its hours as they are known now; later corrections do not change that. To be run
 * within the transaction that forgets what was learned before.
 */
export async function useCorrections(store: Pick<Store, "run">, stationId: string): Promise<void> {
  await store.run("DELETE FROM rebuiltHours WHERE stationId = $stationId", { stationId });
  await store.run(
    `INSERT INTO rebuiltHours SELECT stationId, validTime, variable, value FROM hours
     WHERE stationId = $stationId AND value IS DISTINCT FROM firstValue ORDER BY validTime, variable`,
    { stationId },
  );
}
