import { mkdtemp, readFile, realpath, rm } from "node:fs/promises";
import { tmpdir } from "node:os";
import { join, relative } from "node:path";
import { parquetFormat } from "../data/store/sqlText.js";
import { type Published, withPublished } from "../pipeline/api/openPublished.js";
import { isProgram } from "../shared/program.js";

/** COPY options by the extension before `.sql` in the name of a query file. Times in text are ISO 8601. */
const formats = {
  json: "FORMAT json, ARRAY true, TIMESTAMPFORMAT '%Y-%m-%dT%H:%M:%SZ'",
  csv: "FORMAT csv, HEADER true, TIMESTAMPFORMAT '%Y-%m-%dT%H:%M:%SZ'",
  parquet: parquetFormat,
};
type Format = keyof typeof formats;

function isFormat(name: string): name is Format {
  return Object.hasOwn(formats, name);
}

/**
 * Runs the query of a file such as `nights.json.sql`, a loader of `nights.json`, and returns its rows as JSON, CSV or
 * Parquet. The query is one statement over the published tables, with times as epoch milliseconds, or as timestamps in
 * `stored.<table>`. The answer may be empty, because a station may have no data yet.
 * @param parameters values of the query's `$name` parameters; others are ignored
 * @throws DuckDB's message with line and position, after the file's name
 */
export async function runSql(
  published: Pick<Published, "parametersOf" | "copy">,
  file: string,
  parameters: Readonly<Record<string, string>> = {},
): Promise<Buffer> {
  const format = /\.(\w+)\.sql$/.exec(file)?.[1] ?? "";
  if (!isFormat(format)) throw new Error(`${file}: its name must end in .json.sql, .csv.sql or .parquet.sql`);
  try {
    return await answerQuery(published, await readFile(file, "utf8"), { format, parameters });
  } catch (error) {
    throw new Error(`${file}: ${error instanceof Error ? error.message : error}`, { cause: error });
  }
}

/**
 * Answers one query, as `runSql` does for a file.
 * @throws DuckDB's message with line and position
 */
export async function answerQuery(
  { parametersOf, copy }: Pick<Published, "parametersOf" | "copy">,
  query: string,
  { format, parameters = {} }: { format: Format; parameters?: Readonly<Record<string, string>> },
): Promise<Buffer> {
  const sql = query.replace(/;(\s|--.*)*$/, "");
  const folder = await mkdtemp(join(tmpdir(), "isotherm-sql-"));
  try {
    const names = await parametersOf(sql);
    const values = Object.fromEntries(names.map((name) => [name, parameters[name] ?? null]));
    const answer = join(folder, "answer");
    await copy(sql, answer, values, formats[format]);
    const written = await readFile(answer);
    if (format === "json") JSON.parse(written.toString());
    return written;
  } catch (error) {
    throw new Error(reasonOf(error), { cause: error });
  } finally {
    await rm(folder, { recursive: true });
  }
}

function reasonOf(error: unknown): string {
  // DuckDB writes NaN into JSON, which is not valid.
  if (error instanceof SyntaxError) return "a number in the answer is NaN or infinite, which JSON cannot hold";
  return error instanceof Error ? error.message : String(error);
}

/** The route parameters that Framework passes to a loader, such as `--station=KATL`. */
function parametersIn(args: readonly string[]): Record<string, string> {
  return Object.fromEntries(args.map((arg) => /^--(\w+)=(.*)$/s.exec(arg)!.slice(1, 3) as [string, string]));
}

if (isProgram(import.meta.url)) {
  const [path, ...args] = process.argv.slice(2);
  const file = relative(process.cwd(), await realpath(path!));
  try {
    process.stdout.write(await withPublished((published) => runSql(published, file, parametersIn(args))));
  } catch (error) {
    process.stderr.write(`${error instanceof Error ? error.message : error}\n`);
    process.exitCode = 1;
  }
}
