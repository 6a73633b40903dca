import { rm } from "node:fs/promises";
import { setTimeout as delay } from "node:timers/promises";
import { Agent, type Dispatcher, interceptors, request } from "undici";
import { systemClock } from "../../shared/clock.js";
import { minuteMs } from "../../shared/time.js";
import { credentialsOf, withoutCredentials } from "./address.js";
import { FileError, reasonOf } from "./fileError.js";
import {
  codeOf,
  isConnectError,
  isSilence,
  messageOf,
  rateLimit,
  ratesPerMinute,
  retriedStatuses,
  retryAfterMs,
  retryDelay,
  statusOf,
} from "./pace.js";
import { isLocal, saveBody } from "./saveBody.js";
import { type Message, type Reply, sendMessage } from "./sendMessage.js";

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
  /** False when the host was known to be dead, or the run's time was used up, so that nothing was sent. */
  asked: boolean;
  /** Which bytes of how many came, when only some were asked for and sent. */
  part: Part | null;
  /** How far the server's clock is ahead of this machine's, seconds; null when it does not say. */
  aheadSeconds: number | null;
}

/** Bytes `first` to `last`, both included, of `total`. */
export interface Part {
  first: number;
  last: number;
  total: number;
}

export interface Http {
  /** For each base, the folder and the ending under which it has served a file. */
  readonly layouts: Map<string, { root: string; ending: string }>;
  /**
   * Gets `url` into the file `to`, gzipped, unless it still is the version known. Never throws: a failure is an answer,
   * and leaves no file. `to` is written as the bytes come; whoever calls checks it and moves it to where it belongs.
   * Where the answer does not fit what was asked, as another part or an unasked 304, the whole is asked for, once.
   * @param url a user and password in it are sent as a header, and not told in messages
   * @param range bytes wanted, such as `0-999` or `5000-`; a server that can't send a part sends the whole
   */
  get(url: string, to: string, known?: Validator, range?: string): Promise<Answer>;
  /** Sends a message to `url`, as `get` does, and reads the reply, whatever its status. Throws when there is no answer. */
  send(url: string, message: Message): Promise<Reply>;
  close(): Promise<void>;
}

export interface HttpOptions {
  /** Sent in the User-Agent. */
  contact: string | null;
  /** First wait before a retry, doubled each time and jittered; defaults to 500 ms. */
  retryDelayMs?: number;
  /** Longest wait; a host that asks for a longer one is asked nothing more. Defaults to 20 s. */
  longestDelayMs?: number;
  /** To connect; defaults to 3 s. */
  connectTimeoutMs?: number;
  /** To the first piece of an answer, and between two; defaults to 10 s. */
  idleTimeoutMs?: number;
  /** For one answer, retries and all of its body; defaults to 3 min. Infinity where its size is not known. */
  answerTimeoutMs?: number;
  /** For all requests together; then nothing more is asked. Defaults to 20 min; may be Infinity. */
  budgetMs?: number;
  /** By host; defaults to what the services document. */
  ratesPerMinute?: Readonly<Record<string, number>>;
  /** Of an answer, as transferred and as unpacked; defaults to 256 MB. */
  largestBytes?: number;
}

/**
 * Failures in a row after which a host is asked nothing more; one that can't be connected to, or does not begin to answer,
 * is given up at once. Server errors count less than silence: where a thousand forecasts are asked for, those of a few
 * places can be in trouble.
 */
const failuresToOpen = 6;
const weightOfSilence = 3;
const weightOfError = 1;
/** Redirects followed, all within the host. */
const longestDetour = 3;

/** An HTTP client with retries, and a circuit a host: a dead one costs seconds, however many files are wanted of it. */
export function openHttp({
  contact,
  retryDelayMs = 500,
  longestDelayMs = 20_000,
  connectTimeoutMs = 3_000,
  idleTimeoutMs = 10_000,
  answerTimeoutMs = 3 * minuteMs,
  budgetMs = 20 * minuteMs,
  ratesPerMinute: rates = ratesPerMinute,
  largestBytes = 1 << 28,
}: HttpOptions): Http {
  const agent = new Agent({
    connect: { timeout: connectTimeoutMs },
    headersTimeout: idleTimeoutMs,
    bodyTimeout: idleTimeoutMs,
  });
  const limits = new Map(Object.entries(rates).map(([host, perMinute]) => [host, rateLimit(perMinute)]));
  const turnOf = (host: string) => limits.get(host)?.() ?? 0;
  let hasAnswered = false;
  let hasFailed = false;
  const dispatcher = agent.compose(
    interceptors.retry({
      statusCodes: retriedStatuses,
      retry(error, { state, opts }, done) {
        // Where nothing has answered yet the network is probably down, and the next host is not tried twice.
        const isOffline = hasFailed && !hasAnswered && isConnectError(error);
        const wait = isOffline ? null : retryDelay(error, state.counter, retryDelayMs, longestDelayMs);
        if (wait === null) done(error);
        else setTimeout(() => done(null), Math.max(wait, turnOf(new URL(String(opts.origin)).host)));
      },
    }),
  );
  const userAgent = `isotherm/0.1 (${contact ?? "no contact given"})`;
  const failuresByHost = new Map<string, number>();
  const deadline = performance.now() + budgetMs;

  return {
    layouts: new Map(),
    async get(url, to, known, range) {
      const { host } = new URL(url);
      const start = performance.now();
      if ((failuresByHost.get(host) ?? 0) >= failuresToOpen) {
        return { ...noAnswer(url), message: `${host} did not answer before`, asked: false };
      }
      if (start >= deadline) return { ...noAnswer(url), message: "the time for requests is used up", asked: false };
      const budget = timeoutSignal(deadline - start);
      const answer = await delay(turnOf(host), undefined, { signal: budget })
        .then(async () => {
          const signal = AbortSignal.any([budget, timeoutSignal(answerTimeoutMs)]);
          const whole = { url, to, userAgent, known: undefined, range: undefined, signal, largestBytes };
          const first = await ask(dispatcher, { ...whole, known, range }).catch((error: unknown) => {
            // Undici takes a part that is not named for a mistake of its own.
            if (codeOf(error) === "ERR_ASSERTION") return null;
            throw error;
          });
          if (first && misfitOf(first, known, range) === null) return first;
          await delay(turnOf(host), undefined, { signal });
          const second = await ask(dispatcher, whole);
          const misfit = misfitOf(second);
          const message = `${withoutCredentials(url)}: ${misfit}`;
          return misfit === null ? second : { ...second, outcome: "failed" as const, message };
        })
        .catch((error: unknown) => {
          const status = statusOf(error);
          const isTooSlow = error instanceof Error && error.name === "TimeoutError";
          const reason = isTooSlow ? `no whole answer within ${answerTimeoutMs / 1000} s` : messageOf(error);
          const message = `${withoutCredentials(url)}: ${budget.aborted ? "the time for requests is used up" : reason}`;
          const isDead = isSilence(error) || (retryAfterMs(error) ?? 0) > longestDelayMs;
          if (isDead) failuresByHost.set(host, failuresToOpen);
          return { ...noAnswer(url), status, message, unreachable: (status ?? 599) >= 500 };
        });
      // What can't be removed was not written by this.
      if (answer.outcome !== "fetched") await rm(to, { force: true }).catch(() => undefined);
      if (answer.status !== null) hasAnswered = true;
      else hasFailed = true;
      const hostFailed = answer.outcome === "failed" && (answer.status === null || answer.status >= 429);
      const weight = (answer.status ?? 0) >= 500 ? weightOfError : weightOfSilence;
      failuresByHost.set(host, hostFailed ? (failuresByHost.get(host) ?? 0) + weight : 0);
      return { ...answer, seconds: (performance.now() - start) / 1000 };
    },
    send: (url, message) => sendMessage(dispatcher, url, message, userAgent),
    close: () => agent.destroy(),
  };
}

/** Longer than that a timer of Node can't wait. */
const longestTimeoutMs = 2 ** 31 - 1;

function timeoutSignal(ms: number): AbortSignal {
  return AbortSignal.timeout(Math.min(Math.ceil(ms), longestTimeoutMs));
}

function noAnswer(url: string): Answer {
  return {
    ...{ url, outcome: "failed", status: null, bytes: 0, seconds: 0, etag: null, lastModified: null, message: null },
    ...{ unreachable: true, asked: true, part: null, aheadSeconds: null },
  };
}

interface Wanted {
  url: string;
  to: string;
  userAgent: string;
  known: Validator | undefined;
  range: string | undefined;
  signal: AbortSignal;
  largestBytes: number;
}

async function ask(dispatcher: Dispatcher, wanted: Wanted, detour = 0): Promise<Answer> {
  const { url, to, userAgent, known, range, signal, largestBytes } = wanted;
  const headers: Record<string, string> = {
    ...{ "user-agent": userAgent, "accept-encoding": range ? "identity" : "gzip" },
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
    ...{ status, etag: header("etag"), lastModified: header("last-modified"), unreachable: false },
    aheadSeconds: aheadSeconds(header("date")),
  };
  const encodings = (header("content-encoding") ?? "")
    .toLowerCase()
    .split(",")
    .map((name) => name.trim());
  // A part of what is packed can't be read.
  const isPacked = encodings.some((name) => !["", "identity"].includes(name));
  const part = status === 206 && !isPacked ? parsePart(header("content-range")) : null;
  if (status === 200 || part) {
    try {
      const bytes = await saveBody(response.body, { url, to, encodings, largestBytes });
      return { ...answer, bytes, part, outcome: "fetched" };
    } catch (error) {
      // Neither a body that is no good nor a disk that is full is silence of the host.
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
    return ask(dispatcher, { ...wanted, url: next.href }, detour + 1);
  }
  const message = `${withoutCredentials(url)}: status ${status} to ${location}, which is not followed`;
  return { ...answer, message };
}

function parsePart(contentRange: string | null): Part | null {
  const match = /^bytes (\d+)-(\d+)\/(\d+)$/.exec(contentRange ?? "");
  return match && { first: Number(match[1]), last: Number(match[2]), total: Number(match[3]) };
}

/** Why an answer does not fit what was asked, null when it does. */
function misfitOf({ status, part, bytes, outcome }: Answer, known?: Validator, range?: string): string | null {
  const isConditional = Boolean(known?.etag || known?.lastModified);
  if (status === 304) return isConditional ? null : "says that nothing has changed (304), though no version was named";
  if (status === 416) return "has no such part (416)";
  if (status !== 206) return null;
  if (range === undefined) return "is a part (206), though the whole was asked for";
  if (part === null) return "is a part (206) without saying which";
  if (outcome === "failed") return null;
  const [first, last] = range.split("-");
  const isAsked = part.first === Number(first) && part.last === Math.min(Number(last || Infinity), part.total - 1);
  return isAsked && bytes === part.last - part.first + 1 ? null : "is another part than was asked for";
}

function aheadSeconds(date: string | null): number | null {
  const time = Date.parse(date ?? "");
  return Number.isNaN(time) ? null : Math.round((time - systemClock().now()) / 1000);
}
