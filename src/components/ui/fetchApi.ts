/** Address of the site's files, from the head of the page. It is read once, before the page changes its own address. */
const files = new URL(document.querySelector<HTMLMetaElement>("meta[name=files]")?.content ?? "./", document.baseURI);

/** Reads a file of the API, such as "KATL.json". The browser checks that its cached copy is current. */
export async function fetchApi<T>(name: string): Promise<T> {
  return (await (await answer(name)).json()) as T;
}

/** The bytes of a file of the API, such as "KATL/issues.parquet". */
export async function fetchApiBytes(name: string): Promise<ArrayBuffer> {
  return (await answer(name)).arrayBuffer();
}

/** Address of a file of the site, such as "tables/scores.parquet". */
export function siteAddress(path: string): string {
  return new URL(path, files).href;
}

/** Address of a file of the API. */
export function apiAddress(name: string): string {
  return siteAddress(`api/${name}`);
}

async function answer(name: string): Promise<Response> {
  const response = await fetch(apiAddress(name), { cache: "no-cache" });
  if (!response.ok) throw new Error(`${name}: ${response.status} ${response.statusText}`);
  return response;
}

/**
 * Reads the rows of a Parquet file of the site, such as "tables/scores.parquet" or "api/KATL/hours.parquet". Times are
 * dates, integers are numbers, and missing values are null. The Parquet reader is loaded on first use.
 */
export async function readParquet<Row extends object>(path: string): Promise<Row[]> {
  const [{ parquetReadObjects }, file] = await Promise.all([import("hyparquet"), fetchApiBytes(`../${path}`)]);
  const rows = await parquetReadObjects({ file });
  for (const row of rows) {
    for (const [column, value] of Object.entries(row)) if (typeof value === "bigint") row[column] = Number(value);
  }
  return rows as Row[];
}
