import { isUrl } from "../../shared/config.js";
import { dayMs, hourMs, minuteMs } from "../../shared/time.js";
import { FileError, fileErrorOf } from "../http/fileError.js";
import { type NbmBlock, type NbmRun, nbmPath } from "../sources/nbm.js";
import { joinBulletins } from "../sources/nbmGuidance.js";
import type { Failure } from "../sources/schemas.js";
import type { Station } from "../sources/source.js";
import { type SeenGuidance, storeGuidance } from "../store/guidance.js";
import { isSimulated } from "../store/purgeSimulated.js";
import { storeFailures } from "../validate/storeFile.js";
import { noteAbsent } from "./absence.js";
import { countSaved, type FetchRun, fileFailure, recordRequests, recordUnusable } from "./fetchRun.js";
import type { FileVersion } from "./fileRecord.js";
import { type BulletinReply, readBulletin } from "./nbmFile.js";
import {
  absentForDays,
  mayHaveCome,
  type NbmRecords,
  placeOf,
  readBefore,
  readNbmRecords,
  writeAbsentBulletin,
  writeBlockRecords,
  writeUnusableBulletin,
} from "./nbmRecords.js";

/** A run is public 45 to 75 minutes after its hour, rarely many hours later. */
const earliestMs = 40 * minuteMs;
const usualMs = 75 * minuteMs;
const latestMs = dayMs;
/** No earlier run is archived. */
export const firstRun = Date.UTC(2020, 5, 1);
/** How long a run waits for its other bulletin: without NBS, the model would lose the days after tomorrow. */
const waitMs = 2 * hourMs;

/** A station that may lack the newest run. */
export interface Need {
  station: Station;
  /** Its name in the bulletins. */
  code: string;
  /** The newest run stored, and the hour from which it counts, epoch milliseconds. */
  newest: number;
  issuedTime: number;
  /** The hour from which the oldest stored run counts; infinity without any. */
  oldest: number;
}

/**
 * Stores the newest run of the National Blend of Models of each station, unless it or a newer one is stored. Failures are
 * recorded and the other stations go on; only a damaged store ends the run.
 */
export async function fetchNbm(run: FetchRun, stations: readonly Station[]): Promise<void> {
  try {
    await fetchNewestRuns(run, stations);
  } catch (error) {
    const { message } = fileErrorOf("nbm", error);
    run.summary.failures.push({ stationId: null, source: "nbm", url: "nbm", message, unreachable: false });
  }
}

async function fetchNewestRuns(run: FetchRun, stations: readonly Station[]): Promise<void> {
  // Simulated weather has no guidance.
  if (run.config.sources.nbm.length === 0 || (await isSimulated(run.store))) return;
  const records = await readNbmRecords(run);
  let needs = await readNeeds(run, stations);
  const newestRun = Math.floor((run.now - earliestMs) / hourMs) * hourMs;
  const oldestRun = Math.max(newestRun - latestMs, firstRun);
  for (let runTime = newestRun; runTime >= oldestRun; runTime -= hourMs) {
    needs = needs.filter(({ newest }) => newest < runTime);
    if (needs.length === 0) return;
    needs = await fetchNbmRun(run, records, runTime, needs);
  }
}

/** Only guidance for observed stations can be used. */
export async function readNeeds({ store }: FetchRun, stations: readonly Station[]): Promise<Need[]> {
  const rows = await store.all<Omit<Need, "station" | "code"> & { stationId: string }>(
    `SELECT stationId, coalesce(epoch_ms(newest)::DOUBLE, 0) AS newest,
       coalesce(epoch_ms(issued)::DOUBLE, 0) AS "issuedTime",
       coalesce(epoch_ms(oldest)::DOUBLE, 'Infinity'::DOUBLE) AS oldest
     FROM (FROM stations SEMI JOIN hours USING (stationId)) LEFT JOIN (
       SELECT stationId, max(runTime) AS newest, max(issuedTime) AS issued, min(issuedTime) AS oldest
       FROM guidanceRuns WHERE source = 'nbm' GROUP BY stationId
     ) USING (stationId)`,
  );
  const known = new Map(rows.map(({ stationId, ...stored }) => [stationId, stored]));
  return stations.flatMap((station) => {
    const stored = known.get(station.stationId);
    return station.icao !== null && stored ? [{ station, code: station.icao, ...stored }] : [];
  });
}

/** What the mirrors have of a bulletin. */
export interface Found {
  bulletin: NbmRun;
  /** By code: a block, why it is rejected, or null if there is none; `read` if an earlier update has read it. */
  blocks: Map<string, NbmBlock | FileError | "read" | null>;
  replies: BulletinReply[];
  /** When it became public, epoch milliseconds. */
  publicTime: number;
  isUnreachable: boolean;
}

/**
 * Stores a run of the stations that have it.
 * @returns the stations without it, for which an older run may be stored
 */
async function fetchNbmRun(
  run: FetchRun,
  records: NbmRecords,
  runTime: number,
  needs: readonly Need[],
): Promise<Need[]> {
  const isWaiting = run.now < runTime + waitMs;
  const nbs = await readFromMirrors(run, records, { bulletin: "nbs", runTime }, needs);
  if (nbs.isUnreachable) return [];
  const asked = isWaiting ? needs.filter(({ code }) => nbs.blocks.has(code)) : needs;
  const nbh = await readFromMirrors(run, records, { bulletin: "nbh", runTime }, asked);
  const left = needs.filter(({ code }) => {
    const read = [nbs, nbh].filter(({ blocks }) => blocks.has(code));
    return read.length === 0 || (read.length === 1 && isWaiting);
  });
  const settled = needs.filter((need) => !left.includes(need));
  for (const need of settled) await recordRejected(run, need, [nbs, nbh]);
  await run.store.transaction(async () => {
    await storeRuns(run, settled, nbs, nbh);
    const stationIds = new Map(settled.map(({ code, station }) => [code, station.stationId]));
    await writeBlockRecords(run, records, [...nbs.replies, ...nbh.replies], stationIds);
  });
  return left;
}

/**
 * The run of a station to store, and its failures; null if it has none, or if it became public within the hour of the stored
 * one: it would count from the next hour on, and so would each run after it.
 */
function runOf(run: FetchRun, { station, code, issuedTime }: Need, nbs: Found, nbh: Found) {
  const { stationId } = station;
  const isAbsent = [nbs, nbh].every(({ blocks }) => blocks.get(code) === null);
  if (isAbsent) noteAbsent(run, { source: "nbm", what: "block", days: absentForDays }, station);
  const [far, near] = [blockOf(nbs, code), blockOf(nbh, code)];
  if (!far && !near) return null;
  const { hours, problems } = joinBulletins(near, far);
  const { runTime } = nbs.bulletin;
  const publicTime = Math.max(far ? nbs.publicTime : 0, near ? nbh.publicTime : 0);
  if (publicTime < issuedTime + hourMs) return null;
  const seen: SeenGuidance = {
    run: { source: "nbm", stationId, runTime, publicTime },
    hours,
    isPartial: !far || !near,
  };
  return {
    seen,
    failures: problems.map((value): Failure => ({ ...fileFailure(value), schema: "NbmBlock", check: "value" })),
  };
}

/** Stores the run of several stations. Call it within a transaction. */
async function storeRuns(run: FetchRun, needs: readonly Need[], nbs: Found, nbh: Found): Promise<void> {
  const now = run.clock.now();
  const found = needs.flatMap((need) => runOf(run, need, nbs, nbh) ?? []);
  await storeGuidance(
    run.store,
    found.map(({ seen }) => seen),
    now,
  );
  for (const { seen, failures } of found) {
    if (failures.length === 0) continue;
    run.summary.failedChecks += failures.length;
    const of = { stationId: seen.run.stationId, source: "nbm", file: nbmPath(nbs.bulletin) };
    await storeFailures(run.store, of, failures, now);
  }
}

export function blockOf({ blocks }: Found, code: string): NbmBlock | null {
  const block = blocks.get(code);
  return block === undefined || block === "read" || block instanceof FileError ? null : block;
}

async function recordRejected(run: FetchRun, { station, code }: Need, found: readonly Found[]): Promise<void> {
  for (const { blocks } of found) {
    const error = blocks.get(code);
    if (!(error instanceof FileError)) continue;
    const { message, reason, file: url } = error;
    await recordUnusable(run, {
      stationId: station.stationId,
      source: "nbm",
      url,
      message,
      reason,
      unreachable: false,
    });
  }
}

/** Looks for the blocks of stations in a bulletin, at one mirror after the other until all are found. */
export async function readFromMirrors(
  run: FetchRun,
  records: NbmRecords,
  bulletin: NbmRun,
  needs: readonly Pick<Need, "station" | "code">[],
): Promise<Found> {
  const found: Found = { bulletin, blocks: new Map(), replies: [], publicTime: 0, isUnreachable: false };
  for (const { code, station } of needs) {
    const known = readBefore(run, records, bulletin, code);
    if (known === undefined) continue;
    found.blocks.set(code, known);
    countSaved(run, "nbm", station.stationId);
  }
  const before = records.get(nbmPath(bulletin));
  const known = before && !before.absent ? before : undefined;
  const mayAsk = mayHaveCome(run, records, bulletin);
  const tried: BulletinReply[] = [];
  for (const base of run.config.sources.nbm) {
    const codes = needs.map(({ code }) => code).filter((code) => !found.blocks.has(code));
    // The mirrors get a run at about the same time.
    const isTooEarly = run.now < bulletin.runTime + usualMs && tried.some(({ outcome }) => outcome === "absent");
    if (codes.length === 0 || isTooEarly) break;
    if (isUrl(base) && !mayAsk) continue;
    const places = new Map(codes.map((code) => [code, placeOf(records, bulletin.bulletin, code)]));
    const reply = await readBulletin(run, base, bulletin, places, known);
    await recordReply(run, bulletin, reply, known);
    tried.push(reply);
    if (reply.outcome !== "fetched") continue;
    found.replies.push(reply);
    for (const [code, block] of reply.blocks) found.blocks.set(code, block);
    found.publicTime = Math.max(found.publicTime, publicTimeOf(run, bulletin, reply));
  }
  const isSilent = ({ outcome, failure }: BulletinReply) => outcome === "failed" && failure?.unreachable;
  found.isUnreachable = tried.length > 0 && tried.every(isSilent);
  const isAbsent = tried.some(({ outcome, url }) => outcome === "absent" && isUrl(url));
  if (isAbsent && found.replies.length === 0) await run.store.transaction(() => writeAbsentBulletin(run, bulletin));
  return found;
}

/** When a bulletin became public; now if its server does not say, or says what can't be. */
function publicTimeOf({ clock }: FetchRun, { runTime }: NbmRun, { lastModified }: BulletinReply): number {
  const now = clock.now();
  const time = Date.parse(lastModified ?? "");
  return time >= runTime && time <= now ? time : now;
}

/** Stores the requests for a bulletin, and why it can't be used. */
async function recordReply(
  run: FetchRun,
  bulletin: NbmRun,
  reply: BulletinReply,
  known: FileVersion | undefined,
): Promise<void> {
  const { outcome, answers, url, failure } = reply;
  if (outcome === "fetched") run.summary.files++;
  if (failure) await recordUnusable(run, { stationId: null, source: "nbm", url, ...failure }, answers);
  await run.store.transaction(async () => {
    if (!failure) await recordRequests(run, "nbm", null, answers);
    if (outcome === "unchanged") await writeUnusableBulletin(run, bulletin, known!);
    else if (reply.isUnusable) await writeUnusableBulletin(run, bulletin, reply);
  });
}
