import { codeBlock } from "./codeBlock.js";

/** One line for a shell that opens a Parquet file in DuckDB: by its address on the web, or by its path. */
export function duckdbLine(file: string): HTMLElement {
  return codeBlock(`duckdb -c "FROM '${file}' LIMIT 10"`, { language: "sh" });
}
