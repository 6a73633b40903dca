import pLimit from "p-limit";
import type { Clock } from "../../shared/clock.js";
import type { Config, SourceName } from "../../shared/config.js";
import type { Report } from "../../shared/progress.js";
import { minuteMs } from "../../shared/time.js";
import type { Answer } from "../http/download.js";
import { fileErrorOf } from "../http/fileError.js";
import { type Http, type HttpOptions, openHttp } from "../http/http.js";
import type { Failure } from "../sources/schemas.js";
import type { Station } from "../sources/source.js";
import type { Store } from "../store/store.js";
import { type Ingested, storeFailures } from "../validate/storeFile.js";

export interface FetchOptions {
  /** Training start: the first hour of history, epoch milliseconds; of all stations or of each. */
  genesis: number | ((stationId: string) => number);
  clock: Clock;
  runId: string;
  report: Report;
  /** Whether to request files again that were absent within the last day; defaults to false. */
  asksAbsent?: boolean | undefined;
  /** Timeouts and waits, for tests. */
  http?: Partial<HttpOptions> | undefined;
}

/** What a request is for; `officialForecast` is the hourly forecast of `nws`. */
type RequestSource = SourceName | "officialForecast";

export interface FetchFailure {
  /** Null when the request was for several stations. */
  stationId: string | null;
  source: RequestSource;
  /** Address, or the name of a file in a folder. */
  url: string;
  message: string;
  /** There was no answer, or a server error. */
  unreachable: boolean;
}

export interface FetchSummary {
  /** Files and replies read, and reports of the period in them. */
  files: number;
  reports: number;
  /** Values new or changed in `hours`. */
  values: number;
  failedChecks: number;
  /** Requests made, and those not made because the answer was known. */
  requested: number;
  saved: number;
  /** Requests that a server or folder answered, "unchanged" included. */
  answered: { files: number; live: number };
  failures: FetchFailure[];
}

/** One thing that a source does not have of a station. */
export interface Absence {
  source: SourceName;
  what: string;
  /** Of a file. */
  year: number | null;
  /** It is asked for again within so many days; defaults to 1. */
  days?: number;
  /** ICAO code, or the id where there is none. */
  station: string;
}

/** The state that the stages of fetching share within one run. */
export interface FetchRun extends Omit<FetchOptions, "genesis"> {
  store: Store;
  config: Config;
  client: Http;
  trainingStartOf(stationId: string): number;
  /** Reads one file at a time, to limit memory. */
  readOne: ReturnType<typeof pLimit>;
  /** Requests saved, by source and station. */
  savedBy: Map<string, { source: string; stationId: string; saved: number }>;
  /** Start of the current stage of fetching, epoch milliseconds. */
  now: number;
  summary: FetchSummary;
  /** Hosts with a warning about their clock. */
  skewedHosts: Set<string>;
  /** What sources do not have. */
  absences: Absence[];
}

function emptySummary(): FetchSummary {
  return {
    files: 0,
    reports: 0,
    values: 0,
    failedChecks: 0,
    requested: 0,
    saved: 0,
    answered: { files: 0, live: 0 },
    failures: [],
  };
}

/**
 * Does `work` with the shared state of a run, and stores how many requests were saved.
 * @param config with the sources that can be read
 */
export async function withFetchRun<T>(
  store: Store,
  config: Config,
  { genesis, ...options }: FetchOptions,
  work: (run: FetchRun) => Promise<T>,
): Promise<T> {
  const client = openHttp({ contact: config.contact, budgetMs: config.requestMinutes * minuteMs, ...options.http });
  const run: FetchRun = {
    ...options,
    store,
    config,
    client,
    trainingStartOf: typeof genesis === "number" ? () => genesis : genesis,
    readOne: pLimit(1),
    savedBy: new Map(),
    skewedHosts: new Set<string>(),
    absences: [],
    now: options.clock.now(),
    summary: emptySummary(),
  };
  try {
    const result = await work(run);
    await recordSaved(run);
    return result;
  } finally {
    await client.close();
  }
}

export function countIngested(summary: FetchSummary, { reports, values, failedChecks }: Ingested): void {
  summary.reports += reports;
  summary.values += values;
  summary.failedChecks += failedChecks;
}

/** Counts a request that was not made because its answer is known. */
export function countSaved({ summary, savedBy }: FetchRun, source: string, stationId: string): void {
  summary.saved++;
  const key = `${source} ${stationId}`;
  const before = savedBy.get(key)?.saved ?? 0;
  savedBy.set(key, { source, stationId, saved: before + 1 });
}

/** Stores how many requests were saved. */
async function recordSaved({ store, runId, savedBy }: FetchRun): Promise<void> {
  await store.insert(
    "requestsSaved",
    [...savedBy.values()].map((saved) => ({ runId, ...saved })),
  );
}

const concurrency = 4;

/**
 * Works on stations, four at a time. An error is recorded as a failure of its station, and the others go on; only a
 * damaged store ends the run, after all have ended.
 */
export async function forEachStation(
  run: FetchRun,
  source: RequestSource,
  stations: readonly Station[],
  work: (station: Station) => Promise<void>,
): Promise<void> {
  const limit = pLimit(concurrency);
  const works = stations.map((station) =>
    limit(() =>
      work(station).catch((error: unknown) => {
        const { stationId } = station;
        const { message } = fileErrorOf(`${source} of ${stationId}`, error);
        run.summary.failures.push({ stationId, source, url: source, message, unreachable: false });
      }),
    ),
  );
  await Promise.allSettled(works);
  await Promise.all(works);
}

/** The failure of a whole file or reply. */
export function fileFailure(value: string): Failure {
  return { row: null, reportTime: null, schema: "file", column: null, check: "file", value, severity: "error" };
}

/**
 * Records that a file or reply can't be used, with the requests for it. When nothing answered, the file is not to blame.
 * @param failure its message may be longer than the reason, which is stored
 */
export async function recordUnusable(
  run: FetchRun,
  failure: FetchFailure & { reason: string; file?: string },
  answers: readonly (Answer | null)[] = [],
): Promise<void> {
  const { reason, file = failure.url, ...shown } = failure;
  const { stationId, unreachable } = failure;
  const source = failure.source === "officialForecast" ? "nws" : failure.source;
  run.summary.failures.push(shown);
  await run.store.transaction(async () => {
    await recordRequests(run, source, stationId, answers);
    if (unreachable) return;
    run.summary.failedChecks++;
    await storeFailures(run.store, { stationId, source, file }, [fileFailure(reason)], run.now);
  });
}

/** Smallest clock error of a server that is reported, seconds. */
const noticedSkew = 300;

/** Stores those requests that were made, null for none. Call it within a transaction. */
export async function recordRequests(
  run: FetchRun,
  source: SourceName,
  stationId: string | null,
  answers: readonly (Answer | null)[],
): Promise<void> {
  const asked = answers.filter((answer) => answer?.asked) as Answer[];
  run.summary.requested += asked.length;
  await run.store.insert(
    "requests",
    asked.map((answer) => ({
      runId: run.runId,
      source,
      stationId,
      url: answer.url,
      status: answer.status,
      bytes: answer.bytes,
      seconds: answer.seconds,
      etag: answer.etag,
      lastModified: answer.lastModified,
      outcome: answer.outcome,
      message: answer.message ?? skew(run, answer),
      requestedTime: run.now,
    })),
  );
}

/** A message about a server's wrong clock, stored with each of its answers and warned about once. */
function skew({ clock, report, skewedHosts }: FetchRun, { url, aheadSeconds }: Answer): string | null {
  if (clock.replaying || aheadSeconds === null || Math.abs(aheadSeconds) < noticedSkew) return null;
  const way = aheadSeconds > 0 ? "ahead of" : "behind";
  const { host } = new URL(url);
  const message = `the clock of ${host} is ${Math.abs(aheadSeconds)} s ${way} this machine's`;
  if (!skewedHosts.has(host)) report.warn(message);
  skewedHosts.add(host);
  return message;
}
