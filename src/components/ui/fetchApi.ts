/** Where files of stable address are, as the page's head says; taken once, before anything changes the address. */
const files = new URL(document.querySelector<HTMLMetaElement>("meta[name=files]")?.content ?? "./", document.baseURI);

/** A file of the API, such as "KATL.json", as it is now: a copy kept by the browser is asked for again. */
export async function fetchApi<T>(name: string): Promise<T> {
  return (await (await answer(name)).json()) as T;
}

/** The bytes of a file of the API, such as "KATL/issues.parquet". */
export async function fetchApiBytes(name: string): Promise<ArrayBuffer> {
  return (await answer(name)).arrayBuffer();
}

/** Where a file of stable address is, such as "tables/scores.parquet". */
export function siteAddress(path: string): string {
  return new URL(path, files).href;
}

/** Where a file of the API is. */
export function apiAddress(name: string): string {
  return siteAddress(`api/${name}`);
}

async function answer(name: string): Promise<Response> {
  const response = await fetch(apiAddress(name), { cache: "no-cache" });
  if (!response.ok) throw new Error(`${name}: ${response.status} ${response.statusText}`);
  return response;
}

/**
 * The rows of a Parquet file of the site, such as "tables/scores.parquet" or "api/KATL/hours.parquet". Times are dates,
 * whole numbers plain ones, and what is missing is null. What reads Parquet is loaded when first asked for.
 */
export async function readParquet<Row extends object>(path: string): Promise<Row[]> {
  const [{ parquetReadObjects }, file] = await Promise.all([import("hyparquet"), fetchApiBytes(`../${path}`)]);
  const rows = await parquetReadObjects({ file });
  for (const row of rows) {
    for (const [column, value] of Object.entries(row)) if (typeof value === "bigint") row[column] = Number(value);
  }
  return rows as Row[];
}
