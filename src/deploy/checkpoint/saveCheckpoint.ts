import { existsSync, mkdirSync, mkdtempSync, renameSync, rmSync, statSync } from "node:fs";
import { cp } from "node:fs/promises";
import { tmpdir } from "node:os";
import { basename, dirname, join, resolve } from "node:path";
import { create } from "tar";
import { requirePlace, shownPlace, withoutSecrets } from "../../data/http/address.js";
import { sendOnce } from "../../data/http/http.js";
import { openStore } from "../../data/store/store.js";
import { isUrl } from "../../shared/config.js";
import { replaceFolder, requireReplaceable, requireWritable } from "../../shared/folders.js";
import { type CheckpointManifest, manifestName, readManifest } from "./checkpointManifest.js";
import { isTar } from "./openCheckpoint.js";
import { type WriteOptions, writeCheckpoint } from "./writeCheckpoint.js";

export interface SaveOptions extends Omit<WriteOptions, "folder"> {
  /** A folder, a `.tar` file, or the URL of one. An existing checkpoint is replaced as a whole. */
  place: string;
  contact: string | null;
}

/**
 * Throws when a checkpoint can't be written to a place, would replace something else, or could not be read back: a URL must
 * name a `.tar` file.
 */
export function checkCheckpointPlace(place: string): void {
  requirePlace(place);
  if (isUrl(place) && !isTar(place)) {
    throw new Error(`a checkpoint needs a URL whose path ends in .tar, not ${shownPlace(place)}`);
  }
  if (isUrl(place)) return;
  const path = resolve(place);
  if (isTar(place) && statSync(path, { throwIfNoEntry: false })?.isDirectory())
    throw new Error(`${path} is a folder; expected a .tar file`);
  if (!isTar(place)) requireReplaceable(path, manifestName);
  requireWritable(isTar(place) ? dirname(path) : siblings(path)[0]);
}

/** Writes the data of a home to a place. Throws when nothing is stored, a state is damaged, or the place is unusable. */
export async function saveCheckpoint({ place, contact, ...options }: SaveOptions): Promise<CheckpointManifest> {
  checkCheckpointPlace(place);
  const store = await openStore(options.home, { readOnly: true });
  try {
    return await put({ place, contact }, (folder) => writeCheckpoint(store, { ...options, folder }));
  } finally {
    store.close();
  }
}

type Place = Pick<SaveOptions, "place" | "contact">;

/** Copies a checkpoint from a folder to a place. */
export async function copyCheckpoint(from: string, to: Place): Promise<CheckpointManifest> {
  checkCheckpointPlace(to.place);
  return put(to, async (folder) => {
    await cp(from, folder, { recursive: true });
    return readManifest(folder);
  });
}

/** @param write fills an empty folder */
async function put(
  { place, contact }: Place,
  write: (folder: string) => Promise<CheckpointManifest>,
): Promise<CheckpointManifest> {
  if (!isUrl(place) && !isTar(place)) return writeFolder(resolve(place), write);
  const work = mkdtempSync(join(tmpdir(), "isotherm-checkpoint-"));
  try {
    const folder = join(work, "checkpoint");
    mkdirSync(folder);
    const manifest = await write(folder);
    if (isUrl(place)) {
      const file = join(work, "checkpoint.tar");
      await pack(folder, manifest, file);
      await putFile(place, file, contact);
    } else await replaceFile(resolve(place), (file) => pack(folder, manifest, file));
    return manifest;
  } finally {
    rmSync(work, { recursive: true, force: true });
  }
}

/** Deterministic: the same checkpoint gives the same bytes. */
async function pack(folder: string, { tables, snapshots }: CheckpointManifest, file: string): Promise<void> {
  const paths = [manifestName, ...[...tables, ...snapshots].map(({ path }) => path)];
  await create({ file, cwd: folder, portable: true, mtime: new Date(0) }, paths);
}

async function putFile(url: string, file: string, contact: string | null): Promise<void> {
  try {
    const { status, text } = await sendOnce(url, { method: "PUT", body: { file } }, contact);
    if (status < 200 || status > 299) {
      throw new Error(`PUT ${shownPlace(url)}: status ${status} ${text.slice(0, 200)}`.trimEnd());
    }
  } catch (error) {
    throw new Error(withoutSecrets(error instanceof Error ? error.message : String(error), url), { cause: error });
  }
}

/** Builds a folder next to the existing one and swaps them when it is complete. */
async function writeFolder<T>(folder: string, make: (folder: string) => Promise<T>): Promise<T> {
  const [next, previous] = siblings(folder);
  // A run killed between the two renames leaves only the previous folder.
  if (!existsSync(folder) && existsSync(previous)) renameSync(previous, folder);
  for (const leftover of [next, previous]) rmSync(leftover, { recursive: true, force: true });
  mkdirSync(next, { recursive: true });
  try {
    const result = await make(next);
    replaceFolder(folder, next, previous);
    return result;
  } finally {
    rmSync(next, { recursive: true, force: true });
  }
}

async function replaceFile(file: string, make: (file: string) => Promise<void>): Promise<void> {
  const [next] = siblings(file);
  mkdirSync(dirname(file), { recursive: true });
  try {
    await make(next);
    renameSync(next, file);
  } finally {
    rmSync(next, { force: true });
  }
}

function siblings(path: string): [string, string] {
  const name = basename(path);
  return [join(dirname(path), `.${name}.next`), join(dirname(path), `.${name}.previous`)];
}
