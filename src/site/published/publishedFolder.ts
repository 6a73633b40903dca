import { type PublishedManifest, publishedTables } from "../../shared/published/published.js";
import { publishedPath, readPublishedManifest } from "../../shared/published/readPublished.js";

export function usualHome(): string {
  return process.env.ISOTHERM_HOME ?? ".isotherm";
}

/** Where a table lies as it was published. */
export function publishedFile(table: string, home = usualHome()): string {
  if (!Object.hasOwn(publishedTables, table)) throw new Error(`no table ${table} published`);
  return publishedPath(home, `${table}.parquet`);
}

export function publishedManifest(home = usualHome()): PublishedManifest {
  return readPublishedManifest(home);
}
