import { hourMs } from "../../shared/time.js";
import { hourOf, localMidnights } from "../ui/timeZone.js";

/** What a time axis of a few days shows in a zone's own time; epoch milliseconds. */
export interface TimeAxis {
  midnights: number[];
  /** Full hours to label, midnights among them. */
  hours: Date[];
  /** Where the names of the days stand: the middles of those long enough. */
  dayMiddles: number[];
}

/**
 * @param every hours between labels, from midnight on
 * @param leastHours of a day in sight that is named
 */
export function timeAxis(
  from: number,
  to: number,
  zone: string,
  { every, leastHours }: { every: number; leastHours: number },
): TimeAxis {
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
