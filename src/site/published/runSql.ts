import { mkdtemp, readFile, realpath, rm } from "node:fs/promises";
import { tmpdir } from "node:os";
import { join, relative } from "node:path";
import { isProgram } from "../../shared/program.js";
import { type Published, withPublished } from "./published.js";

/** What an answer can be written as, by the ending before `.sql` of the query's file. Times in text are ISO 8601. */
const forms: Record<string, string> = {
  json: "FORMAT json, ARRAY true, TIMESTAMPFORMAT '%Y-%m-%dT%H:%M:%SZ'",
  csv: "FORMAT csv, HEADER true, TIMESTAMPFORMAT '%Y-%m-%dT%H:%M:%SZ'",
  parquet: "FORMAT parquet, COMPRESSION snappy",
};

/**
 * Answers the query in a file such as `nights.json.sql`, which is thereby a loader of `nights.json`: a list of rows as
 * JSON, CSV or Parquet. The query is one statement over the published tables, of which times are epoch milliseconds,
 * or, in `stored.<table>`, timestamps. An answer without rows is an answer: a station may have nothing yet.
 * @param parameters values for what the query calls `$name`; of those that it does not name nothing is made
 * @throws what DuckDB says of the query, with line and place, after the file's name
 */
export async function runSql(
  { parametersOf, copy }: Pick<Published, "parametersOf" | "copy">,
  file: string,
  parameters: Readonly<Record<string, string>> = {},
): Promise<Buffer> {
  const form = /\.(\w+)\.sql$/.exec(file)?.[1] ?? "";
  if (!Object.hasOwn(forms, form)) throw new Error(`${file}: its name must end in .json.sql, .csv.sql or .parquet.sql`);
  const sql = (await readFile(file, "utf8")).replace(/;(\s|--.*)*$/, "");
  const folder = await mkdtemp(join(tmpdir(), "isotherm-sql-"));
  try {
    const names = await parametersOf(sql);
    const values = Object.fromEntries(names.map((name) => [name, parameters[name] ?? null]));
    const answer = join(folder, "answer");
    await copy(sql, answer, values, forms[form]);
    const written = await readFile(answer);
    if (form === "json") JSON.parse(written.toString());
    return written;
  } catch (error) {
    throw new Error(`${file}: ${reasonOf(error)}`);
  } finally {
    await rm(folder, { recursive: true });
  }
}

function reasonOf(error: unknown): string {
  // What DuckDB writes where JSON has no number.
  if (error instanceof SyntaxError) return "a number of the answer is NaN or infinite, which JSON cannot hold";
  return error instanceof Error ? error.message : String(error);
}

/** Names by what Framework adds to a loader's command for a route parameter: `--station=KATL`. */
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
