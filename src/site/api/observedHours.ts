import type { StationSummary } from "../../shared/published/stationSummary.js";
import type { Published } from "../published/published.js";

/** Writes `/api/<key>/hours.parquet`: every hour at which a station observed something; °C, UTC. */
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
