import { createHash } from "node:crypto";
import { readdirSync, readFileSync } from "node:fs";
import { join, relative } from "node:path";
import { z } from "zod";
import { PublishedManifest, publishedTables } from "./published.js";

/** What to do about damaged published files. */
export const publishHint = "publish again: npm run isotherm -- publish";

/** Path of a file of `<home>/published/`. */
export function publishedPath(home: string, name: string): string {
  return join(home, "published", name);
}

/** Reads the published manifest. Throws, naming the file, when it is missing, damaged or of another version. */
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
  if (!checked.success)
    throw fail(`does not fit this version of isotherm\n${z.prettifyError(checked.error)}\n`, checked.error);
  const names = new Set(checked.data.files.map(({ name }) => name));
  const missing = Object.keys(publishedTables).filter((table) => !names.has(`${table}.parquet`));
  if (missing.length > 0) throw fail(`lacks ${missing.join(", ")}`, undefined);
  return checked.data;
}

/** Throws, naming the files, when published files are missing or changed. */
export function checkFilesWhole(home: string, { files, api }: PublishedManifest): void {
  const damaged = files.flatMap(({ name, sha256 }) =>
    digestOf(publishedPath(home, name)) === sha256 ? [] : `${publishedPath(home, name)} is missing or`,
  );
  if (digestOfApi(publishedPath(home, "")).sha256 !== api.sha256)
    damaged.push(`${publishedPath(home, "api")}, feed.json or status.json has`);
  if (damaged.length === 0) return;
  throw new Error(`${damaged.map((what) => `${what} changed since it was published`).join("\n")}\n${publishHint}`);
}

/** Names of the published files other than tables, sorted: everything under `api/`, `feed.json`, `status.json`. */
export function apiFiles(folder: string): string[] {
  return readdirSync(folder, { recursive: true, withFileTypes: true })
    .filter((entry) => entry.isFile())
    .map((entry) => relative(folder, join(entry.parentPath, entry.name)).replaceAll("\\", "/"))
    .filter((name) => /^(api\/.*|feed\.json|status\.json)$/.test(name))
    .sort();
}

/** Number, size and digest of those files, for the manifest. */
export function digestOfApi(folder: string): PublishedManifest["api"] {
  const digest = createHash("sha256");
  const names = apiFiles(folder);
  let bytes = 0;
  for (const name of names) {
    const content = readFileSync(join(folder, name));
    bytes += content.length;
    digest.update(`${name} ${content.length}\n`).update(content);
  }
  return { files: names.length, bytes, sha256: digest.digest("hex") };
}

/** SHA-256 of a file; null when it can't be read. */
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

/** Path of a published table. Throws for an unknown name. */
export function publishedFile(table: string, home = defaultHome()): string {
  if (!Object.hasOwn(publishedTables, table)) throw new Error(`there is no published table ${table}`);
  return publishedPath(home, `${table}.parquet`);
}
