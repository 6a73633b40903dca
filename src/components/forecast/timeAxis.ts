import { dayMs, hourMs } from "../../shared/time.js";
import { hourOf, localMidnights } from "../ui/timeZone.js";

/**
 * Labels and rules of a time axis of a few days in a time zone, epoch milliseconds. Hours include midnights; the middles
 * are those of the days that are long enough to be named.
 * @param every hours between labels, counted from midnight
 * @param leastHours visible hours that a day needs to be named
 */
export function timeAxis(
  from: number,
  to: number,
  zone: string,
  { every, leastHours }: { every: number; leastHours: number },
) {
  const midnights = localMidnights(from - hourMs, to, zone);
  const offset = (midnights[0] ?? from) % hourMs;
  const hours: Date[] = [];
  for (let time = from - (from % hourMs) + offset; time <= to; time += hourMs) {
    if (time >= from && hourOf(time, zone) % every === 0) hours.push(new Date(time));
  }
  const edges = [from, ...midnights, to];
  const dayMiddles = edges
    .slice(1)
    .flatMap((end, i) => (end - edges[i]! >= leastHours * hourMs ? [(end + edges[i]!) / 2] : []));
  return { midnights, hours, dayMiddles };
}

const radians = Math.PI / 180;

/** Altitude of the sun in degrees, to about half a degree (low-precision formulas of the Astronomical Almanac). */
export function solarAltitude(time: number, latitude: number, longitude: number): number {
  const days = time / dayMs - 10_957.5; // since noon UTC of 1 January 2000
  const anomaly = (357.528 + 0.9856003 * days) * radians;
  const ecliptic = (280.46 + 0.9856474 * days + 1.915 * Math.sin(anomaly) + 0.02 * Math.sin(2 * anomaly)) * radians;
  const obliquity = (23.439 - 0.0000004 * days) * radians;
  const rightAscension = Math.atan2(Math.cos(obliquity) * Math.sin(ecliptic), Math.cos(ecliptic));
  const declination = Math.asin(Math.sin(obliquity) * Math.sin(ecliptic));
  const siderealTime = (280.46062 + 360.98564737 * days + longitude) * radians;
  const hourAngle = siderealTime - rightAscension;
  const phi = latitude * radians;
  const sine = Math.sin(phi) * Math.sin(declination) + Math.cos(phi) * Math.cos(declination) * Math.cos(hourAngle);
  return Math.asin(sine) / radians;
}

/** Times between sunset and sunrise within [from, to], to five minutes. */
export function nightSpans(from: number, to: number, latitude: number, longitude: number): [number, number][] {
  const spans: [number, number][] = [];
  const step = hourMs / 12;
  let start: number | null = null;
  for (let time = from; time <= to; time += step) {
    const night = solarAltitude(time, latitude, longitude) < -0.833;
    if (night) start ??= time;
    if (start !== null && (!night || time + step > to)) {
      spans.push([start, Math.min(time, to)]);
      start = null;
    }
  }
  return spans;
}
