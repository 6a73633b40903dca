import { requestDays } from "../../data/store/deleteOldRows.js";
import { guidanceForHours, guidanceLeads } from "../../model/features/guidanceHours.js";
import { ewmaeDays, fastRate } from "../../model/scores/ewmae.js";
import { publishedModel } from "../../model/vocabulary.js";
import type { PublishedTable } from "../../shared/published/published.js";
import { isOnTime } from "../train/liveScores.js";
import { comparedAlarms } from "./comparedAlarms.js";

/** SQL: leaves out the current month of a station trained past the clock, because its scores use later observations. */
const monthsKnown = `(month < date_trunc('month', $now)
      OR stationId NOT IN (SELECT stationId FROM snapshots WHERE throughTime > $now))`;

/** SQL: the same for the current day. */
const daysKnown = `(day < date_trunc('day', $now)
      OR stationId NOT IN (SELECT stationId FROM snapshots WHERE throughTime > $now))`;

/** Number of worst misses published for each month, at most one per day. */
const missesPerMonth = 3;

/** Ledger entries with more values record a long history; only their digest is published. */
const maxListedValues = 500;

/**
 * SQL: columns of scores rounded to so many decimals. Their errors of sampling are a hundred times larger, and a Parquet
 * file is half as large when values repeat.
 */
function rounded(columns: readonly string[], decimals = 3): string {
  return columns.map((column) => `round(${column}::DOUBLE, ${decimals})::FLOAT AS ${column}`).join(", ");
}

const errors = ["mae", "bias", "rmse"];
const calibrationScores = [
  "crps",
  "pinballP025",
  "pinballP10",
  "pinballP25",
  "pinballP50",
  "pinballP75",
  "pinballP90",
  "pinballP975",
];

const extremeErrors = ["bias", "mae", "crps", "untrackedCrps", "beforeMae", "climatologyMae", "climatologyCrps"];
const extremeBriers = ["brier", "untrackedBrier", "beforeBrier", "climatologyBrier"];

/** SQL: an average before the correction for its start at 0, from its rounded value, which is all that is published. */
function rawEwmae(corrected: string): string {
  return `round(round(${corrected}::DOUBLE, 3) * (1 - pow(1 - ${fastRate}::DOUBLE, n)), 3)::FLOAT`;
}

/**
 * The query for each published table. Each ends with its order, so that equal content has equal bytes. `publish` fills in
 * `$now`, `$maxLead` and `$simulated`.
 */
export const tableQueries: Record<PublishedTable, string> = {
  stations: `
    WITH trained AS (SELECT stationId, max(genesisTime) AS genesisTime FROM snapshots GROUP BY stationId),
      observed AS (SELECT stationId, max(validTime) AS newestObservedTime
        FROM seen WHERE variable = 'temperature' GROUP BY stationId),
      counted AS (
        SELECT stationId, count(*)::INTEGER AS hoursObserved
        FROM seen JOIN trained USING (stationId)
        WHERE variable = 'temperature' AND validTime >= genesisTime GROUP BY stationId),
      issued AS (
        SELECT stationId, max(issuedTime) AS newestIssuedTime FROM forecasts WHERE issuedTime <= $now GROUP BY stationId),
      changed AS (
        SELECT stationId, count(*) FILTER (corrections > 0)::INTEGER AS valuesCorrected,
          count(*) FILTER (late)::INTEGER AS valuesLate
        FROM corrections GROUP BY stationId)
    -- An old or restored store may hold invalid codes.
    SELECT stationId, if(regexp_full_match(icao, '[A-Z0-9]{4}'), icao, NULL) AS icao, name, latitude, longitude,
      elevationM, timeZone, genesisTime, newestObservedTime, dueTime, reportedHours, newestIssuedTime,
      coalesce(hoursObserved, 0) AS hoursObserved,
      greatest(0, coalesce(date_diff('hour', genesisTime, newestObservedTime) + 1 - hoursObserved, 0))::INTEGER
        AS hoursMissing,
      coalesce(quarantinedRows.n, 0) AS rowsQuarantined, coalesce(valuesCorrected, 0) AS valuesCorrected,
      coalesce(valuesLate, 0) AS valuesLate, $simulated AS simulated
    FROM stations JOIN observed USING (stationId) JOIN habits USING (stationId) LEFT JOIN trained USING (stationId)
      LEFT JOIN counted USING (stationId) LEFT JOIN issued USING (stationId) LEFT JOIN changed USING (stationId)
      LEFT JOIN quarantinedRows USING (stationId)
    ORDER BY stationId`,
  hours: `
    SELECT stationId, validTime, any_value(value) FILTER (variable = 'temperature') AS temperatureC,
      any_value(value) FILTER (variable = 'dewPoint') AS dewPointC,
      any_value(source) FILTER (variable = 'temperature') AS temperatureSource,
      any_value(source) FILTER (variable = 'dewPoint') AS dewPointSource
    FROM seen GROUP BY stationId, validTime HAVING temperatureC IS NOT NULL OR dewPointC IS NOT NULL
    ORDER BY stationId, validTime`,
  corrections: `
    SELECT stationId, validTime, variable, firstValue, firstSource, firstSeenTime, value, source, reportTime, corrections,
      late
    FROM corrections WHERE validTime BETWEEN $now - INTERVAL 60 DAY AND $now ORDER BY stationId, validTime, variable`,
  learnedHours: `
    SELECT stationId, validTime,
      any_value(value) FILTER (variable = 'temperature') AS temperatureC,
      any_value(value) FILTER (variable = 'dewPoint') AS dewPointC,
      any_value(value) FILTER (variable = 'seaLevelPressure') AS seaLevelPressureHpa,
      any_value(value) FILTER (variable = 'windSpeed') AS windSpeedMs,
      any_value(value) FILTER (variable = 'windDirection') AS windDirectionDeg,
      any_value(value) FILTER (variable = 'cloudCover') AS cloudCoverOktas
    FROM modelHours WHERE learned AND value IS NOT NULL AND validTime <= $now
    GROUP BY stationId, validTime ORDER BY stationId, validTime`,
  anomalies: `
    WITH newest AS (
      SELECT stationId, arg_max(value, hours.validTime) FILTER (variable = 'temperature') AS temperatureC,
        arg_max(value, hours.validTime) FILTER (variable = 'windSpeed') AS windSpeedMs,
        arg_max(value, hours.validTime) FILTER (variable = 'windDirection') AS windDirectionDeg
      FROM hours JOIN networkAnomalies USING (stationId)
      WHERE hours.validTime BETWEEN networkAnomalies.validTime - INTERVAL 3 HOUR AND networkAnomalies.validTime GROUP BY stationId)
    SELECT stationId, if(regexp_full_match(icao, '[A-Z0-9]{4}'), icao, NULL) AS icao, name, latitude, longitude, validTime,
      temperatureC, temperatureAnomalyC, dewPointAnomalyC, pressureAnomalyHpa, pressureChangeHpa, windSpeedMs,
      windDirectionDeg
    FROM networkAnomalies JOIN stations USING (stationId) LEFT JOIN newest USING (stationId) ORDER BY stationId`,
  forecasts: `
    SELECT stationId, issuedTime, madeTime, leadHours::INTEGER AS leadHours, variable, model, valueC,
      p025, p10, p25, if(p25 IS NULL, NULL, valueC) AS p50, p75, p90, p975
    FROM (SELECT *, '${publishedModel}' AS model FROM forecasts UNION ALL BY NAME SELECT * FROM baselines)
      JOIN issues USING (stationId, issuedTime)
    WHERE issuedTime <= $now AND leadHours <= $maxLead ORDER BY stationId, issuedTime, model, variable, leadHours`,
  extremes: `
    FROM extremes WHERE issuedTime <= $now ORDER BY stationId, issuedTime, kind, endTime`,
  drawRanks: `
    FROM drawRanks ORDER BY stationId`,
  evenings: `
    SELECT evenings.stationId, issuedTime, madeTime, ${isOnTime} AS live, kind, endTime, digest,
      if(issuedTime BETWEEN issuedFrom AND issuedThrough, entry, NULL) AS entry, p025, p10, p25, p50, p75, p90, p975, frost,
      persistenceC, nbmC, nwsC, otherC, if(endTime <= $now, truthC, NULL) AS truthC,
      if(endTime <= $now, hoursMissing::INTEGER, NULL) AS hoursMissing
    -- The first entry with forecasts since this one was made; entries of relearned hours come later.
    FROM evenings ASOF LEFT JOIN (
      FROM ledger SELECT stationId, time, entry, issuedFrom, issuedThrough
      WHERE issuedFrom IS NOT NULL AND time <= $now) AS recorded
      ON evenings.stationId = recorded.stationId AND madeTime <= recorded.time
    WHERE issuedTime <= $now ORDER BY stationId, issuedTime, kind DESC`,
  guidance: `
    SELECT stationId, source, issuedTime, runTime, publicTime, imported, leadHours::INTEGER AS leadHours, temperatureC,
      dewPointC, temperatureSpreadC, entry
    FROM guidanceSeen WHERE issuedTime BETWEEN $now - INTERVAL 60 DAY AND $now
    ORDER BY stationId, source, issuedTime, leadHours`,
  learnedGuidance: `
    SELECT stationId, source, issuedTime, leadHours::INTEGER AS leadHours, temperatureC::FLOAT AS temperatureC,
      dewPointC::FLOAT AS dewPointC
    FROM guidanceSeen JOIN (
      SELECT stationId, max(genesisTime) AS genesisTime, max(throughTime) AS throughTime
      FROM snapshots WHERE throughTime <= $now GROUP BY stationId) USING (stationId)
    LEFT JOIN ( -- stations that have yet to learn newer guidance of the past
      SELECT stationId, max(entry) AS learnedEntry FROM ledger SEMI JOIN learnAgain USING (stationId)
      WHERE issuedFrom IS NOT NULL GROUP BY stationId) USING (stationId)
    WHERE issuedTime >= genesisTime - INTERVAL ${guidanceForHours + guidanceLeads} HOUR AND issuedTime < throughTime
      AND entry <= coalesce(learnedEntry, entry)
    ORDER BY stationId, source, issuedTime, leadHours`,
  scores: `
    SELECT stationId, variable, model, leadHours::INTEGER AS leadHours, month, n, ${rounded(errors)}
    FROM scores WHERE ${monthsKnown} AND leadHours <= $maxLead ORDER BY ALL`,
  liveScores: `
    SELECT stationId, variable, model, modelVersion::INTEGER AS modelVersion, nullif(pairedWith, '') AS pairedWith, leadHours::INTEGER AS leadHours,
      month, n, (absoluteSum / n)::FLOAT AS mae, (errorSum / n)::FLOAT AS bias, sqrt(squareSum / n)::FLOAT AS rmse
    FROM liveScores WHERE ${monthsKnown} AND leadHours <= $maxLead ORDER BY ALL`,
  scoresByHour: `
    SELECT stationId, variable, model, leadHours::INTEGER AS leadHours, month, hourOfDay::INTEGER AS hourOfDay, n,
      ${rounded(errors, 2)}
    FROM scoresByHour WHERE ${monthsKnown} ORDER BY ALL`,
  calibration: `
    SELECT * REPLACE (leadHours::INTEGER AS leadHours, ${rounded(calibrationScores)}) FROM calibration WHERE ${monthsKnown} ORDER BY ALL`,
  calibrationByHour: `
    SELECT * REPLACE (leadHours::INTEGER AS leadHours, hourOfDay::INTEGER AS hourOfDay, ${rounded(calibrationScores)})
    FROM calibrationByHour WHERE ${monthsKnown} ORDER BY ALL`,
  dailyLosses: `
    SELECT stationId, variable, leadHours::INTEGER AS leadHours, model, day, n::INTEGER AS n, round(mae, 2)::FLOAT AS mae,
      round(publishedMae, 2)::FLOAT AS publishedMae
    FROM dailyLosses WHERE ${daysKnown} AND leadHours <= $maxLead ORDER BY ALL`,
  extremeScores: `
    SELECT * REPLACE (windowNumber::INTEGER AS windowNumber, ${rounded(extremeErrors)},
      ${rounded(extremeBriers, 4)})
    FROM extremeScores WHERE ${monthsKnown} ORDER BY ALL`,
  liveExtremeScores: `
    SELECT stationId, kind, windowNumber::INTEGER AS windowNumber, month, modelVersion::INTEGER AS modelVersion, n,
      (errorSum / n)::FLOAT AS bias, (absoluteSum / n)::FLOAT AS mae, (crpsSum / n)::FLOAT AS crps,
      belowP025, belowP10, belowP25, belowP50, belowP75, belowP90, belowP975, aboveP975,
      oddsN, (brierSum / nullif(oddsN, 0))::FLOAT AS brier
    FROM liveExtremeScores WHERE ${monthsKnown} ORDER BY ALL`,
  extremeOdds: `
    SELECT * REPLACE (windowNumber::INTEGER AS windowNumber, tenth::INTEGER AS tenth)
    FROM extremeOdds WHERE ${monthsKnown} ORDER BY ALL`,
  questionScores: `
    SELECT * REPLACE (windowNumber::INTEGER AS windowNumber, ${rounded(["meanError", "meanAbsoluteError", "crps", "commonCrps"])},
      ${rounded(["brier", "commonBrier"], 4)})
    FROM questionScores WHERE ${monthsKnown} ORDER BY ALL`,
  worstMisses: `
    SELECT stationId, variable, leadHours::INTEGER AS leadHours, validTime, round(forecastC, 2)::FLOAT AS forecastC,
      round(observedC, 2)::FLOAT AS observedC, round(p025, 2)::FLOAT AS p025, round(p975, 2)::FLOAT AS p975
    FROM worstMisses WHERE ${daysKnown} AND leadHours <= $maxLead
    QUALIFY row_number() OVER (PARTITION BY stationId, variable, leadHours, date_trunc('month', day)
      ORDER BY abs(worstMisses.forecastC - worstMisses.observedC) DESC, worstMisses.validTime) <= ${missesPerMonth}
    ORDER BY stationId, variable, leadHours, validTime`,
  ewmae: `
    SELECT stationId, variable, model, leadHours::INTEGER AS leadHours, time, n,
      ${rawEwmae("validationCorrected")} AS validation, ${rawEwmae("trainingCorrected")} AS training,
      ${rounded(["validationCorrected", "trainingCorrected", "validationSlow"])}
    FROM (FROM ewmae ANTI JOIN newestEwmae USING (stationId, variable, model, leadHours, time)
      UNION ALL BY NAME FROM newestEwmae) WHERE time <= $now ORDER BY ALL`,
  ewmaeHours: `
    SELECT stationId, variable, leadHours::INTEGER AS leadHours, time, validationCorrected, trainingCorrected
    FROM ewmaeHours WHERE time <= $now
    QUALIFY time > max(time) OVER (PARTITION BY stationId) - INTERVAL ${ewmaeDays} DAY ORDER BY ALL`,
  expertWeights: `
    SELECT * REPLACE (leadHours::INTEGER AS leadHours)
    FROM (FROM expertWeights ANTI JOIN newestExpertWeights USING (stationId, variable, model, leadHours, time)
      UNION ALL BY NAME FROM newestExpertWeights)
    WHERE time <= $now AND leadHours <= $maxLead ORDER BY ALL`,
  alarms: `FROM (${comparedAlarms}) WHERE time <= $now ORDER BY ALL`,
  snapshots: `
    SELECT snapshotId, parentId, stationId, throughTime, hoursConsumed, hoursDigest, configDigest, stateBytes, kept
    FROM snapshots WHERE throughTime <= $now ORDER BY stationId, throughTime`,
  ledger: "FROM ledger WHERE time <= $now ORDER BY stationId, entry",
  ledgerValues: `
    SELECT stationId, entry, validTime, variable, firstValue AS value, firstSource AS source, firstSeenTime AS seenTime
    FROM hours JOIN (FROM ledger SELECT stationId, entry WHERE time <= $now AND seen <= ${maxListedValues})
      USING (stationId, entry)
    ORDER BY stationId, entry, validTime, variable`,
  models: "FROM models ORDER BY stationId",
  weights: "SELECT * REPLACE (round(weight, 3)::FLOAT AS weight) FROM stateWeights ORDER BY ALL",
  explanations: `
    SELECT * REPLACE (leadHours::INTEGER AS leadHours) FROM explanations WHERE leadHours <= $maxLead
    ORDER BY stationId, variable, leadHours, part`,
  quarantine: "FROM quarantine ORDER BY ALL",
  requests: `
    SELECT runId, source, stationId, url, status, bytes, seconds, outcome, message, requestedTime
    FROM requests WHERE requestedTime BETWEEN $now - INTERVAL 7 DAY AND $now ORDER BY requestedTime, runId, source, url, outcome, seconds`,
  traffic: `
    SELECT date_trunc('day', time) AS day, source, stationId,
      count(*) FILTER (outcome = 'fetched')::INTEGER AS fetched,
      count(*) FILTER (outcome = 'unchanged')::INTEGER AS unchanged,
      count(*) FILTER (outcome = 'absent')::INTEGER AS absent, count(*) FILTER (outcome = 'failed')::INTEGER AS failed,
      coalesce(sum(saved), 0)::INTEGER AS saved, coalesce(sum(bytes), 0)::BIGINT AS bytes,
      coalesce(sum(seconds::DECIMAL(12, 3)), 0)::DOUBLE AS seconds
    FROM (
      SELECT requestedTime AS time, source, stationId, outcome, bytes, seconds FROM requests
      UNION ALL BY NAME
      SELECT "asOf" AS time, source, stationId, saved FROM requestsSaved JOIN runs USING (runId)
    )
    WHERE time BETWEEN $now - INTERVAL ${requestDays} DAY AND $now GROUP BY ALL ORDER BY ALL`,
  runs: `
    SELECT runId, command, startedTime, finishedTime, "asOf", outcome, message, coalesce(requested, 0) AS requested,
      coalesce(failed, 0) AS failed, coalesce(saved, 0) AS saved, coalesce(bytes, 0) AS bytes
    FROM runs
      LEFT JOIN (SELECT runId, count(*)::INTEGER AS requested, count(*) FILTER (outcome = 'failed')::INTEGER AS failed,
        sum(bytes)::BIGINT AS bytes FROM requests GROUP BY runId) USING (runId)
      LEFT JOIN (SELECT runId, sum(saved)::INTEGER AS saved FROM requestsSaved GROUP BY runId) USING (runId)
    WHERE startedTime > $now - INTERVAL ${requestDays} DAY ORDER BY startedTime`,
};

/** The rows that some tables gather in columns: they change with the table and are faster to read. */
export const gatheredQueries: Partial<Record<PublishedTable, string>> = {
  hours: "SELECT stationId, validTime, variable, value, source FROM seen WHERE variable IN ('temperature', 'dewPoint')",
  learnedHours: `
    SELECT stationId, validTime, variable, value FROM modelHours
    WHERE learned AND value IS NOT NULL AND validTime <= $now`,
};
