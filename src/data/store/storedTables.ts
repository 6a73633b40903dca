import type { Store } from "./store.js";

export interface StoredTable {
  name: string;
  /** Whether it has a column `stationId`. */
  hasStation: boolean;
  columns: string[];
  /** Whether it has a primary key. */
  hasKey: boolean;
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
  const keyed = await store.all<{ name: string }>(
    `SELECT table_name AS name FROM duckdb_constraints()
     WHERE constraint_type = 'PRIMARY KEY' AND database_name = current_database()`,
  );
  const keys = new Set(keyed.map(({ name }) => name));
  return [...tables].map(([name, columns]) => {
    return { name, columns, hasStation: columns.includes("stationId"), hasKey: keys.has(name) };
  });
}
