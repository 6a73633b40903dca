import { copyFileSync, linkSync, mkdirSync } from "node:fs";
import { mkdir, writeFile } from "node:fs/promises";
import { dirname, join } from "node:path";

/** Writes JSON. */
export async function write(folder: string, name: string, content: unknown): Promise<void> {
  await writeText(folder, name, JSON.stringify(content));
}

/** Writes a file with the folders of its name. */
export async function writeText(folder: string, name: string, text: string): Promise<void> {
  const file = join(folder, name);
  await mkdir(dirname(file), { recursive: true });
  await writeFile(file, text);
}

/** Links a file of an earlier publication into a new folder, or copies it where the file system has no links. */
export function keepFile(from: string, to: string): void {
  mkdirSync(dirname(to), { recursive: true });
  try {
    linkSync(from, to);
  } catch {
    copyFileSync(from, to);
  }
}
