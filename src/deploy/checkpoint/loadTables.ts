import { join } from "node:path";
import { DuckDBInstance } from "@duckdb/node-api";
import { migrations as allMigrations, oldestVersion } from "../../data/store/migrations.js";
import { parquetTable, sqlText } from "../../data/store/sqlText.js";
import type { Store } from "../../data/store/store.js";
import { type StoredTable, storedTables } from "../../data/store/storedTables.js";
import type { OpenCheckpoint } from "./openCheckpoint.js";

/** A checkpoint and the stations to take from it. */
export interface Part {
  checkpoint: OpenCheckpoint;
  stations: ReadonlySet<string>;
}

/**
 * Fills the tables of a new store from checkpoints: rows of a station from its own checkpoint, rows without a station from
 * all, without duplicates; the last wins when keys are equal. Migrates checkpoints of older schemas first.
 * @param folder for temporary files
 * @throws when the store does not know a table or a column
 */
export async function loadTables(
  store: Store,
  parts: readonly Part[],
  folder: string,
  migrations: readonly string[] = allMigrations,
): Promise<void> {
  const tables = await storedTables(store);
  for (const [index, part] of parts.entries()) {
    const { manifest, place } = part.checkpoint;
    const known = new Set(tables.map(({ name }) => name));
    const later = migrations.slice(manifest.schemaVersion - oldestVersion);
    const unknown = manifest.tables.find(({ table }) => !known.has(table));
    if (unknown && later.length === 0) throw new Error(`checkpoint ${place}: the store has no table ${unknown.table}`);
    const old = later.length > 0 ? join(folder, `old-${index}.duckdb`) : null;
    if (old) {
      await migrate(part, old, later);
      await store.run(`ATTACH ${sqlText(old)} AS old (READ_ONLY)`);
    }
    try {
      await store.transaction(async () => {
        for (const table of tables) {
          const from = old ? `old.${table.name}` : filesOf(part, table.name);
          if (from !== null) await loadTable(store, table, { part, from, isFirst: index === 0 });
        }
      });
    } catch (error) {
      const reason = error instanceof Error ? error.message : String(error);
      throw new Error(`checkpoint ${place}: ${reason}`, { cause: error });
    } finally {
      if (old) await store.run("DETACH old");
    }
  }
}

interface Source {
  part: Part;
  /** SQL to select from. */
  from: string;
  isFirst: boolean;
}

async function loadTable(store: Store, table: StoredTable, { part, from, isFirst }: Source): Promise<void> {
  const { name } = table;
  // A new store already has its schema version.
  if (name === "meta") return loadMeta(store, from);
  const ofStations = `stationId IN (${["NULL", ...[...part.stations].map(sqlText)].join(", ")})`;
  const others = table.hasStation ? "WHERE stationId IS NULL" : "";
  if (isFirst) {
    await store.run(`INSERT INTO ${name} BY NAME FROM ${from} ${others && `${others} OR ${ofStations}`}`);
    return;
  }
  if (table.hasStation) await store.run(`INSERT INTO ${name} BY NAME FROM ${from} WHERE ${ofStations}`);
  const columns = table.columns.map((column) => `"${column}"`).join(", ");
  const rows = `(FROM ${name} LIMIT 0) UNION ALL BY NAME (FROM ${from} ${others})`;
  // A row of a later checkpoint is newer: for example, a run that was still running was killed.
  const insert = table.hasKey ? "INSERT OR REPLACE INTO" : "INSERT INTO";
  await store.run(`${insert} ${name} BY NAME SELECT ${columns} FROM (${rows}) EXCEPT FROM ${name}`);
}

async function loadMeta(store: Store, from: string): Promise<void> {
  const clash = await store.all<{ key: string }>(
    `SELECT key FROM meta JOIN ${from} AS other USING (key)
     WHERE key NOT IN ('schemaVersion', 'networkChoice') AND meta.value <> other.value`,
  );
  if (clash.length > 0) throw new Error(`its value of ${clash[0]!.key} differs from that of the checkpoint before it`);
  await store.run(`INSERT OR REPLACE INTO meta FROM ${from} WHERE key <> 'schemaVersion'`);
}

/** A table function that reads the files of a table with rows of the part; null when there are none. */
export function filesOf({ checkpoint, stations }: Part, table: string): string | null {
  const { folder, manifest } = checkpoint;
  const files = manifest.tables.filter(
    (file) =>
      file.table === table && (file.group === null || manifest.groups[file.group]!.some((id) => stations.has(id))),
  );
  return files.length === 0 ? null : parquetTable(...files.map(({ path }) => join(folder, path)));
}

/** Loads a checkpoint into a database and migrates it to the current schema. */
async function migrate({ checkpoint, stations }: Part, file: string, migrations: readonly string[]): Promise<void> {
  const instance = await DuckDBInstance.create(file);
  const connection = await instance.connect();
  try {
    const tables = new Set(checkpoint.manifest.tables.map(({ table }) => table));
    for (const table of tables) {
      const from = filesOf({ checkpoint, stations }, table);
      if (from) await connection.run(`CREATE TABLE "${table}" AS FROM ${from}`);
    }
    for (const migration of migrations) await connection.run(migration);
  } finally {
    connection.closeSync();
    instance.closeSync();
  }
}
