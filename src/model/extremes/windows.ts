/** A night, of which the low is forecast, and a day, of which the high is, in local standard time. */
export const extremeKinds = ["low", "high"] as const;
export type ExtremeKind = (typeof extremeKinds)[number];

/** First and last hour of the windows, local standard time: 18 to 9 and 9 to 21 o'clock, both included. */
const startHours = [18, 9] as const;
const endHours = [9, 21] as const;

/** Hours from the first to the last hour of a window, by kind. */
export const windowLengths: readonly number[] = endHours.map((end, kind) => (end - startHours[kind]! + 24) % 24);
/** Hours of a window that may be missing. */
export const mayBeMissing = 1;
/** Windows of a kind that are forecast at a time. */
export const windowCount = 3;

/** Hours from an hour (since 1970) to the end of the first window of a kind that ends later: 1 to 24. */
export function firstEnd(kind: number, hour: number, utcOffset: number): number {
  const local = hour + utcOffset - endHours[kind]!;
  return 24 - (((local % 24) + 24) % 24);
}

/** Whether a window of a kind ends at an hour. */
export function endsAt(kind: number, hour: number, utcOffset: number): boolean {
  return firstEnd(kind, hour, utcOffset) === 24;
}

/**
 * The number of a window by the lead of its end, as forecasts are scored: 0 is under way, with its first hour observed; 1,
 * 2 and 3 are windows that have not begun and end within 24, 48 and 72 hours.
 */
export function windowNumber(kind: number, lead: number): number {
  return lead <= windowLengths[kind]! ? 0 : Math.ceil(lead / 24);
}
