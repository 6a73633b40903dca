import { isPresentOnly, isUrl } from "../../shared/config.js";
import { dayMs, hourMs, minuteMs } from "../../shared/time.js";
import { FileError } from "../http/fileError.js";
import { type OfficialForecast, parseOfficialForecast, parsePoint, pointPath } from "../sources/officialForecast.js";
import type { Failure } from "../sources/schemas.js";
import type { Station } from "../sources/source.js";
import { storeGuidance } from "../store/guidance.js";
import { isSimulated } from "../store/purgeSimulated.js";
import { type Store, timestamp } from "../store/store.js";
import { storeFailures } from "../validate/storeFile.js";
import { addressOf, isAbsent, isConfirmed, noteAbsent } from "./absence.js";
import { askJson, mangledFailure, type ServiceReply } from "./askJson.js";
import { countSaved, type FetchRun, fileFailure, forEachStation, recordRequests, recordUnusable } from "./fetchRun.js";
import { readFileRecord, writeFileRecord } from "./fileRecord.js";

/** A station's grid is requested again after this. */
const gridForMs = 30 * dayMs;
/** An older forecast is stale. */
const staleAfterMs = dayMs;
const skewMs = 5 * minuteMs;
/** A first hour further than this from the observation, °C, has another unit or place. */
const unlikeC = 20;

/**
 * Stores the current hourly forecasts of the National Weather Service, because nobody else keeps them. Its own server has
 * only the current forecast and is not asked by a run with an earlier clock.
 */
export async function fetchOfficialForecasts(run: FetchRun, stations: readonly Station[]): Promise<void> {
  const bases = run.config.sources.nws.filter((base) => !(run.clock.replaying && isPresentOnly(base)));
  // Simulated weather has no guidance.
  if (bases.length === 0 || (await isSimulated(run.store))) return;
  await forEachStation(run, "officialForecast", stations, (station) => fetchStation(run, bases, station));
}

async function fetchStation(run: FetchRun, bases: readonly string[], station: Station): Promise<void> {
  const { store } = run;
  // A thousand stations take minutes, and each forecast is stored with the time of its request.
  const now = run.clock.now();
  const { stationId } = station;
  const record = await readFileRecord(store, "nws", `forecast/${stationId}`);
  const issuedTime = Math.floor(now / hourMs) * hourMs;
  const isAnswered = record !== null && (!record.absent || bases.some((base) => isAbsent(run, record, base)));
  if (isAnswered && Math.floor(record.checkedTime / hourMs) * hourMs === issuedTime)
    return countSaved(run, "nws", stationId);
  // Only forecasts of observed stations can be verified.
  const [known] = await store.all<{ latitude: number; longitude: number }>(
    "SELECT latitude, longitude FROM stations SEMI JOIN hours USING (stationId) WHERE stationId = $stationId",
    { stationId },
  );
  if (!known) return;
  for (const base of bases) {
    const grid = await gridOf(run, base, station, known);
    if (grid === null || (grid !== "failed" && (await fetchForecast(run, base, station, grid)))) return;
  }
}

/** The path of the station's grid; null if the service has no forecast there. */
async function gridOf(
  run: FetchRun,
  base: string,
  station: Station,
  { latitude, longitude }: { latitude: number; longitude: number },
): Promise<string | null | "failed"> {
  const { store, now } = run;
  const { stationId } = station;
  const [known] = await store.all<{ path: string | null; checkedTime: number }>(
    "SELECT path, checkedTime FROM forecastGrids WHERE stationId = $stationId",
    { stationId },
  );
  if (known?.path && known.checkedTime <= now && now < known.checkedTime + gridForMs) {
    countSaved(run, "nws", stationId);
    return known.path;
  }
  const path = pointPath(latitude, longitude);
  const record = await readFileRecord(store, "nws", path);
  if (isAbsent(run, record, addressOf([base])) && (await isConfirmed(run, stationId, path))) {
    countSaved(run, "nws", stationId);
    noteAbsent(run, { source: "nws", what: "hourly forecast" }, station);
    return null;
  }
  const reply = await askJson(run, base, { path, file: `${path}.json`, source: "nws" }, parsePoint);
  if (await recordIfFailed(run, stationId, reply)) return "failed";
  const grid = reply.content;
  if (grid === null && !isUrl(base)) return "failed";
  await store.transaction(async () => {
    await recordRequests(run, "nws", stationId, [reply.answer]);
    const key = { source: "nws", file: path, stationId };
    await writeFileRecord(store, { ...key, url: reply.file, checkedTime: now, absent: grid === null });
    if (grid === null) return store.run("DELETE FROM forecastGrids WHERE stationId = $stationId", { stationId });
    const row = { stationId, path: grid, checkedTime: timestamp(now) };
    await store.run("INSERT OR REPLACE INTO forecastGrids VALUES ($stationId, $path, $checkedTime)", row);
  });
  if (grid === null) noteAbsent(run, { source: "nws", what: "hourly forecast" }, station);
  return grid;
}

/** @returns whether the base answered */
async function fetchForecast(run: FetchRun, base: string, station: Station, grid: string): Promise<boolean> {
  const { store } = run;
  const { stationId } = station;
  const key = { source: "nws", file: `forecast/${stationId}`, stationId };
  const record = await readFileRecord(store, "nws", key.file);
  const path = `${grid}/forecast/hourly`;
  const request = { path: `${path}?units=si`, file: `${path}.json`, source: "nws" } as const;
  const [saved] = await store.all(
    "SELECT 1 FROM guidanceRuns WHERE stationId = $stationId AND source = 'nws' LIMIT 1",
    { stationId },
  );
  const parse = async (body: unknown, file: string) => {
    const forecast = parseOfficialForecast(body, file);
    await throwIfImplausible(store, run.clock.now(), stationId, forecast, file);
    return forecast;
  };
  const reply = await askJson(run, base, request, parse, saved ? (record ?? undefined) : undefined);
  if (await recordIfFailed(run, stationId, reply)) return false;
  const { outcome, answer, content: forecast, file } = reply;
  const isAbsentHere = outcome === "absent";
  if (isAbsentHere && !isUrl(base)) return false;
  const now = run.clock.now();
  await store.transaction(async () => {
    await recordRequests(run, "nws", stationId, [answer]);
    // A missing grid has been redefined: the next run requests it.
    if (isAbsentHere) await store.run("DELETE FROM forecastGrids WHERE stationId = $stationId", { stationId });
    const { etag = null, lastModified = null } = (outcome === "unchanged" ? record : answer) ?? {};
    await writeFileRecord(store, { ...key, url: file, etag, lastModified, checkedTime: now, absent: isAbsentHere });
    if (!forecast) return;
    const { updateTime, generatedTime, hours } = forecast;
    const seen = { source: "nws", stationId, runTime: updateTime, publicTime: Math.min(generatedTime, now) };
    const values = hours.map((hour) => ({ ...hour, temperatureSpreadC: null }));
    await storeGuidance(store, [{ run: seen, hours: values }], now);
    const what = { schema: "OfficialForecast", check: "period" };
    const failures = forecast.problems.map((value): Failure => ({ ...fileFailure(value), ...what }));
    if (reply.isMangled) failures.push(mangledFailure);
    await storeFailures(store, { stationId, source: "nws", file }, failures, now);
  });
  if (forecast) run.summary.files++;
  if (isAbsentHere) noteAbsent(run, { source: "nws", what: "hourly forecast" }, station);
  return true;
}

/** @returns whether the reply failed */
async function recordIfFailed(
  run: FetchRun,
  stationId: string,
  { failure, file, answer }: ServiceReply<unknown>,
): Promise<boolean> {
  if (failure) await recordUnusable(run, { stationId, source: "officialForecast", url: file, ...failure }, [answer]);
  return failure !== null;
}

async function throwIfImplausible(
  store: Store,
  now: number,
  stationId: string,
  { generatedTime, updateTime, hours }: OfficialForecast,
  file: string,
): Promise<void> {
  if (Math.max(generatedTime, updateTime) > now + skewMs) throw new FileError(file, "is from the future");
  if (generatedTime < now - staleAfterMs || updateTime < now - 3 * staleAfterMs) throw new FileError(file, "is stale");
  const first = hours.find(({ validTime }) => validTime > now - hourMs);
  if (!first) throw new FileError(file, "forecasts nothing");
  const [observed] = await store.all<{ value: number }>(
    `SELECT value FROM hours WHERE stationId = $stationId AND variable = 'temperature' AND value IS NOT NULL
       AND validTime BETWEEN $now - INTERVAL 3 HOUR AND $now ORDER BY validTime DESC LIMIT 1`,
    { stationId, now: timestamp(now) },
  );
  if (observed && Math.abs(observed.value - first.temperatureC) > unlikeC) {
    throw new FileError(file, `begins with ${first.temperatureC} °C, but ${observed.value} °C was observed`);
  }
}
