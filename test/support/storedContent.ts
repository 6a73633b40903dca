import { existsSync, readdirSync } from "node:fs";
import { join } from "node:path";
import { openStore, type Store } from "../../src/data/store/store.js";
import { storedTables } from "../../src/data/store/storedTables.js";

/** Of each table how many rows, and a digest of them that does not depend on their order; and the state files. */
export interface StoredContent {
  tables: Record<string, string>;
  states: string[];
}

/** All that is stored in a home that no one has open. */
export async function storedContent(home: string): Promise<StoredContent> {
  const store = await openStore(home, { readOnly: true });
  try {
    return { tables: await contentOf(store), states: stateFiles(home) };
  } finally {
    store.close();
  }
}

async function contentOf(store: Store): Promise<Record<string, string>> {
  const content: Record<string, string> = {};
  for (const { name } of await storedTables(store)) {
    const [row] = await store.all<{ text: string }>(
      `SELECT count(*) || ' rows ' || coalesce(sum(hash(t)), 0) AS text FROM ${name} t`,
    );
    content[name] = row!.text;
  }
  return content;
}

function stateFiles(home: string): string[] {
  const folder = join(home, "snapshots");
  if (!existsSync(folder)) return [];
  return readdirSync(folder, { recursive: true })
    .map(String)
    .filter((name) => name.endsWith(".bin"))
    .sort();
}
