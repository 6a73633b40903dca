import { createHash } from "node:crypto";
import { createReadStream, createWriteStream, existsSync } from "node:fs";
import { mkdir, mkdtemp, rm } from "node:fs/promises";
import { tmpdir } from "node:os";
import { dirname, join, resolve } from "node:path";
import { pipeline } from "node:stream/promises";
import { createGunzip } from "node:zlib";
import pLimit from "p-limit";
import { extract } from "tar";
import { isUrl } from "../config.js";
import { type Http, openHttp } from "../http.js";
import { schemaVersion } from "../migrations.js";
import { type CheckpointManifest, manifestName, readManifest } from "./checkpointManifest.js";

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
}

/** Tar files hold all states at once. */
const largestTarBytes = 4e9;
const simultaneousDownloads = 6;

/**
 * Brings a checkpoint to this machine and checks all of it that is wanted.
 * @param place a folder, a `.tar` file, or the URL of either
 * @throws naming the place and every file that is missing or damaged
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
    const reason = error instanceof Error ? error.message : String(error);
    throw new Error(`checkpoint ${place}: ${reason}`, { cause: error });
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

async function bringHere(place: string, temporary: string, options: OpenOptions): Promise<string> {
  if (!isUrl(place)) {
    if (!existsSync(place)) throw new Error("there is no checkpoint");
    if (!isTar(place)) return resolve(place);
    await unpack(place, temporary);
    return temporary;
  }
  const http = openHttp({ contact: options.contact ?? null, largestBytes: largestTarBytes });
  try {
    if (isTar(place)) {
      const file = join(temporary, "checkpoint.tar");
      await download(http, place, file);
      await unpack(file, temporary);
      await rm(file);
    } else await downloadFolder(http, place.endsWith("/") ? place : `${place}/`, temporary, options);
    return temporary;
  } finally {
    await http.close();
  }
}

async function unpack(file: string, folder: string): Promise<void> {
  // What is neither a file nor a folder, such as a link that leads elsewhere, is left out.
  const filter = (_: string, entry: object) =>
    "type" in entry && (entry.type === "File" || entry.type === "OldFile" || entry.type === "Directory");
  await extract({ file, cwd: folder, strict: true, preserveOwner: false, filter });
}

async function downloadFolder(http: Http, base: string, folder: string, options: OpenOptions): Promise<void> {
  await download(http, new URL(manifestName, base).href, join(folder, manifestName));
  const manifest = readManifest(folder);
  const limit = pLimit(simultaneousDownloads);
  const downloads = wantedFiles(manifest, options).map(({ path }) =>
    limit(() => download(http, new URL(path, base).href, join(folder, path))),
  );
  await Promise.allSettled(downloads);
  await Promise.all(downloads);
}

async function download(http: Http, url: string, file: string): Promise<void> {
  await mkdir(dirname(file), { recursive: true });
  const answer = await http.get(url, `${file}.gz`);
  if (answer.outcome !== "fetched") throw new Error(answer.message ?? `${url}: status ${answer.status}`);
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
  throw new Error([...problems.slice(0, namedProblems), ...more].join("; "));
}
