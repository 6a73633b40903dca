import { rm } from "node:fs/promises";
import { setTimeout as delay } from "node:timers/promises";
import { Agent, interceptors } from "undici";
import { minuteMs } from "../../shared/time.js";
import { withoutCredentials } from "./address.js";
import { type Answer, ask, misfitOf, noAnswer, type Validator } from "./download.js";
import {
  codeOf,
  isConnectError,
  isSilence,
  isStandstill,
  messageOf,
  rateLimit,
  ratesPerMinute,
  retriedStatuses,
  retryAfterMs,
  retryDelay,
  statusOf,
} from "./pace.js";
import { type Message, type Reply, sendMessage } from "./sendMessage.js";

export interface Http {
  /** The folder and the ending under which each base has served a file. */
  readonly layouts: Map<string, { root: string; ending: string }>;
  /**
   * Downloads `url` to the file `to`, gzipped, unless the known version is current. Never throws: a failure is an answer
   * without a file. `to` is written as the bytes come; the caller checks and moves it. If the answer does not match the
   * request, such as another part or an unexpected 304, the whole file is requested once.
   * @param url its user and password are sent as a header and left out of messages
   * @param range requested bytes, such as `0-999` or `5000-`; a server may send the whole file
   */
  get(url: string, to: string, known?: Validator, range?: string): Promise<Answer>;
  /** Sends a message to `url` and reads the reply, whatever its status. Throws when there is no answer. */
  send(url: string, message: Message): Promise<Reply>;
  close(): Promise<void>;
}

export interface HttpOptions {
  /** Sent in the User-Agent. */
  contact: string | null;
  /** Wait before the first retry, doubled for each further one, with jitter; defaults to 500 ms. */
  retryDelayMs?: number;
  /** Longest wait; a host that asks for more gets no more requests. Defaults to 20 s. */
  longestDelayMs?: number;
  /** Time to connect; defaults to 3 s. */
  connectTimeoutMs?: number;
  /** Time to the first bytes of an answer, and between bytes; defaults to 10 s. */
  idleTimeoutMs?: number;
  /** Time for one answer with retries and body; defaults to 3 min, Infinity for no limit. */
  answerTimeoutMs?: number;
  /** Time for all requests together; defaults to 20 min, Infinity for no limit. */
  budgetMs?: number;
  /** Requests per minute by host; defaults to the documented limits. */
  ratesPerMinute?: Readonly<Record<string, number>>;
  /** Largest answer, both compressed and unpacked; defaults to 256 MB. */
  largestBytes?: number;
}

/**
 * Failures in a row after which a host gets no more requests; a host that refuses connections or never starts to answer
 * is given up at once. Server errors count less than silence, because forecasts of single places can fail among a
 * thousand.
 */
const failuresToOpen = 6;
const weightOfSilence = 3;
const weightOfError = 1;
/** An HTTP client with retries and a circuit breaker per host, so that a dead host costs seconds only. */
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
        // If no host has answered yet, the network is probably down: do not retry.
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
        return { ...noAnswer(url), message: `${host} did not answer earlier requests`, asked: false };
      }
      if (start >= deadline) return { ...noAnswer(url), message: "the time for requests is used up", asked: false };
      const budget = timeoutSignal(deadline - start);
      const answer = await delay(turnOf(host), undefined, { signal: budget })
        .then(async () => {
          const signal = AbortSignal.any([budget, timeoutSignal(answerTimeoutMs)]);
          const whole = { url, to, userAgent, known: undefined, range: undefined, signal, largestBytes };
          const first = await ask(dispatcher, { ...whole, known, range }).catch((error: unknown) => {
            // Undici throws an assertion error for a part without a content range.
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
          const reason = isTooSlow
            ? `no complete answer within ${answerTimeoutMs / 1000} s`
            : isStandstill(error)
              ? `did not answer for ${idleTimeoutMs / 1000} s`
              : messageOf(error);
          const message = `${withoutCredentials(url)}: ${budget.aborted ? "the time for requests is used up" : reason}`;
          const isDead = isSilence(error) || (retryAfterMs(error) ?? 0) > longestDelayMs;
          if (isDead) failuresByHost.set(host, failuresToOpen);
          return { ...noAnswer(url), status, message, unreachable: (status ?? 599) >= 500 };
        });
      // A file that can't be removed was not written here.
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

/** Sends one message, as `Http.send` does. */
export async function sendOnce(url: string, message: Message, contact: string | null = null): Promise<Reply> {
  const http = openHttp({ contact });
  try {
    return await http.send(url, message);
  } finally {
    await http.close();
  }
}

/** The longest timer of Node. */
const longestTimeoutMs = 2 ** 31 - 1;

function timeoutSignal(ms: number): AbortSignal {
  return AbortSignal.timeout(Math.min(Math.ceil(ms), longestTimeoutMs));
}
