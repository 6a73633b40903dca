import { readFile } from "node:fs/promises";
import { join } from "node:path";
import { type DuckDBConnection, DuckDBInstance, type DuckDBValue } from "@duckdb/node-api";
import { PublishedManifest, publishedTables } from "../pipeline/published.js";

/** The published tables as views of an in-memory DuckDB; times are epoch milliseconds, integers plain numbers. */
export interface Published {
  readonly manifest: PublishedManifest;
  query<Row>(sql: string, values?: Record<string, DuckDBValue>): Promise<Row[]>;
  /** Writes a query's rows as Parquet; `stored.<table>` are the tables as they are, with times as timestamps. */
  copy(sql: string, file: string, values?: Record<string, DuckDBValue>): Promise<void>;
}

/** Reads `<home>/published/` for as long as `read` runs. */
export async function withPublished<T>(
  read: (published: Published) => Promise<T>,
  home = process.env.ISOTHERM_HOME ?? ".isotherm",
): Promise<T> {
  const folder = join(home, "published");
  const manifest = PublishedManifest.parse(JSON.parse(await readFile(join(folder, "manifest.json"), "utf8")));
  const instance = await DuckDBInstance.create();
  const connection = await instance.connect();
  try {
    await connection.run("CREATE SCHEMA stored");
    for (const table of Object.keys(publishedTables))
      await createView(connection, table, join(folder, `${table}.parquet`));
    const query = async <Row>(sql: string, values: Record<string, DuckDBValue> = {}) =>
      (await connection.runAndReadAll(sql, values)).getRowObjectsJS() as Row[];
    const copy = async (sql: string, file: string, values: Record<string, DuckDBValue> = {}) => {
      await connection.run(`COPY (${sql}) TO ${quoted(file)} (FORMAT parquet, COMPRESSION snappy)`, values);
    };
    return await read({ manifest, query, copy });
  } finally {
    connection.closeSync();
    instance.closeSync();
  }
}

async function createView(connection: DuckDBConnection, table: string, file: string): Promise<void> {
  const source = `read_parquet(${quoted(file)})`;
  const columns = (await connection.runAndReadAll(`DESCRIBE SELECT * FROM ${source}`)).getRowObjectsJS();
  const select = columns.map(({ column_name, column_type }) => {
    const name = `"${column_name}"`;
    if (column_type === "TIMESTAMP") return `epoch_ms(${name})::DOUBLE AS ${name}`;
    return /INT/.test(String(column_type)) ? `${name}::DOUBLE AS ${name}` : name;
  });
  await connection.run(`CREATE VIEW "${table}" AS SELECT ${select.join(", ")} FROM ${source};
    CREATE VIEW stored."${table}" AS FROM ${source}`);
}

function quoted(text: string): string {
  return `'${text.replaceAll("'", "''")}'`;
}
