import { isUrl, type SourceName } from "../../shared/config.js";
import { hourMs } from "../../shared/time.js";
import type { Station } from "../sources/source.js";
import { isSimulated } from "../store/purgeSimulated.js";
import type { FetchRun } from "./fetchRun.js";
import type { FileRecord } from "./fileRecord.js";

/** What a source says it does not have is asked for again after this: files are published once a day. */
const absentForMs = 20 * hourMs;
/** So many stations are named in a line. */
const namedStations = 10;

/** How the addresses that were asked are stored with their "no"; without folders, which are looked into each time. */
export function addressOf(bases: readonly string[]): string {
  return bases.filter(isUrl).join(" ");
}

/** Whether the addresses at hand have said within the day that they do not have it; a rebuild asks again. */
export function isAbsent(
  { now, asksAbsent }: Pick<FetchRun, "now" | "asksAbsent">,
  record: FileRecord | null,
  address: string,
): boolean {
  if (!record?.absent || asksAbsent || !record.url.startsWith(address)) return false;
  return record.checkedTime <= now && now < record.checkedTime + absentForMs;
}

/**
 * Whether a service has said twice in a row that it does not have what is at `path`. It may say so once in passing, and
 * what it forecasts is kept by nobody else.
 */
export async function isConfirmed({ store }: FetchRun, stationId: string, path: string): Promise<boolean> {
  const newest = await store.all<{ outcome: string }>(
    `SELECT outcome FROM requests WHERE source = 'nws' AND stationId = $stationId AND contains(url, $path)
     ORDER BY requestedTime DESC, rowid DESC LIMIT 2`,
    { stationId, path },
  );
  return newest.length === 2 && newest.every(({ outcome }) => outcome === "absent");
}

/** Whether anything that the station observed is stored. */
export async function isObserved({ store }: Pick<FetchRun, "store">, stationId: string): Promise<boolean> {
  const [hour] = await store.all("SELECT 1 FROM hours WHERE stationId = $stationId LIMIT 1", { stationId });
  return hour !== undefined && !(await isSimulated(store));
}

/** Notes what a source does not have, to be told once the run has asked for everything. */
export function noteAbsent(
  { absences }: Pick<FetchRun, "absences">,
  source: SourceName,
  what: string,
  station: Station,
) {
  const key = `${source} has no ${what}`;
  const stations = absences.get(key) ?? new Set();
  absences.set(key, stations.add(station.icao ?? station.stationId));
}

/** A line for each thing that a source does not have. */
export function absenceLines({ absences }: Pick<FetchRun, "absences">): string[] {
  return [...absences.keys()].sort().map((what) => {
    const stations = [...absences.get(what)!].sort();
    const more = stations.length > namedStations ? ` and ${stations.length - namedStations} more` : "";
    return `${what}: ${stations.slice(0, namedStations).join(", ")}${more}; asked again within a day`;
  });
}
