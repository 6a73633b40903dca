import { renameSync, rmSync } from "node:fs";
import { join } from "node:path";
import { sqlText } from "./sqlText.js";
import type { Store } from "./store.js";

/** DuckDB keeps the space of deleted rows; the store is compacted above this many bytes and this share of the file. */
const tolerated = { bytes: 4 * 2 ** 20, share: 0.1 };

/**
 * Frees the space of deleted rows if there is much of it, by replacing the store with a copy. Call it last before the store
 * is closed: later writes are lost.
 * @returns whether the store was compacted
 */
export async function compactStore(store: Store, home: string, { bytes, share } = tolerated): Promise<boolean> {
  // The log must be empty, because DuckDB would apply it to the copy.
  await store.run("CHECKPOINT");
  const [size] = await store.all<{ free: number; total: number; database: string }>(
    `SELECT (free_blocks * block_size)::DOUBLE AS free, (total_blocks * block_size)::DOUBLE AS total,
       database_name AS database FROM pragma_database_size() WHERE database_name = current_database()`,
  );
  const { free, total, database } = size!;
  if (free < bytes || free < share * total) return false;
  const path = join(home, "isotherm.duckdb");
  const copy = join(home, "isotherm.copy.duckdb");
  rmSync(copy, { force: true });
  try {
    await store.run(`ATTACH ${sqlText(copy)} AS copied`);
    await store.run(`COPY FROM DATABASE "${database}" TO copied`);
    await store.run("DETACH copied");
    renameSync(copy, path);
  } finally {
    for (const left of [copy, `${copy}.wal`]) rmSync(left, { force: true });
  }
  return true;
}
