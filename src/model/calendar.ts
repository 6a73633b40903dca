/** Hours since 1970-01-01T00Z of a moment in epoch milliseconds. */
export function hourOf(epochMilliseconds: number): number {
  return Math.floor(epochMilliseconds / 3_600_000);
}

/** Months since January 1970 of an hour (UTC). */
export function monthOf(hour: number): number {
  // biome-ignore lint/style/noRestrictedGlobals: takes a given hour apart, without reading the clock
  const date = new Date(hour * 3_600_000);
  return (date.getUTCFullYear() - 1970) * 12 + date.getUTCMonth();
}

/** First hour (UTC) of a month counted since January 1970. */
export function firstHourOfMonth(month: number): number {
  // biome-ignore lint/style/noRestrictedGlobals: does not read the clock
  return hourOf(Date.UTC(1970, month));
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
