/** Lengths of time in milliseconds. */
export const minuteMs = 60_000;
export const hourMs = 60 * minuteMs;
export const dayMs = 24 * hourMs;

/** Offset of a zone from UTC without daylight saving time, in the year of `time`, milliseconds. */
export function standardOffset(time: number, zone: string): number {
  const year = new Date(time).getUTCFullYear();
  const format = new Intl.DateTimeFormat("en-US", { timeZone: zone, timeZoneName: "longOffset" });
  return Math.min(...[0, 6].map((month) => offsetIn(format.format(Date.UTC(year, month, 15)))));
}

/** From a time that ends with "GMT+05:30", or "GMT" for UTC. */
function offsetIn(text: string): number {
  const [, sign = "+", hours = "0", minutes = "0"] = /GMT(?:([+-])(\d+):(\d+))?$/.exec(text)!;
  return (sign === "-" ? -1 : 1) * (Number(hours) * hourMs + Number(minutes) * minuteMs);
}
