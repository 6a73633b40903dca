import { join } from "node:path";
import { type DuckDBConnection, DuckDBInstance, type DuckDBValue } from "@duckdb/node-api";
import pLimit from "p-limit";
import { parquetFormat, parquetTable, sqlText } from "../../data/store/sqlText.js";
import { groupBy } from "../../shared/groupBy.js";
import { type PublishedManifest, publishedTables } from "../../shared/published/published.js";
import {
  defaultHome,
  publishedPath,
  publishHint,
  readPublishedManifest,
} from "../../shared/published/readPublished.js";
import type { StationSummary } from "../../shared/published/stationSummary.js";

/** The manifest before the API files are written. */
export type TablesManifest = Omit<PublishedManifest, "api" | "contents">;

/**
 * The published tables as views of an in-memory DuckDB. Times are epoch milliseconds, integers plain numbers, NaN and
 * infinity NULL.
 */
export interface Published {
  readonly manifest: TablesManifest;
  query<Row>(sql: string, values?: Record<string, DuckDBValue>): Promise<Row[]>;
  /** Names of the `$name` parameters of a statement. */
  parametersOf(sql: string): Promise<string[]>;
  /**
   * Writes a query's rows as Parquet, or with other COPY options. `stored.<table>` are the tables as published,
   * with times as timestamps.
   */
  copy(sql: string, file: string, values?: Record<string, DuckDBValue>, options?: string): Promise<void>;
}

/** Opens `<home>/published/` while `read` runs. */
export async function withPublished<T>(read: (published: Published) => Promise<T>, home = defaultHome()): Promise<T> {
  return withTables(publishedPath(home, ""), readPublishedManifest(home), read);
}

/** Queries that run at the same time, each in one thread. */
const queriesAtOnce = 2;

/** Opens the tables in a folder while `read` runs. */
export async function withTables<T>(
  folder: string,
  manifest: TablesManifest,
  read: (published: Published) => Promise<T>,
): Promise<T> {
  const instance = await DuckDBInstance.create();
  const connections: DuckDBConnection[] = [];
  for (let i = 0; i < queriesAtOnce; i++) connections.push(await instance.connect());
  const free = [...connections];
  const limit = pLimit(queriesAtOnce);
  const started = new Set<Promise<unknown>>();
  const withConnection = <Result>(work: (connection: DuckDBConnection) => Promise<Result>): Promise<Result> =>
    limit(async () => {
      const connection = free.pop()!;
      const result = work(connection);
      started.add(result);
      try {
        return await result;
      } finally {
        started.delete(result);
        free.push(connection);
      }
    });
  try {
    // These queries are small: threads would cost more than they save.
    await withConnection((one) =>
      one.run("CREATE SCHEMA stored; SET GLOBAL threads = 1; SET GLOBAL parquet_metadata_cache = true"),
    );
    await Promise.all(
      Object.keys(publishedTables).map((table) =>
        withConnection((one) => createView(one, table, join(folder, `${table}.parquet`))),
      ),
    );
    const query = async <Row>(sql: string, values: Record<string, DuckDBValue> = {}) =>
      withConnection(async (one) => (await one.runAndReadAll(sql, values)).getRowObjectsJS() as Row[]);
    const parametersOf = async (sql: string) =>
      withConnection(async (one) => {
        const statement = await one.prepare(sql);
        const names = Array.from({ length: statement.parameterCount }, (_, i) => statement.parameterName(i + 1));
        statement.destroySync();
        return names;
      });
    const copy = async (
      sql: string,
      file: string,
      values: Record<string, DuckDBValue> = {},
      options = parquetFormat,
    ) => {
      await withConnection((one) => one.run(`COPY (${sql}\n) TO ${sqlText(file)} (${options})`, values));
    };
    return await read({ manifest, query, parametersOf, copy });
  } finally {
    // After an error, another query may still run.
    limit.clearQueue();
    await Promise.allSettled(started);
    for (const connection of connections) connection.closeSync();
    instance.closeSync();
  }
}

async function createView(connection: DuckDBConnection, table: string, file: string): Promise<void> {
  const source = parquetTable(file);
  const columns = await connection.runAndReadAll(`DESCRIBE SELECT * FROM ${source}`).then(
    (reader) => reader.getRowObjectsJS(),
    (error: Error) => {
      throw new Error(`${file} can't be read: ${error.message}; ${publishHint}`, { cause: error });
    },
  );
  const select = columns.map(({ column_name, column_type }) => {
    const name = `"${column_name}"`;
    if (column_type === "TIMESTAMP") return `epoch_ms(${name})::DOUBLE AS ${name}`;
    // JSON has no NaN: the bad numbers of one station must not break the pages of the others.
    // Rounding single precision would leave numbers such as 5.199999809265137.
    if (column_type === "DOUBLE" || column_type === "FLOAT")
      return `if(isfinite(${name}), ${name}::DOUBLE, NULL) AS ${name}`;
    return /INT/.test(String(column_type)) ? `${name}::DOUBLE AS ${name}` : name;
  });
  await connection.run(`CREATE VIEW "${table}" AS SELECT ${select.join(", ")} FROM ${source};
    CREATE VIEW stored."${table}" AS FROM ${source}`);
}

/**
 * Runs a query for several stations at once, because planning a query takes longer than running it for one station.
 * @param sql selects `stationId`; `$stations` in it stands for the list of the stations, as in `stationId IN $stations`
 * @returns the rows of a station, without `stationId`
 */
export async function rowsByStation<Row>(
  { query }: Pick<Published, "query">,
  stations: readonly StationSummary[],
  sql: string,
  values: Record<string, DuckDBValue> = {},
): Promise<(station: StationSummary) => Row[]> {
  const list = `(${stations.map(({ stationId }) => sqlText(stationId)).join(", ")})`;
  const rows = await query<Row & { stationId: string }>(sql.replaceAll("$stations", list), values);
  const groups = groupBy(rows, ({ stationId }) => stationId);
  for (const row of rows) delete (row as { stationId?: string }).stationId;
  return ({ stationId }) => groups.get(stationId) ?? [];
}
