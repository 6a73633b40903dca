import { existsSync } from "node:fs";
import { mkdir, rename, rm } from "node:fs/promises";
import { dirname, join } from "node:path";
import { isUrl } from "../config.js";
import { FileError } from "../fileError.js";
import { type CheckedFile, checkFile, type Period, storeFailures, storeFile } from "../ingest.js";
import { lastValues } from "../lastValues.js";
import { readLines } from "../readLines.js";
import type { FileSource } from "../sources/source.js";
import type { Station } from "../stations.js";
import { askBase, type Found } from "../tree.js";
import { askTail, type Tail } from "./askTail.js";
import { countIngested, countSaved, type FetchRun, recordRequests } from "./fetchRun.js";
import { coveredBy, type FileRecord, type FileVersion, readFileRecord, writeFileRecord } from "./fileRecord.js";

const dayMs = 86_400_000;
const hourMs = 3_600_000;
/** NOAA corrects values for weeks; a year's file is final this long after the year's end. */
export const correctedForMs = 45 * dayMs;
/** Files are republished once a day: a new one is not looked for earlier than this after the last. */
const republishedAfterMs = 20 * hourMs;
/** Nor is any file asked for again within this time. */
const askedAgainAfterMs = 3 * hourMs;

/** What is known of a station's year once a source has been asked. */
export type Outcome = "known" | "absent" | "failed";

/** Brings a station's year up to the clock from one source: asks only for what can have changed, and checks it. */
export async function fetchYear(run: FetchRun, source: FileSource, station: Station, year: number): Promise<Outcome> {
  const file = source.file(station, year);
  if (file === null || source.name === "simulated") return "absent";
  const bases = run.config.sources[source.name];
  const genesis = run.genesisOf(station.stationId);
  const record = await readFileRecord(run.store, source.name, file);
  const isKnown = record !== null && record.ingestedThrough !== null;
  // Nobody was asked, which says nothing of the file.
  if (bases.length === 0) return isKnown ? "known" : "absent";
  const raw = join(run.config.home, "raw", source.name, `${file}.gz`);
  const wanted = { run, source, station, year, file, raw, record, genesis };

  if (record && bases.every(isUrl) && !canHaveChanged(record, year, run.now)) {
    if (isKnown && covers(record, wanted)) return saved(wanted, "known");
    if (!isKnown && record.absent) return saved(wanted, "absent");
    if (existsSync(raw) && (await readFile(wanted, raw, record, null))) return saved(wanted, "known");
  }

  let failed = false;
  for (const base of bases) {
    const outcome = await fetchFrom(wanted, base);
    if (outcome !== "failed") run.summary.answered.files++;
    if (outcome === "known") return "known";
    if (outcome === "failed") failed = true;
  }
  if (!failed) await recordAbsent(wanted, !isKnown);
  return isKnown ? "known" : failed ? "failed" : "absent";
}

/** A station's year of a source. */
interface Year {
  run: FetchRun;
  source: FileSource;
  station: Station;
  year: number;
  file: string;
  /** Where the file is kept. */
  raw: string;
  record: FileRecord | null;
  /** First hour of the station's history, epoch milliseconds. */
  genesis: number;
}

async function fetchFrom(year: Year, base: string): Promise<Outcome> {
  const { run, source, file, raw, record } = year;
  const isServer = isUrl(base);
  const covered = record !== null && record.ingestedThrough !== null && covers(record, year);
  const canUseUnchanged = covered || !isServer || existsSync(raw);
  // One process at a time has the store, so that one left by a killed run is written over.
  const temporary = `${raw}.part`;
  const since = source.name === "ghcnh" && record?.url.startsWith(base) ? tailSince(year) : null;
  const known = record && canUseUnchanged ? record : undefined;
  const found =
    since !== null
      ? await askTail(run.client, record!, { to: temporary, since, end: Math.min(run.now, endOf(year.year)) })
      : await askBase(run.client, base, source.roots, file, { to: temporary, known });
  try {
    if ("error" in found && found.error instanceof FileError) return await brokenFile(year, found.error, found);
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
 * From when on a file that was read before has to be read again; null when as a whole. A part is worth asking for only
 * where it is a small one.
 */
function tailSince({ run, year, record, genesis }: Year): number | null {
  const covered = coveredBy(record);
  const yearStart = Date.UTC(year, 0, 1);
  if (!record || !covered || covered.from > Math.max(genesis, yearStart)) return null;
  if (!isUrl(record.url) || record.url.endsWith(".gz")) return null;
  const since = Math.min(run.now - correctedForMs, covered.through, record.checkedTime - 3 * dayMs);
  const end = Math.min(run.now, endOf(year));
  return end - since < (end - yearStart) / 2 && since > yearStart ? since : null;
}

/**
 * Checks and stores a file on disk; one that came whole from a server is then kept. False, and the reason recorded, when
 * the file is no good.
 * @param found the request that gave the file, to be recorded; null when none was made
 */
async function readFile(year: Year, path: string, version: FileVersion, found: Found | Tail | null): Promise<boolean> {
  const { run, source, station, file, raw, genesis } = year;
  const period: Period = { from: genesis, through: run.now };
  const notAfter = run.clock.replaying ? null : run.now;
  const tailFrom = found && "from" in found ? found.from : null;
  try {
    const before = tailFrom === null ? undefined : await lastValues(run.store, station.stationId, tailFrom);
    const checked = await run.readOne(() => {
      const lines = readLines(path, file);
      const isTail = tailFrom !== null;
      return checkFile({ source, station, year: year.year, file, lines, isTail, before }, period, notAfter);
    });
    // A file that is kept may be newer than what is stored of it, never older: that would bring back what was corrected.
    if (tailFrom !== null) await rm(raw, { force: true });
    else if (path.endsWith(".part")) {
      await mkdir(dirname(raw), { recursive: true });
      await rename(path, raw);
    }
    await run.store.transaction(async () => {
      const ingested = await storeFile(run.store, checked, run.now);
      if (found) await recordRequest(year, found);
      const checkedTime = found ? run.now : (year.record?.checkedTime ?? run.now);
      await writeFileRecord(run.store, keyOf(year), version, { checkedTime, covered: coverage(year, checked) });
      run.summary.files++;
      countIngested(run.summary, ingested);
    });
  } catch (error) {
    if (!(error instanceof FileError)) throw error;
    if (path.endsWith(".part")) await rm(raw, { force: true });
    await brokenFile(year, error, found);
    return false;
  }
  return true;
}

/** The period that reading the file now has covered, joined to what was covered before. */
function coverage({ run, year, record, genesis }: Year, { hasLater }: CheckedFile): Period {
  const before = coveredBy(record);
  const through = hasLater ? run.now : endOf(year);
  return {
    from: Math.min(genesis, before?.from ?? genesis),
    through: Math.max(through, before?.through ?? through),
  };
}

function covers(record: FileRecord, { run, year, genesis }: Pick<Year, "run" | "year" | "genesis">): boolean {
  const from = Math.max(genesis, Date.UTC(year, 0, 1));
  return record.ingestedFrom! <= from && record.ingestedThrough! >= Math.min(run.now, endOf(year));
}

function endOf(year: number): number {
  return Date.UTC(year + 1, 0, 1);
}

/** Whether a server could now give another answer than it last did. */
function canHaveChanged(record: FileRecord, year: number, now: number): boolean {
  if (record.checkedTime >= endOf(year) + correctedForMs) return false;
  if (now < record.checkedTime) return true;
  // Nor does a file that was not there come within hours: around New Year none of a thousand stations has one.
  if (now < record.checkedTime + (record.absent ? republishedAfterMs : askedAgainAfterMs)) return false;
  const modified = Date.parse(record.lastModified ?? "");
  return !(now < modified + republishedAfterMs);
}

async function failedRequest(year: Year, found: Found): Promise<"failed"> {
  fail(year, found.url, found.message ?? "no answer", found.unreachable);
  if (found.asked) await year.run.store.transaction(() => recordRequest(year, found));
  return "failed";
}

async function brokenFile(year: Year, error: FileError, found: Found | null): Promise<"failed"> {
  const { run, source, station, file } = year;
  fail(year, found?.url ?? file, error.message, false);
  await run.store.transaction(async () => {
    if (found) await recordRequest(year, { ...found, outcome: "failed", message: error.message });
    const failure = {
      ...{ row: null, reportTime: null, schema: "file", column: null, check: "file" },
      ...{ value: error.reason, severity: "error" as const },
    };
    await storeFailures(run.store, { stationId: station.stationId, source: source.name, file }, [failure], run.now);
  });
  return "failed";
}

function fail({ run, source, station }: Year, url: string, message: string, unreachable: boolean): void {
  run.summary.failures.push({ stationId: station.stationId, source: source.name, url, message, unreachable });
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
    await writeFileRecord(run.store, keyOf(year), version, { checkedTime: run.now, covered: coveredBy(record) });
  });
  return "known";
}

async function absentFile(year: Year, found: Found, isServer: boolean): Promise<"absent"> {
  if (!isServer && year.record?.absent) return saved(year, "absent");
  await year.run.store.transaction(() => recordRequest(year, found));
  return "absent";
}

async function recordAbsent(year: Year, absent: boolean): Promise<void> {
  const { run, record } = year;
  const version = { url: record?.url ?? "", etag: null, lastModified: null };
  const outcome = { checkedTime: run.now, covered: coveredBy(record), absent };
  await run.store.transaction(() => writeFileRecord(run.store, keyOf(year), version, outcome));
}

function saved<T extends Outcome>({ run, source, station }: Year, outcome: T): T {
  countSaved(run, source.name, station.stationId);
  return outcome;
}

function keyOf({ source, file, station, year }: Year) {
  return { source: source.name, file, stationId: station.stationId, year };
}

function recordRequest({ run, source, station }: Year, found: Found): Promise<void> {
  if (source.name === "simulated") throw new Error("simulated weather is not asked for");
  return recordRequests(run, source.name, station.stationId, [...found.before, found]);
}
