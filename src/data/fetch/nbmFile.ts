import { rm, stat } from "node:fs/promises";
import { join } from "node:path";
import { isUrl } from "../../shared/config.js";
import type { Answer } from "../http/download.js";
import { FileError, fileErrorOf } from "../http/fileError.js";
import { readBytes, readWhole } from "../http/readLines.js";
import { type NbmBlock, type NbmRun, nbmPath, otherRun, parseNbmBlock } from "../sources/nbm.js";
import { blocksIn, type FoundBlock, readBlocks } from "../sources/nbmBlocks.js";
import { nextPart, type Seen } from "./blockSearch.js";
import type { FetchRun } from "./fetchRun.js";
import type { FileVersion } from "./fileRecord.js";

/** What a base has of a bulletin. */
export interface BulletinReply extends FileVersion {
  bulletin: NbmRun;
  outcome: Answer["outcome"];
  /** The requests made, none for a folder. */
  answers: Answer[];
  /** By code: a block, why it is rejected, or null if there is none. Codes that could not be looked for are missing. */
  blocks: Map<string, NbmBlock | FileError | null>;
  /** Where the blocks begin, bytes. */
  places: Map<string, number>;
  /** Why some or all of it could not be read. */
  failure: { message: string; reason: string; unreachable: boolean } | null;
  /** Whether the version read is to blame for that. */
  isUnusable: boolean;
}

/**
 * For more stations a bulletin is read as a whole, though parts of it would have fewer bytes up to some 900 stations: a part
 * costs a request, and a block whose place is not known about eight.
 */
const mostStations = 100;
const mostUnknown = 40;
/** More than it takes to bisect the largest bulletin. */
const mostAttempts = 40;
/** Counts files of replies, so that each is its own. */
let replies = 0;

/**
 * Reads the blocks of stations in a bulletin: for few stations by requests for parts of it, otherwise as a whole.
 * @param places the codes of the stations, and where their blocks began in an earlier run
 * @param known a version that is not to be read again
 */
export async function readBulletin(
  run: FetchRun,
  base: string,
  bulletin: NbmRun,
  places: ReadonlyMap<string, number | null>,
  known?: FileVersion,
): Promise<BulletinReply> {
  const path = nbmPath(bulletin);
  const file = isUrl(base) ? new URL(path, base).href : `file:${path}`;
  const reply: BulletinReply = {
    bulletin,
    outcome: "fetched",
    url: file,
    etag: null,
    lastModified: null,
    answers: [],
    blocks: new Map(),
    places: new Map(),
    failure: null,
    isUnusable: false,
  };
  const codes = new Set([...places.keys()].sort());
  const reading = { bulletin, codes, reply };
  const to = isUrl(base) ? join(run.config.home, "raw", "nbm", `reply-${++replies}.part`) : null;
  try {
    if (to === null) await readFolder(join(base, path), reading);
    else if (isMany(places)) await readAll(run, to, reading, known);
    else await readParts(run, to, reading, places, known);
  } catch (error) {
    if (error instanceof Unanswered) return unanswered(reply, error.answer);
    const { message, reason } = fileErrorOf(file, error);
    Object.assign(reply, { failure: { message, reason, unreachable: false }, isUnusable: true });
  } finally {
    if (to !== null) await rm(to, { force: true }).catch(() => undefined);
  }
  return reply;
}

function isMany(places: ReadonlyMap<string, number | null>): boolean {
  const unknown = [...places.values()].filter((place) => place === null);
  return places.size > mostStations || unknown.length > mostUnknown;
}

interface Reading {
  bulletin: NbmRun;
  codes: ReadonlySet<string>;
  reply: BulletinReply;
}

/** A request without a file in its answer. */
class Unanswered extends Error {
  constructor(readonly answer: Answer) {
    super(answer.message ?? answer.outcome);
  }
}

function unanswered(reply: BulletinReply, { outcome, message, unreachable }: Answer): BulletinReply {
  const isFirst = reply.answers.length === 1;
  if (isFirst && outcome !== "failed") return { ...reply, outcome };
  const reason = message ?? "is gone";
  return { ...reply, outcome: isFirst ? "failed" : "fetched", failure: { message: reason, reason, unreachable } };
}

async function request(
  run: FetchRun,
  to: string,
  { reply }: Reading,
  known: FileVersion | undefined,
  range?: string,
): Promise<Answer> {
  const answer = await run.client.get(reply.url, to, known?.url === reply.url ? known : undefined, range);
  reply.answers.push(answer);
  if (answer.outcome !== "fetched") throw new Unanswered(answer);
  // At the clock of a replay, it was not public yet.
  const isLater = run.clock.replaying && Date.parse(answer.lastModified ?? "") > run.now;
  if (isLater) throw new Unanswered({ ...answer, outcome: "absent" });
  Object.assign(reply, { etag: answer.etag, lastModified: answer.lastModified });
  return answer;
}

async function readAll(run: FetchRun, to: string, reading: Reading, known: FileVersion | undefined): Promise<void> {
  await request(run, to, reading, known);
  await readFile(to, reading);
}

async function readFolder(path: string, reading: Reading): Promise<void> {
  for (const place of [path, `${path}.gz`]) {
    const found = await stat(place).catch(() => null);
    if (!found?.isFile()) continue;
    reading.reply.lastModified = found.mtime.toUTCString();
    reading.reply.etag = `${found.size}-${found.mtimeMs}`;
    return readFile(place, reading);
  }
  reading.reply.outcome = "absent";
}

/** Reads a whole bulletin on disk. */
async function readFile(path: string, reading: Reading): Promise<void> {
  let last: FoundBlock | null = null;
  for await (const block of readBlocks(readBytes(path, reading.reply.url))) {
    if (last === null) throwIfOther(block, reading);
    last = block;
    if (block.isWhole) take(block, reading);
  }
  throwIfOther(last, reading);
  if (!last?.isWhole) throw new FileError(reading.reply.url, "is cut off");
  for (const code of reading.codes) if (!reading.reply.blocks.has(code)) reading.reply.blocks.set(code, null);
}

/** Reads parts of a bulletin on a server, unless it sends the whole or replaces the bulletin meanwhile. */
async function readParts(
  run: FetchRun,
  to: string,
  reading: Reading,
  places: ReadonlyMap<string, number | null>,
  known: FileVersion | undefined,
): Promise<void> {
  const { reply, codes } = reading;
  const seen: Seen = { total: null, parts: [], blocks: new Map() };
  let version = "";
  let isCut = false;
  for (const code of codes) {
    for (let attempt = 0; !reply.blocks.has(code); attempt++) {
      const part = nextPart(seen, code, places.get(code) ?? null, attempt);
      if (part === null) {
        const end = [...seen.blocks.values()].reduce((last, block) => (block.start > last.start ? block : last));
        if (end.header.code > code || end.isWhole) reply.blocks.set(code, null);
        else isCut = true;
        break;
      }
      if (attempt === mostAttempts) throw new FileError(reply.url, `has no place for ${code}`);
      const isItself = seen.blocks.has(code);
      const answer = await request(run, to, reading, known, `${part.first}-${part.last}`);
      if (answer.part === null) return readFile(to, reading);
      const { first, last, total } = answer.part;
      // The entity tags of mirrors may differ.
      const ownVersion = `${total} ${answer.lastModified ?? answer.etag}`;
      if (version !== "" && ownVersion !== version) {
        // Parts of two versions don't fit together; the whole is always one version.
        reply.blocks.clear();
        reply.places.clear();
        return readAll(run, to, reading, undefined);
      }
      version = ownVersion;
      const blocks = blocksIn((await readWhole(to, reply.url)).toString("latin1"), first);
      if (seen.total === null) throwIfOther(blocks[0] ?? null, reading);
      seen.total = total;
      seen.parts.push({ first, last });
      for (const block of blocks) {
        if (!seen.blocks.get(block.header.code)?.isWhole) seen.blocks.set(block.header.code, block);
        if (block.isWhole) take(block, reading);
      }
      const own = seen.blocks.get(code);
      if (own && !own.isWhole && last === total - 1) {
        isCut = true;
        break;
      }
      // One that does not end in its own part is rejected.
      if (own && isItself) take(own, reading);
    }
  }
  if (isCut) throw new FileError(reply.url, "is cut off");
}

function throwIfOther(block: FoundBlock | null, { bulletin, reply }: Reading): void {
  const reason = block ? otherRun(block.header, bulletin) : "is not a bulletin";
  if (reason) throw new FileError(reply.url, reason);
}

/** Reads a block, if it is one of those wanted. */
function take({ header: { code }, start, text }: FoundBlock, { bulletin, codes, reply }: Reading): void {
  if (!codes.has(code) || reply.blocks.has(code)) return;
  reply.places.set(code, start);
  try {
    reply.blocks.set(code, parseNbmBlock(text, { ...bulletin, code }, reply.url));
  } catch (error) {
    reply.blocks.set(code, fileErrorOf(reply.url, error));
  }
}
