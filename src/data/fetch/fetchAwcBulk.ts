import { isPresentOnly, isUrl } from "../../shared/config.js";
import { hourMs } from "../../shared/time.js";
import { withoutCredentials } from "../http/address.js";
import { awcBulkPath, parseAwcBulk } from "../sources/awcBulk.js";
import type { LiveReports } from "../sources/liveReport.js";
import type { RawReport } from "../sources/schemas.js";
import { timestamp } from "../store/store.js";
import { closeMs } from "../validate/hourly.js";
import { storeFailures } from "../validate/storeFile.js";
import { askText, mangledFailure, type ServiceReply } from "./askJson.js";
import { type AwcNeed, storeAwcAnswer } from "./awcNeed.js";
import { type FetchRun, recordRequests, recordUnusable } from "./fetchRun.js";
import { readFileRecord, writeFileRecord } from "./fileRecord.js";

/** For fewer stations a JSON request costs less, and has the hours before too. */
const fewestStations = 9;

/**
 * Fetches the newest report of all stations by one request, if many lack only the current hour. A report counts only if
 * no other can be better for the hour; the stations without one are left to the JSON requests, which have all reports.
 * @returns the stations that still lack reports
 */
export async function fetchAwcBulk(run: FetchRun, base: string, needs: readonly AwcNeed[]): Promise<AwcNeed[]> {
  const hour = Math.floor(run.now / hourMs) * hourMs;
  const current = needs.filter(({ from }) => from >= hour);
  if (current.length < fewestStations || (run.clock.replaying && isPresentOnly(base))) return [...needs];
  const reply = await askBulk(run, base, current);
  const byIcao = new Map(reply.content?.map((station) => [station.icao, station]));
  for (const need of current) {
    const station = byIcao.get(need.station.icao);
    if (station?.reports.some((report) => isBest(report, hour))) await storeAwcAnswer(run, need, reply.file, station);
    else if (station) await storeRejected(run, need.station.stationId, reply.file, station);
  }
  const known = await stationsWith(run, hour);
  return needs.filter(({ from, station }) => from < hour || !known.has(station.stationId));
}

/** Whether a newest report is the one that counts for the hour: routine, and at most a quarter of an hour before it. */
function isBest({ date, reportType, temperature }: RawReport, hour: number): boolean {
  const early = hour - Date.parse(`${date}Z`);
  return reportType === "FM15" && temperature.value !== "" && early >= 0 && early <= closeMs;
}

/** Requests the file, unless it is the one read last, and stores the request and the failures of the file as a whole. */
async function askBulk(
  run: FetchRun,
  base: string,
  needs: readonly AwcNeed[],
): Promise<Pick<ServiceReply<LiveReports[]>, "content" | "file">> {
  const { store, now, summary } = run;
  const key = { source: "awc", file: awcBulkPath, stationId: null } as const;
  const known = await readFileRecord(store, key.source, key.file);
  const icaos = new Set(needs.map(({ station }) => station.icao));
  const reply = await askText(
    run,
    base,
    { path: awcBulkPath, file: awcBulkPath.replace(/\.gz$/, ""), source: "awc" },
    (text, file) => parseAwcBulk(text, file, icaos, now),
    known ?? undefined,
  );
  const { answer, content, file, outcome, isMangled } = reply;
  const reason = `status ${answer?.status}`;
  const absence = { message: `${withoutCredentials(file)}: ${reason}`, reason, unreachable: false };
  const failure = outcome === "absent" && isUrl(base) ? absence : reply.failure;
  if (failure) {
    await recordUnusable(run, { stationId: null, source: "awc", url: file, ...failure }, [answer]);
    return reply;
  }
  const failures = content?.find(({ icao }) => icao === null)?.failures ?? [];
  if (isMangled) failures.push(mangledFailure);
  await store.transaction(async () => {
    await recordRequests(run, "awc", null, [answer]);
    if (content === null) return;
    await storeFailures(store, { stationId: null, source: "awc", file }, failures, now);
    const { etag = null, lastModified = null } = answer ?? {};
    await writeFileRecord(store, { ...key, url: file, etag, lastModified, checkedTime: now });
  });
  if (content === null) return reply;
  summary.files++;
  summary.answered.live++;
  summary.failedChecks += failures.length;
  return reply;
}

/** Stores what is wrong with the rows of a station whose reports are not used. */
async function storeRejected(run: FetchRun, stationId: string, file: string, { failures }: LiveReports): Promise<void> {
  if (failures.length === 0) return;
  const of = { stationId, source: "awc", file };
  await run.store.transaction(() => storeFailures(run.store, of, failures, run.now));
  run.summary.failedChecks += failures.length;
}

/** The stations whose temperature of an hour is known. */
async function stationsWith({ store }: FetchRun, hour: number): Promise<Set<string>> {
  const rows = await store.all<{ stationId: string }>(
    "SELECT stationId FROM hours WHERE variable = 'temperature' AND validTime = $hour",
    { hour: timestamp(hour) },
  );
  return new Set(rows.map(({ stationId }) => stationId));
}
