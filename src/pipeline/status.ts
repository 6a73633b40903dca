import { systemClock } from "./clock.js";
import { type Config, loadConfig } from "./config.js";
import { genesisOf } from "./genesis.js";
import { type LedgerHead, readLedgerHead } from "./ledger/ledgerHead.js";
import { openStore, type Store, timestamp } from "./store.js";
import { textTable } from "./textTable.js";

/** How a station stands; times are ISO 8601, UTC. */
export interface StationStatus {
  id: string;
  icao: string | null;
  name: string;
  newestObservation: string | null;
  /** When the newest forecast was issued. */
  newestForecast: string | null;
  /** Hours without a temperature from genesis to the newest observation. */
  hoursMissing: number;
  rowsQuarantined: number;
  /** Values that have changed since they were first seen, and those that came too late to be learned. */
  valuesCorrected: number;
  valuesLate: number;
  /** Times at which the model's errors were found to have shifted. */
  alarms: number;
  /** Where the temperatures of the seven days up to the newest one came from, the most frequent first: `ghcnh 120, awc 48`. */
  sources: string;
  /** Requests of the last sixty days that were for this station alone. */
  requestsMade: number;
  requestsFailed: number;
  /** Requests not made because the answer was known. */
  requestsSaved: number;
  bytesFetched: number;
}

/** The newest run; times are ISO 8601, UTC. */
export interface RunStatus {
  command: string;
  started: string;
  finished: string | null;
  outcome: string;
  message: string | null;
}

export interface Statuses {
  stations: StationStatus[];
  run: RunStatus | null;
  ledger: LedgerHead | null;
}

const statusColumns = [
  "id",
  "icao",
  "newestObservation",
  "newestForecast",
  "hoursMissing",
  "rowsQuarantined",
  "valuesCorrected",
  "valuesLate",
  "alarms",
  "sources",
  "requestsMade",
  "requestsFailed",
  "requestsSaved",
  "bytesFetched",
] as const satisfies readonly (keyof StationStatus)[];

/** Opens the configured store and reads how its stations stand now, how the newest run ended and how far the ledger goes. */
export async function readStatuses(): Promise<Statuses> {
  const config = await loadConfig();
  const store = await openStore(config.home, { readOnly: true });
  try {
    const stations = await stationStatuses(store, config, { now: systemClock().now() });
    return { stations, run: await newestRun(store), ledger: await readLedgerHead(store) };
  } finally {
    store.close();
  }
}

/** All of it as text: a table of the stations, a line for the newest run and one for the head of the ledger. */
export function statusText({ stations, run, ledger }: Statuses): string {
  const told = run
    ? `newest run: ${run.command}, ${run.started} to ${run.finished ?? "…"}, ${run.outcome}${run.message ? `: ${run.message}` : ""}`
    : "newest run: none yet";
  const head = ledger
    ? `ledger: ${ledger.entries} entries, the newest of ${isoTime(ledger.time)}, head ${ledger.sha256}`
    : "ledger: no entry yet";
  return `${textTable(stations, statusColumns)}${told}\n${head}\n`;
}

async function newestRun(store: Store): Promise<RunStatus | null> {
  const [run] = await store.all<{ started: number; finished: number | null } & Omit<RunStatus, "started" | "finished">>(
    `SELECT command, startedTime AS started, finishedTime AS finished, outcome, message
     FROM runs ORDER BY startedTime DESC LIMIT 1`,
  );
  return run ? { ...run, started: isoTime(run.started)!, finished: isoTime(run.finished) } : null;
}

/** The stations stored, in the order of their ids. */
export async function stationStatuses(
  store: Store,
  config: Pick<Config, "genesis">,
  { now }: { now: number },
): Promise<StationStatus[]> {
  const stations = await store.all<{
    id: string;
    icao: string | null;
    name: string;
    observed: number | null;
    issued: number | null;
    rowsQuarantined: number;
    valuesCorrected: number;
    valuesLate: number;
    alarms: number;
    sources: string | null;
    requestsMade: number;
    requestsFailed: number;
    requestsSaved: number;
    bytesFetched: number;
  }>(
    `
    SELECT stationId AS id, icao, name, observed,
      (SELECT max(issuedTime) FROM forecasts WHERE stationId = s.stationId) AS issued,
      coalesce((SELECT n FROM quarantinedRows WHERE stationId = s.stationId), 0) AS rowsQuarantined,
      (SELECT count(*) FROM corrections WHERE stationId = s.stationId AND corrections > 0) AS valuesCorrected,
      (SELECT count(*) FROM corrections WHERE stationId = s.stationId AND late) AS valuesLate,
      (SELECT count(*) FROM alarms WHERE stationId = s.stationId) AS alarms,
      (SELECT string_agg(source || ' ' || n, ', ' ORDER BY n DESC, source) FROM (
        SELECT source, count(*) AS n FROM hours
        WHERE stationId = s.stationId AND variable = 'temperature' AND value IS NOT NULL
          AND validTime > observed - INTERVAL 7 DAY GROUP BY source)) AS sources,
      (SELECT count(*) FROM requests WHERE stationId = s.stationId) AS requestsMade,
      (SELECT count(*) FROM requests WHERE stationId = s.stationId AND outcome = 'failed') AS requestsFailed,
      (SELECT coalesce(sum(bytes), 0)::BIGINT FROM requests WHERE stationId = s.stationId) AS bytesFetched,
      (SELECT coalesce(sum(saved), 0)::BIGINT FROM requestsSaved WHERE stationId = s.stationId) AS requestsSaved
    FROM stations AS s LEFT JOIN (
      SELECT stationId, max(validTime) AS observed FROM hours
      WHERE variable = 'temperature' AND value IS NOT NULL GROUP BY stationId
    ) USING (stationId) ORDER BY stationId`,
  );
  return Promise.all(
    stations.map(async ({ observed, issued, ...station }) => ({
      id: station.id,
      icao: station.icao,
      name: station.name,
      newestObservation: isoTime(observed),
      newestForecast: isoTime(issued),
      hoursMissing:
        observed === null
          ? 0
          : await countMissing(store, station.id, await genesisOf(store, config, station.id, { now }), observed),
      rowsQuarantined: station.rowsQuarantined,
      valuesCorrected: station.valuesCorrected,
      valuesLate: station.valuesLate,
      alarms: station.alarms,
      sources: station.sources ?? "",
      requestsMade: station.requestsMade,
      requestsFailed: station.requestsFailed,
      requestsSaved: station.requestsSaved,
      bytesFetched: station.bytesFetched,
    })),
  );
}

async function countMissing(store: Store, stationId: string, genesis: number, newest: number): Promise<number> {
  const [row] = await store.all<{ observed: number }>(
    `SELECT count(*) AS observed FROM hours
     WHERE stationId = $stationId AND variable = 'temperature' AND value IS NOT NULL AND validTime >= $genesis`,
    { stationId, genesis: timestamp(genesis) },
  );
  return Math.max(0, (newest - genesis) / 3_600_000 + 1 - row!.observed);
}

function isoTime(time: number | null): string | null {
  return time === null ? null : new Date(time).toISOString();
}
