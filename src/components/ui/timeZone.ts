import { hourMs } from "../../shared/time.js";

export type TimeChoice = "station" | "utc" | "mine";

/** IANA name of the time zone in which times are shown. */
export function zoneOf(choice: TimeChoice, stationZone: string): string {
  if (choice === "utc") return "UTC";
  return choice === "station" ? stationZone : Intl.DateTimeFormat().resolvedOptions().timeZone;
}

const formatters = new Map<string, Intl.DateTimeFormat>();

function format(time: number, zone: string, options: Intl.DateTimeFormatOptions, locale = "en-GB"): string {
  const key = `${locale} ${zone} ${JSON.stringify(options)}`;
  let formatter = formatters.get(key);
  if (!formatter) {
    formatter = new Intl.DateTimeFormat(locale, { timeZone: zone, ...options });
    formatters.set(key, formatter);
  }
  // British English has one month of four letters.
  return formatter.format(time).replace("Sept", "Sep");
}

/** "14:00" */
export function clockTime(time: number, zone: string): string {
  return format(time, zone, { hour: "2-digit", minute: "2-digit", hourCycle: "h23" });
}

/** "Mon" */
export function weekday(time: number, zone: string): string {
  return format(time, zone, { weekday: "short" });
}

/** "Mon 9 Mar" */
export function dayName(time: number, zone: string): string {
  return format(time, zone, { weekday: "short", day: "numeric", month: "short" }).replace(",", "");
}

/** "9 Mar" */
export function shortDay(time: number, zone: string): string {
  return format(time, zone, { day: "numeric", month: "short" });
}

/** "9 Mar 2026" */
export function dateName(time: number, zone: string): string {
  return format(time, zone, { day: "numeric", month: "short", year: "numeric" });
}

/** "2026" */
export function yearName(time: number, zone: string): string {
  return format(time, zone, { year: "numeric" });
}

/** "Mar 2026" */
export function monthName(time: number, zone = "UTC"): string {
  return format(time, zone, { month: "short", year: "numeric" });
}

/** "EDT" or "EST", depending on the time of year. */
export function zoneName(time: number, zone: string): string {
  const parts = format(time, zone, { timeZoneName: "short" }, "en-US");
  return parts.slice(parts.indexOf(",") + 2);
}

/** "Mon 9 Mar 14:00 EDT" */
export function fullTime(time: number, zone: string): string {
  return `${dayName(time, zone)} ${clockTime(time, zone)} ${zoneName(time, zone)}`;
}

/** "Mon 9 Mar 2026 14:00 EDT" */
export function dateTimeName(time: number, zone: string): string {
  return `${weekday(time, zone)} ${dateName(time, zone)} ${clockTime(time, zone)} ${zoneName(time, zone)}`;
}

/** "9 Mar 2026 18:00", in UTC */
export function utcHour(time: number): string {
  return `${dateName(time, "UTC")} ${clockTime(time, "UTC")}`;
}

/** Hour of the day in the zone, 0-23. */
export function hourOf(time: number, zone: string): number {
  return Number(clockTime(time, zone).slice(0, 2));
}

/** Midnights in the zone, after `from` and up to `to`. Days can have 23 or 25 hours, and zones can be off the hour. */
export function localMidnights(from: number, to: number, zone: string): number[] {
  const midnights: number[] = [];
  let today = dateName(from, zone);
  for (let time = from; time < to; time += hourMs) {
    const tomorrow = dateName(time + hourMs, zone);
    if (tomorrow === today) continue;
    let quarter = time + hourMs / 4;
    while (dateName(quarter, zone) === today) quarter += hourMs / 4;
    quarter -= quarter % (hourMs / 4);
    if (quarter <= to) midnights.push(quarter);
    today = tomorrow;
  }
  return midnights;
}
