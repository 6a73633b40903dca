import { existsSync } from "node:fs";
import { mkdir, rename, rm } from "node:fs/promises";
import { dirname, join } from "node:path";
import pLimit from "p-limit";
import { z } from "zod";
import type { Clock } from "./clock.js";
import { type Config, isUrl } from "./config.js";
import { FileError } from "./fileError.js";
import { type Http, type HttpOptions, openHttp } from "./http.js";
import { type CheckedFile, checkFile, type Ingested, type Period, storeFailures, storeFile } from "./ingest.js";
import type { Report } from "./progress.js";
import { isSimulated, removeSnapshotFiles } from "./purgeSimulated.js";
import { readLines } from "./readLines.js";
import { ghcnh } from "./sources/ghcnh.js";
import { isd } from "./sources/isd.js";
import type { FileSource } from "./sources/source.js";
import type { Station } from "./stations.js";
import { type Store, timestamp } from "./store.js";
import { askBase, type Found } from "./tree.js";

export interface FetchOptions {
  /** First hour of history, epoch milliseconds. */
  genesis: number;
  clock: Clock;
  runId: string;
  report: Report;
  /** Timeouts and waits, for tests. */
  http?: Partial<HttpOptions>;
}

export interface FetchFailure {
  stationId: string;
  source: string;
  file: string;
  message: string;
  /** There was no answer, or only that the server is in trouble. */
  unreachable: boolean;
}

export interface FetchSummary {
  /** Files read, reports of the period in them, hours new or changed in `hours`. */
  files: number;
  rows: number;
  hours: number;
  quarantined: number;
  /** Requests made, and those not made because the answer was known. */
  requested: number;
  saved: number;
  failures: FetchFailure[];
}

/** Nothing is stored, or only simulated weather, and no server answered. */
export class UnreachableError extends Error {}

/** Servers are asked for so many files at a time; files are read one by one, to keep memory flat. */
const concurrency = 4;
const dayMs = 86_400_000;
const hourMs = 3_600_000;
/** NOAA corrects values for weeks; a year's file is final this long after the year's end. */
const finalAfterMs = 45 * dayMs;
/** Files are republished once a day: a new one is not looked for earlier than this after the last. */
const republishedAfterMs = 20 * hourMs;
/** Nor is any file asked for again within this time. */
const askedAgainAfterMs = 3 * hourMs;

const FileRow = z.object({
  url: z.string(),
  etag: z.string().nullable(),
  lastModified: z.string().nullable(),
  checkedTime: z.number(),
  absent: z.boolean(),
  ingestedFrom: z.number().nullable(),
  ingestedThrough: z.number().nullable(),
});
type FileRow = z.infer<typeof FileRow>;

/** Everything that the functions below share within one run. */
interface Run extends FetchOptions {
  store: Store;
  config: Config;
  client: Http;
  readOne: ReturnType<typeof pLimit>;
  /** Requests saved, by source and station. */
  savedBy: Map<string, { source: string; stationId: string; saved: number }>;
  now: number;
  summary: FetchSummary;
}

/** What is known of a station's year once a source has been asked. */
type Outcome = "known" | "absent" | "failed";

/**
 * Brings `hours` up to the clock for these stations: asks for what can have changed, checks it, and stores each file in
 * one transaction. ISD is asked only for years of which GHCNh has nothing. A file that fails is recorded and the rest
 * goes on. Throws when nothing real is known and nothing came: `UnreachableError` when no server answered.
 */
export async function fetchStations(
  store: Store,
  config: Config,
  stations: readonly Station[],
  options: FetchOptions,
): Promise<FetchSummary> {
  const now = options.clock.now();
  const summary = { files: 0, rows: 0, hours: 0, quarantined: 0, requested: 0, saved: 0, failures: [] };
  const client = openHttp({ contact: config.contact, ...options.http });
  const run: Run = { ...options, store, config, client, readOne: pLimit(1), savedBy: new Map(), now, summary };
  const wasSimulated = await isSimulated(store);
  const years = yearsBetween(options.genesis, now);
  const task = options.report.task("fetch", stations.length * years.length);
  const limit = pLimit(concurrency);
  try {
    // All end before the first error is thrown: none may go on with a store that is being closed.
    const ended = await Promise.allSettled(
      stations.flatMap((station) =>
        years.map((year) =>
          limit(async () => {
            const outcome = await fetchYear(run, ghcnh, station, year);
            if (outcome !== "known") await fetchYear(run, isd, station, year);
            task.advance();
          }),
        ),
      ),
    );
    for (const result of ended) if (result.status === "rejected") throw result.reason;
    await recordSaved(run);
  } finally {
    task.end();
    await client.close();
  }
  if (wasSimulated && !(await isSimulated(store))) removeSnapshotFiles(config.home);
  for (const message of new Set(run.summary.failures.map((failure) => failure.message))) options.report.warn(message);
  await throwIfNothing(run, stations);
  return summary;
}

function yearsBetween(from: number, through: number): number[] {
  const first = new Date(from).getUTCFullYear();
  const last = new Date(through).getUTCFullYear();
  return Array.from({ length: Math.max(0, last - first + 1) }, (_, index) => first + index);
}

async function fetchYear(run: Run, source: FileSource, station: Station, year: number): Promise<Outcome> {
  const file = source.file(station, year);
  if (file === null || source.name === "simulated") return "absent";
  const bases = run.config.sources[source.name];
  const record = await fileRecord(run.store, source, file);
  const isKnown = record !== null && record.ingestedThrough !== null;
  const raw = join(run.config.home, "raw", source.name, `${file}.gz`);
  const wanted = { run, source, station, year, file, raw, record };

  if (record && bases.every(isUrl) && !canHaveChanged(record, year, run.now)) {
    if (isKnown && covers(record, run, year)) return saved(wanted, "known");
    if (!isKnown && record.absent) return saved(wanted, "absent");
    if (existsSync(raw) && (await readFile(wanted, raw, record, null))) return saved(wanted, "known");
  }

  let failed = false;
  for (const base of bases) {
    const outcome = await fetchFrom(wanted, base);
    if (outcome === "known") return "known";
    if (outcome === "failed") failed = true;
  }
  if (!failed) await recordAbsent(wanted, !isKnown);
  return isKnown ? "known" : failed ? "failed" : "absent";
}

interface Year {
  run: Run;
  source: FileSource;
  station: Station;
  year: number;
  file: string;
  /** Where the file is kept. */
  raw: string;
  record: FileRow | null;
}

async function fetchFrom(year: Year, base: string): Promise<Outcome> {
  const { run, source, file, raw, record } = year;
  const isServer = isUrl(base);
  const covered = record !== null && record.ingestedThrough !== null && covers(record, run, year.year);
  const canUseUnchanged = covered || !isServer || existsSync(raw);
  // One process at a time has the store, so that one left by a killed run is written over.
  const temporary = `${raw}.part`;
  const found = await askBase(run.client, base, source.roots, file, {
    to: temporary,
    known: record && canUseUnchanged ? record : undefined,
  });
  try {
    if (found.outcome === "failed") return await failedRequest(year, found);
    if (found.outcome === "absent") return await absentFile(year, found, isServer);
    if (found.outcome === "unchanged" && covered) return await unchangedFile(year, found, isServer);
    const path = found.outcome === "fetched" ? found.path! : (found.path ?? raw);
    return (await readFile(year, path, found, found)) ? "known" : "failed";
  } finally {
    await rm(temporary, { force: true });
  }
}

/**
 * Checks and stores a file on disk; one that came from a server is then kept. False, and the reason recorded, when the
 * file is no good.
 * @param found the request that gave the file, to be recorded; null when none was made
 */
async function readFile(
  year: Year,
  path: string,
  version: { url: string; etag: string | null; lastModified: string | null },
  found: Found | null,
): Promise<boolean> {
  const { run, source, station, file, raw } = year;
  const period: Period = { from: run.genesis, through: run.now };
  const notAfter = run.clock.replaying ? null : run.now;
  let checked: CheckedFile;
  try {
    checked = await run.readOne(() => {
      const lines = readLines(path, file);
      return checkFile({ source, station, year: year.year, file, lines }, period, notAfter);
    });
  } catch (error) {
    if (!(error instanceof FileError)) throw error;
    await brokenFile(year, error, found);
    return false;
  }
  const isDownload = path.endsWith(".part");
  if (isDownload) {
    await mkdir(dirname(raw), { recursive: true });
    await rename(path, raw);
  }
  await run.store.transaction(async () => {
    const ingested = await storeFile(run.store, checked, run.now);
    if (found) await recordRequest(year, found);
    const checkedTime = found ? run.now : (year.record?.checkedTime ?? run.now);
    await recordFile(year, version, checkedTime, coverage(year, checked));
    count(run.summary, ingested);
  });
  return true;
}

function count(summary: FetchSummary, { rows, hours, quarantined }: Ingested): void {
  summary.files++;
  summary.rows += rows;
  summary.hours += hours;
  summary.quarantined += quarantined;
}

/** The period that reading the file now has covered, joined to what was covered before. */
function coverage({ run, year, record }: Year, { hasLater }: CheckedFile): Period {
  const before =
    record?.ingestedThrough == null ? null : { from: record.ingestedFrom!, through: record.ingestedThrough };
  const through = hasLater ? run.now : endOf(year);
  return {
    from: Math.min(run.genesis, before?.from ?? run.genesis),
    through: Math.max(through, before?.through ?? through),
  };
}

function covers(record: FileRow, run: Run, year: number): boolean {
  const from = Math.max(run.genesis, Date.UTC(year, 0, 1));
  return record.ingestedFrom! <= from && record.ingestedThrough! >= Math.min(run.now, endOf(year));
}

function endOf(year: number): number {
  return Date.UTC(year + 1, 0, 1);
}

/** Whether a server could now give another answer than it last did. */
function canHaveChanged(record: FileRow, year: number, now: number): boolean {
  if (record.checkedTime >= endOf(year) + finalAfterMs) return false;
  if (now < record.checkedTime) return true;
  if (now < record.checkedTime + askedAgainAfterMs) return false;
  const modified = Date.parse(record.lastModified ?? "");
  return !(now < modified + republishedAfterMs);
}

async function failedRequest(year: Year, found: Found): Promise<"failed"> {
  const { run } = year;
  const message = found.message ?? "no answer";
  fail(year, message, found.unreachable);
  if (found.asked) {
    await run.store.transaction(() => recordRequest(year, found));
  }
  return "failed";
}

async function brokenFile(year: Year, error: FileError, found: Found | null): Promise<void> {
  const { run, source, station, file } = year;
  fail(year, error.message, false);
  await run.store.transaction(async () => {
    if (found) await recordRequest(year, { ...found, outcome: "failed", message: error.message });
    const failure = {
      row: null,
      schema: "file",
      column: null,
      check: "file",
      value: error.reason,
      severity: "error",
    } as const;
    await storeFailures(run.store, station.stationId, source.name, file, [failure], run.now);
  });
}

function fail({ run, source, station, file }: Year, message: string, unreachable: boolean): void {
  run.summary.failures.push({ stationId: station.stationId, source: source.name, file, message, unreachable });
}

/** Looking into a folder is no request unless something new is found there. */
async function unchangedFile(year: Year, found: Found, isServer: boolean): Promise<"known"> {
  const { run, record } = year;
  if (!isServer) return saved(year, "known");
  await run.store.transaction(async () => {
    await recordRequest(year, found);
    // A 304 may leave out what it confirms.
    const version = {
      url: found.url,
      etag: found.etag ?? record!.etag,
      lastModified: found.lastModified ?? record!.lastModified,
    };
    await recordFile(year, version, run.now, null);
  });
  return "known";
}

async function absentFile(year: Year, found: Found, isServer: boolean): Promise<"absent"> {
  const { run, record } = year;
  if (!isServer && record?.absent) return saved(year, "absent");
  await run.store.transaction(() => recordRequest(year, found));
  return "absent";
}

function saved<T extends Outcome>({ run, source, station }: Year, outcome: T): T {
  run.summary.saved++;
  const { stationId } = station;
  const key = `${source.name} ${stationId}`;
  const before = run.savedBy.get(key)?.saved ?? 0;
  run.savedBy.set(key, { source: source.name, stationId, saved: before + 1 });
  return outcome;
}

async function recordSaved({ store, runId, savedBy }: Run): Promise<void> {
  const rows = [...savedBy.values()].map(({ source, stationId, saved }) => [runId, source, stationId, saved]);
  await store.transaction(() => store.append("requestsSaved", ["runId", "source", "stationId", "saved"], rows));
}

async function fileRecord(store: Store, source: FileSource, file: string): Promise<FileRow | null> {
  const [row] = await store.all(
    `SELECT url, etag, lastModified, checkedTime, absent, ingestedFrom, ingestedThrough
     FROM files WHERE source = $source AND file = $file`,
    { source: source.name, file },
    FileRow,
  );
  return row ?? null;
}

async function recordAbsent(year: Year, absent: boolean): Promise<void> {
  const version = { url: year.record?.url ?? "", etag: null, lastModified: null };
  await year.run.store.transaction(() => recordFile(year, version, year.run.now, null, absent));
}

async function recordFile(
  { run, source, station, year, file, record }: Year,
  version: { url: string; etag: string | null; lastModified: string | null },
  checkedTime: number,
  covered: Period | null,
  absent = false,
): Promise<void> {
  const from = covered?.from ?? record?.ingestedFrom ?? null;
  const through = covered?.through ?? record?.ingestedThrough ?? null;
  await run.store.run(
    `INSERT OR REPLACE INTO files
       (source, file, stationId, year, url, etag, lastModified, checkedTime, absent, ingestedFrom, ingestedThrough)
     VALUES ($source, $file, $stationId, $year, $url, $etag, $lastModified, $checkedTime, $absent, $from, $through)`,
    {
      source: source.name,
      file,
      stationId: station.stationId,
      year,
      url: version.url,
      etag: version.etag,
      lastModified: version.lastModified,
      checkedTime: timestamp(checkedTime),
      absent,
      from: from === null ? null : timestamp(from),
      through: through === null ? null : timestamp(through),
    },
  );
}

async function recordRequest({ run, source, station }: Year, found: Found): Promise<void> {
  const answers = [...found.before, found];
  run.summary.requested += answers.length;
  await run.store.append(
    "requests",
    [
      ...["runId", "source", "stationId", "url", "status", "bytes", "seconds"],
      ...["etag", "lastModified", "outcome", "message", "requestedTime"],
    ],
    answers.map((answer) => [
      ...[run.runId, source.name, station.stationId, answer.url, answer.status, answer.bytes, answer.seconds],
      ...[answer.etag, answer.lastModified, answer.outcome, answer.message, run.now],
    ]),
  );
}

async function throwIfNothing({ store, summary }: Run, stations: readonly Station[]): Promise<void> {
  if (summary.rows > 0) return;
  const [known] = await store.all("SELECT 1 FROM hours LIMIT 1");
  if (known && !(await isSimulated(store))) return;
  const { failures } = summary;
  if (failures.length > 0 && failures.every((failure) => failure.unreachable)) {
    throw new UnreachableError(`NOAA could not be reached: ${failures[0]!.message}`);
  }
  const reason = failures.find((failure) => !failure.unreachable)?.message ?? "no source has a file";
  const names = stations.map((station) => station.icao ?? station.stationId).join(", ");
  throw new Error(`no observations of ${names}: ${reason}`);
}
