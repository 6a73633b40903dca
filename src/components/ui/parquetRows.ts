import { decompress } from "fzstd";
import { parquetReadObjects } from "hyparquet";

/** hyparquet reads Snappy itself. */
export const compressors = {
  ZSTD: (input: Uint8Array, length: number) => decompress(input, new Uint8Array(length)),
};

/** The rows of a Parquet file. Times are dates, integers are numbers, and missing values are null. */
export async function parquetRows<Row extends object>(file: ArrayBuffer): Promise<Row[]> {
  const rows = await parquetReadObjects({ file, compressors });
  for (const row of rows) {
    for (const [column, value] of Object.entries(row)) if (typeof value === "bigint") row[column] = Number(value);
  }
  return rows as Row[];
}
