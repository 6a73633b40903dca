import { createHash } from "node:crypto";
import { createReadStream, createWriteStream, existsSync } from "node:fs";
import { mkdir, mkdtemp, rm, writeFile } from "node:fs/promises";
import { tmpdir } from "node:os";
import { dirname, join, resolve } from "node:path";
import { pipeline } from "node:stream/promises";
import { createGunzip } from "node:zlib";
import pLimit from "p-limit";
import { extract, list, type ReadEntry } from "tar";
import { requirePlace, shownPlace, withoutCredentials, withoutSecrets } from "../../data/http/address.js";
import { type Http, type HttpOptions, openHttp } from "../../data/http/http.js";
import { schemaVersion } from "../../data/store/migrations.js";
import { isUrl } from "../../shared/config.js";
import { type CheckpointManifest, InvalidCheckpointError, manifestName, readManifest } from "./checkpointManifest.js";

/** A checkpoint on this machine, every file of which that is wanted is what was written. */
export interface OpenCheckpoint {
  /** As given. */
  place: string;
  folder: string;
  manifest: CheckpointManifest;
  /** Removes what was downloaded or unpacked. */
  close(): Promise<void>;
}

export interface OpenOptions {
  /** Only what concerns these is read; all stations if absent. */
  stations?: ReadonlySet<string> | undefined;
  contact?: string | null;
  /** Timeouts, for tests. */
  http?: Partial<HttpOptions>;
}

/** Tar files hold all states at once. */
const largestTarBytes = 4e9;
const simultaneousDownloads = 6;
/** However large it is: it is given up only where nothing comes any more. */
const waits = { answerTimeoutMs: Number.POSITIVE_INFINITY, budgetMs: Number.POSITIVE_INFINITY, idleTimeoutMs: 30_000 };
/** A tar begins with its manifest, which of a thousand stations has 3 MB. */
const beginningBytes = 1 << 24;

/**
 * Brings a checkpoint to this machine and checks all of it that is wanted.
 * @param place a folder, a `.tar` file, or the URL of either
 * @throws naming the place and every file that is missing or damaged: `InvalidCheckpointError` where that is so, another
 * error where the place can't be reached or is of a later isotherm
 */
export async function openCheckpoint(place: string, options: OpenOptions = {}): Promise<OpenCheckpoint> {
  const temporary = await mkdtemp(join(tmpdir(), "isotherm-checkpoint-"));
  const close = () => rm(temporary, { recursive: true, force: true });
  try {
    const folder = await bringHere(place, temporary, options);
    const manifest = readManifest(folder);
    if (manifest.schemaVersion > schemaVersion) {
      throw new Error(
        `it has schema version ${manifest.schemaVersion}, but this isotherm knows only up to ${schemaVersion}; update it`,
      );
    }
    await checkFiles(folder, wantedFiles(manifest, options));
    return { place, folder, manifest, close };
  } catch (error) {
    await close();
    const reason = withoutSecrets(error instanceof Error ? error.message : String(error), place);
    const message = `checkpoint ${shownPlace(place)}: ${reason}`;
    if (error instanceof InvalidCheckpointError) throw new InvalidCheckpointError(message, { cause: error });
    throw new Error(message, { cause: error });
  }
}

/**
 * Reads only the manifest of a checkpoint; its other files may be damaged.
 * @param place a folder, a `.tar` file, or the URL of either
 * @returns null when there is none, or its manifest can't be read as one
 * @throws when the place can't be reached
 */
export async function peekManifest(
  place: string,
  { contact = null }: { contact?: string | null } = {},
): Promise<CheckpointManifest | null> {
  const temporary = await mkdtemp(join(tmpdir(), "isotherm-manifest-"));
  try {
    return readManifest(await bringHere(place, temporary, { contact, isManifestOnly: true }));
  } catch (error) {
    if (error instanceof InvalidCheckpointError) return null;
    throw new Error(withoutSecrets(error instanceof Error ? error.message : String(error), place), { cause: error });
  } finally {
    await rm(temporary, { recursive: true, force: true });
  }
}

/** Whether a place names a single file rather than a folder. */
export function isTar(place: string): boolean {
  return (isUrl(place) ? new URL(place).pathname : place).endsWith(".tar");
}

/** The files of a checkpoint that hold something of the stations. */
export function wantedFiles({ groups, tables, snapshots }: CheckpointManifest, { stations }: OpenOptions) {
  const isWanted = (stationId: string) => !stations || stations.has(stationId);
  return [
    ...tables.filter(({ group }) => group === null || (groups[group] ?? []).some(isWanted)),
    ...snapshots.filter(({ stationId }) => isWanted(stationId)),
  ];
}

interface BringOptions extends OpenOptions {
  /** Whether nothing but the manifest is wanted. */
  isManifestOnly?: boolean;
}

/**
 * Brings the files of a checkpoint to this machine, unchecked.
 * @param temporary an empty folder
 * @returns the folder that has them: the temporary one, or that of the checkpoint itself
 * @throws `InvalidCheckpointError` where something is not there or the tar is damaged, another error where the place
 * can't be reached
 */
async function bringHere(place: string, temporary: string, options: BringOptions): Promise<string> {
  requirePlace(place);
  if (!isUrl(place)) {
    if (!existsSync(place)) throw new InvalidCheckpointError("there is no checkpoint");
    if (!isTar(place)) return resolve(place);
    await unpack(place, temporary, options);
    return temporary;
  }
  const http = openHttp({ ...waits, ...options.http, contact: options.contact ?? null, largestBytes: largestTarBytes });
  try {
    if (isTar(place)) {
      const file = join(temporary, "checkpoint.tar");
      await download(http, place, file, options.isManifestOnly ? `0-${beginningBytes - 1}` : undefined);
      await unpack(file, temporary, options);
      await rm(file);
    } else await downloadFolder(http, place.endsWith("/") ? place : `${place}/`, temporary, options);
    return temporary;
  } finally {
    await http.close();
  }
}

async function unpack(file: string, folder: string, { isManifestOnly = false }: BringOptions): Promise<void> {
  if (isManifestOnly) return unpackManifest(file, folder);
  // What is neither a file nor a folder, such as a link that leads elsewhere, is left out.
  const filter = (_: string, entry: object) =>
    "type" in entry && (entry.type === "File" || entry.type === "OldFile" || entry.type === "Directory");
  try {
    await extract({ file, cwd: folder, strict: true, preserveOwner: false, filter });
  } catch (error) {
    throwUnlessOfTar(error);
    throw new InvalidCheckpointError(error.message, { cause: error });
  }
}

/** There may be no more than the beginning of the tar; the manifest itself tells whether it is whole. */
async function unpackManifest(file: string, folder: string): Promise<void> {
  const chunks: Buffer[] = [];
  const onReadEntry = (entry: ReadEntry) => {
    if (entry.path === manifestName) entry.on("data", (chunk) => void chunks.push(chunk));
    else entry.resume();
  };
  try {
    await list({ file, onReadEntry });
  } catch (error) {
    throwUnlessOfTar(error);
  }
  if (chunks.length > 0) await writeFile(join(folder, manifestName), Buffer.concat(chunks));
}

/** A full disk, say, tells nothing of the tar. */
function throwUnlessOfTar(error: unknown): asserts error is Error {
  if (!(error instanceof Error) || "syscall" in error) throw error;
}

async function downloadFolder(http: Http, base: string, folder: string, options: BringOptions): Promise<void> {
  await download(http, new URL(manifestName, base).href, join(folder, manifestName));
  if (options.isManifestOnly) return;
  const manifest = readManifest(folder);
  const limit = pLimit(simultaneousDownloads);
  const downloads = wantedFiles(manifest, options).map(({ path }) =>
    limit(() => download(http, new URL(path, base).href, join(folder, path))),
  );
  await Promise.allSettled(downloads);
  await Promise.all(downloads);
}

async function download(http: Http, url: string, file: string, range?: string): Promise<void> {
  await mkdir(dirname(file), { recursive: true });
  const answer = await http.get(url, `${file}.gz`, undefined, range);
  if (answer.outcome === "absent") {
    throw new InvalidCheckpointError(`${withoutCredentials(url)}: status ${answer.status}`);
  }
  if (answer.outcome !== "fetched") throw new Error(answer.message ?? `${withoutCredentials(url)}: not sent`);
  await pipeline(createReadStream(`${file}.gz`), createGunzip(), createWriteStream(file));
  await rm(`${file}.gz`);
}

const namedProblems = 5;

async function checkFiles(folder: string, files: readonly { path: string; bytes: number; sha256: string }[]) {
  const problems: string[] = [];
  for (const { path, bytes, sha256 } of files) {
    const hash = createHash("sha256");
    let length = 0;
    try {
      for await (const chunk of createReadStream(join(folder, path))) {
        hash.update(chunk as Buffer);
        length += (chunk as Buffer).length;
      }
    } catch (error) {
      if ((error as NodeJS.ErrnoException).code !== "ENOENT") throw error;
      problems.push(`${path} is missing`);
      continue;
    }
    if (length !== bytes) problems.push(`${path} is damaged: ${length} bytes, ${bytes} were written`);
    else if (hash.digest("hex") !== sha256) problems.push(`${path} is damaged: its digest is not that of its content`);
  }
  if (problems.length === 0) return;
  const more = problems.length > namedProblems ? [`and ${problems.length - namedProblems} more`] : [];
  throw new InvalidCheckpointError([...problems.slice(0, namedProblems), ...more].join("; "));
}
