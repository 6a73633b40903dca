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

/** Tables that follow from the states listed in table `snapshots`. Counting their rows is enough, and faster. */
const learnedTables: readonly string[] = [
  "scores",
  "scoresByHour",
  "calibration",
  "calibrationByHour",
  "dailyLosses",
  "worstMisses",
  "ewmae",
  "ewmaeHours",
  "expertWeights",
  "weights",
  "explanations",
] satisfies PublishedTable[];

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
  // At an earlier clock, more than the listed states determines how much of these tables is published.
  const later = await store.all(`SELECT 1 FROM snapshots WHERE throughTime > TIMESTAMP '${now}' LIMIT 1`);
  const isCounted = (table: string) => later.length === 0 && learnedTables.includes(table);
  const digestsOf = (sql: string, digest: string) =>
    store.all<{ stationId: string | null; rows: string }>(
      `SELECT stationId, count(*) || ' ' || ${digest} AS rows FROM (${sql}) AS t GROUP BY stationId ORDER BY stationId`,
    );
  const hashed = "sum(hash(t))";
  const states = new Map((await digestsOf(queries.snapshots, hashed)).map((row) => [row.stationId, row.rows]));
  const digested = Object.entries(queries).filter(([table]) => !runTables.includes(table));
  // The files of a station show no other rows of runs and requests.
  digested.push(["failed requests", `FROM (${queries.requests}) WHERE outcome = 'failed'`]);
  const found: { table: string; stationId: string | null; rows: string }[] = [];
  for (const [table, sql] of digested) {
    for (const { stationId, rows } of await digestsOf(sql, isCounted(table) ? "''" : hashed))
      found.push({ table, stationId, rows: isCounted(table) ? `${rows}${states.get(stationId)}` : rows });
  }
  const byTable = groupBy(found, ({ table }) => table);
  const byStation = groupBy(found, ({ stationId }) => stationId ?? "");
  return {
    tables: Object.fromEntries(digested.map(([table]) => [table, digestOf(byTable.get(table) ?? [])])),
    stations: new Map(Array.from(byStation, ([stationId, rows]) => [stationId, digestOf(rows)])),
  };
}
