import { measureNames, measures } from "../../shared/measures.js";
import { hourMs, minuteMs } from "../../shared/time.js";
import { type Store, timestamp } from "../store/store.js";

/** The hour of a report, epoch milliseconds: the nearest whole one, so 00:51 counts as 01:00. */
export function hourOf(reportTime: number): number {
  return Math.floor((reportTime + 30 * minuteMs) / hourMs) * hourMs;
}

const hourOfReport = "date_trunc('hour', reportTime + INTERVAL 30 MINUTE)";

/** GHCNh first, because NOAA corrects it; AWC and then NWS for the newest days; ISD for the rest. */
const sourceRank = "CASE source WHEN 'ghcnh' THEN 0 WHEN 'awc' THEN 1 WHEN 'nws' THEN 2 ELSE 3 END";

/** Routine reports, then synoptic ones (mostly copies on the hour), then the rest, then specials. */
const typeRank = `CASE
  WHEN reportType IN ('FM15', 'SAO') THEN 0
  WHEN reportType IN ('FM12', 'FM14') THEN 1
  WHEN reportType IN ('FM16', 'SAOSP') THEN 3
  ELSE 2 END`;

const distanceMs = "abs(epoch_ms(reportTime) - epoch_ms(validTime))";
/** Reports this close to the hour are as good as at the hour. */
export const closeMs = 15 * minuteMs;

/** Among reports within 15 minutes of the hour the type decides, then source and correction; otherwise the distance. */
const bestFirst = `
  CASE WHEN ${distanceMs} <= ${closeMs} THEN 0 ELSE ${distanceMs} END,
  ${typeRank}, ${sourceRank}, corrected DESC, ${distanceMs}, reportTime`;

const columns = measureNames.map((measure) => `${measures[measure].column} AS ${measure}`).join(", ");

/**
 * Chooses the value of every hour that the given reports touch, one per hour and measure, never an average, and writes
 * changes to `hours`. The first seen value of an hour stays. Call it within a transaction.
 * @param changed a table with the `reportTime` of each report of the station that is new or has changed
 * @param seenTime epoch milliseconds
 * @returns how many values are new or changed
 */
export async function updateHours(store: Store, stationId: string, changed: string, seenTime: number): Promise<number> {
  await store.run(
    `
    CREATE OR REPLACE TEMP TABLE chosen AS
    WITH touched AS (SELECT DISTINCT ${hourOfReport} AS validTime FROM ${changed}),
    candidates AS (
      SELECT * FROM (
        SELECT ${hourOfReport} AS validTime, source, reportTime, reportType, corrected, ${columns}
        FROM reports
        WHERE stationId = $stationId
          AND reportTime >= (SELECT min(validTime) FROM touched) - INTERVAL 30 MINUTE
          AND reportTime < (SELECT max(validTime) FROM touched) + INTERVAL 30 MINUTE
      ) UNPIVOT (value FOR variable IN (${measureNames.join(", ")}))
      SEMI JOIN touched USING (validTime)
    )
    SELECT * FROM candidates
    QUALIFY row_number() OVER (
      PARTITION BY validTime, variable
      ORDER BY ${bestFirst}
    ) = 1
    ORDER BY validTime, variable`,
    { stationId },
  );
  const updated = await store.run(
    `
    UPDATE hours SET
      value = chosen.value,
      source = chosen.source,
      reportTime = chosen.reportTime,
      reportType = chosen.reportType,
      corrections = corrections + (hours.value IS DISTINCT FROM chosen.value)::INTEGER
    FROM chosen
    WHERE hours.stationId = $stationId AND hours.validTime = chosen.validTime AND hours.variable = chosen.variable
      AND (hours.value, hours.source, hours.reportTime, hours.reportType)
        IS DISTINCT FROM (chosen.value, chosen.source, chosen.reportTime, chosen.reportType)`,
    { stationId },
  );
  // No report has a value for these hours any more.
  const withdrawn = await store.run(
    `
    UPDATE hours SET value = NULL, corrections = corrections + 1
    WHERE stationId = $stationId AND value IS NOT NULL
      AND validTime IN (SELECT ${hourOfReport} FROM ${changed})
      AND NOT EXISTS (
        FROM chosen WHERE chosen.validTime = hours.validTime AND chosen.variable = hours.variable
      )`,
    { stationId },
  );
  const added = await store.run(
    `
    INSERT INTO hours
      (stationId, validTime, variable, firstValue, firstSource, firstSeenTime, value, source, reportTime, reportType, entry)
    SELECT $stationId, validTime, variable, value, source, $seenTime, value, source, reportTime, reportType,
      (SELECT coalesce(max(entry), 0) + 1 FROM ledger WHERE stationId = $stationId)
    FROM chosen
    WHERE NOT EXISTS (
      FROM hours WHERE hours.stationId = $stationId
        AND hours.validTime = chosen.validTime AND hours.variable = chosen.variable
    )`,
    { stationId, seenTime: timestamp(seenTime) },
  );
  return updated + withdrawn + added;
}
