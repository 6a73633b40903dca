import { hourMs } from "./hourValues.js";

const dayMs = 24 * hourMs;
/** Two weeks: a station that reports irregularly still shows its hours, and one that changes them is followed within days. */
const habitDays = 14;
/** Observations from so long before an hour on are needed to know whether the station usually reports at it. */
export const habitMs = (habitDays + 1) * dayMs;
/** On at least this share of the days: more often than not. */
const usualShare = 0.5;

/**
 * On which share of the last 14 days the station reported at this hour of the day (UTC). Only days count in whose 24 hours
 * up to that hour it reported at all, so that an outage, or a time before the first report, says nothing about its
 * habit; 1 where there is no such day, as any hour may bring the first report.
 * @param observed hours with a temperature, epoch milliseconds
 * @param time the hour, epoch milliseconds
 */
export function reportedShare(observed: ReadonlySet<number>, time: number): number {
  let [days, reported] = [0, 0];
  for (let at = time - dayMs; at >= time - habitDays * dayMs; at -= dayMs) {
    if (observed.has(at)) reported++;
    if (hasReported(observed, at)) days++;
  }
  return days === 0 ? 1 : reported / days;
}

function hasReported(observed: ReadonlySet<number>, until: number): boolean {
  for (let time = until; time > until - dayMs; time -= hourMs) if (observed.has(time)) return true;
  return false;
}

/** Whether the station usually reports at this hour, by `reportedShare`. */
export function isUsualHour(observed: ReadonlySet<number>, time: number): boolean {
  return reportedShare(observed, time) >= usualShare;
}

/**
 * When the next report is due: the first hour within a day after the newest report at which the station usually reports;
 * the next hour where there is none.
 */
export function nextDueTime(observed: ReadonlySet<number>, newest: number): number {
  for (let time = newest + hourMs; time <= newest + dayMs; time += hourMs) if (isUsualHour(observed, time)) return time;
  return newest + hourMs;
}
