import { systemClock } from "./clock.js";
import { type Config, loadConfig } from "./config.js";
import { genesisOf } from "./genesis.js";
import { type LedgerHead, readLedgerHead } from "./ledger/ledgerHead.js";
import { openStore, type Store, timestamp } from "./store.js";

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
  requestsMade: number;
  /** Requests not made because the answer was known. */
  requestsSaved: number;
}

export const statusColumns = [
  "id",
  "icao",
  "newestObservation",
  "newestForecast",
  "hoursMissing",
  "rowsQuarantined",
  "valuesCorrected",
  "valuesLate",
  "alarms",
  "requestsMade",
  "requestsSaved",
] as const satisfies readonly (keyof StationStatus)[];

/** Opens the configured store and reads how its stations stand now, and how far the ledger goes. */
export async function readStatuses(): Promise<{ stations: StationStatus[]; ledger: LedgerHead | null }> {
  const config = await loadConfig();
  const store = await openStore(config.home, { readOnly: true });
  try {
    const stations = await stationStatuses(store, config, { now: systemClock().now() });
    return { stations, ledger: await readLedgerHead(store) };
  } finally {
    store.close();
  }
}

/** The head of the ledger in one line. */
export function ledgerText(ledger: LedgerHead | null): string {
  if (!ledger) return "ledger: no entry yet\n";
  return `ledger: ${ledger.entries} entries, the newest of ${isoTime(ledger.time)}, head ${ledger.sha256}\n`;
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
    requestsMade: number;
    requestsSaved: number;
  }>(`
    SELECT stationId AS id, icao, name,
      (SELECT max(validTime) FROM hours
        WHERE stationId = s.stationId AND variable = 'temperature' AND value IS NOT NULL) AS observed,
      (SELECT max(issuedTime) FROM forecasts WHERE stationId = s.stationId) AS issued,
      coalesce((SELECT n FROM quarantinedRows WHERE stationId = s.stationId), 0) AS rowsQuarantined,
      (SELECT count(*) FROM corrections WHERE stationId = s.stationId AND corrections > 0) AS valuesCorrected,
      (SELECT count(*) FROM corrections WHERE stationId = s.stationId AND late) AS valuesLate,
      (SELECT count(*) FROM alarms WHERE stationId = s.stationId) AS alarms,
      (SELECT count(*) FROM requests WHERE stationId = s.stationId) AS requestsMade,
      (SELECT coalesce(sum(saved), 0)::BIGINT FROM requestsSaved WHERE stationId = s.stationId) AS requestsSaved
    FROM stations s ORDER BY stationId`);
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
      requestsMade: station.requestsMade,
      requestsSaved: station.requestsSaved,
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
