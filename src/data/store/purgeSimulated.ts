import { rmSync } from "node:fs";
import { join } from "node:path";
import { getMeta, type Store, setMeta } from "./store.js";

/** Tables without simulated weather; every other table holds only it and what was learned from it. */
const kept = ["meta", "stations", "networkStations", "runs", "requests", "requestsSaved"];

export async function isSimulated(store: Pick<Store, "all">): Promise<boolean> {
  return (await getMeta(store, "simulated")) === "true";
}

/** Deletes simulated weather and everything learned from it, if there is any. Call it within a transaction. */
export async function purgeSimulated(store: Store): Promise<void> {
  if (!(await isSimulated(store))) return;
  const tables = await store.all<{ name: string }>(
    "SELECT table_name AS name FROM duckdb_tables() WHERE NOT temporary",
  );
  for (const { name } of tables) if (!kept.includes(name)) await store.run(`DELETE FROM ${name}`);
  await setMeta(store, "simulated", "false");
}

/** Removes the model states of simulated weather. Call it after the transaction of `purgeSimulated`. */
export function removeSnapshotFiles(home: string): void {
  rmSync(join(home, "snapshots"), { recursive: true, force: true });
}
