import { dayMs, hourMs } from "../../shared/time.js";
import type { Store } from "../store/store.js";

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

/** At how many hours of the day the station has reported on any of the last 14 days, by the day after its newest report. */
export function reportedHours(observed: ReadonlySet<number>, newest: number): number {
  let reported = 0;
  for (let time = newest + hourMs; time <= newest + dayMs; time += hourMs) {
    if (reportedShare(observed, time) > 0) reported++;
  }
  return reported;
}

/**
 * A temporary table `habits`: when each station's next report is due, and at how many hours of the day it reports.
 * @param now nothing later; a SQL timestamp
 */
export async function prepareHabits(store: Store, now: string): Promise<void> {
  const rows = await store.all<{ stationId: string; time: number }>(
    `WITH observed AS (
       SELECT stationId, validTime FROM hours
       WHERE variable = 'temperature' AND value IS NOT NULL AND validTime <= TIMESTAMP '${now}'
     )
     SELECT stationId, epoch_ms(validTime)::DOUBLE AS time
     FROM observed JOIN (SELECT stationId, max(validTime) AS newest FROM observed GROUP BY stationId) USING (stationId)
     WHERE validTime > newest - to_hours(${habitMs / hourMs}) ORDER BY stationId, time`,
  );
  const observed = new Map<string, number[]>();
  for (const { stationId, time } of rows) {
    const times = observed.get(stationId);
    if (times) times.push(time);
    else observed.set(stationId, [time]);
  }
  await store.run("CREATE OR REPLACE TEMP TABLE habits (stationId VARCHAR, dueTime TIMESTAMP, reportedHours INTEGER)");
  const cells = [...observed].map(([stationId, times]) => {
    const [known, newest] = [new Set(times), times.at(-1)!];
    return [stationId, nextDueTime(known, newest), reportedHours(known, newest)];
  });
  await store.append("habits", ["stationId", "dueTime", "reportedHours"], cells);
}
