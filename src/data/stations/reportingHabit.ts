import { dayMs, hourMs } from "../../shared/time.js";
import type { Store } from "../store/store.js";

/** Two weeks: long enough for irregular stations, short enough to follow changed hours within days. */
const habitDays = 14;
/** How far back observations are needed to know whether a station usually reports at an hour. */
export const habitMs = (habitDays + 1) * dayMs;
/** A station usually reports at an hour of the day if it does on at least this share of days. */
const usualShare = 0.5;

/**
 * The share of the last 14 days on which the station reported at this hour of the day (UTC). A day counts only if the
 * station reported in the 24 hours up to that hour, so that outages are ignored; 1 if there is no such day, because any
 * hour may bring the first report.
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
 * When the next report is due: the first hour within a day after the newest report at which the station usually reports,
 * or the next hour if there is none.
 */
export function nextDueTime(observed: ReadonlySet<number>, newest: number): number {
  for (let time = newest + hourMs; time <= newest + dayMs; time += hourMs) if (isUsualHour(observed, time)) return time;
  return newest + hourMs;
}

/** The number of hours of the day at which the station has reported in the last 14 days. */
export function reportedHours(observed: ReadonlySet<number>, newest: number): number {
  let reported = 0;
  for (let time = newest + hourMs; time <= newest + dayMs; time += hourMs) {
    if (reportedShare(observed, time) > 0) reported++;
  }
  return reported;
}

/**
 * Fills a temporary table `habits`: when each station's next report is due, and at how many hours of the day it reports.
 * @param now ignores later observations; a SQL timestamp
 */
export async function prepareHabits(store: Store, now: string): Promise<void> {
  const stations = await store.all<{ stationId: string; times: number[] }>(
    `WITH observed AS (
       SELECT stationId, validTime FROM hours
       WHERE variable = 'temperature' AND value IS NOT NULL AND validTime <= TIMESTAMP '${now}'
     )
     SELECT stationId, list(epoch_ms(validTime)::DOUBLE ORDER BY validTime) AS times
     FROM observed JOIN (SELECT stationId, max(validTime) AS newest FROM observed GROUP BY stationId) USING (stationId)
     WHERE validTime > newest - to_hours(${habitMs / hourMs}) GROUP BY stationId ORDER BY stationId`,
  );
  await store.run("CREATE OR REPLACE TEMP TABLE habits (stationId VARCHAR, dueTime TIMESTAMP, reportedHours INTEGER)");
  const habits = stations.map(({ stationId, times }) => {
    const [known, newest] = [new Set(times), times.at(-1)!];
    return { stationId, dueTime: nextDueTime(known, newest), reportedHours: reportedHours(known, newest) };
  });
  await store.insert("habits", habits);
}
