import { guidanceForHours, guidanceLeads } from "../../model/features/guidanceHours.js";
import type { StationSummary } from "../../shared/published/stationSummary.js";
import { type Published, rowsByStation } from "./openPublished.js";

/** Days of past forecasts in `issues.parquet` and `extremes.parquet`. */
export const forecastDays = 10;

/** SQL: issued less than so many hours before the station's newest forecast in a table. */
function issuedWithin(hours: number, table: "forecasts" | "extremes"): string {
  return `issuedTime > (SELECT max(issuedTime) FROM stored.${table} WHERE stationId = $stationId) - INTERVAL ${hours} HOUR`;
}

/** The Parquet files `/api/<key>/<name>.parquet`: the query of each, with columns as in the table that it reads. */
const queries = {
  // Every hour with an observation; °C.
  hours: `
    SELECT validTime, temperatureC, dewPointC, temperatureSource, dewPointSource FROM stored.hours
    WHERE stationId = $stationId ORDER BY validTime`,
  // The values that the model learned, in order: replaying them gives the published state.
  learnedHours: `
    SELECT * EXCLUDE (stationId) FROM stored.learnedHours
    WHERE stationId = $stationId AND validTime >= make_timestamp($genesisTime::BIGINT * 1000) ORDER BY validTime`,
  // The guidance that the model has used; `guidanceHours` gives what it uses at each hour.
  learnedGuidance: `
    SELECT * EXCLUDE (stationId) FROM stored.learnedGuidance
    WHERE stationId = $stationId ORDER BY source, issuedTime, leadHours`,
  // The part of it that the forecasts in `issues.parquet` knew.
  guidance: `
    SELECT * EXCLUDE (stationId) FROM stored.learnedGuidance
    WHERE stationId = $stationId
      AND ${issuedWithin(forecastDays * 24 + guidanceForHours + guidanceLeads, "forecasts")}
    ORDER BY source, issuedTime, leadHours`,
  // The EWMAE at every hour of the last weeks.
  ewmae: `
    SELECT * EXCLUDE (stationId) FROM stored.ewmaeHours
    WHERE stationId = $stationId ORDER BY variable, leadHours, time`,
  // The EWMAE of the published model since the start of training, corrected for its start at 0.
  ewmaeHistory: `
    SELECT variable, leadHours, time, n, validationCorrected, trainingCorrected, validationSlow FROM stored.ewmae
    WHERE stationId = $stationId AND model = $model ORDER BY variable, leadHours, time`,
  issues: `
    SELECT variable, issuedTime, model, leadHours, valueC, p025, p10, p25, p50, p75, p90, p975 FROM stored.forecasts
    WHERE stationId = $stationId AND model = $model AND ${issuedWithin(forecastDays * 24, "forecasts")}
    ORDER BY variable, issuedTime, model, leadHours`,
  extremes: `
    SELECT * EXCLUDE (stationId) FROM stored.extremes
    WHERE stationId = $stationId AND ${issuedWithin(forecastDays * 24, "extremes")}
    ORDER BY issuedTime, kind, endTime`,
  // In single precision.
  evenings: `
    SELECT issuedTime, madeTime, live, kind, endTime, digest, entry, COLUMNS('^p[0-9]|^frost$|C$')::FLOAT, hoursMissing
    FROM stored.evenings WHERE stationId = $stationId ORDER BY kind DESC, issuedTime`,
};
export type StationFile = keyof typeof queries;
export const stationFiles = Object.keys(queries) as StationFile[];

/** Writes one of the Parquet files of a station. */
export async function writeStationFile(
  { copy, manifest }: Published,
  { stationId, genesisTime }: StationSummary,
  name: StationFile,
  file: string,
): Promise<void> {
  const sql = queries[name];
  const values = { stationId, genesisTime, model: manifest.publishedModel };
  await copy(sql, file, Object.fromEntries(Object.entries(values).filter(([key]) => sql.includes(`$${key}`))));
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
