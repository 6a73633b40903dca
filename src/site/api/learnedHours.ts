import type { StationSummary } from "../../shared/published/stationSummary.js";
import type { Published } from "../published/published.js";

/**
 * Writes `/api/<key>/learnedHours.parquet`: the hours of a station as its model took them in, in order, those at which
 * anything was observed. Columns are those of the published table; replaying them gives the published state again.
 */
export async function writeLearnedHours({ copy }: Published, station: StationSummary, file: string): Promise<void> {
  await copy(
    `SELECT * EXCLUDE (stationId) FROM stored.learnedHours
     WHERE stationId = $stationId AND validTime >= make_timestamp($genesisTime::BIGINT * 1000) ORDER BY validTime`,
    file,
    { stationId: station.stationId, genesisTime: station.genesisTime },
  );
}
