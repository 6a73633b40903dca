import { existsSync } from "node:fs";
import { mkdir, rename, rm } from "node:fs/promises";
import { dirname, join } from "node:path";
import { isUrl } from "../../shared/config.js";
import { askBase, type Found } from "../http/askBase.js";
import { type FileError, fileErrorOf } from "../http/fileError.js";
import { readLines } from "../http/readLines.js";
import type { Station } from "../sources/source.js";
import { checkFile, lastValues, type Period } from "../validate/checkFile.js";
import { storeFile } from "../validate/storeFile.js";
import { addressOf, isAbsent, isObserved, noteAbsent } from "./absence.js";
import { askTail, type Tail } from "./askTail.js";
import { countIngested, countSaved, type FetchRun, recordRequests, recordUnusable } from "./fetchRun.js";
import {
  coveredBy,
  type FileRecord,
  type FileVersion,
  readFileRecord,
  writeAbsence,
  writeFileRecord,
} from "./fileRecord.js";
import { canHaveChanged, coverage, covers, endOf, tailSince, type Year } from "./yearCoverage.js";

/** What is known of a station's year after asking a source. */
export type Outcome = "known" | "absent" | "failed";

/**
 * Brings a station's year up to date from one source: requests only what can have changed, and validates it. Problems
 * of the file are recorded; only a damaged store throws.
 */
export async function fetchYear(
  run: FetchRun,
  source: Year["source"],
  station: Station,
  year: number,
): Promise<Outcome> {
  const file = source.file(station, year);
  if (file === null) return "absent";
  const bases = run.config.sources[source.name];
  const record = await readFileRecord(run.store, source.name, file);
  // Without a request the file is not known to be absent.
  if (bases.length === 0) return coveredBy(record) ? "known" : "absent";
  const raw = join(run.config.home, "raw", source.name, `${file}.gz`);
  const trainingStart = run.trainingStartOf(station.stationId);
  const request = { run, source, station, year, file, raw, record, trainingStart };
  if (record && bases.every(isUrl)) {
    const outcome = await outcomeKnown(request, record, addressOf(bases));
    if (outcome) return saved(request, outcome);
  }

  let failed = false;
  for (const base of bases) {
    const outcome = await fetchFrom(request, base).catch((error: unknown) =>
      brokenFile(request, fileErrorOf(file, error), null),
    );
    if (outcome !== "failed") run.summary.answered.files++;
    if (outcome === "known") return "known";
    if (outcome === "failed") failed = true;
  }
  if (!failed) await recordAbsent(request, addressOf(bases));
  if (coveredBy(record)) return "known";
  return failed ? "failed" : "absent";
}

/** What is known of a year without a request; null if one is needed. */
async function outcomeKnown(request: Year, record: FileRecord, address: string): Promise<"known" | "absent" | null> {
  const { run, station, year, raw } = request;
  const isMissing = isAbsent(run, record, address);
  if (!isMissing && (record.absent || canHaveChanged(record, year, run.now))) return null;
  const isKnown = coveredBy(record) !== null;
  if (isMissing) noteAbsentYear(request);
  if (isKnown && covers(record, request)) return "known";
  // For a station without observations the address may be wrong: ask again.
  if (isMissing && !isKnown) return (await isObserved(run, station.stationId)) ? "absent" : null;
  if (existsSync(raw) && (await readKept(request, record))) return "known";
  return isMissing ? "known" : null;
}

async function fetchFrom(year: Year, base: string): Promise<Outcome> {
  const { run, source, file, raw, record } = year;
  const isServer = isUrl(base);
  const covered = record !== null && coveredBy(record) !== null && covers(record, year);
  const isKept = covered || !isServer || existsSync(raw);
  // Only one process has the store open, so a leftover of a killed run can be overwritten.
  const temporary = `${raw}.part`;
  const since = source.name === "ghcnh" && record?.url.startsWith(base) ? tailSince(year) : null;
  const known = record && isKept ? record : undefined;
  const askWhole = async (before: Found): Promise<Found> => {
    const found = await askBase(run.client, base, source.roots, file, { to: temporary });
    return { ...found, before: [...before.before, before, ...found.before] };
  };
  try {
    let found: Found | Tail =
      since !== null
        ? await askTail(run.client, record!, { to: temporary, since, end: Math.min(run.now, endOf(year.year)), isKept })
        : await askBase(run.client, base, source.roots, file, { to: temporary, known });
    // The file may have moved.
    if (found.outcome === "absent" && since !== null) found = await askWhole(found);
    if (found.outcome === "failed") return await failedRequest(year, found);
    if (found.outcome === "absent") return await absentFile(year, found, isServer);
    if (found.outcome === "unchanged" && covered) return await unchangedFile(year, found, isServer);
    const isKeptFile = found.outcome === "unchanged" && isServer;
    const error = await readFile(year, isKeptFile ? raw : found.path!, found, found);
    if (error === null) return "known";
    if (!isKeptFile && !("from" in found)) return await brokenFile(year, error, found);
    // The stored copy and the new part do not match.
    found = await askWhole(found);
    if (found.outcome === "absent") return await absentFile(year, found, isServer);
    if (found.outcome !== "fetched") return await failedRequest(year, found);
    const again = await readFile(year, found.path!, found, found);
    return again ? await brokenFile(year, again, found) : "known";
  } finally {
    // A file that can't be removed was not written.
    await rm(temporary, { force: true }).catch(() => undefined);
  }
}

/** Reads the stored copy again; returns false, and deletes it, if it is damaged. */
async function readKept(year: Year, record: FileRecord): Promise<boolean> {
  const error = await readFile(year, year.raw, record, null);
  if (error) year.run.report.warn(`the stored copy is damaged and is requested again: ${error.message}`);
  return error === null;
}

/**
 * Validates and stores a file on disk; a whole file from a server is then kept as a copy.
 * @param found the request to record; null if there was none
 * @returns the problem of the file, whose copy is then deleted; null if there is none
 */
async function readFile(
  year: Year,
  path: string,
  { url, etag, lastModified }: FileVersion,
  found: Found | Tail | null,
): Promise<FileError | null> {
  const { run, source, station, file, raw, trainingStart } = year;
  const period: Period = { from: trainingStart, through: run.now };
  const notAfter = run.clock.replaying ? null : run.now;
  const tailFrom = found && "from" in found ? found.from : null;
  const isOurs = path === raw || path === `${raw}.part`;
  try {
    const before = tailFrom === null ? undefined : await lastValues(run.store, station.stationId, tailFrom);
    const checked = await run.readOne(() => {
      const lines = readLines(path, file);
      const isTail = tailFrom !== null;
      return checkFile({ source, station, year: year.year, file, lines, isTail, before }, period, notAfter);
    });
    // A stored copy must never be older than the store: reading it would undo corrections.
    if (tailFrom !== null) await rm(raw, { force: true });
    else if (path !== raw && isOurs) {
      await mkdir(dirname(raw), { recursive: true });
      await rename(path, raw);
    }
    await run.store.transaction(async () => {
      const ingested = await storeFile(run.store, checked, run.now);
      if (found) await recordRequest(year, found);
      const { checkedTime, absent } = found ? { checkedTime: run.now, absent: false } : year.record!;
      const covered = coverage(year, checked);
      await writeFileRecord(run.store, { ...keyOf(year), url, etag, lastModified, checkedTime, absent, covered });
      run.summary.files++;
      countIngested(run.summary, ingested);
    });
    return null;
  } catch (error) {
    const reason = fileErrorOf(file, error);
    if (isOurs) await rm(raw, { force: true, recursive: true });
    return reason;
  }
}

async function failedRequest(year: Year, found: Found): Promise<"failed"> {
  const { run, source, station } = year;
  const { url, message, unreachable } = found;
  const failure = { stationId: station.stationId, source: source.name, url, unreachable };
  run.summary.failures.push({ ...failure, message: message ?? "no answer" });
  await run.store.transaction(() => recordRequest(year, found));
  return "failed";
}

async function brokenFile(year: Year, error: FileError, found: Found | null): Promise<"failed"> {
  const { run, source, station, file } = year;
  const { message, reason } = error;
  const failure = { stationId: station.stationId, source: source.name, file, message, reason, unreachable: false };
  const answers = found ? [...found.before, { ...found, outcome: "failed" as const, message }] : [];
  await recordUnusable(run, { ...failure, url: found?.url ?? file }, answers);
  return "failed";
}

/** An unchanged file in a folder counts as a saved request. */
async function unchangedFile(year: Year, found: Found, isServer: boolean): Promise<"known"> {
  const { run, record } = year;
  if (!isServer) return saved(year, "known");
  await run.store.transaction(async () => {
    await recordRequest(year, found);
    // A 304 may leave out what it confirms.
    await writeFileRecord(run.store, {
      ...keyOf(year),
      url: found.url,
      etag: found.etag ?? record!.etag,
      lastModified: found.lastModified ?? record!.lastModified,
      checkedTime: run.now,
      covered: coveredBy(record),
    });
  });
  return "known";
}

async function absentFile(year: Year, found: Found, isServer: boolean): Promise<"absent"> {
  if (!isServer && year.record?.absent) return saved(year, "absent");
  await year.run.store.transaction(() => recordRequest(year, found));
  return "absent";
}

async function recordAbsent(year: Year, address: string): Promise<void> {
  const { run, record } = year;
  noteAbsentYear(year);
  await writeAbsence(run.store, { ...keyOf(year), url: address, checkedTime: run.now }, record);
}

function noteAbsentYear({ run, source, station, year }: Year): void {
  noteAbsent(run, { source: source.name, what: "file", year }, station);
}

function saved<T extends Outcome>({ run, source, station }: Year, outcome: T): T {
  countSaved(run, source.name, station.stationId);
  return outcome;
}

function keyOf({ source, file, station, year }: Year) {
  return { source: source.name, file, stationId: station.stationId, year };
}

function recordRequest({ run, source, station }: Year, found: Found): Promise<void> {
  return recordRequests(run, source.name, station.stationId, [...found.before, found]);
}
