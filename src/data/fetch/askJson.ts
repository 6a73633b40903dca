import { rm, stat } from "node:fs/promises";
import { join } from "node:path";
import { isUrl } from "../../shared/config.js";
import type { Answer, Validator } from "../http/download.js";
import { FileError, fileErrorOf } from "../http/fileError.js";
import { readText } from "../http/readLines.js";
import type { Failure } from "../sources/schemas.js";
import { type FetchRun, fileFailure } from "./fetchRun.js";

/** The answer of one base of a live service. */
export interface JsonReply {
  outcome: Answer["outcome"];
  /** Null for a folder. */
  answer: Answer | null;
  /** Parsed JSON, not validated; null without an answer. */
  body: unknown;
  /** The name that rejected values are stored under: the address, or the file in the folder. */
  file: string;
  /** Why it failed. */
  message: string | null;
  /** Whether some of it was not UTF-8. */
  isMangled: boolean;
}

/** The warning for a reply that is used although some of it was not UTF-8. */
export const mangledFailure: Failure = { ...fileFailure("not all is UTF-8"), check: "encoding", severity: "warning" };

/** Counts replies, so that each is written to its own file. */
let replies = 0;

/** The largest reply, bytes. */
const largestJson = 1 << 25;

/**
 * Requests JSON from a base of a live service: `path` from a server, `file` or `file.gz` from a folder. An answer that is
 * not complete JSON counts as failed.
 * @param known the known version, for a server
 */
export async function askJson(
  run: FetchRun,
  base: string,
  { path, file, source }: { path: string; file: string; source: "awc" | "nws" },
  known?: Validator & { url: string },
): Promise<JsonReply> {
  if (!isUrl(base)) return readFolder(base, file);
  const url = new URL(path, base).href;
  const to = join(run.config.home, "raw", source, `reply-${++replies}.part`);
  const answer = await run.client.get(url, to, known?.url === url ? known : undefined);
  const reply = { outcome: answer.outcome, answer, body: null, file: url, message: answer.message, isMangled: false };
  if (answer.outcome !== "fetched") return reply;
  try {
    return { ...reply, ...(await readJson(to, url)) };
  } catch (error) {
    const { message } = fileErrorOf(url, error);
    return { ...reply, answer: { ...answer, outcome: "failed", message }, outcome: "failed", message };
  } finally {
    await rm(to, { force: true }).catch(() => undefined);
  }
}

async function readFolder(base: string, file: string): Promise<JsonReply> {
  const nothing = { answer: null, body: null, message: null, isMangled: false };
  for (const name of [file, `${file}.gz`]) {
    const path = join(base, name);
    if (!(await stat(path).catch(() => null))?.isFile()) continue;
    try {
      return { ...nothing, outcome: "fetched", file: `file:${name}`, ...(await readJson(path, name)) };
    } catch (error) {
      return { ...nothing, file: `file:${name}`, outcome: "failed", message: fileErrorOf(name, error).message };
    }
  }
  return { ...nothing, outcome: "absent", file: `file:${file}` };
}

async function readJson(path: string, file: string): Promise<{ body: unknown; isMangled: boolean }> {
  const text = (await readText(path, file, largestJson)).replace(/^\uFEFF/, "");
  if (text.trim() === "") return { body: null, isMangled: false };
  if (/^\s*</.test(text)) throw new FileError(file, "is a web page, not data");
  try {
    return { body: JSON.parse(text), isMangled: text.includes("\uFFFD") };
  } catch (error) {
    throw new FileError(file, "is cut off or not JSON", { cause: error });
  }
}
