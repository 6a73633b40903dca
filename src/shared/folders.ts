import { mkdirSync, mkdtempSync, readdirSync, renameSync, rmSync } from "node:fs";
import { join } from "node:path";

const reasons: Readonly<Record<string, string>> = {
  EEXIST: "a file has this name",
  ENOTDIR: "a part of the path is a file",
  EACCES: "permission denied",
  EPERM: "permission denied",
  EROFS: "it is read-only",
  ENAMETOOLONG: "its name is too long",
  ENOSPC: "the disk is full",
};

/** Creates a folder if it does not exist. Throws an error with the folder and the reason. */
export function makeFolder(folder: string): void {
  withReason(folder, () => mkdirSync(folder, { recursive: true }));
}

/** Throws if a folder, which need not exist yet, can't be written to. Leaves nothing behind. */
export function requireWritable(folder: string): void {
  const created = withReason(folder, () => mkdirSync(folder, { recursive: true }));
  try {
    rmSync(
      withReason(folder, () => mkdtempSync(join(folder, ".isotherm-"))),
      { recursive: true },
    );
  } finally {
    if (created !== undefined) rmSync(created, { recursive: true });
  }
}

/**
 * Throws if a folder holds files that replacing it would lose.
 * @param mark a file that shows that an earlier run wrote the folder
 */
export function requireReplaceable(folder: string, mark: string): void {
  let names: string[];
  try {
    names = readdirSync(folder);
  } catch (error) {
    if ((error as NodeJS.ErrnoException).code === "ENOENT") return;
    throw folderError(folder, error);
  }
  if (names.length === 0 || names.includes(mark)) return;
  throw new Error(`${folder} holds other files, which would be lost; choose another folder or empty it`);
}

/**
 * Puts the folder `next` in the place of `folder`, if there is one.
 * @param previous name of the replaced folder until it is removed, so that a killed run loses nothing
 */
export function replaceFolder(folder: string, next: string, previous: string): void {
  rmSync(previous, { recursive: true, force: true });
  try {
    renameSync(folder, previous);
  } catch (error) {
    if ((error as NodeJS.ErrnoException).code !== "ENOENT") throw error;
  }
  renameSync(next, folder);
  rmSync(previous, { recursive: true, force: true });
}

function withReason<T>(folder: string, work: () => T): T {
  try {
    return work();
  } catch (error) {
    throw folderError(folder, error);
  }
}

function folderError(folder: string, error: unknown): Error {
  const { code = "", message } = error as NodeJS.ErrnoException;
  return new Error(`the folder ${folder} can't be used: ${reasons[code] ?? message}`, { cause: error });
}
