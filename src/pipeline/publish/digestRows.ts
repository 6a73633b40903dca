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
 * Computes digests of the rows that queries return, whatever their order: tables and station files with equal digests
 * are equal.
 * @param queries by table
 */
export async function digestRows(
  store: Pick<Store, "all">,
  queries: Readonly<Record<PublishedTable, string>>,
): Promise<RowDigests> {
  const digested = Object.entries(queries).filter(([table]) => !runTables.includes(table));
  // The files of a station show no other rows of runs and requests.
  digested.push(["failed requests", `FROM (${queries.requests}) WHERE outcome = 'failed'`]);
  const found: { table: string; stationId: string | null; rows: string }[] = [];
  for (const [table, sql] of digested) {
    const rows = await store.all<{ stationId: string | null; rows: string }>(
      `SELECT stationId, count(*) || ' ' || sum(hash(t)) AS rows FROM (${sql}) AS t GROUP BY stationId ORDER BY stationId`,
    );
    for (const row of rows) found.push({ table, ...row });
  }
  const byTable = groupBy(found, ({ table }) => table);
  const byStation = groupBy(found, ({ stationId }) => stationId ?? "");
  return {
    tables: Object.fromEntries(digested.map(([table]) => [table, digestOf(byTable.get(table) ?? [])])),
    stations: new Map(Array.from(byStation, ([stationId, rows]) => [stationId, digestOf(rows)])),
  };
}
