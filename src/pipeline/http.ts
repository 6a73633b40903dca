import { createWriteStream } from "node:fs";
import { mkdir, rm } from "node:fs/promises";
import { dirname } from "node:path";
import { Transform } from "node:stream";
import { pipeline } from "node:stream/promises";
import { createGzip } from "node:zlib";
import { Agent, type Dispatcher, errors, interceptors, request } from "undici";

/** What a server said of a version of a file, sent back to ask whether it has changed. */
export interface Validator {
  etag: string | null;
  lastModified: string | null;
}

/** What became of one request. */
export interface Answer extends Validator {
  url: string;
  outcome: "fetched" | "unchanged" | "absent" | "failed";
  /** Null when there was no answer. */
  status: number | null;
  /** Received, as transferred. */
  bytes: number;
  seconds: number;
  /** Why it failed. */
  message: string | null;
  /** There was no answer, or only that the server is in trouble: not the request's fault. */
  unreachable: boolean;
  /** False when the host was known to be dead, so that nothing was sent. */
  asked: boolean;
}

export interface Http {
  /** For each base, the folder and the ending under which it has served a file. */
  readonly layouts: Map<string, { root: string; ending: string }>;
  /**
   * Gets `url` into the file `to`, gzipped, unless it still is the version known. Never throws: a failure is an answer.
   * `to` is written as the bytes come; whoever calls checks it and moves it to where it belongs.
   */
  get(url: string, to: string, known?: Validator): Promise<Answer>;
  close(): Promise<void>;
}

export interface HttpOptions {
  /** Sent in the User-Agent. */
  contact: string | null;
  /** First wait before a retry, doubled each time and jittered; defaults to 500 ms. */
  retryDelayMs?: number;
  /** Longest wait, also where the server asks for a longer one; defaults to 20 s. */
  longestDelayMs?: number;
  /** To connect; defaults to 3 s. */
  connectTimeoutMs?: number;
  /** Between two pieces of an answer; defaults to 15 s. */
  idleTimeoutMs?: number;
}

/** A refused or unanswered connection is tried once more, a busy or failing server three times. */
const connectRetries = 1;
const answerRetries = 3;
const retriedStatuses = [429, 500, 502, 503, 504];
/** Failures in a row after which a host is asked nothing more. */
const failuresToOpen = 2;
const largestBody = 1 << 28;

/** An HTTP client with retries, and a circuit a host: a dead one costs seconds, however many files are wanted of it. */
export function openHttp({
  contact,
  retryDelayMs = 500,
  longestDelayMs = 20_000,
  connectTimeoutMs = 3_000,
  idleTimeoutMs = 15_000,
}: HttpOptions): Http {
  const agent = new Agent({
    connect: { timeout: connectTimeoutMs },
    headersTimeout: idleTimeoutMs,
    bodyTimeout: idleTimeoutMs,
  });
  const dispatcher = agent.compose(
    interceptors.retry({
      statusCodes: retriedStatuses,
      retry(error, { state }, done) {
        const delay = retryDelay(error, state.counter, retryDelayMs, longestDelayMs);
        if (delay === null) done(error);
        else setTimeout(() => done(null), delay);
      },
    }),
  );
  const userAgent = `isotherm/0.1 (${contact ?? "no contact given"})`;
  const failuresByHost = new Map<string, number>();

  return {
    layouts: new Map(),
    async get(url, to, known) {
      const { host } = new URL(url);
      const nothing = { url, status: null, bytes: 0, seconds: 0, etag: null, lastModified: null, message: null };
      if ((failuresByHost.get(host) ?? 0) >= failuresToOpen) {
        const message = `${host} did not answer before`;
        return { ...nothing, outcome: "failed", message, unreachable: true, asked: false };
      }
      const start = performance.now();
      const answer = await ask(dispatcher, url, to, userAgent, known).catch((error: unknown) => ({
        ...nothing,
        outcome: "failed" as const,
        status: statusOf(error),
        message: messageOf(error, url),
        unreachable: (statusOf(error) ?? 599) >= 500,
      }));
      if (answer.outcome === "failed") await rm(to, { force: true });
      const hostFailed = answer.outcome === "failed" && (answer.status === null || answer.status >= 429);
      failuresByHost.set(host, hostFailed ? (failuresByHost.get(host) ?? 0) + 1 : 0);
      return { ...answer, seconds: (performance.now() - start) / 1000, asked: true };
    },
    close: () => agent.destroy(),
  };
}

type Asked = Omit<Answer, "seconds" | "asked">;

async function ask(
  dispatcher: Dispatcher,
  url: string,
  to: string,
  userAgent: string,
  known?: Validator,
): Promise<Asked> {
  const headers: Record<string, string> = { "user-agent": userAgent, "accept-encoding": "gzip" };
  if (known?.etag) headers["if-none-match"] = known.etag;
  if (known?.lastModified) headers["if-modified-since"] = known.lastModified;
  const response = await request(url, { dispatcher, headers });
  const status = response.statusCode;
  const header = (name: string) => {
    const value = response.headers[name];
    return typeof value === "string" ? value : null;
  };
  const etag = header("etag");
  const lastModified = header("last-modified");
  const answer = { url, status, bytes: 0, etag, lastModified, message: null, unreachable: false };
  if (status === 200) {
    const bytes = await save(response.body, to);
    return { ...answer, bytes, outcome: "fetched" };
  }
  await response.body.dump();
  if (status === 304) return { ...answer, outcome: "unchanged" };
  if (status === 404 || status === 204) return { ...answer, outcome: "absent" };
  const location = header("location");
  return { ...answer, outcome: "failed", message: `${url}: status ${status}${location ? ` to ${location}` : ""}` };
}

/** Writes a body to disk as gzip, which it may already be. Returns the bytes received. */
async function save(body: Dispatcher.ResponseData["body"], to: string): Promise<number> {
  await mkdir(dirname(to), { recursive: true });
  let bytes = 0;
  const counted = new Transform({
    transform(chunk: Buffer, _, done) {
      bytes += chunk.length;
      done(bytes > largestBody ? new Error("body is larger than 256 MB") : null, chunk);
    },
  });
  const iterator = body[Symbol.asyncIterator]() as AsyncIterableIterator<Buffer>;
  const first = await iterator.next();
  const isGzip = !first.done && first.value[0] === 0x1f && first.value[1] === 0x8b;
  async function* chunks() {
    if (first.done) return;
    yield first.value;
    yield* iterator;
  }
  if (isGzip) await pipeline(chunks, counted, createWriteStream(to));
  else await pipeline(chunks, counted, createGzip(), createWriteStream(to));
  return bytes;
}

const connectCodes = new Set([
  "ECONNREFUSED",
  "ENOTFOUND",
  "EAI_AGAIN",
  "ENETDOWN",
  "ENETUNREACH",
  "EHOSTDOWN",
  "EHOSTUNREACH",
  "ETIMEDOUT",
  "EPROTO",
  "UND_ERR_CONNECT_TIMEOUT",
]);
const brokenCodes = new Set(["ECONNRESET", "EPIPE", "UND_ERR_SOCKET", "UND_ERR_HEADERS_TIMEOUT"]);

/** Milliseconds to wait before attempt `counter` + 1, null to give up. */
function retryDelay(error: Error, counter: number, firstMs: number, longestMs: number): number | null {
  const status = statusOf(error);
  const isAnswer = status !== null ? retriedStatuses.includes(status) : brokenCodes.has(codeOf(error));
  const attempts = isAnswer ? answerRetries : isConnectError(error) ? connectRetries : 0;
  if (counter > attempts) return null;
  const asked = retryAfterMs(error);
  if (asked !== null) return Math.min(asked, longestMs);
  return Math.min(firstMs * 2 ** (counter - 1) * (0.5 + Math.random()), longestMs);
}

/** `Retry-After` in seconds or as a date, which counts from the `Date` that the server sent with it. */
function retryAfterMs(error: Error): number | null {
  if (!(error instanceof errors.RequestRetryError)) return null;
  const headers = error.headers as Record<string, string | undefined> | null;
  const after = headers?.["retry-after"];
  if (after === undefined) return null;
  const ms = /^\d+$/.test(after) ? Number(after) * 1000 : Date.parse(after) - Date.parse(headers?.date ?? "");
  return ms >= 0 ? ms : null;
}

function statusOf(error: unknown): number | null {
  return error instanceof errors.RequestRetryError && error.statusCode > 0 ? error.statusCode : null;
}

function isConnectError(error: unknown): boolean {
  return connectCodes.has(codeOf(error));
}

function codeOf(error: unknown): string {
  if (!(error instanceof Error)) return "";
  if (error instanceof AggregateError && error.errors[0] instanceof Error) return codeOf(error.errors[0]);
  return "code" in error ? String(error.code) : "";
}

function messageOf(error: unknown, url: string): string {
  const status = statusOf(error);
  const reason = error instanceof Error ? error.message || codeOf(error) : String(error);
  return `${url}: ${status === null ? reason : `status ${status}`}`;
}
