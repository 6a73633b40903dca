import { isUrl } from "../../shared/config.js";
import { dayMs, hourMs } from "../../shared/time.js";
import type { FileSource, Station } from "../sources/source.js";
import type { Period } from "../validate/checkFile.js";
import type { FetchRun } from "./fetchRun.js";
import { coveredBy, type FileRecord } from "./fileRecord.js";

/** NOAA corrects values for weeks; a yearly file is final this long after the year's end. */
const correctedForMs = 45 * dayMs;
/** Files are published once a day; a newer one is not expected earlier than this. */
const republishedAfterMs = 20 * hourMs;
/** No file is requested again within this time. */
const askedAgainAfterMs = 3 * hourMs;

/** A station's year of a source. */
export interface Year {
  run: FetchRun;
  source: FileSource<"ghcnh" | "isd">;
  station: Station;
  year: number;
  file: string;
  /** Path of the stored copy. */
  raw: string;
  record: FileRecord | null;
  /** First hour of the station's history, epoch milliseconds. */
  trainingStart: number;
}

/** The period covered by reading the file now, joined with the period covered before. */
export function coverage({ run, year, record, trainingStart }: Year, { hasLater }: { hasLater: boolean }): Period {
  const before = coveredBy(record);
  const through = hasLater ? run.now : endOf(year);
  return {
    from: Math.min(trainingStart, before?.from ?? trainingStart),
    through: Math.max(through, before?.through ?? through),
  };
}

export function covers(
  record: FileRecord,
  { run, year, trainingStart }: Pick<Year, "run" | "year" | "trainingStart">,
): boolean {
  const from = Math.max(trainingStart, Date.UTC(year, 0, 1));
  return record.ingestedFrom! <= from && record.ingestedThrough! >= Math.min(run.now, endOf(year));
}

export function endOf(year: number): number {
  return Date.UTC(year + 1, 0, 1);
}

/** Whether a server could now send another version than it last did. */
export function canHaveChanged(record: FileRecord, year: number, now: number): boolean {
  if (record.checkedTime >= endOf(year) + correctedForMs) return false;
  if (now < record.checkedTime) return true;
  if (now < record.checkedTime + askedAgainAfterMs) return false;
  const modified = Date.parse(record.lastModified ?? "");
  return !(now < modified + republishedAfterMs);
}

/**
 * The time since which a known file has to be read again; null for the whole file. A part is requested only if it is
 * small.
 */
export function tailSince({ run, year, record, trainingStart }: Year): number | null {
  const covered = coveredBy(record);
  const yearStart = Date.UTC(year, 0, 1);
  if (!record || record.absent || !covered || covered.from > Math.max(trainingStart, yearStart)) return null;
  if (!isUrl(record.url) || record.url.endsWith(".gz")) return null;
  const since = Math.min(run.now - correctedForMs, covered.through, record.checkedTime - 3 * dayMs);
  const end = Math.min(run.now, endOf(year));
  return end - since < (end - yearStart) / 2 && since > yearStart ? since : null;
}

/** The years of a period, UTC. */
export function yearsBetween(from: number, through: number): number[] {
  const first = new Date(from).getUTCFullYear();
  const last = new Date(through).getUTCFullYear();
  return Array.from({ length: Math.max(0, last - first + 1) }, (_, index) => first + index);
}
