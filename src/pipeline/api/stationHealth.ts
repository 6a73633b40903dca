import { type Variable, variables } from "../../model/vocabulary.js";
import type { Gap, StationHealth } from "../../shared/published/stationHealth.js";
import type { StationSummary } from "../../shared/published/stationSummary.js";
import { hourMs } from "../../shared/time.js";
import { type Published, rowsByStation } from "./openPublished.js";

const shownHours = 60 * 24;
/** Longest lists: only the newest rows are listed; the published tables have all. */
const longest = { gaps: 50, corrections: 300, failures: 500, requests: 50 };

/** `/api/<key>/health.json` of several stations, in their order. */
export async function stationHealths(
  published: Published,
  stations: readonly StationSummary[],
): Promise<StationHealth[]> {
  const rows = <Row>(sql: string, values = {}) => rowsByStation<Row>(published, stations, sql, values);
  const counts = (table: string) =>
    rows<{ n: number }>(
      `SELECT stationId, count(*)::DOUBLE AS n FROM ${table} WHERE stationId IN $stations GROUP BY stationId`,
    );
  /** The first `limit` rows of each station, in the given order. */
  const first = <Row>(table: string, order: string, limit: number) =>
    rows<Row>(
      `FROM ${table} WHERE stationId IN $stations
       QUALIFY row_number() OVER (PARTITION BY stationId ORDER BY ${order}) <= ${limit} ORDER BY stationId, ${order}`,
    );
  const [observed, gaps] = [await observedHours(published, stations), await gapsOf(published, stations)];
  const corrections = await first<StationHealth["corrections"][number]>(
    "corrections",
    "validTime DESC, variable",
    longest.corrections,
  );
  const failures = await first<StationHealth["failures"][number]>(
    "quarantine",
    'seenTime DESC, reportTime DESC, file, "row", "column", "check"',
    longest.failures,
  );
  const failedRequests = await first<StationHealth["failedRequests"][number]>(
    "(SELECT * EXCLUDE (outcome) FROM requests WHERE outcome = 'failed')",
    "requestedTime DESC, url",
    longest.requests,
  );
  const [correctionCount, failureCount] = [await counts("corrections"), await counts("quarantine")];
  const alarms = await rows<StationHealth["alarms"][number]>(
    "FROM alarms WHERE stationId IN $stations ORDER BY stationId, time, variable",
  );
  const timeliness = await rows<StationHealth["issues"]>(
    `SELECT stationId, (count(*) FILTER (madeTime < issuedTime + ${hourMs}))::DOUBLE AS onTime,
       (count(*) FILTER (madeTime >= issuedTime + ${hourMs}))::DOUBLE AS late
     FROM (SELECT DISTINCT stationId, issuedTime, madeTime FROM forecasts WHERE stationId IN $stations)
     GROUP BY stationId`,
  );
  const ledger = await rows<NonNullable<StationHealth["ledger"]>>(
    `SELECT stationId, max(entry) AS entries, max(time) AS time, arg_max(hash, entry) AS hash
     FROM ledger WHERE stationId IN $stations GROUP BY stationId`,
  );
  return stations.map((station) => ({
    schemaVersion: 1,
    station,
    hours: observed(station),
    gaps: gaps(station).slice(0, longest.gaps),
    gapCount: gaps(station).length,
    corrections: corrections(station),
    correctionCount: correctionCount(station)[0]?.n ?? 0,
    failures: failures(station),
    failureCount: failureCount(station)[0]?.n ?? 0,
    failedRequests: failedRequests(station),
    alarms: alarms(station),
    issues: timeliness(station)[0] ?? { onTime: 0, late: 0 },
    ledger: ledger(station)[0] ?? null,
  }));
}

async function observedHours(
  published: Published,
  stations: readonly StationSummary[],
): Promise<(station: StationSummary) => StationHealth["hours"]> {
  const lastTime = Math.floor(published.manifest.asOf / hourMs) * hourMs;
  const firstTime = lastTime - (shownHours - 1) * hourMs;
  const rowsOf = await rowsByStation<{ validTime: number } & Record<Variable, string | null>>(
    published,
    stations,
    `SELECT stationId, validTime, if(temperatureC IS NULL, NULL, temperatureSource) AS temperature,
       if(dewPointC IS NULL, NULL, dewPointSource) AS dewPoint
     FROM hours WHERE stationId IN $stations AND validTime BETWEEN $firstTime AND $lastTime`,
    { firstTime, lastTime },
  );
  return (station) => {
    const rows = rowsOf(station);
    const sources = [...new Set(rows.flatMap((row) => variables.map((variable) => row[variable])))]
      .filter((source) => source !== null)
      .sort();
    const observed = Object.fromEntries(
      variables.map((variable) => {
        const indices: number[] = Array(shownHours).fill(-1);
        for (const row of rows) {
          const source = row[variable];
          if (source !== null) indices[(row.validTime - firstTime) / hourMs] = sources.indexOf(source);
        }
        return [variable, indices];
      }),
    ) as Record<Variable, number[]>;
    return { firstTime, sources, observed };
  };
}

/** Runs of hours without a temperature since the training start, newest first. */
async function gapsOf(
  published: Published,
  stations: readonly StationSummary[],
): Promise<(station: StationSummary) => Gap[]> {
  return rowsByStation<Gap>(
    published,
    stations,
    `WITH observed AS (
       SELECT stationId, genesisTime - ${hourMs} AS time FROM stations
       WHERE stationId IN $stations AND genesisTime IS NOT NULL
       UNION ALL
       SELECT stationId, validTime FROM hours JOIN stations USING (stationId)
       WHERE stationId IN $stations AND temperatureC IS NOT NULL AND validTime >= genesisTime
     )
     SELECT stationId, before + ${hourMs} AS firstTime, time - ${hourMs} AS lastTime,
       (time - before) / ${hourMs} - 1 AS hours
     FROM (SELECT stationId, time, lag(time) OVER (PARTITION BY stationId ORDER BY time) AS before FROM observed)
     WHERE time - before > ${hourMs} ORDER BY stationId, firstTime DESC`,
  );
}
