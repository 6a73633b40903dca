import type { DataHealth, SourceTraffic, StationTrust } from "../../shared/published/dataHealth.js";
import type { StationSummary } from "../../shared/published/stationSummary.js";
import { dayMs, hourMs } from "../../shared/time.js";
import { ledgerHead } from "./ledgerFiles.js";
import type { Published } from "./openPublished.js";
import { stationWarnings } from "./stationWarnings.js";

/** Number of runs listed: two days of hourly runs. */
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
      { since: asOf - dayMs },
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
  const alarms = await query<
    { stationId: string } & Pick<StationTrust, "alarms" | "newestAlarmTime" | "newestAlarmCause">
  >(
    `SELECT stationId, count(*)::DOUBLE AS alarms, max(time) AS newestAlarmTime,
       arg_max(cause, (time, variable)) AS newestAlarmCause FROM alarms GROUP BY stationId`,
  );
  const traffic = await query<{ stationId: string } & Pick<StationTrust, "requested" | "failed" | "saved" | "bytes">>(
    `SELECT stationId, sum(fetched + unchanged + absent + failed) AS requested, sum(failed) AS failed, sum(saved) AS saved,
       sum(bytes) AS bytes FROM traffic WHERE stationId IS NOT NULL GROUP BY stationId`,
  );
  const warnings = await stationWarnings(query, { ...manifest, schema: "stored" });
  const byStation = <Row extends { stationId: string }>(rows: readonly Row[]) =>
    new Map(rows.map(({ stationId, ...row }) => [stationId, row] as const));
  const [alarmsOf, trafficOf] = [byStation(alarms), byStation(traffic)];
  const weeks = new Map<string, Record<string, number>>();
  for (const { stationId, source, n } of bySource) weeks.set(stationId, { ...weeks.get(stationId), [source]: n });
  return stations.map(({ key, stationId }) => ({
    key,
    weekBySource: weeks.get(stationId) ?? {},
    ...(alarmsOf.get(stationId) ?? { alarms: 0, newestAlarmTime: null, newestAlarmCause: null }),
    ...(trafficOf.get(stationId) ?? { requested: 0, failed: 0, saved: 0, bytes: 0 }),
    warnings: warnings.filter(({ stationIds }) => stationIds.includes(stationId)).map(({ text }) => text),
  }));
}
