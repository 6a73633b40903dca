import { systemClock } from "../../shared/clock.js";
import { isPresentOnly, isUrl } from "../../shared/config.js";
import { hourMs } from "../../shared/time.js";
import type { Answer } from "../http/download.js";
import { awcFile, awcPath, awcRowLimit, parseAwc } from "../sources/awc.js";
import type { LiveReports } from "../sources/liveReport.js";
import type { Failure } from "../sources/schemas.js";
import type { Station } from "../sources/source.js";
import { storeFailures } from "../validate/storeFile.js";
import { askJson, mangledFailure, type ServiceReply } from "./askJson.js";
import { type AwcNeed, readAwcNeed, storeAwcAnswer, storeAwcRejection } from "./awcNeed.js";
import { fetchAwcBulk } from "./fetchAwcBulk.js";
import { type FetchRun, recordRequests, recordUnusable } from "./fetchRun.js";

/** The service keeps reports for 15 days. */
const keptHours = 15 * 24;
/** Hours before the missing ones that are read again for corrections. */
const readAgainHours = 2;
/** Rows per station and hour: many stations abroad report twice an hour. */
const rowsPerHour = 2;
/** Statuses with which a service may reject a whole request because of one code. */
const statusesOfOneCode = [400, 413, 414, 422];
/** The most repeated requests for fewer stations in a run, and the most single stations rejected before any answer. */
const mostAskedAgain = 32;
const mostRejectedAtFirst = 2;

/**
 * Fetches missing reports from the Aviation Weather Center: the current hour of many stations by its file of all
 * stations, and what that lacks by requests for many stations each.
 */
export async function fetchAwc(run: FetchRun, stations: readonly Station[]): Promise<void> {
  const needs: AwcNeed[] = [];
  for (const station of stations) {
    const need = await readAwcNeed(run, station);
    if (need) needs.push(need);
  }
  let left = needs;
  for (const base of run.config.sources.awc) {
    if (left.length === 0) return;
    left = await fetchAwcBulk(run, base, left);
    left = isUrl(base) ? await fetchFromServer(run, base, left) : await readFromFolder(run, base, left);
  }
}

/** @returns the stations to request from another base */
async function fetchFromServer(run: FetchRun, base: string, needs: readonly AwcNeed[]): Promise<AwcNeed[]> {
  // The service counts hours back from the real time, not from the clock of the run.
  const present = isPresentOnly(base) ? systemClock().now() : run.now;
  const reachable = needs.filter(() => run.now > present - keptHours * hourMs);
  const left: AwcNeed[] = [];
  const queue = batchesOf(reachable, present);
  let [askedAgain, answered, rejectedAlone] = [0, 0, 0];
  for (let batch = queue.shift(); batch; batch = queue.shift()) {
    const { hours, stations } = batch;
    const path = awcPath(icaosOf(stations), hours);
    const reply = await askJson(run, base, { path, file: "metar.json", source: "awc" }, parseReply);
    const mayAskAgain =
      stations.length > 1 && askedAgain < mostAskedAgain && (answered > 0 || rejectedAlone < mostRejectedAtFirst);
    const answer = await readReply(run, stations, reply, mayAskAgain);
    if (answer === "rejected" || answer === "failed") {
      if (answer === "rejected" && mayAskAgain) {
        askedAgain++;
        queue.unshift(...halves(batch));
        continue;
      }
      if (answer === "rejected" && stations.length === 1) {
        rejectedAlone++;
        await storeAwcRejection(run, stations[0]!, reply.file);
      }
      left.push(...stations);
      continue;
    }
    answered++;
    const isCut = (reply.content?.rows ?? 0) >= awcRowLimit;
    const missing = stations.filter(({ station }) => !answer.has(station.icao));
    // Stations that were absent the last time too are taken as absent.
    const isMissed = mayAskAgain && !isCut && missing.some(({ record }) => !record?.absent);
    // Stations that are missing or cut off are requested next.
    for (const need of isMissed || isCut ? stations.filter((need) => !missing.includes(need)) : stations) {
      await storeAwcAnswer(run, need, reply.file, answer.get(need.station.icao) ?? null);
    }
    if (isCut || (isMissed && missing.length === stations.length)) queue.unshift(...halves(batch));
    else if (isMissed) queue.unshift({ hours, stations: missing });
    if (isMissed) askedAgain++;
  }
  return [...left, ...needs.filter((need) => !reachable.includes(need))];
}

function icaosOf(needs: readonly AwcNeed[]): string[] {
  return needs.map(({ station }) => station.icao);
}

interface Batch {
  hours: number;
  stations: readonly AwcNeed[];
}

/**
 * Groups stations into as few requests as the row limit allows: stations that need the same hours together, and stations
 * that were absent the last time separately, because one of them can make the whole request fail.
 */
function batchesOf(needs: readonly AwcNeed[], present: number): Batch[] {
  const hoursOf = ({ from }: AwcNeed) =>
    Math.min(keptHours, Math.max(1, Math.ceil((present - from) / hourMs)) + readAgainHours);
  const batches: { hours: number; stations: AwcNeed[] }[] = [];
  const wasAbsent = ({ record }: AwcNeed) => Number(record?.absent ?? false);
  for (const need of [...needs].sort((a, b) => wasAbsent(a) - wasAbsent(b) || hoursOf(b) - hoursOf(a))) {
    const batch = batches.at(-1);
    const isAlike = batch && wasAbsent(batch.stations[0]!) === wasAbsent(need);
    if (isAlike && (batch.stations.length + 1) * batch.hours * rowsPerHour <= awcRowLimit) batch.stations.push(need);
    else batches.push({ hours: hoursOf(need), stations: [need] });
  }
  return batches;
}

/** Replaces a request that was rejected, or cut off at the limit, by two smaller ones. */
function halves({ hours, stations }: Batch): Batch[] {
  if (stations.length === 1) return hours > 1 ? [{ hours: Math.ceil(hours / 2), stations }] : [];
  const middle = Math.ceil(stations.length / 2);
  return [stations.slice(0, middle), stations.slice(middle)].map((half) => ({ hours, stations: half }));
}

interface AwcReply {
  /** How many rows it has. */
  rows: number;
  stations: LiveReports[];
}

function parseReply(body: unknown, file: string): AwcReply {
  return { rows: Array.isArray(body) ? body.length : 0, stations: body === null ? [] : parseAwc(body, file) };
}

/**
 * Stores the request and the failures of the reply as a whole.
 * @param isAskedAgain whether a rejected request is repeated for fewer stations, to find the one to blame
 * @returns the reports by station, or that the request failed or was rejected, perhaps because of one station
 */
async function readReply(
  run: FetchRun,
  stations: readonly AwcNeed[],
  { answer, content, file, failure, isMangled }: ServiceReply<AwcReply>,
  isAskedAgain = false,
): Promise<Map<string, LiveReports> | "rejected" | "failed"> {
  const { store, now, summary } = run;
  if (failure) {
    const isRejected = answer !== null && mayBeOneCode(answer);
    if (isRejected && isAskedAgain) {
      await store.transaction(() => recordRequests(run, "awc", null, [answer]));
      return "rejected";
    }
    const only = stations.length === 1 ? stations[0]!.station : null;
    // The code in the message tells rejected stations apart.
    const message = isRejected && only ? `${failure.message} (${only.icao})` : failure.message;
    const unusable = { stationId: only?.stationId ?? null, source: "awc", url: file, ...failure, message } as const;
    await recordUnusable(run, unusable, [answer]);
    return isRejected ? "rejected" : "failed";
  }
  summary.files++;
  summary.answered.live++;
  const failures: Failure[] = isMangled ? [mangledFailure] : [];
  const asked = new Map<string, LiveReports>();
  const icaos = new Set(icaosOf(stations));
  for (const station of content?.stations ?? []) {
    const { icao, reports, failures: own } = station;
    if (icao !== null && icaos.has(icao)) {
      asked.set(icao, station);
      continue;
    }
    failures.push(...own);
    const what = { schema: "AwcRow", column: "icaoId", check: "station", value: icao, severity: "error" } as const;
    for (const { row, date } of reports) failures.push({ row, reportTime: Date.parse(`${date}Z`), ...what });
  }
  await store.transaction(async () => {
    await recordRequests(run, "awc", null, [answer]);
    if (failures.length > 0) await storeFailures(store, { stationId: null, source: "awc", file }, failures, now);
  });
  summary.failedChecks += failures.length;
  return asked;
}

/** Whether one code can have caused a failed answer: by its status, or because the body is not usable. */
function mayBeOneCode({ status, bytes }: Answer): boolean {
  return status === 200 ? bytes > 0 : statusesOfOneCode.includes(status ?? 0);
}

/** A folder has one file per station in the form of a reply, for any period. */
async function readFromFolder(run: FetchRun, base: string, needs: readonly AwcNeed[]): Promise<AwcNeed[]> {
  const left: AwcNeed[] = [];
  for (const need of needs) {
    const { icao } = need.station;
    const reply = await askJson(run, base, { path: "", file: awcFile(icao), source: "awc" }, parseReply);
    const answer = reply.outcome === "absent" ? "failed" : await readReply(run, [need], reply);
    if (typeof answer === "string") {
      left.push(need);
      continue;
    }
    const since = need.from - (readAgainHours + 1) * hourMs;
    const all = answer.get(icao) ?? null;
    const reports = all?.reports.filter(({ date }) => Date.parse(`${date}Z`) >= since) ?? [];
    await storeAwcAnswer(run, need, reply.file, all && { ...all, reports });
  }
  return left;
}
