import type { Cell, Store } from "../../data/store/store.js";
import { binOf } from "../../model/extremes/extremeScores.js";
import { eventCame, eventOdds, frostC } from "../../model/extremes/odds.js";
import {
  type ExtremeKind,
  extremeKinds,
  mayBeMissing,
  windowLengths,
  windowNumber,
} from "../../model/extremes/windows.js";
import { modelVersion } from "../../model/forecaster/forecaster.js";
import { crps } from "../../model/scores/crps.js";
import { medianIndex, quantileNames } from "../../model/vocabulary.js";
import { binColumns } from "./appendResult.js";
import { addSums, isOnTime } from "./liveScores.js";

/**
 * Scores the live forecasts of lows and highs whose windows have ended since the last call. The truth is the extreme of the
 * values that the model learned, those of stuck sensors included. Scores of forecasts by another version of the model stay
 * separate.
 */
export async function scoreLiveExtremes(store: Store): Promise<void> {
  const ended = await store.all<EndedForecast>(endedForecasts);
  if (ended.length === 0) return;
  await store.transaction(async () => {
    await store.run(
      `CREATE OR REPLACE TEMP TABLE endedForecasts (stationId VARCHAR, kind VARCHAR, windowNumber UTINYINT,
         endTime TIMESTAMP, scoredTime TIMESTAMP, error DOUBLE, crps DOUBLE, bin INTEGER, brier DOUBLE)`,
    );
    await store.append("endedForecasts", scoreColumns, ended.map(scoreOf));
    const bins = binColumns.map((name, bin) => `count(*) FILTER (bin = ${bin})::INTEGER AS ${name}`);
    await addSums(store, {
      table: "liveExtremeScores",
      key: ["stationId", "kind", "windowNumber", "month", "modelVersion"],
      added: `
        SELECT stationId, kind, windowNumber, date_trunc('month', endTime) AS month, ${modelVersion} AS modelVersion,
          max(scoredTime) AS scoredTime, count(*)::INTEGER AS n, sum(error::DECIMAL(9, 3)) AS errorSum,
          sum(abs(error)::DECIMAL(9, 3)) AS absoluteSum, sum(crps::DECIMAL(9, 3)) AS crpsSum, ${bins.join(", ")},
          count(brier)::INTEGER AS oddsN, coalesce(sum(brier::DECIMAL(9, 3)), 0) AS brierSum
        FROM endedForecasts GROUP BY ALL`,
      sums: ["n", "errorSum", "absoluteSum", "crpsSum", ...binColumns, "oddsN", "brierSum"],
    });
  });
}

interface EndedForecast extends Record<(typeof quantileNames)[number], number> {
  stationId: string;
  kind: ExtremeKind;
  leadHours: number;
  endTime: number;
  scoredTime: number;
  heatC: number | null;
  truth: number;
}

const scoreColumns = ["stationId", "kind", "windowNumber", "endTime", "scoredTime", "error", "crps", "bin", "brier"];

function scoreOf(row: EndedForecast): Cell[] {
  const { stationId, leadHours, endTime, scoredTime, truth } = row;
  const kind = extremeKinds.indexOf(row.kind);
  const quantiles = quantileNames.map((name) => row[name]);
  const thresholdC = row.kind === "low" ? frostC : (row.heatC ?? Number.NaN);
  const brier = (eventOdds(kind, quantiles, thresholdC) - eventCame(kind, truth, thresholdC)) ** 2;
  return [
    stationId,
    row.kind,
    windowNumber(kind, leadHours),
    endTime,
    scoredTime,
    quantiles[medianIndex]! - truth,
    crps(quantiles, truth),
    binOf(quantiles, truth),
    Number.isNaN(brier) ? null : brier,
  ];
}

/** SQL: hours from the first to the last of a window. */
const length = `CASE kind ${extremeKinds.map((kind, k) => `WHEN '${kind}' THEN ${windowLengths[k]}`).join(" ")} END`;

/** Live forecasts of windows that have ended, with what came. */
const endedForecasts = `
  WITH scored AS (SELECT stationId, max(scoredTime) AS time FROM liveExtremeScores GROUP BY stationId),
  learned AS (SELECT stationId, max(throughTime) AS scoredTime FROM snapshots GROUP BY stationId),
  ended AS (
    SELECT extremes.*, scoredTime FROM extremes JOIN learned USING (stationId) LEFT JOIN scored USING (stationId)
      SEMI JOIN (FROM issues WHERE ${isOnTime}) AS onTime USING (stationId, issuedTime)
    WHERE endTime <= scoredTime AND (time IS NULL OR endTime > time)
  ),
  windows AS (
    SELECT DISTINCT stationId, kind, endTime, endTime - to_hours(${length}) AS startTime, ${length} AS length FROM ended
  ),
  truths AS (
    SELECT stationId, kind, endTime, if(kind = 'low', min(value), max(value)) AS truth
    FROM modelHours JOIN windows USING (stationId)
    WHERE variable = 'temperature' AND learned AND value IS NOT NULL AND validTime BETWEEN startTime AND endTime
      AND validTime >= (SELECT min(startTime) FROM windows)
    GROUP BY stationId, kind, endTime, length HAVING count(*) >= length + 1 - ${mayBeMissing}
  )
  SELECT stationId, kind, date_diff('hour', issuedTime, endTime)::INTEGER AS "leadHours",
    epoch_ms(endTime)::DOUBLE AS "endTime", epoch_ms(scoredTime)::DOUBLE AS "scoredTime", "heatC", truth,
    ${quantileNames.join(", ")}
  FROM ended JOIN truths USING (stationId, kind, endTime)`;
