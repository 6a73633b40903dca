import { guidanceForHours, guidanceLeads } from "../../model/features/guidanceHours.js";
import type { StationSummary } from "../../shared/published/stationSummary.js";
import { type Published, rowsByStation } from "./openPublished.js";

/** Writes `/api/<key>/hours.parquet`: every hour with an observation; °C, UTC. */
export async function writeObservedHours(
  { copy }: Published,
  { stationId }: StationSummary,
  file: string,
): Promise<void> {
  await copy(
    `SELECT validTime, temperatureC, dewPointC, temperatureSource, dewPointSource FROM stored.hours
     WHERE stationId = $stationId ORDER BY validTime`,
    file,
    { stationId },
  );
}

/**
 * Writes `/api/<key>/learnedHours.parquet`: a station's hours with observations, with the values that its model
 * learned, in order. Columns as in table `learnedHours`. Replaying them gives the published state.
 */
export async function writeLearnedHours({ copy }: Published, station: StationSummary, file: string): Promise<void> {
  await copy(
    `SELECT * EXCLUDE (stationId) FROM stored.learnedHours
     WHERE stationId = $stationId AND validTime >= make_timestamp($genesisTime::BIGINT * 1000) ORDER BY validTime`,
    file,
    { stationId: station.stationId, genesisTime: station.genesisTime },
  );
}

/** Counts the runs of guidance that each station's model has used. */
export async function guidanceRunCounts(
  published: Pick<Published, "query">,
  stations: readonly StationSummary[],
): Promise<(station: StationSummary) => number> {
  const counts = await rowsByStation<{ n: number }>(
    published,
    stations,
    `SELECT stationId, count(DISTINCT (source, issuedTime))::DOUBLE AS n FROM learnedGuidance
     WHERE stationId IN $stations GROUP BY stationId`,
  );
  return (station) => counts(station)[0]?.n ?? 0;
}

/**
 * Writes `/api/<key>/learnedGuidance.parquet`: the guidance that a station's model has used. Columns as in table
 * `learnedGuidance`; `guidanceHours` gives what the model uses at each hour.
 */
export async function writeLearnedGuidance(
  { copy }: Published,
  { stationId }: StationSummary,
  file: string,
): Promise<void> {
  await copy(
    `SELECT * EXCLUDE (stationId) FROM stored.learnedGuidance
     WHERE stationId = $stationId ORDER BY source, issuedTime, leadHours`,
    file,
    { stationId },
  );
}

/** Writes `/api/<key>/guidance.parquet`: the part of it that past forecasts in `issues.parquet` knew. */
export async function writeRecentGuidance(
  { copy }: Published,
  { stationId }: StationSummary,
  file: string,
): Promise<void> {
  await copy(
    `SELECT * EXCLUDE (stationId) FROM stored.learnedGuidance
     WHERE stationId = $stationId AND issuedTime > (
       SELECT max(issuedTime) FROM stored.forecasts WHERE stationId = $stationId) - to_hours($hours::INTEGER)
     ORDER BY source, issuedTime, leadHours`,
    file,
    { stationId, hours: forecastDays * 24 + guidanceForHours + guidanceLeads },
  );
}

/**
 * Writes `/api/<key>/ewmae.parquet`: a station's EWMAE at every hour of the last weeks. Columns as in table
 * `ewmaeHours`.
 */
export async function writeEwmae({ copy }: Published, station: StationSummary, file: string): Promise<void> {
  await copy(
    `SELECT * EXCLUDE (stationId) FROM stored.ewmaeHours WHERE stationId = $stationId
    ORDER BY variable, leadHours, time`,
    file,
    { stationId: station.stationId },
  );
}

/**
 * Writes `/api/<key>/ewmaeHistory.parquet`: the EWMAE of the published model since the start of training, corrected for its
 * start at 0. Columns as in table `ewmae`.
 */
export async function writeEwmaeHistory(
  { copy, manifest }: Published,
  { stationId }: StationSummary,
  file: string,
): Promise<void> {
  await copy(
    `SELECT variable, leadHours, time, n, validationCorrected, trainingCorrected, validationSlow FROM stored.ewmae
     WHERE stationId = $stationId AND model = $model ORDER BY variable, leadHours, time`,
    file,
    { stationId, model: manifest.publishedModel },
  );
}

/** Days of past forecasts in `issues.parquet` and `extremes.parquet`. */
export const forecastDays = 10;

/**
 * Writes `/api/<key>/extremes.parquet`: a station's forecasts of lows and highs of the last days. Columns as in table
 * `extremes`.
 */
export async function writeRecentExtremes(
  { copy }: Published,
  { stationId }: StationSummary,
  file: string,
): Promise<void> {
  await copy(
    `SELECT * EXCLUDE (stationId) FROM stored.extremes
     WHERE stationId = $stationId AND issuedTime > (
       SELECT max(issuedTime) FROM stored.extremes WHERE stationId = $stationId) - to_days($forecastDays::INTEGER)
     ORDER BY issuedTime, kind, endTime`,
    file,
    { stationId, forecastDays },
  );
}

/**
 * Writes `/api/<key>/issues.parquet`: a station's forecasts of the last days, ordered by variable and issued time.
 * Columns as in table `forecasts`.
 */
export async function writeRecentForecasts(
  { copy, manifest }: Published,
  station: StationSummary,
  file: string,
): Promise<void> {
  await copy(
    `WITH newest AS (SELECT max(issuedTime) AS issuedTime FROM stored.forecasts WHERE stationId = $stationId)
    SELECT variable, issuedTime, model, leadHours, valueC, p025, p10, p25, p50, p75, p90, p975
    FROM stored.forecasts
    WHERE stationId = $stationId AND model = $model
      AND issuedTime > (SELECT issuedTime FROM newest) - to_days($forecastDays::INTEGER)
    ORDER BY variable, issuedTime, model, leadHours`,
    file,
    { stationId: station.stationId, model: manifest.publishedModel, forecastDays },
  );
}

/**
 * Writes `/api/<key>/evenings.parquet`: each evening's forecast of the low of the night and the high of the next day, and what
 * came. Columns as in table `evenings`, in single precision.
 */
export async function writeEvenings({ copy }: Published, { stationId }: StationSummary, file: string): Promise<void> {
  await copy(
    `SELECT issuedTime, madeTime, live, kind, endTime, digest, entry, COLUMNS('^p[0-9]|^frost$|C$')::FLOAT, hoursMissing
     FROM stored.evenings WHERE stationId = $stationId ORDER BY kind DESC, issuedTime`,
    file,
    { stationId },
  );
}
