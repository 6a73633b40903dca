import { type Variable, variables } from "../../model/vocabulary.js";
import type { Gap, StationHealth } from "../../shared/published/stationHealth.js";
import type { StationSummary } from "../../shared/published/stationSummary.js";
import { hourMs } from "../../shared/time.js";
import type { Published } from "./openPublished.js";

const shownHours = 60 * 24;
/** Longest lists: only the newest rows are listed; the published tables have all. */
const longest = { gaps: 50, corrections: 300, failures: 500, requests: 50 };

export async function stationHealth(published: Published, station: StationSummary): Promise<StationHealth> {
  const { query } = published;
  const { stationId } = station;
  const gaps = await gapsOf(published, station);
  const count = async (table: string) =>
    (
      await query<{ n: number }>(`SELECT count(*)::DOUBLE AS n FROM ${table} WHERE stationId = $stationId`, {
        stationId,
      })
    )[0]!.n;
  const [issues] = await query<StationHealth["issues"]>(
    `SELECT (count(*) FILTER (madeTime < issuedTime + ${hourMs}))::DOUBLE AS onTime,
       (count(*) FILTER (madeTime >= issuedTime + ${hourMs}))::DOUBLE AS late
     FROM (SELECT DISTINCT issuedTime, madeTime FROM forecasts WHERE stationId = $stationId)`,
    { stationId },
  );
  const [ledger] = await query<NonNullable<StationHealth["ledger"]>>(
    `SELECT max(entry) AS entries, max(time) AS time, arg_max(hash, entry) AS hash
     FROM ledger WHERE stationId = $stationId GROUP BY stationId`,
    { stationId },
  );
  return {
    schemaVersion: 1,
    station,
    hours: await observedFrom(published, stationId),
    gaps: gaps.slice(0, longest.gaps),
    gapCount: gaps.length,
    corrections: await query(
      `SELECT * EXCLUDE (stationId) FROM corrections WHERE stationId = $stationId
       ORDER BY validTime DESC, variable LIMIT ${longest.corrections}`,
      { stationId },
    ),
    correctionCount: await count("corrections"),
    failures: await query(
      `SELECT * EXCLUDE (stationId) FROM quarantine WHERE stationId = $stationId
       ORDER BY seenTime DESC, reportTime DESC, file, "row", "column", "check" LIMIT ${longest.failures}`,
      { stationId },
    ),
    failureCount: await count("quarantine"),
    failedRequests: await query(
      `SELECT * EXCLUDE (stationId, outcome) FROM requests WHERE stationId = $stationId AND outcome = 'failed'
       ORDER BY requestedTime DESC, url LIMIT ${longest.requests}`,
      { stationId },
    ),
    alarms: await query(
      "SELECT * EXCLUDE (stationId) FROM alarms WHERE stationId = $stationId ORDER BY time, variable",
      { stationId },
    ),
    issues: issues!,
    ledger: ledger ?? null,
  };
}

async function observedFrom({ query, manifest }: Published, stationId: string): Promise<StationHealth["hours"]> {
  const lastTime = Math.floor(manifest.asOf / hourMs) * hourMs;
  const firstTime = lastTime - (shownHours - 1) * hourMs;
  const rows = await query<{ validTime: number } & Record<Variable, string | null>>(
    `SELECT validTime, if(temperatureC IS NULL, NULL, temperatureSource) AS temperature,
       if(dewPointC IS NULL, NULL, dewPointSource) AS dewPoint
     FROM hours WHERE stationId = $stationId AND validTime BETWEEN $firstTime AND $lastTime`,
    { stationId, firstTime, lastTime },
  );
  const sources = [...new Set(rows.flatMap((row) => variables.map((variable) => row[variable])))]
    .filter((source) => source !== null)
    .sort();
  const observed = Object.fromEntries(
    variables.map((variable) => {
      const places: number[] = Array(shownHours).fill(-1);
      for (const row of rows) {
        const source = row[variable];
        if (source !== null) places[(row.validTime - firstTime) / hourMs] = sources.indexOf(source);
      }
      return [variable, places];
    }),
  ) as Record<Variable, number[]>;
  return { firstTime, sources, observed };
}

async function gapsOf({ query }: Published, { stationId, genesisTime }: StationSummary): Promise<Gap[]> {
  if (genesisTime === null) return [];
  return query<Gap>(
    `WITH observed AS (
       SELECT $genesisTime - ${hourMs} AS time
       UNION ALL
       SELECT validTime FROM hours
       WHERE stationId = $stationId AND temperatureC IS NOT NULL AND validTime >= $genesisTime
     )
     SELECT before + ${hourMs} AS firstTime, time - ${hourMs} AS lastTime, (time - before) / ${hourMs} - 1 AS hours
     FROM (SELECT time, lag(time) OVER (ORDER BY time) AS before FROM observed)
     WHERE time - before > ${hourMs} ORDER BY firstTime DESC`,
    { stationId, genesisTime },
  );
}
