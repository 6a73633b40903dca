import { readFile } from "node:fs/promises";
import { join } from "node:path";
import { PublishedManifest, publishedTables } from "../pipeline/published.js";

export function usualHome(): string {
  return process.env.ISOTHERM_HOME ?? ".isotherm";
}

/** Where a table lies as it was published. */
export function publishedFile(table: string, home = usualHome()): string {
  if (!Object.hasOwn(publishedTables, table)) throw new Error(`no table ${table} published`);
  return join(home, "published", `${table}.parquet`);
}

export async function publishedManifest(home = usualHome()): Promise<PublishedManifest> {
  return PublishedManifest.parse(JSON.parse(await readFile(join(home, "published", "manifest.json"), "utf8")));
}
