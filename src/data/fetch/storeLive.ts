import { isUrl } from "../../shared/config.js";
import { fileErrorOf } from "../http/fileError.js";
import type { LiveReports } from "../sources/liveReport.js";
import type { Station } from "../sources/source.js";
import { checkReports, lastValues } from "../validate/checkFile.js";
import { hourOf } from "../validate/hourly.js";
import { storeFile } from "../validate/storeFile.js";
import { noteAbsent } from "./absence.js";
import { countIngested, type FetchRun, recordUnusable } from "./fetchRun.js";
import { coveredBy, type FileRecord, writeFileRecord } from "./fileRecord.js";

/** A request to a live service for the reports of a station. */
export interface LiveRequest {
  source: "awc" | "nws";
  station: Station;
  /** Name of the request in table `files`. */
  record: string;
  before: FileRecord | null;
  /** Address of the reply. */
  url: string;
}

/**
 * Validates and stores the reply of a live service about a station, null for none, and the request, in one transaction.
 * @returns false if the reply is rejected; the reason is recorded
 */
export async function storeLive(run: FetchRun, request: LiveRequest, reply: LiveReports | null): Promise<boolean> {
  const { source, station, record, before, url } = request;
  const { store, now } = run;
  const { stationId } = station;
  const trainingStart = run.trainingStartOf(stationId);
  const isSilent = reply === null || reply.reports.length === 0;
  if (isSilent && isUrl(url)) noteAbsent(run, { source, what: "report" }, station);
  try {
    const checked = reply && (await check(run, request, reply));
    await store.transaction(async () => {
      if (checked) countIngested(run.summary, await storeFile(store, checked, now));
      const known = coveredBy(before);
      // Reports may still come, so an empty reply covers nothing.
      const covered = isSilent ? known : { from: Math.min(trainingStart, known?.from ?? trainingStart), through: now };
      const key = { source, file: record, stationId, url };
      await writeFileRecord(store, { ...key, checkedTime: now, absent: isSilent, covered });
    });
    return true;
  } catch (cause) {
    const { message, reason } = fileErrorOf(url, cause);
    await recordUnusable(run, { stationId, source, url, message, reason, unreachable: false });
    return false;
  }
}

async function check(run: FetchRun, { source, station, url }: LiveRequest, reply: LiveReports) {
  const { stationId } = station;
  const trainingStart = run.trainingStartOf(stationId);
  const firstTime = Math.min(...reply.reports.map(({ date }) => Date.parse(`${date}Z`)), run.now);
  const before = await lastValues(run.store, stationId, firstTime);
  const expected = { stationId: reply.icao!, year: null, before };
  const { place, reports, failures } = reply;
  async function* rows() {
    yield* reports;
  }
  const ofStation = { source, station, place, file: url, rows: rows(), failures, expected, isPart: true };
  return checkReports(
    ofStation,
    { from: hourOf(trainingStart), through: run.now },
    run.clock.replaying ? null : run.now,
  );
}
