import { createHash } from "node:crypto";
import { readFileSync } from "node:fs";
import { join } from "node:path";
import { z } from "zod";
import { PublishedManifest, publishedTables } from "./published.js";

/** What to do about published files that are not what they were. */
export const publishHint = "publish again: npm run isotherm -- publish";

/** Path of a file of `<home>/published/`. */
export function publishedPath(home: string, name: string): string {
  return join(home, "published", name);
}

/** What was published last in a home. Throws, naming the file, where it is missing, cut off or something else. */
export function readPublishedManifest(home = defaultHome()): PublishedManifest {
  const file = publishedPath(home, "manifest.json");
  const fail = (reason: string, cause: unknown) => new Error(`${file} ${reason}; ${publishHint}`, { cause });
  let text: string;
  try {
    text = readFileSync(file, "utf8");
  } catch (error) {
    const isMissing = (error as NodeJS.ErrnoException).code === "ENOENT";
    throw fail(isMissing ? "is missing" : `can't be read: ${(error as Error).message}`, error);
  }
  let json: unknown;
  try {
    json = JSON.parse(text);
  } catch (error) {
    throw fail("is damaged: it is not JSON", error);
  }
  const checked = PublishedManifest.safeParse(json);
  if (!checked.success) throw fail(`is not that of this isotherm\n${z.prettifyError(checked.error)}\n`, checked.error);
  const names = new Set(checked.data.files.map(({ name }) => name));
  const missing = Object.keys(publishedTables).filter((table) => !names.has(`${table}.parquet`));
  if (missing.length > 0) throw fail(`names no ${missing.join(", ")}`, undefined);
  return checked.data;
}

/** Throws, naming them, where files are not what was published. */
export function checkFilesWhole(home: string, { files }: PublishedManifest): void {
  const damaged = files.filter(({ name, sha256 }) => digestOf(publishedPath(home, name)) !== sha256);
  if (damaged.length === 0) return;
  const reasons = damaged.map(({ name }) => `${publishedPath(home, name)} is not what was published`);
  throw new Error(`${reasons.join("\n")}\n${publishHint}`);
}

/** Null for what can't be read. */
function digestOf(file: string): string | null {
  try {
    return createHash("sha256").update(readFileSync(file)).digest("hex");
  } catch {
    return null;
  }
}

export function defaultHome(): string {
  return process.env.ISOTHERM_HOME ?? ".isotherm";
}

/** Where a table lies as it was published. */
export function publishedFile(table: string, home = defaultHome()): string {
  if (!Object.hasOwn(publishedTables, table)) throw new Error(`no table ${table} published`);
  return publishedPath(home, `${table}.parquet`);
}
