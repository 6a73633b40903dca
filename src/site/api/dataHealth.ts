import type { LedgerHead } from "../../pipeline/ledger/ledgerHead.js";
import { stationWarnings } from "../../pipeline/publish/stationWarnings.js";
import type { QuarantineRow, RunRow } from "../../shared/published/published.js";
import type { Published } from "../published/published.js";
import { ledgerHead } from "./ledgerFiles.js";
import type { StationSummary } from "./stations.js";

/** `/api/health.json`: whether what is shown can be trusted; what `stations.json` says of a station is not said again. */
export interface DataHealth {
  schemaVersion: 1;
  /** The run's clock, epoch milliseconds. */
  asOf: number;
  simulated: boolean;
  /** In the order of `stations.json`. */
  stations: StationTrust[];
  /** Of what was asked in the last 60 days, by source. */
  sources: SourceTraffic[];
  /** What validation has found, over all stations, the most frequent first. */
  checks: FailedCheck[];
  /** The newest runs, newest first. */
  runs: RunRow[];
  ledger: LedgerHead | null;
}

export interface StationTrust {
  key: string;
  /** Temperatures of the last seven days up to `asOf`, by where they came from; what is left of 168 is missing. */
  weekBySource: Record<string, number>;
  /** Alarms ever, and the newest of them. */
  alarms: number;
  newestAlarmTime: number | null;
  /** Requests of the last 60 days that were for this station alone. */
  requested: number;
  failed: number;
  saved: number;
  bytes: number;
  /** What is wrong with the newest forecast, or any other number, of this station. */
  warnings: string[];
}

export interface SourceTraffic {
  source: string;
  fetched: number;
  unchanged: number;
  absent: number;
  failed: number;
  /** Requests not made because the answer was known. */
  saved: number;
  bytes: number;
  /** Mean wait for an answer. */
  seconds: number | null;
  /** Of the last 24 hours. */
  dayRequested: number;
  dayFailed: number;
  /** The newest failure of the last seven days. */
  failure: { time: number; url: string; message: string | null } | null;
}

export interface FailedCheck extends Pick<QuarantineRow, "source" | "schema" | "column" | "check" | "severity"> {
  n: number;
  stations: number;
  /** When the newest was first seen. */
  newestTime: number;
}

const hourMs = 3_600_000;
/** Runs told of: two days of hourly ones. */
const newestRuns = 48;

export async function dataHealth(published: Published, stations: readonly StationSummary[]): Promise<DataHealth> {
  const { query, manifest } = published;
  const { asOf, simulated } = manifest;
  return {
    schemaVersion: 1,
    asOf,
    simulated,
    stations: await stationTrust(published, stations),
    sources: await query<SourceTraffic>(
      `WITH counted AS (
         SELECT source, sum(fetched) AS fetched, sum(unchanged) AS unchanged, sum(absent) AS absent, sum(failed) AS failed,
           sum(saved) AS saved, sum(bytes) AS bytes, sum(seconds) AS waited FROM traffic GROUP BY source
       ), today AS (
         SELECT source, count(*)::DOUBLE AS dayRequested, (count(*) FILTER (outcome = 'failed'))::DOUBLE AS dayFailed
         FROM requests WHERE requestedTime > $since GROUP BY source
       ), failures AS (
         SELECT source, arg_max({time: requestedTime, url: url, message: message}, requestedTime) AS failure
         FROM requests WHERE outcome = 'failed' GROUP BY source
       )
       SELECT source, fetched, unchanged, absent, failed, saved, bytes,
         round(waited / nullif(fetched + unchanged + absent + failed, 0), 3) AS seconds,
         coalesce(dayRequested, 0) AS dayRequested, coalesce(dayFailed, 0) AS dayFailed, failure
       FROM counted LEFT JOIN today USING (source) LEFT JOIN failures USING (source) ORDER BY source`,
      { since: asOf - 24 * hourMs },
    ),
    checks: await query(
      `SELECT source, schema, "column", "check", severity, count(*)::DOUBLE AS n,
         count(DISTINCT stationId)::DOUBLE AS stations, max(seenTime) AS newestTime
       FROM quarantine GROUP BY ALL ORDER BY n DESC, source, schema, "column", "check", severity`,
    ),
    runs: await query(`SELECT * FROM runs ORDER BY startedTime DESC LIMIT ${newestRuns}`),
    ledger: await ledgerHead(published),
  };
}

async function stationTrust(
  { query, manifest }: Published,
  stations: readonly StationSummary[],
): Promise<StationTrust[]> {
  const { asOf } = manifest;
  const values = { since: asOf - 168 * hourMs, asOf };
  const bySource = await query<{ stationId: string; source: string; n: number }>(
    `SELECT stationId, temperatureSource AS source, count(*)::DOUBLE AS n FROM hours
     WHERE temperatureC IS NOT NULL AND validTime > $since AND validTime <= $asOf GROUP BY ALL ORDER BY n DESC, source`,
    values,
  );
  const alarms = await query<{ stationId: string; alarms: number; newestAlarmTime: number }>(
    "SELECT stationId, count(*)::DOUBLE AS alarms, max(time) AS newestAlarmTime FROM alarms GROUP BY stationId",
  );
  const traffic = await query<{ stationId: string } & Pick<StationTrust, "requested" | "failed" | "saved" | "bytes">>(
    `SELECT stationId, sum(fetched + unchanged + absent + failed) AS requested, sum(failed) AS failed, sum(saved) AS saved,
       sum(bytes) AS bytes FROM traffic WHERE stationId IS NOT NULL GROUP BY stationId`,
  );
  const warnings = await stationWarnings(query, { ...manifest, schema: "stored" });
  const of = <Row extends { stationId: string }>(rows: readonly Row[]) =>
    new Map(rows.map(({ stationId, ...row }) => [stationId, row] as const));
  const [alarmsOf, trafficOf] = [of(alarms), of(traffic)];
  const weeks = new Map<string, Record<string, number>>();
  for (const { stationId, source, n } of bySource) weeks.set(stationId, { ...weeks.get(stationId), [source]: n });
  return stations.map(({ key, stationId }) => ({
    key,
    weekBySource: weeks.get(stationId) ?? {},
    ...(alarmsOf.get(stationId) ?? { alarms: 0, newestAlarmTime: null }),
    ...(trafficOf.get(stationId) ?? { requested: 0, failed: 0, saved: 0, bytes: 0 }),
    warnings: warnings.filter(({ stationIds }) => stationIds.includes(stationId)).map(({ text }) => text),
  }));
}
