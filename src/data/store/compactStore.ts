import { renameSync, rmSync } from "node:fs";
import { join } from "node:path";
import { sqlText } from "./sqlText.js";
import type { Store } from "./store.js";

/** DuckDB keeps the room of what was deleted: so much of it is left, in bytes and as a share of the file. */
const spared = { bytes: 4 * 2 ** 20, share: 0.1 };

/**
 * Gives back the room of what was deleted, when there is much of it: writes the store anew beside itself, and puts that in
 * its place. To be called last, before the store is closed: what is written after it is lost.
 * @returns whether it did
 */
export async function compactStore(store: Store, home: string, { bytes, share } = spared): Promise<boolean> {
  // Nothing may be left in the log beside the file, which would be taken for that of the new one.
  await store.run("CHECKPOINT");
  const [size] = await store.all<{ free: number; total: number; database: string }>(
    `SELECT (free_blocks * block_size)::DOUBLE AS free, (total_blocks * block_size)::DOUBLE AS total,
       database_name AS database FROM pragma_database_size() WHERE database_name = current_database()`,
  );
  const { free, total, database } = size!;
  if (free < bytes || free < share * total) return false;
  const path = join(home, "isotherm.duckdb");
  const anew = join(home, "isotherm.anew.duckdb");
  rmSync(anew, { force: true });
  try {
    await store.run(`ATTACH ${sqlText(anew)} AS anew`);
    await store.run(`COPY FROM DATABASE "${database}" TO anew`);
    await store.run("DETACH anew");
    renameSync(anew, path);
  } finally {
    for (const left of [anew, `${anew}.wal`]) rmSync(left, { force: true });
  }
  return true;
}
