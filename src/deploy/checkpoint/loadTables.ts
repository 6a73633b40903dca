import { join } from "node:path";
import { DuckDBInstance } from "@duckdb/node-api";
import { migrations as allMigrations } from "../../data/store/migrations.js";
import { parquetTable, sqlText } from "../../data/store/sqlText.js";
import type { Store } from "../../data/store/store.js";
import { type StoredTable, storedTables } from "../../data/store/storedTables.js";
import type { TableFile } from "./checkpointManifest.js";
import type { OpenCheckpoint } from "./openCheckpoint.js";

/** Stations by the checkpoint that they are taken from. */
export interface Part {
  checkpoint: OpenCheckpoint;
  stations: ReadonlySet<string>;
}

/**
 * Fills the tables of a new store from checkpoints: the rows of each station from the one that it is taken from, other
 * rows from all, each once, and of those with the same key the last. One of an older schema goes through the migrations
 * first.
 * @param folder for what is written in between
 * @throws when there are tables or columns that the store does not know
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
    const isOld = manifest.schemaVersion <= migrations.length;
    const unknown = manifest.tables.find(({ table }) => !known.has(table));
    if (unknown && !isOld) throw new Error(`checkpoint ${place}: the store has no table ${unknown.table}`);
    const old = isOld ? join(folder, `old-${index}.duckdb`) : null;
    if (old) {
      await migrate(part, old, migrations.slice(manifest.schemaVersion - 1));
      await store.run(`ATTACH ${sqlText(old)} AS old (READ_ONLY)`);
    }
    try {
      await store.transaction(async () => {
        for (const table of tables) {
          const from = old ? await attachedTable(store, table) : filesOf(part, table.name);
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
  /** What to select from. */
  from: string;
  isFirst: boolean;
}

async function loadTable(store: Store, table: StoredTable, { part, from, isFirst }: Source): Promise<void> {
  const { name } = table;
  // A new store already knows its version.
  if (name === "meta") return loadMeta(store, from);
  if (table.hasStation) {
    const stations = [...part.stations].map(sqlText).join(", ");
    if (stations !== "") {
      await store.run(`INSERT INTO ${name} BY NAME FROM ${from} WHERE stationId IN (${stations})`);
    }
  }
  const others = table.hasStation ? "WHERE stationId IS NULL" : "";
  if (isFirst) await store.run(`INSERT INTO ${name} BY NAME FROM ${from} ${others}`);
  else {
    const columns = table.columns.map((column) => `"${column}"`).join(", ");
    const rows = `(FROM ${name} LIMIT 0) UNION ALL BY NAME (FROM ${from} ${others})`;
    // What a part says otherwise is newer, as that a run which had not ended was killed.
    const insert = table.hasKey ? "INSERT OR REPLACE INTO" : "INSERT INTO";
    await store.run(`${insert} ${name} BY NAME SELECT ${columns} FROM (${rows}) EXCEPT FROM ${name}`);
  }
}

async function loadMeta(store: Store, from: string): Promise<void> {
  const clash = await store.all<{ key: string }>(
    `SELECT key FROM meta JOIN ${from} AS other USING (key) WHERE key <> 'schemaVersion' AND meta.value <> other.value`,
  );
  if (clash.length > 0) throw new Error(`it says otherwise of ${clash[0]!.key} than the one before it`);
  await store.run(`INSERT INTO meta FROM ${from} WHERE key NOT IN (SELECT key FROM meta)`);
}

/** The files of a table that hold something wanted, as a table function; null when there are none. */
export function filesOf({ checkpoint, stations }: Part, table: string): string | null {
  const { folder, manifest } = checkpoint;
  const files = manifest.tables.filter(
    (file) =>
      file.table === table && (file.group === null || manifest.groups[file.group]!.some((id) => stations.has(id))),
  );
  return files.length === 0 ? null : readParquet(folder, files);
}

function readParquet(folder: string, files: readonly TableFile[]): string {
  return parquetTable(...files.map(({ path }) => join(folder, path)));
}

async function attachedTable(store: Store, { name }: StoredTable): Promise<string | null> {
  const found = await store.all("SELECT 1 FROM duckdb_tables() WHERE database_name = 'old' AND table_name = $name", {
    name,
  });
  return found.length === 0 ? null : `old.${name}`;
}

/** Makes a database of a checkpoint as it is and brings it to the schema of today. */
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
