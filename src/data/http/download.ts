import { type Dispatcher, request } from "undici";
import { systemClock } from "../../shared/clock.js";
import { credentialsOf, withoutCredentials } from "./address.js";
import { FileError, reasonOf } from "./fileError.js";
import { isLocal, saveBody } from "./saveBody.js";

/** How a server identifies a version of a file; sent back to ask whether it has changed. */
export interface Validator {
  etag: string | null;
  lastModified: string | null;
}

/** The result of one request. */
export interface Answer extends Validator {
  url: string;
  outcome: "fetched" | "unchanged" | "absent" | "failed";
  /** Null when there was no answer. */
  status: number | null;
  /** Bytes received. */
  bytes: number;
  seconds: number;
  /** Why it failed. */
  message: string | null;
  /** There was no answer, or a server error: the request is not to blame. */
  unreachable: boolean;
  /** False when nothing was sent because the host had failed or the run's time was used up. */
  asked: boolean;
  /** Which part of the file came, when only a part was requested and sent. */
  part: Part | null;
  /** How far the server's clock is ahead of this machine's, seconds; null when unknown. */
  aheadSeconds: number | null;
}

/** Bytes `first` to `last`, both included, of `total`. */
export interface Part {
  first: number;
  last: number;
  total: number;
}

/** A request that was not answered. */
export function noAnswer(url: string): Answer {
  return {
    url,
    outcome: "failed",
    status: null,
    bytes: 0,
    seconds: 0,
    etag: null,
    lastModified: null,
    message: null,
    unreachable: true,
    asked: true,
    part: null,
    aheadSeconds: null,
  };
}

/** Redirects followed, within the host only. */
const longestDetour = 3;

export interface Download {
  url: string;
  to: string;
  userAgent: string;
  known: Validator | undefined;
  range: string | undefined;
  signal: AbortSignal;
  largestBytes: number;
}

/** Sends one request and saves the body of its answer. Throws when there is no answer. */
export async function ask(dispatcher: Dispatcher, download: Download, detour = 0): Promise<Answer> {
  const { url, to, userAgent, known, range, signal, largestBytes } = download;
  const headers: Record<string, string> = {
    "user-agent": userAgent,
    "accept-encoding": range ? "identity" : "gzip",
    ...credentialsOf(url),
  };
  if (known?.etag) headers["if-none-match"] = known.etag;
  if (known?.lastModified) headers["if-modified-since"] = known.lastModified;
  if (range) headers.range = `bytes=${range}`;
  const response = await request(withoutCredentials(url), { dispatcher, headers, signal });
  const status = response.statusCode;
  const header = (name: string) => {
    const value = response.headers[name];
    return typeof value === "string" ? value : null;
  };
  const answer = {
    ...noAnswer(url),
    status,
    etag: header("etag"),
    lastModified: header("last-modified"),
    unreachable: false,
    aheadSeconds: aheadSeconds(header("date")),
  };
  const encodings = (header("content-encoding") ?? "")
    .toLowerCase()
    .split(",")
    .map((name) => name.trim());
  // A part of a compressed file can't be read.
  const isPacked = encodings.some((name) => !["", "identity"].includes(name));
  const part = status === 206 && !isPacked ? parsePart(header("content-range")) : null;
  if (status === 200 || part) {
    try {
      const bytes = await saveBody(response.body, { url, to, encodings, largestBytes });
      return { ...answer, bytes, part, outcome: "fetched" };
    } catch (error) {
      // A broken body or a full disk does not mean that the host is down.
      if (error instanceof FileError) return { ...answer, message: error.message };
      if (!isLocal(error)) throw error;
      return { ...answer, message: `${withoutCredentials(url)}: can't be stored: ${reasonOf(error)}` };
    }
  }
  await response.body.dump();
  if (status === 304) return { ...answer, outcome: "unchanged" };
  if (status === 404 || status === 204) return { ...answer, outcome: "absent" };
  const location = header("location");
  if (location === null) return { ...answer, message: `${withoutCredentials(url)}: status ${status}` };
  const next = new URL(location, url);
  if (next.host === new URL(url).host && detour < longestDetour) {
    return ask(dispatcher, { ...download, url: next.href }, detour + 1);
  }
  const message = `${withoutCredentials(url)}: redirect to ${location} is not followed (status ${status})`;
  return { ...answer, message };
}

function parsePart(contentRange: string | null): Part | null {
  const match = /^bytes (\d+)-(\d+)\/(\d+)$/.exec(contentRange ?? "");
  return match && { first: Number(match[1]), last: Number(match[2]), total: Number(match[3]) };
}

/** Why an answer does not match the request; null if it does. */
export function misfitOf({ status, part, bytes, outcome }: Answer, known?: Validator, range?: string): string | null {
  const isConditional = Boolean(known?.etag || known?.lastModified);
  if (status === 304)
    return isConditional ? null : "says that nothing has changed (304), though the request named no version";
  if (status === 416) return "has no such part (416)";
  if (status !== 206) return null;
  if (range === undefined) return "is a part (206), though the whole file was requested";
  if (part === null) return "is a part (206) without saying which";
  if (outcome === "failed") return null;
  const [first, last] = range.split("-");
  const isAsked = part.first === Number(first) && part.last === Math.min(Number(last || Infinity), part.total - 1);
  return isAsked && bytes === part.last - part.first + 1 ? null : "is a different part than requested";
}

function aheadSeconds(date: string | null): number | null {
  const time = Date.parse(date ?? "");
  return Number.isNaN(time) ? null : Math.round((time - systemClock().now()) / 1000);
}
