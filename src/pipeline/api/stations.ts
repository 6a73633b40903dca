import { windowLengths } from "../../model/extremes/windows.js";
import { guidanceSources } from "../../model/vocabulary.js";
import type { StationSummary } from "../../shared/published/stationSummary.js";
import { hourMs } from "../../shared/time.js";
import type { Published } from "./openPublished.js";
import { leastDays } from "./weeklyScorecard.js";

/** Lengths of nights and days, milliseconds. */
const [night, day] = windowLengths.map((hours) => hours * hourMs) as [number, number];

export async function stationSummaries({ query, manifest }: Published): Promise<StationSummary[]> {
  return query<StationSummary>(
    `
    WITH ahead AS ( -- nights and days that are not half over
      SELECT stationId, kind, endTime, p50, if(kind = 'low', ${night}, ${day}) AS length
      FROM extremes JOIN stations USING (stationId)
      WHERE issuedTime = newestIssuedTime AND endTime - issuedTime > length / 2
    ), windows AS (
      SELECT stationId,
        arg_min(p50, endTime) FILTER (kind = 'low') AS lowC, min(endTime) FILTER (kind = 'low') AS nightEnd,
        arg_min(p50, endTime) FILTER (kind = 'high') AS highC, min(endTime) FILTER (kind = 'high') AS dayEnd
      FROM ahead GROUP BY stationId
    ), newest AS ( -- where there is no such window, lows and highs are of the next 24 hours
      SELECT stationId, leadHours, valueC, p90 - p10 AS spreadC, issuedTime + leadHours * ${hourMs} AS validTime,
        if(nightEnd IS NULL, leadHours <= 24, validTime BETWEEN nightEnd - ${night} AND nightEnd) AS inNight,
        if(dayEnd IS NULL, leadHours <= 24, validTime BETWEEN dayEnd - ${day} AND dayEnd) AS inDay
      FROM forecasts JOIN stations USING (stationId) LEFT JOIN windows USING (stationId)
      WHERE issuedTime = newestIssuedTime AND model = $model AND variable = 'temperature'
    ), hourly AS (
      SELECT stationId, min(valueC) FILTER (inNight) AS lowC, arg_min(validTime, valueC) FILTER (inNight) AS lowTime,
        max(valueC) FILTER (inDay) AS highC, arg_max(validTime, valueC) FILTER (inDay) AS highTime,
        round(any_value(spreadC) FILTER (leadHours = 24), 1) AS spread24C
      FROM newest GROUP BY stationId
    ), recent AS (
      SELECT stationId, round(arg_max(validationCorrected, time), 3) AS ewmae24C, max(time) AS ewmae24Time
      FROM ewmae WHERE model = $model AND variable = 'temperature' AND leadHours = 24 GROUP BY stationId
    ), errors AS (
      SELECT stationId, model, sum(mae * n) / sum(n) AS mae, sum(n) AS n
      FROM scores WHERE variable = 'temperature' AND leadHours = 24 GROUP BY ALL
    ), skills AS (
      SELECT stationId, any_value(mae) FILTER (model = $model) AS exact, round(exact, 3) AS mae24C,
        any_value(n) FILTER (model = $model) AS n24,
        round(1 - exact / min(mae) FILTER (model IN ('persistence', 'seasonalNaive')), 4) AS skill24
      FROM errors GROUP BY stationId
    ), compared AS (
      SELECT stationId, model, 1 - sum(publishedMae * n) / sum(mae * n) AS skill
      FROM dailyLosses WHERE variable = 'temperature' AND leadHours = 24
        AND model IN (${guidanceSources.map((source) => `'${source}'`)})
      GROUP BY ALL HAVING count(*) >= ${leastDays}
    ), guidanceSkills AS (
      SELECT stationId, round(min(skill), 4) AS guidanceSkill24 FROM compared GROUP BY stationId
    )
    SELECT CASE WHEN icao IS NOT NULL AND count(*) OVER (PARTITION BY icao) = 1 THEN icao ELSE stationId END AS key,
      stations.*, temperatureC, coalesce(windows.lowC, hourly.lowC) AS lowC, lowTime,
      coalesce(windows.highC, hourly.highC) AS highC, highTime, spread24C, ewmae24C, ewmae24Time, mae24C, n24, skill24,
      guidanceSkill24
    FROM stations
    LEFT JOIN (FROM hours SELECT stationId, validTime AS newestObservedTime, temperatureC)
      USING (stationId, newestObservedTime)
    LEFT JOIN hourly USING (stationId)
    LEFT JOIN windows USING (stationId)
    LEFT JOIN recent USING (stationId)
    LEFT JOIN skills USING (stationId)
    LEFT JOIN guidanceSkills USING (stationId)
    ORDER BY key`,
    { model: manifest.publishedModel },
  );
}
