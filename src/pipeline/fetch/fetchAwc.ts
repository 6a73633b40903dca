import { systemClock } from "../clock.js";
import { isPresentOnly, isUrl } from "../config.js";
import { FileError } from "../fileError.js";
import { storeFailures } from "../ingest.js";
import { awcFile, awcPath, awcRowLimit, parseAwc } from "../sources/awc.js";
import type { LiveReports } from "../sources/liveReport.js";
import type { Station } from "../stations.js";
import type { Failure } from "../validate.js";
import { askJson, type JsonReply, mangledFailure } from "./askJson.js";
import { countSaved, type FetchRun, recordRequests } from "./fetchRun.js";
import { coveredBy, type FileRecord, readFileRecord } from "./fileRecord.js";
import { firstMissing, lateMs } from "./firstMissing.js";
import { storeLive } from "./storeLive.js";

const hourMs = 3_600_000;
/** So much is kept there. */
const keptHours = 15 * 24;
/** Reports change within the minute; the same is not asked for again within this time. */
const askedAgainAfterMs = 5 * 60_000;
/** Besides what is missing, so many hours are read again, for corrections. */
const readAgainHours = 2;
/** Of a station and an hour: routine reports twice an hour, as many have abroad. */
const rowsPerHour = 2;

/** A station of which reports are missing, and from when on they are wanted, epoch milliseconds. */
interface Need {
  station: Station & { icao: string };
  record: FileRecord | null;
  from: number;
}

/** Fetches the reports that are missing at the clock from the Aviation Weather Center, of many stations by one request. */
export async function fetchAwc(run: FetchRun, stations: readonly Station[]): Promise<void> {
  const needs: Need[] = [];
  for (const station of stations) {
    const need = await needOf(run, station);
    if (need) needs.push(need);
  }
  let left = needs;
  for (const base of run.config.sources.awc) {
    if (left.length === 0) return;
    left = isUrl(base) ? await fetchFromServer(run, base, left) : await readFromFolder(run, base, left);
  }
}

export function awcRecord(icao: string): string {
  return `metar/${icao}`;
}

async function needOf(run: FetchRun, station: Station): Promise<Need | null> {
  const { store, config, now } = run;
  if (station.icao === null) return null;
  const genesis = run.genesisOf(station.stationId);
  const watermarkMs = config.watermarkHours * hourMs;
  const missing = await firstMissing(store, station.stationId, { genesis, through: now, watermarkMs });
  const record = await readFileRecord(store, "awc", awcRecord(station.icao));
  const isFresh = record !== null && record.checkedTime <= now && now < record.checkedTime + askedAgainAfterMs;
  if (missing === null || isFresh) {
    countSaved(run, "awc", station.stationId);
    return null;
  }
  // What was there when it was last asked is stored; what was late then may have come since.
  const covered = coveredBy(record)?.through ?? Number.NEGATIVE_INFINITY;
  const known = covered <= now ? covered - lateMs : Number.NEGATIVE_INFINITY;
  return { station: { ...station, icao: station.icao }, record, from: Math.max(missing, known) };
}

/** @returns the stations that another base must be asked for */
async function fetchFromServer(run: FetchRun, base: string, needs: readonly Need[]): Promise<Need[]> {
  // The service counts hours from its own present, which a run at an earlier clock is not in.
  const present = isPresentOnly(base) ? systemClock().now() : run.now;
  const reachable = needs.filter(() => run.now > present - keptHours * hourMs);
  const left: Need[] = [];
  const queue = batchesOf(reachable, present);
  for (let batch = queue.shift(); batch; batch = queue.shift()) {
    const { hours, stations } = batch;
    const icaos = stations.map(({ station }) => station.icao);
    const path = awcPath(icaos, hours);
    const reply = await askJson(run, base, { path, file: "metar.json", source: "awc" });
    const said = await readReply(run, icaos, reply);
    if (said === null) left.push(...stations);
    else {
      for (const need of stations) {
        const one = said.get(need.station.icao) ?? null;
        const request = { source: "awc", record: awcRecord(need.station.icao), before: need.record } as const;
        await storeLive(run, { ...request, station: need.station, url: reply.file }, one);
      }
      const isCut = Array.isArray(reply.body) && reply.body.length >= awcRowLimit;
      if (isCut) queue.unshift(...halves(batch));
    }
  }
  return [...left, ...needs.filter((need) => !reachable.includes(need))];
}

interface Batch {
  hours: number;
  stations: readonly Need[];
}

/** As few requests as the limit on rows allows, those that need as many hours together. */
function batchesOf(needs: readonly Need[], present: number): Batch[] {
  const hoursOf = ({ from }: Need) =>
    Math.min(keptHours, Math.max(1, Math.ceil((present - from) / hourMs)) + readAgainHours);
  const batches: { hours: number; stations: Need[] }[] = [];
  for (const need of [...needs].sort((a, b) => hoursOf(b) - hoursOf(a))) {
    const batch = batches.at(-1);
    if (batch && (batch.stations.length + 1) * batch.hours * rowsPerHour <= awcRowLimit) batch.stations.push(need);
    else batches.push({ hours: hoursOf(need), stations: [need] });
  }
  return batches;
}

/** What to ask instead of a request whose reply was cut off at the limit. */
function halves({ hours, stations }: Batch): Batch[] {
  if (stations.length === 1) return hours > 1 ? [{ hours: Math.ceil(hours / 2), stations }] : [];
  const middle = Math.ceil(stations.length / 2);
  return [stations.slice(0, middle), stations.slice(middle)].map((half) => ({ hours, stations: half }));
}

/**
 * Records a reply and what was wrong with it as a whole.
 * @returns what it says by station; null when it failed
 */
async function readReply(
  run: FetchRun,
  icaos: readonly string[],
  reply: JsonReply,
): Promise<Map<string, LiveReports> | null> {
  const { store, now, summary } = run;
  let { outcome, answer, message } = reply;
  let parsed: LiveReports[] = [];
  try {
    if (outcome === "fetched") parsed = reply.body === null ? [] : parseAwc(reply.body, reply.file);
  } catch (error) {
    if (!(error instanceof FileError)) throw error;
    [outcome, message] = ["failed", error.message];
    if (answer) answer = { ...answer, outcome, message };
  }
  const failures: Failure[] = [];
  if (reply.isMangled) failures.push(mangledFailure);
  if (outcome === "failed") {
    const unreachable = answer?.unreachable ?? false;
    summary.failures.push({ stationId: null, source: "awc", url: reply.file, message: message ?? "", unreachable });
    if (!unreachable) failures.push(wholeFailure(message ?? ""));
  } else {
    summary.files++;
    summary.answered.live++;
  }
  const asked = new Set(icaos);
  for (const { icao, reports, failures: own } of parsed) {
    if (icao !== null && asked.has(icao)) continue;
    failures.push(...own);
    const what = { schema: "AwcRow", column: "icaoId", check: "station", value: icao, severity: "error" } as const;
    for (const { row, date } of reports) failures.push({ row, reportTime: Date.parse(`${date}Z`), ...what });
  }
  await store.transaction(async () => {
    if (answer?.asked) await recordRequests(run, "awc", null, [answer]);
    if (failures.length > 0) {
      await storeFailures(store, { stationId: null, source: "awc", file: reply.file }, failures, now);
    }
  });
  summary.quarantined += failures.length;
  if (outcome === "failed") return null;
  return new Map(parsed.flatMap((said) => (said.icao !== null && asked.has(said.icao) ? [[said.icao, said]] : [])));
}

function wholeFailure(value: string): Failure {
  return { row: null, reportTime: null, schema: "file", column: null, check: "file", value, severity: "error" };
}

/** A folder has a file a station, in the form of a reply, of any period; looking into it is no request. */
async function readFromFolder(run: FetchRun, base: string, needs: readonly Need[]): Promise<Need[]> {
  const left: Need[] = [];
  for (const need of needs) {
    const { icao } = need.station;
    const reply = await askJson(run, base, { path: "", file: awcFile(icao), source: "awc" });
    const said = reply.outcome === "absent" ? null : await readReply(run, [icao], reply);
    if (said === null) {
      left.push(need);
      continue;
    }
    const since = need.from - (readAgainHours + 1) * hourMs;
    const all = said.get(icao) ?? null;
    const reports = all?.reports.filter(({ date }) => Date.parse(`${date}Z`) >= since) ?? [];
    const request = { source: "awc", station: need.station, record: awcRecord(icao), before: need.record } as const;
    await storeLive(run, { ...request, url: reply.file }, all && { ...all, reports });
  }
  return left;
}
