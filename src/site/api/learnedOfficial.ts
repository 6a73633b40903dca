import type { StationSummary } from "../../shared/published/stationSummary.js";
import type { Published } from "../published/published.js";

/** How many forecasts of the weather service a station's model has seen. */
export async function officialForecastCount({ query }: Pick<Published, "query">, stationId: string): Promise<number> {
  const [row] = await query<{ n: number }>(
    "SELECT count(DISTINCT issuedTime)::DOUBLE AS n FROM learnedOfficial WHERE stationId = $stationId",
    { stationId },
  );
  return row!.n;
}

/**
 * Writes `/api/<key>/learnedOfficial.parquet`: the official forecasts that a station's model has seen, as far as it saw
 * them. Columns are those of the published table; `officialHours` tells what of them was seen at an hour.
 */
export async function writeLearnedOfficial(
  { copy }: Published,
  { stationId }: StationSummary,
  file: string,
): Promise<void> {
  await copy(
    `SELECT * EXCLUDE (stationId) FROM stored.learnedOfficial
     WHERE stationId = $stationId ORDER BY issuedTime, leadHours`,
    file,
    { stationId },
  );
}
