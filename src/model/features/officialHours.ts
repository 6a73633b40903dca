import { columnCount, columnOf, maxLeadHours } from "../vocabulary.js";

/** An official forecast that has not changed for longer is none of now. */
export const officialForHours = 24;

/** One hour of an official forecast, as it was first seen. */
export interface OfficialForecastHour {
  /** The hour in which it was first seen, since 1970. */
  issuedHour: number;
  /** Hours from then to the hour forecast. */
  leadHours: number;
  temperatureC: number;
  dewPointC: number | null;
}

/**
 * The official forecasts that the model sees at a station's hours: at each the newest that was seen in an hour before it,
 * as in the hour itself it may come before or after the model has done its work.
 * @param rows in the order of `issuedHour`
 * @param firstHour hours since 1970, as is `lastHour`
 * @returns (lastHour - firstHour + 1) × columns, °C, NaN where it says nothing; null where there is none at all
 */
export function officialHours(
  rows: readonly OfficialForecastHour[],
  firstHour: number,
  lastHour: number,
): Float32Array | null {
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
