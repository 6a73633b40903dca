import type { StationSummary } from "../../shared/published/stationSummary.js";
import type { Published } from "../published/published.js";

/** Days of which every issue of a station can be looked back at. */
export const issueDays = 10;

/**
 * Writes `/api/<key>/issues.parquet`: a station's forecasts issued in the last days, and, as model `official`, those of
 * the National Weather Service; by variable, then time of issue. Columns are those of the published table `forecasts`.
 */
export async function writeIssues({ copy, manifest }: Published, station: StationSummary, file: string): Promise<void> {
  await copy(
    `WITH newest AS (SELECT max(issuedTime) AS issuedTime FROM stored.forecasts WHERE stationId = $stationId)
    SELECT variable, issuedTime, model, leadHours, valueC, p025, p10, p25, p50, p75, p90, p975
    FROM stored.forecasts
    WHERE stationId = $stationId AND model = $model
      AND issuedTime > (SELECT issuedTime FROM newest) - to_days($issueDays::INTEGER)
    UNION ALL BY NAME
    SELECT variable, issuedTime, 'official' AS model, leadHours, valueC
    FROM stored.officialForecasts
      UNPIVOT (valueC FOR variable IN (temperatureC AS temperature, dewPointC AS "dewPoint"))
    WHERE stationId = $stationId
      AND issuedTime > (SELECT issuedTime FROM newest) - to_days($issueDays::INTEGER + 1)
    ORDER BY variable, issuedTime, model, leadHours`,
    file,
    { stationId: station.stationId, model: manifest.publishedModel, issueDays },
  );
}
