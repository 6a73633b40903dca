import type { StationSummary } from "../../shared/published/stationSummary.js";
import type { Published } from "../published/published.js";

/**
 * Writes `/api/<key>/ewmae.parquet`: a station's EWMAE at every hour of the last weeks. Columns are those of the
 * published table `ewmaeHours`.
 */
export async function writeEwmae({ copy }: Published, station: StationSummary, file: string): Promise<void> {
  await copy(
    `SELECT * EXCLUDE (stationId) FROM stored.ewmaeHours WHERE stationId = $stationId
    ORDER BY variable, leadHours, time`,
    file,
    { stationId: station.stationId },
  );
}
