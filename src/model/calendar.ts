/** Hours since 1970-01-01T00Z of a moment in epoch milliseconds. */
export function hourOf(epochMilliseconds: number): number {
  return Math.floor(epochMilliseconds / 3_600_000);
}

/** Months since January 1970 of an hour (UTC), by the civil-from-days algorithm of Howard Hinnant. */
export function monthOf(hour: number): number {
  const z = Math.floor(hour / 24) + 719468;
  const era = Math.floor(z / 146097);
  const dayOfEra = z - era * 146097;
  const yearOfEra = Math.floor(
    (dayOfEra - Math.floor(dayOfEra / 1460) + Math.floor(dayOfEra / 36524) - Math.floor(dayOfEra / 146096)) / 365,
  );
  const dayOfYear = dayOfEra - (365 * yearOfEra + Math.floor(yearOfEra / 4) - Math.floor(yearOfEra / 100));
  const shifted = Math.floor((5 * dayOfYear + 2) / 153); // March is 0
  const month = shifted < 10 ? shifted + 2 : shifted - 10; // January is 0
  const year = yearOfEra + era * 400 + (month <= 1 ? 1 : 0);
  return (year - 1970) * 12 + month;
}

/** First hour (UTC) of a month counted since January 1970. */
export function firstHourOfMonth(month: number): number {
  const year = 1970 + Math.floor(month / 12);
  const m = positionIn(12, month) + 1;
  const y = m <= 2 ? year - 1 : year;
  const era = Math.floor(y / 400);
  const yearOfEra = y - era * 400;
  const dayOfYear = Math.floor((153 * (m > 2 ? m - 3 : m + 9) + 2) / 5);
  const dayOfEra = yearOfEra * 365 + Math.floor(yearOfEra / 4) - Math.floor(yearOfEra / 100) + dayOfYear;
  return (era * 146097 + dayOfEra - 719468) * 24;
}

/** Days since 1970 of an hour (UTC). */
export function dayOf(hour: number): number {
  return Math.floor(hour / 24);
}

/** Position of an hour in a repeating period of hours: 0 to below the period, also before 1970. */
export function positionIn(period: number, hour: number): number {
  return hour - period * Math.floor(hour / period);
}

/** Hour of the day, 0 to 23 (UTC). */
export function hourOfDay(hour: number): number {
  return positionIn(24, hour);
}

/** Month of the year of an hour (UTC), 0 for January. */
export function monthOfYear(hour: number): number {
  return positionIn(12, monthOf(hour));
}

/** Mean years (8765.82 h) since 1970, with fraction. */
export function yearTurns(hour: number): number {
  return hour / 8765.82;
}
