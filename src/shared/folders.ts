import { mkdirSync, mkdtempSync, readdirSync, renameSync, rmSync } from "node:fs";
import { join } from "node:path";

const reasons: Readonly<Record<string, string>> = {
  EEXIST: "a file is in its place",
  ENOTDIR: "a file is in the place of a folder above it",
  EACCES: "it may not be written to",
  EPERM: "it may not be written to",
  EROFS: "it can only be read",
  ENAMETOOLONG: "its name is too long",
  ENOSPC: "there is no room left",
};

/** Makes a folder unless it is there. Throws, naming it, why it can't be one. */
export function makeFolder(folder: string): void {
  explained(folder, () => mkdirSync(folder, { recursive: true }));
}

/** Throws, naming it, where a folder, which need not be there yet, can't be written to. Leaves nothing behind. */
export function requireWritable(folder: string): void {
  const made = explained(folder, () => mkdirSync(folder, { recursive: true }));
  try {
    rmSync(
      explained(folder, () => mkdtempSync(join(folder, ".isotherm-"))),
      { recursive: true },
    );
  } finally {
    if (made !== undefined) rmSync(made, { recursive: true });
  }
}

/**
 * Throws where a folder holds something else than what is to take its place: that would be lost.
 * @param mark a file that what was written there before has
 */
export function requireReplaceable(folder: string, mark: string): void {
  let names: string[];
  try {
    names = readdirSync(folder);
  } catch (error) {
    if ((error as NodeJS.ErrnoException).code === "ENOENT") return;
    throw explanation(folder, error);
  }
  if (names.length === 0 || names.includes(mark)) return;
  throw new Error(`${folder} holds something else, which would be lost; choose another folder, or empty it`);
}

/**
 * Puts the folder `next` in the place of `folder`, if there is one.
 * @param previous where the replaced folder is until it is removed, so that a run that is killed loses nothing
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

function explained<T>(folder: string, work: () => T): T {
  try {
    return work();
  } catch (error) {
    throw explanation(folder, error);
  }
}

function explanation(folder: string, error: unknown): Error {
  const { code = "", message } = error as NodeJS.ErrnoException;
  return new Error(`the folder ${folder} can't be used: ${reasons[code] ?? message}`, { cause: error });
}
