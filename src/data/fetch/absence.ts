import { isUrl } from "../../shared/config.js";
import { groupBy } from "../../shared/groupBy.js";
import { hourMs } from "../../shared/time.js";
import type { Station } from "../sources/source.js";
import { isSimulated } from "../store/purgeSimulated.js";
import type { Absence, FetchRun } from "./fetchRun.js";
import { type FileRecord, readFileRecord } from "./fileRecord.js";

/** An absent file is requested again after this, because files are published once a day. */
const absentForMs = 20 * hourMs;
/** The most stations that a line names. */
const namedStations = 10;

/** The addresses that an absence is stored with; folders are read each time and left out. */
export function addressOf(bases: readonly string[]): string {
  return bases.filter(isUrl).join(" ");
}

/** Whether these addresses have answered within a day that they lack the file; `asksAbsent` requests it anyway. */
export function isAbsent(
  { now, asksAbsent }: Pick<FetchRun, "now" | "asksAbsent">,
  record: FileRecord | null,
  address: string,
): boolean {
  if (!record?.absent || asksAbsent || !record.url.startsWith(address)) return false;
  return record.checkedTime <= now && now < record.checkedTime + absentForMs;
}

/**
 * What is known of a station at a live service.
 * @param freshForMs how long an answer counts as fresh, milliseconds
 */
export async function readLiveRecord(
  run: FetchRun,
  source: "awc" | "nws",
  file: string,
  freshForMs: number,
): Promise<{ record: FileRecord | null; isAbsentHere: boolean; isFresh: boolean }> {
  const record = await readFileRecord(run.store, source, file);
  const isAbsentHere = run.config.sources[source].some((base) => isAbsent(run, record, addressOf([base])));
  const isAnswered = record !== null && (!record.absent || isAbsentHere);
  const isFresh = isAnswered && record.checkedTime <= run.now && run.now < record.checkedTime + freshForMs;
  return { record, isAbsentHere, isFresh };
}

/**
 * Whether a service has answered twice in a row that it has nothing at `path`. A single such answer may be an error, and
 * nobody else keeps its forecasts.
 */
export async function isConfirmed({ store }: FetchRun, stationId: string, path: string): Promise<boolean> {
  const newest = await store.all<{ outcome: string }>(
    `SELECT outcome FROM requests WHERE source = 'nws' AND stationId = $stationId AND contains(url, $path)
     ORDER BY requestedTime DESC, rowid DESC LIMIT 2`,
    { stationId, path },
  );
  return newest.length === 2 && newest.every(({ outcome }) => outcome === "absent");
}

/** Whether any real observation of the station is stored. */
export async function isObserved({ store }: Pick<FetchRun, "store">, stationId: string): Promise<boolean> {
  const [hour] = await store.all("SELECT 1 FROM hours WHERE stationId = $stationId LIMIT 1", { stationId });
  return hour !== undefined && !(await isSimulated(store));
}

/** Notes what a source does not have; `absenceLines` reports it at the end of the run. */
export function noteAbsent(
  { absences }: Pick<FetchRun, "absences">,
  { year = null, ...thing }: Pick<Absence, "source" | "what" | "days"> & { year?: number | null },
  { icao, stationId }: Pick<Station, "icao" | "stationId">,
): void {
  absences.push({ ...thing, year, station: icao ?? stationId });
}

/** One line for each thing that a source lacks, with its years and the stations that lack the same. */
export function absenceLines(absences: readonly Absence[]): string[] {
  const things = groupBy(absences, ({ source, what, station }) => `${source} ${what} ${station}`);
  const lines = [...things.values()].map((same) => {
    const { source, what, station, days = 1 } = same[0]!;
    const again = days === 1 ? "a day" : `${days} days`;
    const years = same.flatMap(({ year }) => year ?? []);
    return { station, again, text: `${source} has no ${what}${years.length > 0 ? ` for ${yearRanges(years)}` : ""}` };
  });
  const alike = groupBy(lines, ({ text }) => text);
  return [...alike.keys()].sort().map((text) => {
    const same = alike.get(text)!;
    const stations = same.map(({ station }) => station).sort();
    const more = stations.length > namedStations ? ` and ${stations.length - namedStations} more` : "";
    return `${text}: ${stations.slice(0, namedStations).join(", ")}${more}; asked again within ${same[0]!.again}`;
  });
}

/** `1969–2014, 2016` */
function yearRanges(years: readonly number[]): string {
  const ranges: [number, number][] = [];
  for (const year of [...new Set(years)].sort((a, b) => a - b)) {
    const last = ranges.at(-1);
    if (last?.[1] === year - 1) last[1] = year;
    else ranges.push([year, year]);
  }
  return ranges.map(([first, last]) => (first === last ? `${first}` : `${first}–${last}`)).join(", ");
}
