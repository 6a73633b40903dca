import { systemClock } from "../../shared/clock.js";
import { isPresentOnly, isUrl } from "../../shared/config.js";
import { dayMs, hourMs, minuteMs } from "../../shared/time.js";
import { FileError } from "../http/fileError.js";
import { type NwsReply, nwsFile, nwsPath, parseNws } from "../sources/nws.js";
import type { Station } from "../sources/source.js";
import { timestamp } from "../store/store.js";
import { isConfirmed, noteAbsent, readLiveRecord } from "./absence.js";
import { askJson, mangledFailure, type ServiceReply } from "./askJson.js";
import { countSaved, type FetchRun, forEachStation, recordRequests, recordUnusable } from "./fetchRun.js";
import { coveredBy, type FileRecord, writeAbsence } from "./fileRecord.js";
import { firstMissing, lateMs } from "./firstMissing.js";
import { storeLive } from "./storeLive.js";

const keptMs = 7 * dayMs;
/** A report that AWC lacks this long after the hour is missing there. */
const expectedAfterMs = 10 * minuteMs;
const askedAgainAfterMs = 10 * minuteMs;
const mostPages = 8;

/** Fetches hours that the Aviation Weather Center lacks from api.weather.gov, station by station. */
export async function fetchNws(run: FetchRun, stations: readonly Station[]): Promise<void> {
  await forEachStation(run, "nws", stations, (station) => fetchStation(run, station));
}

interface Need {
  station: Station;
  icao: string;
  record: FileRecord | null;
  /** Epoch milliseconds. */
  from: number;
}

async function fetchStation(run: FetchRun, station: Station): Promise<void> {
  const { config, now } = run;
  const { icao, stationId } = station;
  if (icao === null) return;
  // Hours that the model has not passed yet can still be learned in order.
  const since = Math.max(await firstUnlearned(run, stationId), Math.ceil((now - keptMs) / hourMs) * hourMs);
  const missing = await firstMissing(run, stationId, { through: now - expectedAfterMs, since });
  if (missing === null) return;
  const { record, isAbsentHere, isFresh } = await readLiveRecord(run, "nws", recordOf(icao), askedAgainAfterMs);
  // A station that once had reports there is silent rather than unknown.
  const isUnknown =
    isAbsentHere && coveredBy(record) === null && (await isConfirmed(run, stationId, `stations/${icao}/`));
  if (isFresh || isUnknown) {
    if (record?.absent) noteAbsent(run, { source: "nws", what: "report" }, station);
    return countSaved(run, "nws", stationId);
  }
  const covered = coveredBy(record)?.through ?? Number.NEGATIVE_INFINITY;
  const known = covered <= now ? covered - lateMs : Number.NEGATIVE_INFINITY;
  const need = { station, icao, record, from: Math.max(missing, known, now - keptMs) - hourMs };
  for (const base of config.sources.nws) {
    if (isPresentOnly(base) && now < systemClock().now() - keptMs) continue;
    if (!(await fetchFrom(run, base, need))) continue;
    run.summary.answered.live++;
    return;
  }
}

/** The hour after the newest one learned, epoch milliseconds. */
async function firstUnlearned({ store, now }: FetchRun, stationId: string): Promise<number> {
  const [row] = await store.all<{ learned: number | null }>(
    `SELECT epoch_ms(max(throughTime))::DOUBLE AS learned FROM snapshots
     WHERE stationId = $stationId AND throughTime <= $now`,
    { stationId, now: timestamp(now) },
  );
  return row?.learned == null ? Number.NEGATIVE_INFINITY : row.learned + hourMs;
}

function recordOf(icao: string): string {
  return `observations/${icao}`;
}

/** @returns whether the base answered; "unknown station" is an answer */
async function fetchFrom(run: FetchRun, base: string, need: Need): Promise<boolean> {
  const { store, now } = run;
  const { station, icao, record, from } = need;
  const { stationId } = station;
  let path: string | null = nwsPath(icao, from, now);
  const asked = new Set<string>();
  const request = { source: "nws", station, record: recordOf(icao), before: record } as const;
  const all: NwsReply = { icao, place: null, reports: [], failures: [], next: null };
  const first = path;
  for (let page = 0; path !== null && page < mostPages && !asked.has(path); page++) {
    asked.add(path);
    const reply: ServiceReply<NwsReply> = await askJson(
      run,
      base,
      { path, file: nwsFile(icao), source: "nws" },
      (body, file) => {
        // A folder holds any period, so no row is too old.
        const content = parseNws(body, file, icao, isUrl(base) ? from - dayMs : 0);
        return { ...content, next: nextOf(base, content.next, file) };
      },
    );
    const { answer, content, failure, outcome, file } = reply;
    path = content?.next ?? null;
    if (failure) {
      await recordUnusable(run, { stationId, source: "nws", url: file, ...failure }, [answer]);
      if (page === 0) return false;
    } else await store.transaction(() => recordRequests(run, "nws", stationId, [answer]));
    if (outcome === "absent" && page === 0) {
      if (!isUrl(base)) return false;
      noteAbsent(run, { source: "nws", what: "report" }, station);
      const absence = { source: "nws", file: recordOf(icao), stationId, url: file, checkedTime: now };
      await writeAbsence(store, absence, record);
      return true;
    }
    if (reply.isMangled) all.failures.push(mangledFailure);
    // The place in the reply tells rows of one page apart; over pages it goes on.
    const offset = page * 1000;
    all.reports.push(...(content?.reports ?? []).map((report) => ({ ...report, row: report.row + offset })));
    const failures = content?.failures ?? [];
    all.failures.push(...failures.map((failure) => ({ ...failure, row: failure.row && failure.row + offset })));
  }
  run.summary.files++;
  const since = from - hourMs;
  all.reports = all.reports.filter(({ date }) => Date.parse(`${date}Z`) >= since);
  return storeLive(run, { ...request, url: isUrl(base) ? new URL(first, base).href : `file:${nwsFile(icao)}` }, all);
}

/** The address of the next page; null on the last. Throws `FileError` if it is on another host. */
function nextOf(base: string, next: string | null, file: string): string | null {
  if (next === null || !isUrl(base)) return null;
  const url = URL.canParse(next, base) ? new URL(next, base) : null;
  if (url?.host !== new URL(base).host) throw new FileError(file, "its next page is on another host");
  return url.href;
}
