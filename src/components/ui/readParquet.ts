import { fetchApiBytes } from "./fetchApi.js";

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
