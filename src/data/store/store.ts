import { AsyncLocalStorage } from "node:async_hooks";
import { existsSync, readFileSync } from "node:fs";
import { join } from "node:path";
import {
  type DuckDBAppender,
  type DuckDBConnection,
  DuckDBInstance,
  DuckDBTimestampValue,
  DuckDBTypeId,
  type DuckDBValue,
} from "@duckdb/node-api";
import { z } from "zod";
import { makeFolder } from "../../shared/folders.js";
import { migrations, oldestVersion, schemaVersion, versionProblem } from "./migrations.js";
import { storeError } from "./storeError.js";

type Params = DuckDBValue[] | Record<string, DuckDBValue>;

/** A value of a row to append; a TIMESTAMP is given in epoch milliseconds. */
export type Cell = string | number | boolean | null;

/**
 * The working store. Times are returned as epoch milliseconds and integers as numbers, whatever their SQL type. A damaged
 * store may be partly readable: each method throws `DamagedStoreError` when it meets the damage.
 */
export interface Store {
  /** For everything else; do not begin transactions on it. */
  readonly connection: DuckDBConnection;
  /** Rows of a query as objects, each validated by `row` if that is given. */
  all<T = Record<string, unknown>>(sql: string, params?: Params, row?: z.ZodType<T>): Promise<T[]>;
  /** Columns of a query for millions of rows of plain numbers and texts, which it returns as they are. */
  columns<T extends readonly unknown[][]>(sql: string, params?: Params): Promise<T>;
  /** Runs statements, only one if there are parameters; returns the number of rows that the last one changed. */
  run(sql: string, params?: Params): Promise<number>;
  /** Runs `work` in a transaction. Transactions wait for one another; they do not nest. */
  transaction<T>(work: () => Promise<T>): Promise<T>;
  /** Appends rows, their cells in the order of `columns`; other columns get their defaults. */
  append(table: string, columns: readonly string[], rows: Iterable<readonly Cell[]>): Promise<void>;
  /** Appends rows given as objects, which all have the columns of the first. */
  insert<Row extends Record<keyof Row, Cell>>(table: string, rows: readonly Row[]): Promise<void>;
  close(): void;
}

/** A TIMESTAMP parameter from epoch milliseconds. */
export function timestamp(time: number): DuckDBTimestampValue {
  return new DuckDBTimestampValue(BigInt(time) * 1000n);
}

/**
 * Opens `<home>/isotherm.duckdb`; creates it if it is missing and migrates it if it is old.
 * Throws if another process has it open (`StoreInUseError`), if it is damaged, or if a newer version wrote it.
 */
export async function openStore(home: string, { readOnly = false } = {}): Promise<Store> {
  const path = join(home, "isotherm.duckdb");
  if (readOnly && !existsSync(path)) throw new Error(`nothing is stored yet in ${home}`);
  if (!readOnly) makeFolder(home);
  const instance = await createInstance(path, readOnly);
  const connection = await instance.connect();
  const store = createStore(instance, connection, path);
  try {
    await migrate(store, path, readOnly);
  } catch (error) {
    store.close();
    throw error;
  }
  return store;
}

/** Without limits DuckDB takes most of the memory and all cores for tables of a few megabytes. */
const limits = { memory_limit: "256MB", threads: "2" };

async function createInstance(path: string, readOnly: boolean): Promise<DuckDBInstance> {
  try {
    return await DuckDBInstance.create(path, { ...limits, ...(readOnly ? { access_mode: "READ_ONLY" } : {}) });
  } catch (error) {
    throw storeError(path, error, { isOpening: true });
  }
}

function createStore(instance: DuckDBInstance, connection: DuckDBConnection, path: string): Store {
  let queue: Promise<unknown> = Promise.resolve();
  const within = new AsyncLocalStorage<true>();
  // One operation at a time: a query during an append makes the append fail.
  const inTurn = <T>(work: () => Promise<T>): Promise<T> => {
    if (within.getStore()) return work();
    const result = queue
      .then(() => within.run(true, work))
      .catch((error: unknown) => {
        throw storeError(path, error);
      });
    queue = result.catch(() => undefined);
    return result;
  };
  const store: Store = {
    connection,
    async all<T>(sql: string, params?: Params, row?: z.ZodType<T>) {
      const reader = await inTurn(() => connection.runAndReadAll(sql, params));
      const rows = reader.getRowObjectsJS() as Record<string, unknown>[];
      for (const object of rows) for (const key in object) object[key] = plain(object[key]);
      return row ? rows.map((object) => row.parse(object)) : (rows as T[]);
    },
    async columns<T extends readonly unknown[][]>(sql: string, params?: Params) {
      const reader = await inTurn(() => connection.runAndReadAll(sql, params));
      const columns = reader.getColumnsJS();
      // Without rows there are no columns either.
      return reader.columnNames().map((_, i) => columns[i] ?? []) as unknown as T;
    },
    async run(sql, params) {
      return (await inTurn(() => connection.run(sql, params))).rowsChanged;
    },
    transaction(work) {
      return inTurn(async () => {
        await connection.run("BEGIN");
        try {
          const value = await work();
          await connection.run("COMMIT");
          return value;
        } catch (error) {
          // A failed COMMIT rolls back by itself; keep the first error.
          await connection.run("ROLLBACK").catch(() => undefined);
          throw error;
        }
      });
    },
    append: (table, columns, rows) =>
      inTurn(async () => {
        // A tenth of the cost of querying the catalogue.
        const tableColumns = (await connection.run(`FROM "${table}" LIMIT 0`)).columnNames();
        const positions = tableColumns.map((name) => columns.indexOf(name));
        const unknown = columns.filter((column) => !tableColumns.includes(column));
        if (unknown.length > 0) throw new Error(`table ${table} has no column ${unknown.join(", ")}`);
        const appender = await connection.createAppender(table);
        try {
          const writers = positions.map((position, column) => cellWriter(appender, column, position));
          for (const row of rows) {
            for (const write of writers) write(row);
            appender.endRow();
          }
          appender.flushSync();
        } catch (error) {
          try {
            appender.closeSync();
          } catch {
            // Closing fails for the same reason; keep the first error.
          }
          throw error;
        }
        appender.closeSync();
      }),
    async insert<Row extends Record<keyof Row, Cell>>(table: string, rows: readonly Row[]) {
      const columns = Object.keys(rows[0] ?? {}) as (keyof Row & string)[];
      const cells = rows.map((row) => columns.map((column): Cell => row[column]));
      if (rows.length > 0) await store.append(table, columns, cells);
    },
    close() {
      // The connection first: an instance closed under an open connection keeps its lock.
      connection.closeSync();
      instance.closeSync();
    },
  };
  return store;
}

function cellWriter(appender: DuckDBAppender, column: number, position: number): (row: readonly Cell[]) => void {
  if (position < 0) return () => appender.appendDefault();
  const append = appendOf(appender, column);
  return (row) => {
    const cell = row[position]!;
    if (cell === null) appender.appendNull();
    else append(cell);
  };
}

/**
 * How cells of a column are appended. `appendValue` would hold native memory until garbage collection, half a gigabyte for
 * the forecasts of one station.
 */
function appendOf(appender: DuckDBAppender, column: number): (cell: NonNullable<Cell>) => void {
  const type = appender.columnType(column);
  switch (type.typeId) {
    case DuckDBTypeId.TIMESTAMP:
      return (cell) => appender.appendTimestamp(timestamp(cell as number));
    case DuckDBTypeId.VARCHAR:
      return (cell) => appender.appendVarchar(cell as string);
    case DuckDBTypeId.BOOLEAN:
      return (cell) => appender.appendBoolean(cell as boolean);
    case DuckDBTypeId.FLOAT:
    case DuckDBTypeId.DOUBLE:
      return (cell) => appender.appendDouble(cell as number);
    case DuckDBTypeId.BIGINT:
      return (cell) => appender.appendBigInt(BigInt(cell as number));
    case DuckDBTypeId.INTEGER:
    case DuckDBTypeId.SMALLINT:
    case DuckDBTypeId.UTINYINT:
      return (cell) => appender.appendInteger(cell as number);
    default:
      throw new Error(`cannot append to a column of type ${type}`);
  }
}

/** BIGINT as number, TIMESTAMP as epoch milliseconds. */
function plain(value: unknown): unknown {
  if (value instanceof Date) return value.getTime();
  if (typeof value !== "bigint") return value;
  const number = Number(value);
  if (!Number.isSafeInteger(number)) throw new Error(`integer too large: ${value}`);
  return number;
}

async function migrate(store: Store, path: string, readOnly: boolean): Promise<void> {
  const version = await storedVersion(store);
  if (!Number.isInteger(version)) {
    throw new Error(`${path} is not a database of isotherm; move it away or set ISOTHERM_HOME to another folder`);
  }
  if (version === schemaVersion) return;
  const problem = version === 0 ? null : versionProblem(version);
  if (problem) throw new Error(`${path}: ${problem}`);
  if (readOnly) throw new Error(`${path}: schema version ${version} is older than ${schemaVersion}; run update first`);
  const change = (sql: string, newVersion: number) =>
    store.transaction(async () => {
      await store.run(sql);
      await setMeta(store, "schemaVersion", String(newVersion));
    });
  if (version === 0) await change(readFileSync(new URL("schema.sql", import.meta.url), "utf8"), schemaVersion);
  else for (let old = version; old < schemaVersion; old++) await change(migrations[old - oldestVersion]!, old + 1);
}

/** 0 for an empty store; NaN for a database that is not a store. */
async function storedVersion(store: Store): Promise<number> {
  const columns = await store.all<{ name: string }>(
    `SELECT DISTINCT if(table_name = 'meta', column_name, '') AS name FROM duckdb_columns()
     WHERE NOT internal AND database_name = current_database()`,
  );
  if (columns.length === 0) return 0;
  const names = new Set(columns.map(({ name }) => name));
  const version = names.has("key") && names.has("value") ? await getMeta(store, "schemaVersion") : null;
  return version === null ? Number.NaN : Number(version);
}

/** A stored fact about the store; null if it was never set. */
export async function getMeta(store: Pick<Store, "all">, key: string): Promise<string | null> {
  const rows = await store.all("SELECT value FROM meta WHERE key = $key", { key }, z.object({ value: z.string() }));
  return rows[0]?.value ?? null;
}

export async function setMeta(store: Store, key: string, value: string): Promise<void> {
  await store.run("INSERT INTO meta VALUES ($key, $value) ON CONFLICT DO UPDATE SET value = excluded.value", {
    key,
    value,
  });
}
