import { dayMs, hourMs, minuteMs } from "../../shared/time.js";
import { type Bulletin, type NbmRun, nbmPath } from "../sources/nbm.js";
import { timestamp } from "../store/store.js";
import { addressOf } from "./absence.js";
import type { FetchRun } from "./fetchRun.js";
import { type FileRecord, type FileVersion, readFileRecords, writeFileRecord } from "./fileRecord.js";
import type { BulletinReply } from "./nbmFile.js";

/** A bulletin that was not there is requested again after half its age, but within these limits. */
const shortestPauseMs = 10 * minuteMs;
const longestPauseMs = hourMs;
/** A station without a block is looked for again after this. */
export const absentForDays = 30;
/** A block that was found so recently may be back in the next run. */
const presentForMs = dayMs;

/**
 * What table `files` has of bulletins, by their paths, and of the blocks of stations in them, by names such as `nbh/KATL`.
 * The address of a block ends with its offset, such as `#1234567`.
 */
export type NbmRecords = ReadonlyMap<string, FileRecord>;

export function readNbmRecords({ store }: FetchRun): Promise<NbmRecords> {
  return readFileRecords(store, "nbm");
}

export function blockName(bulletin: Bulletin, code: string): string {
  return `${bulletin}/${code}`;
}

/** Where a block began when it was found last, bytes; null if it is not known. */
export function placeOf(records: NbmRecords, bulletin: Bulletin, code: string): number | null {
  const place = /#(\d+)$/.exec(records.get(blockName(bulletin, code))?.url ?? "");
  return place && Number(place[1]);
}

/** `read` if an earlier update has read a bulletin for a station, null if bulletins are known to lack it. */
export function readBefore(
  { now, asksAbsent }: Pick<FetchRun, "now" | "asksAbsent">,
  records: NbmRecords,
  bulletin: NbmRun,
  code: string,
): "read" | null | undefined {
  const record = records.get(blockName(bulletin.bulletin, code));
  if (!record || record.checkedTime > now) return undefined;
  if (!record.absent) return record.url.includes(nbmPath(bulletin)) ? "read" : undefined;
  return !asksAbsent && now < record.checkedTime + absentForDays * dayMs ? null : undefined;
}

/** Whether a bulletin may have come, or been completed, since it was requested last. */
export function mayHaveCome(
  { now, asksAbsent, config }: Pick<FetchRun, "now" | "asksAbsent" | "config">,
  records: NbmRecords,
  bulletin: NbmRun,
): boolean {
  const record = records.get(nbmPath(bulletin));
  if (!record || asksAbsent || record.checkedTime > now) return true;
  if (record.absent && record.url !== addressOf(config.sources.nbm)) return true;
  const halfAge = (record.checkedTime - bulletin.runTime) / 2;
  return now >= record.checkedTime + Math.min(longestPauseMs, Math.max(shortestPauseMs, halfAge));
}

/** Stores that the servers lack a bulletin. Call it within a transaction. */
export async function writeAbsentBulletin({ store, config, now }: FetchRun, bulletin: NbmRun): Promise<void> {
  const key = { source: "nbm", file: nbmPath(bulletin), stationId: null };
  await writeFileRecord(store, { ...key, url: addressOf(config.sources.nbm), checkedTime: now, absent: true });
}

/** Stores which version of a bulletin can't be used, so that only another is read. Call it within a transaction. */
export async function writeUnusableBulletin(
  { store, now }: FetchRun,
  bulletin: NbmRun,
  { url, etag, lastModified }: FileVersion,
): Promise<void> {
  const key = { source: "nbm", file: nbmPath(bulletin), stationId: null };
  await writeFileRecord(store, { ...key, url, etag, lastModified, checkedTime: now });
}

/**
 * Stores where the blocks of stations begin in bulletins, and which they lack, and forgets old bulletins. Call it within a
 * transaction.
 * @param stationIds of the stations, by code
 */
export async function writeBlockRecords(
  { store, now }: FetchRun,
  records: NbmRecords,
  replies: readonly BulletinReply[],
  stationIds: ReadonlyMap<string, string>,
): Promise<void> {
  const rows = replies.flatMap(({ url, bulletin, blocks, places }) =>
    [...blocks].flatMap(([code, block]) => {
      const stationId = stationIds.get(code);
      const file = blockName(bulletin.bulletin, code);
      const before = records.get(file);
      const wasPresent = before && !before.absent && now < before.checkedTime + presentForMs;
      if (stationId === undefined || (block === null && wasPresent)) return [];
      const place = places.get(code);
      const address = place === undefined ? url : `${url}#${place}`;
      return [{ source: "nbm", file, stationId, url: address, checkedTime: now, absent: block === null }];
    }),
  );
  if (rows.length === 0) return;
  await store.run("CREATE OR REPLACE TEMP TABLE blocks AS FROM files LIMIT 0");
  await store.insert("blocks", rows);
  await store.run("INSERT OR REPLACE INTO files FROM blocks");
  await store.run("DELETE FROM files WHERE source = 'nbm' AND starts_with(file, 'blend.') AND checkedTime < $before", {
    before: timestamp(now - 2 * dayMs),
  });
}
