import { columnCount, columnOf } from "../model/expert.js";
import { maxLeadHours } from "../model/vocabulary.js";
import { hourMs } from "./hourValues.js";
import { type Store, timestamp } from "./store.js";

/** An official forecast that has not changed for longer is none of now. */
export const officialForHours = 24;

/**
 * The official forecasts that the model sees at a station's hours: at each the newest that was seen in an hour before it,
 * as in the hour itself it may come before or after the model has done its work.
 * @param firstHour hours since 1970
 * @returns (lastHour - firstHour + 1) × columns, °C, NaN where it says nothing; null where there is none at all
 */
export async function officialValues(
  store: Pick<Store, "all">,
  stationId: string,
  firstHour: number,
  lastHour: number,
): Promise<Float32Array | null> {
  const rows = await store.all<{
    issuedHour: number;
    leadHours: number;
    temperatureC: number;
    dewPointC: number | null;
  }>(
    `SELECT epoch_ms(issuedTime)::DOUBLE / ${hourMs} AS issuedHour, leadHours, temperatureC, dewPointC
     FROM officialForecasts WHERE stationId = $stationId AND issuedTime BETWEEN $first AND $last ORDER BY issuedTime`,
    {
      stationId,
      first: timestamp((firstHour - officialForHours) * hourMs),
      last: timestamp((lastHour - 1) * hourMs),
    },
  );
  if (rows.length === 0) return null;
  const values = new Float32Array((lastHour - firstHour + 1) * columnCount).fill(Number.NaN);
  const issuedHours = [...new Set(rows.map(({ issuedHour }) => issuedHour))];
  const nextAfter = new Map(issuedHours.map((hour, i) => [hour, issuedHours[i + 1] ?? Number.POSITIVE_INFINITY]));
  for (const { issuedHour, leadHours, temperatureC, dewPointC } of rows) {
    const validHour = issuedHour + leadHours;
    const until = Math.min(nextAfter.get(issuedHour)!, issuedHour + officialForHours, validHour - 1, lastHour);
    for (let hour = Math.max(issuedHour + 1, firstHour, validHour - maxLeadHours); hour <= until; hour++) {
      const at = (hour - firstHour) * columnCount;
      values[at + columnOf(0, validHour - hour)] = temperatureC;
      values[at + columnOf(1, validHour - hour)] = dewPointC ?? Number.NaN;
    }
  }
  return values;
}
