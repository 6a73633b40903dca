import { errors } from "undici";
import { minuteMs } from "../../shared/time.js";

/** The most requests per minute by host: the documented limit, or a quarter of a rate that is known to work. */
export const ratesPerMinute: Readonly<Record<string, number>> = {
  "aviationweather.gov": 100,
  "api.weather.gov": 240,
  "nomads.ncep.noaa.gov": 60,
};

/**
 * Spaces out requests so that there are at most `perMinute` in any minute.
 * @returns a function that reserves the next request and returns the milliseconds to wait for it
 * @param now a monotonic clock, milliseconds
 */
export function rateLimit(perMinute: number, now: () => number = () => performance.now()): () => number {
  if (!(perMinute > 0)) throw new Error(`rate ${perMinute} per minute is not positive`);
  const taken: number[] = [];
  return () => {
    const time = now();
    while (taken.length > 0 && taken[0]! <= time - minuteMs) taken.shift();
    const before = taken.at(-perMinute);
    const place = before === undefined ? time : Math.max(time, before + minuteMs);
    taken.push(place);
    return place - time;
  };
}

/** A refused or silent connection is retried once, a busy or failing server three times. */
const silenceRetries = 1;
const answerRetries = 3;
export const retriedStatuses = [429, 500, 502, 503, 504];
const connectCodes =
  /^(ECONNREFUSED|ENOTFOUND|EAI_AGAIN|ENETDOWN|ENETUNREACH|EHOSTDOWN|EHOSTUNREACH|ETIMEDOUT|EPROTO|UND_ERR_CONNECT_TIMEOUT)$/;
const silentCode = "UND_ERR_HEADERS_TIMEOUT";
const brokenCodes = /^(ECONNRESET|EPIPE|UND_ERR_SOCKET)$/;

/** Milliseconds to wait before attempt `counter` + 1; null to give up. */
export function retryDelay(error: Error, counter: number, firstMs: number, longestMs: number): number | null {
  const status = statusOf(error);
  const isAnswer = status !== null ? retriedStatuses.includes(status) : brokenCodes.test(codeOf(error));
  const attempts = isAnswer ? answerRetries : isSilence(error) ? silenceRetries : 0;
  if (counter > attempts) return null;
  const asked = retryAfterMs(error);
  if (asked !== null) return asked > longestMs ? null : asked;
  return Math.min(firstMs * 2 ** (counter - 1) * (0.5 + Math.random()), longestMs);
}

/** `Retry-After`, in seconds or as a date relative to the `Date` header; milliseconds. */
export function retryAfterMs(error: unknown): number | null {
  if (!(error instanceof errors.RequestRetryError)) return null;
  const headers = error.headers as Record<string, string | undefined> | null;
  const after = headers?.["retry-after"];
  if (after === undefined) return null;
  const ms = /^\d+$/.test(after) ? Number(after) * 1000 : Date.parse(after) - Date.parse(headers?.date ?? "");
  return ms >= 0 ? ms : null;
}

export function statusOf(error: unknown): number | null {
  return error instanceof errors.RequestRetryError && error.statusCode > 0 ? error.statusCode : null;
}

export function isConnectError(error: unknown): boolean {
  return connectCodes.test(codeOf(error));
}

/** Whether there was no connection or no answer. */
export function isSilence(error: unknown): boolean {
  return isConnectError(error) || codeOf(error) === silentCode;
}

/** Whether an answer did not begin, or did not go on. */
export function isStandstill(error: unknown): boolean {
  return [silentCode, "UND_ERR_BODY_TIMEOUT"].includes(codeOf(error));
}

export function codeOf(error: unknown): string {
  if (!(error instanceof Error)) return "";
  if (error instanceof AggregateError && error.errors[0] instanceof Error) return codeOf(error.errors[0]);
  return "code" in error ? String(error.code) : "";
}

export function messageOf(error: unknown): string {
  const status = statusOf(error);
  const reason = error instanceof Error ? error.message || codeOf(error) : String(error);
  if (status !== null && status < 300) return "the connection broke off";
  return status === null ? reason : `status ${status}`;
}
