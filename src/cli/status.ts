import { withoutCredentials } from "../data/http/address.js";
import { hiddenStationLines } from "../data/stations/hiddenStations.js";
import { type Store, timestamp } from "../data/store/store.js";
import { readLedgerHead } from "../pipeline/ledger/ledgerEntries.js";
import { comparedAlarms } from "../pipeline/publish/comparedAlarms.js";
import { readStore } from "../pipeline/run.js";
import { trainingStart } from "../pipeline/train/trainingStart.js";
import { alarmDays } from "../shared/alarmCause.js";
import { systemClock } from "../shared/clock.js";
import { type Config, isUrl } from "../shared/config.js";
import type { LedgerHead } from "../shared/published/ledgerIndex.js";
import type { AlarmRow } from "../shared/published/scoreTables.js";
import { dayMs, hourMs } from "../shared/time.js";
import { type NetworkStatus, networkStatus } from "./networkStatus.js";

/** Status of a station; times are ISO 8601, UTC. */
export interface StationStatus {
  id: string;
  icao: string | null;
  name: string;
  newestObservation: string | null;
  /** When the newest forecast was issued. */
  newestForecast: string | null;
  /** Hours without a temperature, from the training start to the newest observation. */
  hoursMissing: number;
  rowsQuarantined: number;
  /** Values that changed since they were first seen, and values that arrived too late to be learned. */
  valuesCorrected: number;
  valuesLate: number;
  /** Detected shifts of the model's errors. */
  alarms: number;
  /** Sources of the temperatures of the last seven days, most frequent first: `ghcnh 120, awc 48`. */
  sources: string;
  /** Requests of the last sixty days for this station alone. */
  requestsMade: number;
  requestsFailed: number;
  /** Requests that were not needed because the answer was known. */
  requestsSaved: number;
  bytesFetched: number;
}

/** An alarm of the last two weeks. */
export interface AlarmStatus {
  /** ICAO code, or the id of a station without one. */
  station: string;
  /** ISO 8601, UTC. */
  raised: string;
  variable: string;
  found: AlarmRow["side"];
  cause: AlarmRow["cause"];
}

/** Requests to a source in the last sixty days, for one station or for several. */
export interface SourceStatus
  extends Pick<StationStatus, "requestsMade" | "requestsFailed" | "requestsSaved" | "bytesFetched"> {
  source: string;
}

/** A run; times are ISO 8601, UTC. */
export interface RunStatus {
  command: string;
  started: string;
  /** Null while it runs, and when it was killed. */
  finished: string | null;
  seconds: number | null;
  outcome: string;
  message: string | null;
}

/** A file that a source did not have when it was last asked. */
export interface AbsenceStatus {
  source: string;
  /** ICAO code, or the id of a station without one. */
  station: string;
  /** The file, or the request to a live service, such as `metar/KATL`. */
  absent: string;
  /** ISO 8601, UTC. */
  asked: string;
  /** Addresses that were tried; empty for a folder. */
  address: string;
}

export interface Statuses {
  stations: StationStatus[];
  /** A line for each station that has stored hours but is not shown: why, and what to do. */
  notShown: string[];
  /** Newest first. */
  alarms: AlarmStatus[];
  /** The stations that only lend their observations; null without any. */
  network: NetworkStatus | null;
  /** Sources with requests, sorted by name. */
  sources: SourceStatus[];
  /** Sorted by source. */
  absences: AbsenceStatus[];
  /** The latest runs, newest first. */
  runs: RunStatus[];
  ledger: LedgerHead | null;
}

const newestRuns = 5;

/**
 * Reads the status of the configured store: stations, requests, absent files, latest runs and the head of the ledger.
 * Throws when nothing is stored, or another process is writing.
 */
export async function readStatuses(): Promise<Statuses> {
  return readStore(async (store, config) => ({
    stations: await stationStatuses(store, config, { now: systemClock().now() }),
    notShown: await hiddenStationLines(store, config),
    alarms: await recentAlarms(store, { now: systemClock().now() }),
    network: await networkStatus(store, { now: systemClock().now() }),
    sources: await sourceStatuses(store),
    absences: await absenceStatuses(store),
    runs: await runStatuses(store),
    ledger: await readLedgerHead(store),
  }));
}

/** The alarms of the last two weeks, newest first. */
async function recentAlarms(store: Store, { now }: { now: number }): Promise<AlarmStatus[]> {
  const alarms = await store.all<Omit<AlarmStatus, "raised"> & { raised: number }>(
    `SELECT coalesce(icao, stationId) AS station, time AS raised, variable, side AS "found", cause
     FROM (${comparedAlarms}) LEFT JOIN stations USING (stationId)
     WHERE time BETWEEN $since AND $now ORDER BY time DESC, station, variable`,
    { since: timestamp(now - alarmDays * dayMs), now: timestamp(now) },
  );
  return alarms.map((alarm) => ({ ...alarm, raised: isoTime(alarm.raised)! }));
}

/** Requests by source. */
export function sourceStatuses(store: Store): Promise<SourceStatus[]> {
  return store.all<SourceStatus>(
    `SELECT source, sum(made)::BIGINT AS requestsMade, sum(failed)::BIGINT AS requestsFailed,
       sum(saved)::BIGINT AS requestsSaved, sum(bytes)::BIGINT AS bytesFetched
     FROM (
       SELECT source, 1 AS made, (outcome = 'failed')::INTEGER AS failed, 0 AS saved, bytes FROM requests
       UNION ALL SELECT source, 0, 0, saved, 0 FROM requestsSaved
     ) GROUP BY source ORDER BY source`,
  );
}

/** Files that the sources do not have; the next run after a day asks for them again. */
export async function absenceStatuses(store: Store): Promise<AbsenceStatus[]> {
  const absences = await store.all<Omit<AbsenceStatus, "asked"> & { asked: number }>(
    `SELECT source, coalesce(icao, stationId) AS station, file AS absent, checkedTime AS asked, url AS address
     FROM files LEFT JOIN stations USING (stationId) ANTI JOIN networkStations USING (stationId)
     WHERE absent ORDER BY source, file`,
  );
  return absences.map(({ asked, address, ...absence }) => {
    const addresses = address.split(" ").map((url) => (isUrl(url) ? withoutCredentials(url) : ""));
    return { ...absence, asked: isoTime(asked)!, address: addresses.join(" ") };
  });
}

/** The latest runs, newest first. */
export async function runStatuses(store: Store): Promise<RunStatus[]> {
  const runs = await store.all<{ started: number; finished: number | null } & Omit<RunStatus, "started" | "finished">>(
    `SELECT command, startedTime AS started, finishedTime AS finished,
       round((epoch_ms(finishedTime) - epoch_ms(startedTime)) / 1000, 1) AS seconds, outcome, message
     FROM runs ORDER BY startedTime DESC LIMIT ${newestRuns}`,
  );
  return runs.map((run) => ({ ...run, started: isoTime(run.started)!, finished: isoTime(run.finished) }));
}

/** Status of the stored stations, sorted by id, without those that only lend their observations. */
export async function stationStatuses(
  store: Store,
  config: Pick<Config, "genesis">,
  { now }: { now: number },
): Promise<StationStatus[]> {
  const stations = await store.all<StationRow>(`
    SELECT stationId AS id, icao, name, newestObservation,
      (SELECT max(issuedTime) FROM forecasts WHERE stationId = s.stationId) AS newestForecast,
      coalesce((SELECT n FROM quarantinedRows WHERE stationId = s.stationId), 0) AS rowsQuarantined,
      (SELECT count(*) FROM corrections WHERE stationId = s.stationId AND corrections > 0) AS valuesCorrected,
      (SELECT count(*) FROM corrections WHERE stationId = s.stationId AND late) AS valuesLate,
      (SELECT count(*) FROM alarms WHERE stationId = s.stationId) AS alarms,
      coalesce((SELECT string_agg(source || ' ' || n, ', ' ORDER BY n DESC, source) FROM (
        SELECT source, count(*) AS n FROM hours
        WHERE stationId = s.stationId AND variable = 'temperature' AND value IS NOT NULL
          AND validTime > newestObservation - INTERVAL 7 DAY GROUP BY source)), '') AS sources,
      (SELECT count(*) FROM requests WHERE stationId = s.stationId) AS requestsMade,
      (SELECT count(*) FROM requests WHERE stationId = s.stationId AND outcome = 'failed') AS requestsFailed,
      (SELECT coalesce(sum(saved), 0)::BIGINT FROM requestsSaved WHERE stationId = s.stationId) AS requestsSaved,
      (SELECT coalesce(sum(bytes), 0)::BIGINT FROM requests WHERE stationId = s.stationId) AS bytesFetched
    FROM stations AS s LEFT JOIN (
      SELECT stationId, max(validTime) AS newestObservation FROM hours
      WHERE variable = 'temperature' AND value IS NOT NULL GROUP BY stationId
    ) USING (stationId) ANTI JOIN networkStations USING (stationId) ORDER BY stationId`);
  return Promise.all(
    stations.map(async ({ newestObservation: newest, newestForecast, ...station }) => {
      const start = await trainingStart(store, config, station.id, { now });
      const hoursMissing = newest === null ? 0 : await countMissing(store, station.id, start, newest);
      return { ...station, newestObservation: isoTime(newest), newestForecast: isoTime(newestForecast), hoursMissing };
    }),
  );
}

interface StationRow extends Omit<StationStatus, "newestObservation" | "newestForecast" | "hoursMissing"> {
  newestObservation: number | null;
  newestForecast: number | null;
}

async function countMissing(store: Store, stationId: string, start: number, newest: number): Promise<number> {
  const [row] = await store.all<{ observed: number }>(
    `SELECT count(*) AS observed FROM hours
     WHERE stationId = $stationId AND variable = 'temperature' AND value IS NOT NULL AND validTime >= $start`,
    { stationId, start: timestamp(start) },
  );
  return Math.max(0, (newest - start) / hourMs + 1 - row!.observed);
}

function isoTime(time: number | null): string | null {
  return time === null ? null : new Date(time).toISOString();
}
