import type { Store } from "../store.js";

export interface StoredTable {
  name: string;
  /** Whether its rows tell of a station; of some it may be null. */
  hasStation: boolean;
  columns: string[];
}

/** The tables of a store, by name. */
export async function storedTables(store: Pick<Store, "all">): Promise<StoredTable[]> {
  const rows = await store.all<{ name: string; column: string }>(
    `SELECT table_name AS name, column_name AS "column"
     FROM duckdb_tables() JOIN duckdb_columns() USING (database_name, schema_name, table_name)
     WHERE NOT duckdb_tables.temporary AND NOT duckdb_tables.internal AND database_name = current_database()
     ORDER BY name, column_index`,
  );
  const tables = new Map<string, string[]>();
  for (const { name, column } of rows) tables.set(name, [...(tables.get(name) ?? []), column]);
  return [...tables].map(([name, columns]) => ({ name, columns, hasStation: columns.includes("stationId") }));
}
