/** A text as an SQL literal, for places where a parameter is not possible, such as file names. */
export function sqlText(text: string): string {
  return `'${text.replaceAll("'", "''")}'`;
}

/** Parquet files as a table; patterns and folders such as `a=1` in their paths have no special meaning. */
export function parquetTable(...paths: string[]): string {
  const names = paths.map((path) => sqlText(path.replaceAll(/[*?[]/g, "[$&]")));
  return `read_parquet([${names.join(", ")}], union_by_name = true, hive_partitioning = false)`;
}

/**
 * SQL options of COPY for published Parquet files. Version 2 stores hours as equal steps, which needs almost no room; a
 * dictionary of more than so many values would prevent that. Bloom filters would be a sixth of a file, and readers read all rows.
 */
export const parquetFormat =
  "FORMAT parquet, PARQUET_VERSION v2, COMPRESSION zstd, DICTIONARY_SIZE_LIMIT 8000, WRITE_BLOOM_FILTER false";
