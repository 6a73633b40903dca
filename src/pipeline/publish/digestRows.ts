import type { Store } from "../../data/store/store.js";
import { groupBy } from "../../shared/groupBy.js";
import type { PublishedTable } from "../../shared/published/published.js";
import { digestOf } from "../api/keptStations.js";

export interface RowDigests {
  /** By table; tables that every run changes have none. */
  tables: Record<string, string>;
  /** Of each station's rows in all tables, as far as its files show them. */
  stations: Map<string, string>;
}

/** Tables with rows of runs and requests. */
const runTables: readonly string[] = ["requests", "traffic", "runs"] satisfies PublishedTable[];

/**
 * Tables that follow from the states listed in table `snapshots`, and whether the store holds rows of theirs. Counting
 * those is faster.
 */
const tablesOfStates: Readonly<Partial<Record<string, "stored" | "read">>> = {
  scores: "stored",
  scoresByHour: "stored",
  calibration: "stored",
  calibrationByHour: "stored",
  dailyLosses: "stored",
  questionScores: "stored",
  worstMisses: "stored",
  ewmae: "stored",
  ewmaeHours: "stored",
  expertWeights: "stored",
  weights: "read",
  explanations: "read",
  drawRanks: "read",
} satisfies Partial<Record<PublishedTable, "stored" | "read">>;

/**
 * Computes digests of the rows that queries return, whatever their order: tables and station files with equal digests
 * are equal.
 * @param queries by table
 * @param now SQL timestamp
 */
export async function digestRows(
  store: Pick<Store, "all">,
  queries: Readonly<Record<PublishedTable, string>>,
  { now }: { now: string },
): Promise<RowDigests> {
  const digestsOf = (sql: string, digest = "sum(hash(t))") =>
    store.all<{ stationId: string | null; rows: string }>(
      `SELECT stationId, count(*) || ' ' || ${digest} AS rows FROM (${sql}) AS t GROUP BY stationId ORDER BY stationId`,
    );
  const states = new Map((await digestsOf(queries.snapshots)).map((row) => [row.stationId, row.rows]));
  // At an earlier clock, more than the listed states determines how much of a table is published.
  const isPast = (await store.all(`SELECT 1 FROM snapshots WHERE throughTime > TIMESTAMP '${now}' LIMIT 1`)).length > 0;
  const found: { table: string; stationId: string | null; rows: string }[] = [];
  const digested = Object.entries(queries).filter(([table]) => !runTables.includes(table));
  // The files of a station show no other rows of runs and requests.
  digested.push(["failed requests", `FROM (${queries.requests}) WHERE outcome = 'failed'`]);
  for (const [table, sql] of digested) {
    if (isPast || !(table in tablesOfStates)) {
      for (const row of await digestsOf(sql)) found.push({ table, ...row });
      continue;
    }
    const stored = tablesOfStates[table] === "stored" ? await digestsOf(`FROM ${table}`, "''") : [];
    const counts = new Map(stored.map(({ stationId, rows }) => [stationId, rows]));
    for (const stationId of new Set([...counts.keys(), ...states.keys()]))
      found.push({ table, stationId, rows: [counts.get(stationId), states.get(stationId)].join() });
  }
  const byTable = groupBy(found, ({ table }) => table);
  const byStation = groupBy(found, ({ stationId }) => stationId ?? "");
  return {
    tables: Object.fromEntries(digested.map(([table]) => [table, digestOf(byTable.get(table) ?? [])])),
    stations: new Map(Array.from(byStation, ([stationId, rows]) => [stationId, digestOf(rows)])),
  };
}
