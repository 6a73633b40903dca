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
import { versionProblem } from "../../data/store/migrations.js";
import { isUrl } from "../../shared/config.js";
import {
  type CheckpointManifest,
  digestOf,
  InvalidCheckpointError,
  manifestName,
  readManifest,
} from "./checkpointManifest.js";

/** A checkpoint on this machine whose requested files were checked. */
export interface OpenCheckpoint {
  /** As given. */
  place: string;
  folder: string;
  manifest: CheckpointManifest;
  /** Removes what was downloaded or unpacked. */
  close(): Promise<void>;
}

export interface OpenOptions {
  /** Stations to read; defaults to all. */
  stations?: ReadonlySet<string> | undefined;
  contact?: string | null;
  /** Timeouts, for tests. */
  http?: Partial<HttpOptions>;
}

const largestTarBytes = 4e9;
const simultaneousDownloads = 6;
/** A download of any size may take its time; it fails only when no more data arrive. */
const waits = { answerTimeoutMs: Number.POSITIVE_INFINITY, budgetMs: Number.POSITIVE_INFINITY, idleTimeoutMs: 30_000 };
/** A tar file begins with its manifest, which has 3 MB for a thousand stations. */
const beginningBytes = 1 << 24;

/**
 * Copies a checkpoint to this machine, if necessary, and checks the requested files.
 * @param place a folder, a `.tar` file, or the URL of either
 * @throws `InvalidCheckpointError` with the missing or damaged files; another error when the place can't be reached or
 * this version of isotherm does not read it
 */
export async function openCheckpoint(place: string, options: OpenOptions = {}): Promise<OpenCheckpoint> {
  const temporary = await mkdtemp(join(tmpdir(), "isotherm-checkpoint-"));
  const close = () => rm(temporary, { recursive: true, force: true });
  try {
    const folder = await bringHere(place, temporary, options);
    const manifest = readManifest(folder);
    const problem = versionProblem(manifest.schemaVersion);
    if (problem) throw new Error(problem);
    checkFiles(folder, filesOfStations(manifest, options));
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
 * @returns null when there is no valid manifest
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

/** The files of a checkpoint that contain data of the stations. */
export function filesOfStations({ groups, tables, snapshots }: CheckpointManifest, { stations }: OpenOptions) {
  const isRequested = (stationId: string) => !stations || stations.has(stationId);
  return [
    ...tables.filter(({ group }) => group === null || (groups[group] ?? []).some(isRequested)),
    ...snapshots.filter(({ stationId }) => isRequested(stationId)),
  ];
}

interface BringOptions extends OpenOptions {
  /** Whether to bring only the manifest. */
  isManifestOnly?: boolean;
}

/**
 * Copies the files of a checkpoint to this machine, if necessary, without checking them.
 * @param temporary an empty folder
 * @returns the temporary folder, or the checkpoint's own
 * @throws `InvalidCheckpointError` when something is missing or the tar file is damaged, another error when the place can't
 * be reached
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
  // Skips links and other entries that are neither files nor folders.
  const filter = (_: string, entry: object) =>
    "type" in entry && (entry.type === "File" || entry.type === "OldFile" || entry.type === "Directory");
  try {
    await extract({ file, cwd: folder, strict: true, preserveOwner: false, filter });
  } catch (error) {
    requireTarError(error);
    throw new InvalidCheckpointError(error.message, { cause: error });
  }
}

/** The tar file may be truncated after the manifest, whose own digest shows whether it is complete. */
async function unpackManifest(file: string, folder: string): Promise<void> {
  const chunks: Buffer[] = [];
  const onReadEntry = (entry: ReadEntry) => {
    if (entry.path === manifestName) entry.on("data", (chunk) => void chunks.push(chunk));
    else entry.resume();
  };
  try {
    await list({ file, onReadEntry });
  } catch (error) {
    requireTarError(error);
  }
  if (chunks.length > 0) await writeFile(join(folder, manifestName), Buffer.concat(chunks));
}

/** Rethrows system errors, such as a full disk, which are not errors of the tar file. */
function requireTarError(error: unknown): asserts error is Error {
  if (!(error instanceof Error) || "syscall" in error) throw error;
}

async function downloadFolder(http: Http, base: string, folder: string, options: BringOptions): Promise<void> {
  await download(http, new URL(manifestName, base).href, join(folder, manifestName));
  if (options.isManifestOnly) return;
  const manifest = readManifest(folder);
  const limit = pLimit(simultaneousDownloads);
  const downloads = filesOfStations(manifest, options).map(({ path }) =>
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

function checkFiles(folder: string, files: readonly { path: string; bytes: number; sha256: string }[]): void {
  const problems = files.flatMap(({ path, bytes, sha256 }) => {
    const file = join(folder, path);
    if (!existsSync(file)) return [`${path} is missing`];
    const found = digestOf(file);
    if (found.bytes !== bytes) return [`${path} is damaged: ${found.bytes} bytes, ${bytes} were written`];
    return found.sha256 === sha256 ? [] : [`${path} is damaged: its digest does not match its content`];
  });
  if (problems.length === 0) return;
  const more = problems.length > namedProblems ? [`and ${problems.length - namedProblems} more`] : [];
  throw new InvalidCheckpointError([...problems.slice(0, namedProblems), ...more].join("; "));
}
