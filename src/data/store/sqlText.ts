/** A text as SQL writes it. For what can't be a parameter, such as the name of a file. */
export function sqlText(text: string): string {
  return `'${text.replaceAll("'", "''")}'`;
}

/** Parquet files as a table, whatever is in their names: neither a pattern nor a folder such as `a=1` means anything. */
export function parquetTable(...paths: string[]): string {
  const names = paths.map((path) => sqlText(path.replaceAll(/[*?[]/g, "[$&]")));
  return `read_parquet([${names.join(", ")}], union_by_name = true, hive_partitioning = false)`;
}
