/** Lengths of time in milliseconds. */
export const minuteMs = 60_000;
export const hourMs = 60 * minuteMs;
export const dayMs = 24 * hourMs;

/** Hours that the standard time of a zone is ahead of UTC, rounded to the whole hour. */
export function standardOffset(timeZone: string): number {
  const format = new Intl.DateTimeFormat("en", { timeZone, timeZoneName: "longOffset" });
  const offsetAt = (time: number) => {
    const name = format.formatToParts(time).find(({ type }) => type === "timeZoneName")!.value;
    const [, sign, hours, minutes] = /GMT(?:([+-])(\d\d):(\d\d))?/.exec(name)!;
    return (sign === "-" ? -1 : 1) * (Number(hours ?? 0) + Number(minutes ?? 0) / 60);
  };
  // Daylight time is ahead of standard time, in January or in July.
  return Math.round(Math.min(offsetAt(Date.UTC(2024, 0, 1)), offsetAt(Date.UTC(2024, 6, 1))));
}
