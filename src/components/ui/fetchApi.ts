/** Address of the site's files, from the head of the page. It is read once, before the page changes its own address. */
const files = new URL(document.querySelector<HTMLMetaElement>("meta[name=files]")?.content ?? "./", document.baseURI);

/** Reads a file of the API, such as "KATL.json". The browser checks that its cached copy is current. */
export async function fetchApi<T>(name: string): Promise<T> {
  return (await (await request(`api/${name}`)).json()) as T;
}

/** Address of a file of the site, such as "tables/scores.parquet". */
export function siteAddress(path: string): string {
  return new URL(path, files).href;
}

async function request(path: string): Promise<Response> {
  const response = await fetch(siteAddress(path), { cache: "no-cache" });
  if (!response.ok) throw new Error(`${path}: ${response.status} ${response.statusText}`);
  return response;
}

/**
 * Reads the rows of a Parquet file of the site, such as "tables/scores.parquet" or "api/KATL/hours.parquet". Times are
 * dates, integers are numbers, and missing values are null. The Parquet reader is loaded on first use.
 */
export async function readParquet<Row extends object>(path: string): Promise<Row[]> {
  const [{ parquetRows }, response] = await Promise.all([import("./parquetRows.js"), request(path)]);
  return parquetRows<Row>(await response.arrayBuffer());
}
