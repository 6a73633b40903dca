import { columnCount, columnOf, maxLeadHours } from "../vocabulary.js";

/** An official forecast is used for at most this many hours after it was first seen. */
export const officialForHours = 24;

/** One hour of an official forecast. */
export interface OfficialForecastHour {
  /** The hour (since 1970) in which it was first seen. */
  issuedHour: number;
  /** Hours from then to the hour forecast. */
  leadHours: number;
  temperatureC: number;
  dewPointC: number | null;
}

/**
 * The official forecasts that the model uses at a station's hours: at each, the newest one seen in an earlier hour. One
 * seen in the same hour may have arrived after the model ran.
 * @param rows in the order of `issuedHour`
 * @param firstHour hours since 1970, as is `lastHour`
 * @returns hours × columns, °C, NaN where missing; null when there is no official forecast at all
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
