import { rm, stat } from "node:fs/promises";
import { join } from "node:path";
import { isUrl } from "../../shared/config.js";
import type { Answer, Validator } from "../http/download.js";
import { FileError, fileErrorOf } from "../http/fileError.js";
import { readText } from "../http/readLines.js";
import type { Failure } from "../sources/schemas.js";
import { type FetchRun, fileFailure } from "./fetchRun.js";

/** The reply of one base of a live service. */
export interface ServiceReply<Content> {
  outcome: Answer["outcome"];
  /** The request made; null for a folder. */
  answer: Answer | null;
  /** What was read of the reply; null without one. */
  content: Content | null;
  /** The name that rejected values are stored under: the address, or the file in the folder. */
  file: string;
  /** Why it failed; null if it did not. */
  failure: { message: string; reason: string; unreachable: boolean } | null;
  /** Whether some of it was not UTF-8. */
  isMangled: boolean;
}

/** The warning for a reply that is used although some of it was not UTF-8. */
export const mangledFailure: Failure = { ...fileFailure("not all is UTF-8"), check: "encoding", severity: "warning" };

/** Counts replies, so that each is written to its own file. */
let replies = 0;

/** The largest reply, bytes. */
const largestReply = 1 << 25;

/** What is requested of a live service: `path` from a server, `file` or `file.gz` from a folder. */
interface ServiceRequest {
  path: string;
  file: string;
  source: "awc" | "nws";
}

/**
 * Requests JSON from a base of a live service. An answer that is not complete JSON, or that `parse` rejects, counts as
 * failed.
 * @param parse reads the parsed JSON, null for an empty reply; throws `FileError` if it can't be used
 * @param known the known version, for a server
 */
export function askJson<Content>(
  run: FetchRun,
  base: string,
  request: ServiceRequest,
  parse: (body: unknown, file: string) => Content | Promise<Content>,
  known?: Validator & { url: string },
): Promise<ServiceReply<Content>> {
  return askText(run, base, request, (text, file) => parse(parseJson(text, file), file), known);
}

/** Requests a text, plain or gzip; otherwise as `askJson`. */
export async function askText<Content>(
  run: FetchRun,
  base: string,
  { path, file, source }: ServiceRequest,
  parse: (text: string, file: string) => Content | Promise<Content>,
  known?: Validator & { url: string },
): Promise<ServiceReply<Content>> {
  const isServer = isUrl(base);
  const url = isServer ? new URL(path, base).href : `file:${await nameInFolder(base, file)}`;
  const to = isServer
    ? join(run.config.home, "raw", source, `reply-${++replies}.part`)
    : join(base, url.slice("file:".length));
  const answer = isServer ? await run.client.get(url, to, known?.url === url ? known : undefined) : null;
  const outcome = answer?.outcome ?? ((await isFile(to)) ? "fetched" : "absent");
  const reply = { outcome, answer, content: null, file: url, failure: null, isMangled: false };
  if (outcome === "failed") {
    const reason = answer?.message ?? "no answer";
    return { ...reply, failure: { message: reason, reason, unreachable: answer?.unreachable ?? false } };
  }
  if (outcome !== "fetched") return reply;
  try {
    const text = (await readText(to, url, largestReply)).replace(/^\uFEFF/, "");
    if (/^\s*</.test(text)) throw new FileError(url, "is a web page, not data");
    return { ...reply, content: await parse(text, url), isMangled: text.includes("\uFFFD") };
  } catch (error) {
    const { message, reason } = fileErrorOf(url, error);
    const failed = { outcome: "failed", message } as const;
    const failure = { message, reason, unreachable: false };
    return { ...reply, outcome: "failed", answer: answer && { ...answer, ...failed }, failure };
  } finally {
    if (isServer) await rm(to, { force: true }).catch(() => undefined);
  }
}

async function nameInFolder(folder: string, file: string): Promise<string> {
  return !(await isFile(join(folder, file))) && (await isFile(join(folder, `${file}.gz`))) ? `${file}.gz` : file;
}

async function isFile(path: string): Promise<boolean> {
  return (await stat(path).catch(() => null))?.isFile() ?? false;
}

function parseJson(text: string, file: string): unknown {
  if (text.trim() === "") return null;
  try {
    return JSON.parse(text);
  } catch (error) {
    throw new FileError(file, "is cut off or not JSON", { cause: error });
  }
}
