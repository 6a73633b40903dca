import { type Store, timestamp } from "../../data/store/store.js";
import { firstHourOfMonth, monthOf } from "../../model/calendar.js";
import { officialForHours } from "../../model/features/officialHours.js";
import { modelVersion } from "../../model/forecaster/forecaster.js";
import { maxLeadHours, publishedModel } from "../../model/vocabulary.js";
import { hourMs } from "../../shared/time.js";

/** SQL: a live forecast was made within the hour of its issue, before the first hour it forecasts. */
export const isOnTime = "madeTime < issuedTime + INTERVAL 1 HOUR";

/**
 * Scores the live forecasts that came due since the last call, and the official forecasts of the same hours: the newest
 * first seen in an earlier hour, as the model saw it, because one of the same hour may be newer than ours. The
 * observations are the values that the model learned. Scores of forecasts by another version of the model stay separate.
 */
export async function scoreLive(store: Pick<Store, "run" | "transaction">): Promise<void> {
  await store.transaction(async () => {
    await store.run(dueForecasts);
    await store.run(`
      CREATE OR REPLACE TEMP TABLE newLiveScores AS
      WITH errors AS (
        SELECT stationId, variable, leadHours, date_trunc('month', validTime) AS month, scoredTime, pairing.paired,
          UNNEST([
            {model: '${publishedModel}', error: valueC - observed},
            {model: 'persistence', error: origin - observed},
            {model: 'official', error: officialC - observed}]) AS one
        FROM due, (VALUES (false), (true)) AS pairing(paired)
        WHERE officialC IS NOT NULL OR NOT pairing.paired
      )
      SELECT stationId, variable, one.model AS model, ${modelVersion} AS modelVersion, paired, leadHours, month,
        max(scoredTime) AS scoredTime,
        count(*)::INTEGER AS n,
        sum(abs(one.error)::DECIMAL(9, 3))::DECIMAL(18, 3) AS absoluteSum,
        sum(one.error::DECIMAL(9, 3))::DECIMAL(18, 3) AS errorSum,
        sum(one.error::DECIMAL(9, 3) * one.error::DECIMAL(9, 3))::DECIMAL(18, 6) AS squareSum
      FROM errors WHERE paired OR one.model <> 'official' GROUP BY ALL`);
    const key = ["stationId", "variable", "model", "modelVersion", "paired", "leadHours", "month"];
    const isSame = key.map((column) => `old.${column} = newLiveScores.${column}`).join(" AND ");
    await store.run(`
      CREATE OR REPLACE TEMP TABLE allLiveScores AS
      SELECT ${key.join(", ")}, max(scoredTime) AS scoredTime, sum(n)::INTEGER AS n,
        sum(absoluteSum)::DECIMAL(18, 3) AS absoluteSum, sum(errorSum)::DECIMAL(18, 3) AS errorSum,
        sum(squareSum)::DECIMAL(18, 6) AS squareSum
      FROM (SELECT old.* FROM liveScores AS old SEMI JOIN newLiveScores ON ${isSame} UNION ALL BY NAME FROM newLiveScores)
      GROUP BY ALL`);
    await store.run(`DELETE FROM liveScores AS old USING newLiveScores WHERE ${isSame}`);
    await store.run("INSERT INTO liveScores BY NAME FROM allLiveScores ORDER BY ALL");
  });
}

/** Table `due`: live forecasts with the observation, the value at issue, and the official forecast known then. */
const dueForecasts = `
  CREATE OR REPLACE TEMP TABLE due AS
  WITH scored AS (SELECT stationId, max(scoredTime) AS time FROM liveScores GROUP BY stationId),
  periods AS (
    SELECT stationId, min(issuedTime) AS issuedFrom, max(time) AS scoredBefore,
      (SELECT max(throughTime) FROM snapshots WHERE stationId = issues.stationId) AS scoredTime
    FROM issues LEFT JOIN scored USING (stationId)
    WHERE ${isOnTime} AND (time IS NULL OR issuedTime > time - INTERVAL ${maxLeadHours} HOUR)
    GROUP BY stationId
  ),
  issued AS (
    SELECT stationId, issuedTime, issuedTime + to_hours(leadHours) AS validTime, variable, leadHours, valueC, scoredTime
    FROM forecasts JOIN periods USING (stationId)
      SEMI JOIN (FROM issues WHERE ${isOnTime}) AS onTime USING (stationId, issuedTime)
    WHERE issuedTime >= issuedFrom AND issuedTime + to_hours(leadHours) <= scoredTime
      AND (scoredBefore IS NULL OR issuedTime + to_hours(leadHours) > scoredBefore)
  ),
  observations AS (
    SELECT stationId, validTime, variable, value AS observed FROM modelHours JOIN periods USING (stationId)
    WHERE learned AND value IS NOT NULL AND validTime >= issuedFrom
  ),
  standing AS (SELECT DISTINCT stationId, issuedTime AS officialTime FROM officialForecasts)
  SELECT issued.*, came.observed, origin.observed AS origin,
    if(issued.variable = 'temperature', official.temperatureC, official.dewPointC) AS officialC
  FROM issued
    JOIN observations AS came
      ON (came.stationId, came.validTime, came.variable) = (issued.stationId, issued.validTime, issued.variable)
    JOIN observations AS origin
      ON (origin.stationId, origin.validTime, origin.variable) = (issued.stationId, issued.issuedTime, issued.variable)
    ASOF LEFT JOIN standing ON standing.stationId = issued.stationId AND standing.officialTime < issued.issuedTime
    LEFT JOIN officialForecasts AS official
      ON official.stationId = issued.stationId AND official.issuedTime = standing.officialTime
      AND official.leadHours = date_diff('hour', standing.officialTime, issued.validTime)
      AND standing.officialTime >= issued.issuedTime - INTERVAL ${officialForHours} HOUR`;

/** Deletes the scores of the month of an hour (since 1970) and later; the next scoring begins with that month. */
export async function rewindLiveScores(store: Pick<Store, "run">, stationId: string, hour: number): Promise<void> {
  const month = timestamp(firstHourOfMonth(monthOf(hour)) * hourMs);
  await store.run("DELETE FROM liveScores WHERE stationId = $stationId AND month >= $month", { stationId, month });
  await store.run(
    `UPDATE liveScores SET scoredTime = least(scoredTime, $month - INTERVAL 1 HOUR) WHERE stationId = $stationId`,
    { stationId, month },
  );
}
