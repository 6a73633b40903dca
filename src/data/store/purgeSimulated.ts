import { rmSync } from "node:fs";
import { join } from "node:path";
import { z } from "zod";
import { getMeta, type Store, setMeta } from "./store.js";

/** What simulated weather leaves as it is; every other table holds it or what was learned from it, and nothing else. */
const kept = ["meta", "stations", "runs", "requests", "requestsSaved"];

export async function isSimulated(store: Store): Promise<boolean> {
  return (await getMeta(store, "simulated")) === "true";
}

/** Forgets simulated weather and all that came of it, if there is any. To be run within a transaction. */
export async function purgeSimulated(store: Store): Promise<void> {
  if (!(await isSimulated(store))) return;
  const tables = await store.all(
    "SELECT table_name AS name FROM duckdb_tables() WHERE NOT temporary",
    [],
    z.object({ name: z.string() }),
  );
  for (const { name } of tables) if (!kept.includes(name)) await store.run(`DELETE FROM ${name}`);
  await setMeta(store, "simulated", "false");
}

/** Removes the model states that a purge left without their rows. To be called once its transaction has ended. */
export function removeSnapshotFiles(home: string): void {
  rmSync(join(home, "snapshots"), { recursive: true, force: true });
}
