import { type Cell, type Store, timestamp } from "../../data/store/store.js";
import { firstHourOfMonth, hourOf, monthOf } from "../../model/calendar.js";
import { modelVersion } from "../../model/forecaster/forecaster.js";
import {
  columnCount,
  columnOf,
  guidanceSources,
  maxLeadHours,
  publishedModel,
  type Variable,
  variables,
} from "../../model/vocabulary.js";
import { hourMs } from "../../shared/time.js";
import { guidanceValues } from "./modelInput.js";

/** SQL: a live forecast was made within the hour of its issue, before the first hour it forecasts. */
export const isOnTime = "madeTime < issuedTime + INTERVAL 1 HOUR";

/**
 * Scores the live forecasts that came due since the last call, and the guidance of the same hours as the model saw it: what
 * was public in an earlier hour, because guidance of the same hour may be newer than ours; imported guidance is left out. The
 * observations are the values that the model learned. Scores of forecasts by another version of the model stay separate.
 */
export async function scoreLive(store: Store): Promise<void> {
  await store.transaction(async () => {
    await store.run(dueForecasts);
    await findDueGuidance(store);
    await addSums(store, {
      table: "liveScores",
      key: ["stationId", "variable", "model", "modelVersion", "pairedWith", "leadHours", "month"],
      added: `
      WITH pairs AS (
        SELECT due.*, '' AS pairedWith, NULL::DOUBLE AS guidanceC FROM due
        UNION ALL
        SELECT due.*, source AS pairedWith, guidanceC
        FROM due JOIN dueGuidance USING (stationId, issuedTime, leadHours, variable)
      ), errors AS (
        SELECT stationId, variable, leadHours, date_trunc('month', validTime) AS month, scoredTime, pairedWith,
          UNNEST([
            {model: '${publishedModel}', error: valueC - observed},
            {model: 'persistence', error: origin - observed},
            {model: pairedWith, error: guidanceC - observed}]) AS one
        FROM pairs
      )
      SELECT stationId, variable, one.model AS model, ${modelVersion} AS modelVersion, pairedWith, leadHours, month,
        max(scoredTime) AS scoredTime,
        count(*)::INTEGER AS n,
        sum(abs(one.error)::DECIMAL(9, 3))::DECIMAL(18, 3) AS absoluteSum,
        sum(one.error::DECIMAL(9, 3))::DECIMAL(18, 3) AS errorSum,
        sum(one.error::DECIMAL(9, 3) * one.error::DECIMAL(9, 3))::DECIMAL(18, 6) AS squareSum
      FROM errors WHERE one.model <> '' GROUP BY ALL`,
      sums: ["n", "absoluteSum", "errorSum", "squareSum"],
    });
  });
}

/**
 * Adds sums of newly scored forecasts to a table of live scores.
 * @param added query with the columns of the table
 */
export async function addSums(
  store: Pick<Store, "run">,
  { table, key, added, sums }: { table: string; key: readonly string[]; added: string; sums: readonly string[] },
): Promise<void> {
  const isSame = key.map((column) => `old.${column} = newScores.${column}`).join(" AND ");
  await store.run(`CREATE OR REPLACE TEMP TABLE newScores AS ${added}`);
  await store.run(`
    CREATE OR REPLACE TEMP TABLE allScores AS
    SELECT ${key.join(", ")}, max(scoredTime) AS scoredTime, ${sums.map((name) => `sum(${name}) AS ${name}`).join(", ")}
    FROM (SELECT old.* FROM ${table} AS old SEMI JOIN newScores ON ${isSame} UNION ALL BY NAME FROM newScores)
    GROUP BY ALL`);
  await store.run(`DELETE FROM ${table} AS old USING newScores WHERE ${isSame}`);
  await store.run(`INSERT INTO ${table} BY NAME FROM allScores ORDER BY ALL`);
}

/** Table `dueGuidance`: the guidance of each source that was known when the forecasts in `due` were issued. */
async function findDueGuidance(store: Store): Promise<void> {
  await store.run(`
    CREATE OR REPLACE TEMP TABLE dueGuidance (
      stationId VARCHAR, issuedTime TIMESTAMP, leadHours UTINYINT, variable VARCHAR, source VARCHAR, guidanceC DOUBLE)`);
  const stations = await store.all<{ stationId: string; first: number; last: number }>(
    `SELECT stationId, epoch_ms(min(issuedTime))::DOUBLE AS first, epoch_ms(max(issuedTime))::DOUBLE AS last
     FROM due SEMI JOIN guidanceRuns USING (stationId) GROUP BY stationId ORDER BY stationId`,
  );
  for (const { stationId, first, last } of stations) {
    const guidance = await guidanceValues(store, stationId, hourOf(first), hourOf(last), { isLive: true });
    const due = await store.all<{ issuedTime: number; leadHours: number; variable: Variable }>(
      "SELECT DISTINCT issuedTime, leadHours, variable FROM due WHERE stationId = $stationId",
      { stationId },
    );
    const rows = due.flatMap(({ issuedTime, leadHours, variable }) => {
      const at = (hourOf(issuedTime) - hourOf(first)) * columnCount + columnOf(variables.indexOf(variable), leadHours);
      return guidanceSources.flatMap((source, i): Cell[][] => {
        const value = guidance[i]?.[at] ?? Number.NaN;
        return Number.isNaN(value) ? [] : [[stationId, issuedTime, leadHours, variable, source, value]];
      });
    });
    await store.append("dueGuidance", dueGuidanceColumns, rows);
  }
}

const dueGuidanceColumns = ["stationId", "issuedTime", "leadHours", "variable", "source", "guidanceC"];

/** Table `due`: live forecasts with the observation and the value at issue. */
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
  )
  SELECT issued.*, came.observed, origin.observed AS origin
  FROM issued
    JOIN observations AS came
      ON (came.stationId, came.validTime, came.variable) = (issued.stationId, issued.validTime, issued.variable)
    JOIN observations AS origin
      ON (origin.stationId, origin.validTime, origin.variable) = (issued.stationId, issued.issuedTime, issued.variable)`;

/** Deletes the scores of the month of an hour (since 1970) and later; the next scoring begins with that month. */
export async function rewindLiveScores(store: Pick<Store, "run">, stationId: string, hour: number): Promise<void> {
  const month = timestamp(firstHourOfMonth(monthOf(hour)) * hourMs);
  for (const table of ["liveScores", "liveExtremeScores"]) {
    await store.run(`DELETE FROM ${table} WHERE stationId = $stationId AND month >= $month`, { stationId, month });
    await store.run(
      `UPDATE ${table} SET scoredTime = least(scoredTime, $month - INTERVAL 1 HOUR) WHERE stationId = $stationId`,
      { stationId, month },
    );
  }
}
