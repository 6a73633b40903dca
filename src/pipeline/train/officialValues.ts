import { type Store, timestamp } from "../../data/store/store.js";
import { type OfficialForecastHour, officialForHours, officialHours } from "../../model/features/officialHours.js";
import { hourMs } from "../../shared/time.js";

/**
 * The stored official forecasts as the model sees them at a station's hours, by `officialHours`.
 * @param firstHour hours since 1970
 * @returns (lastHour - firstHour + 1) × columns, °C, NaN where it says nothing; null where there is none at all
 */
export async function officialValues(
  store: Pick<Store, "all">,
  stationId: string,
  firstHour: number,
  lastHour: number,
): Promise<Float32Array | null> {
  const rows = await store.all<OfficialForecastHour>(
    `SELECT epoch_ms(issuedTime)::DOUBLE / ${hourMs} AS issuedHour, leadHours, temperatureC, dewPointC
     FROM officialForecasts WHERE stationId = $stationId AND issuedTime BETWEEN $first AND $last ORDER BY issuedTime`,
    {
      stationId,
      first: timestamp((firstHour - officialForHours) * hourMs),
      last: timestamp((lastHour - 1) * hourMs),
    },
  );
  return officialHours(rows, firstHour, lastHour);
}
