import { dayMs, hourMs } from "../../shared/time.js";
import { joinBulletins } from "../sources/nbmGuidance.js";
import type { Station } from "../sources/source.js";
import { storeArchive } from "../store/guidance.js";
import { blockOf, type Found, firstRun, readFromMirrors, readNeeds } from "./fetchNbm.js";
import type { FetchRun } from "./fetchRun.js";
import { type FileRecord, writeFileRecord } from "./fileRecord.js";
import { blockName, readNbmRecords } from "./nbmRecords.js";

/** A file that was put there later than this after its run may have been public before, so the run is left out. */
const latestMs = dayMs;

/** Name of the record that a station's past runs have been read. */
function recordName(stationId: string): string {
  return `backfill/${stationId}`;
}

/**
 * Reads past runs of the National Blend of Models, from the oldest stored run of each station back. Interrupted, or out of
 * time, it goes on in the next call. Runs that are missing or damaged are left out.
 * @param every hours between the runs that are read
 * @param onStored called within the transaction that stores a run of a station, with the time it became public
 * @returns the stations that have more guidance than before
 */
export async function backfillNbm(
  run: FetchRun,
  stations: readonly Station[],
  {
    days,
    every,
    onStored,
  }: { days: number; every: number; onStored: (stationId: string, publicTime: number) => Promise<void> },
): Promise<Set<string>> {
  const { store, now, report } = run;
  const changed = new Set<string>();
  if (run.config.sources.nbm.length === 0) return changed;
  const records = new Map(await readNbmRecords(run));
  const oldestTime = Math.max(now - days * dayMs, firstRun);
  let needs = await readNeeds(run, stations);
  const step = every * hourMs;
  const newestRun = Math.floor(now / step) * step;
  const progress = report.task("backfill", Math.max(0, Math.ceil((newestRun - oldestTime) / step)), "runs");
  try {
    for (let runTime = newestRun; runTime >= oldestTime; runTime -= step) {
      const lacking = needs.filter(({ oldest }) => runTime < oldest - hourMs);
      if (lacking.length > 0) {
        const nbs = await readFromMirrors(run, records, { bulletin: "nbs", runTime }, lacking);
        const nbh = await readFromMirrors(run, records, { bulletin: "nbh", runTime }, lacking);
        if (nbs.isUnreachable || nbh.isUnreachable) return changed;
        keepPlaces(records, [nbs, nbh]);
        await store.transaction(async () => {
          for (const need of lacking) {
            // Half a run would never be completed.
            if (!nbs.blocks.has(need.code) || !nbh.blocks.has(need.code)) continue;
            const [far, near] = [blockOf(nbs, need.code), blockOf(nbh, need.code)];
            if (!far && !near) continue;
            const publicTime = Math.max(far ? nbs.publicTime : 0, near ? nbh.publicTime : 0);
            if (publicTime > runTime + latestMs) continue;
            const { hours } = joinBulletins(near, far);
            const { stationId } = need.station;
            const stored = await storeArchive(store, { source: "nbm", stationId }, [{ publicTime, runTime, hours }]);
            if (stored === 0) continue;
            changed.add(stationId);
            await onStored(stationId, publicTime);
          }
        });
        // A station without a block in a whole run is not covered.
        const isAbsent = (code: string) => [nbs, nbh].every(({ blocks }) => blocks.get(code) === null);
        needs = needs.filter(({ code }) => !isAbsent(code));
      }
      progress.advance();
    }
    await store.transaction(async () => {
      for (const { stationId } of stations)
        await writeFileRecord(store, {
          source: "nbm",
          file: recordName(stationId),
          stationId,
          url: `runs since ${new Date(oldestTime).toISOString()}`,
          checkedTime: now,
        });
    });
    return changed;
  } finally {
    progress.end();
  }
}

/** The stations whose past runs have not all been read yet. */
export async function stationsToBackfill<One extends Pick<Station, "stationId" | "icao">>(
  { store }: Pick<FetchRun, "store">,
  stations: readonly One[],
): Promise<One[]> {
  const rows = await store.all<{ file: string }>(
    "SELECT file FROM files WHERE source = 'nbm' AND starts_with(file, 'backfill/')",
  );
  const done = new Set(rows.map(({ file }) => file));
  return stations.filter(({ stationId, icao }) => icao !== null && !done.has(recordName(stationId)));
}

/** Remembers where blocks began, because the run before has them nearby. */
function keepPlaces(records: Map<string, FileRecord>, found: readonly Found[]): void {
  for (const { replies } of found)
    for (const { bulletin, url, places } of replies)
      for (const [code, place] of places) {
        const unread = { etag: null, lastModified: null, ingestedFrom: null, ingestedThrough: null };
        const record = { ...unread, checkedTime: 0, absent: false, url: `${url}#${place}` };
        records.set(blockName(bulletin.bulletin, code), record);
      }
}
