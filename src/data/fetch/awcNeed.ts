import { dayMs, minuteMs } from "../../shared/time.js";
import type { LiveReports } from "../sources/liveReport.js";
import type { Station } from "../sources/source.js";
import { readLiveRecord } from "./absence.js";
import { countSaved, type FetchRun } from "./fetchRun.js";
import { coveredBy, type FileRecord, writeAbsence } from "./fileRecord.js";
import { firstMissing, lateMs } from "./firstMissing.js";
import { storeLive } from "./storeLive.js";

/** The same reports are not requested again within this time. */
const askedAgainAfterMs = 5 * minuteMs;

/** A station with missing reports, and the time since which they are needed, epoch milliseconds. */
export interface AwcNeed {
  station: Station & { icao: string };
  record: FileRecord | null;
  from: number;
}

function awcRecord(icao: string): string {
  return `metar/${icao}`;
}

/** @returns null if nothing is missing, or if it has just been requested */
export async function readAwcNeed(run: FetchRun, station: Station): Promise<AwcNeed | null> {
  const { now } = run;
  if (station.icao === null) return null;
  const missing = await firstMissing(run, station.stationId, { through: now });
  const file = awcRecord(station.icao);
  const { record, isAbsentHere, isFresh } = await readLiveRecord(run, "awc", file, askedAgainAfterMs);
  if (missing === null || isFresh) {
    countSaved(run, "awc", station.stationId);
    return null;
  }
  // Reports up to the last request are stored, but late ones may have come since.
  const heard = coveredBy(record)?.through ?? Number.NEGATIVE_INFINITY;
  // For an absent station the whole period is requested once a day.
  const isAskedToday = isAbsentHere && dayOf(record!.checkedTime) === dayOf(now);
  const covered = isAskedToday ? record!.checkedTime : heard;
  const known = covered <= now ? covered - lateMs : Number.NEGATIVE_INFINITY;
  return { station: { ...station, icao: station.icao }, record, from: Math.max(missing, known) };
}

function dayOf(time: number): number {
  return Math.floor(time / dayMs);
}

/** Stores the reports of a station, null for none, and that it was requested. */
export async function storeAwcAnswer(
  run: FetchRun,
  { station, record }: AwcNeed,
  url: string,
  reply: LiveReports | null,
): Promise<void> {
  const request = { source: "awc", record: awcRecord(station.icao), before: record } as const;
  await storeLive(run, { ...request, station, url }, reply);
}

/** Stores that a station had no answer, so that the next run requests it apart from those that had. */
export async function storeAwcRejection(
  { store, now }: FetchRun,
  { station, record }: AwcNeed,
  url: string,
): Promise<void> {
  const { icao, stationId } = station;
  await writeAbsence(store, { source: "awc", file: awcRecord(icao), stationId, url, checkedTime: now }, record);
}
