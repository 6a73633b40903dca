import { habitMs, isUsualHour } from "../../data/stations/reportingHabit.js";
import { type Store, timestamp } from "../../data/store/store.js";
import type { Config } from "../../shared/config.js";
import { hourMs, minuteMs } from "../../shared/time.js";

const isObserved = "stationId = $stationId AND variable = 'temperature' AND value IS NOT NULL";

/**
 * Once a later report is there, a missing one is waited for until five minutes after the next hour: up to then two hours'
 * reports may come out of order, and any longer the forecast of a run that comes once an hour would be an hour late.
 */
const longestWaitMs = 65 * minuteMs;

/**
 * The last hour to learn, in hours since 1970: the newest observed one, but none after an hour whose report may still
 * come, because what comes late is never learned. An hour at which the station does not usually report is not waited
 * for. Never behind what was learned; null when there is nothing to learn.
 * @param genesis first hour of history, epoch milliseconds
 * @param now the run's clock, epoch milliseconds
 */
export async function learnableHour(
  store: Pick<Store, "all">,
  { watermarkHours }: Pick<Config, "watermarkHours">,
  stationId: string,
  { genesis, now }: { genesis: number; now: number },
): Promise<number | null> {
  const [row] = await store.all<{ newest: number | null; learned: number | null }>(
    `SELECT epoch_ms((SELECT max(validTime) FROM modelHours WHERE ${isObserved}
        AND validTime BETWEEN $genesis AND $now))::DOUBLE AS newest,
      epoch_ms((SELECT max(throughTime) FROM snapshots WHERE stationId = $stationId
        AND throughTime BETWEEN $genesis AND $now))::DOUBLE AS learned`,
    { stationId, genesis: timestamp(genesis), now: timestamp(now) },
  );
  const { newest, learned } = row!;
  if (newest === null) return null;
  // The hours before this one are not waited for any more.
  const waitMs = Math.min(longestWaitMs, watermarkHours * hourMs);
  const waitFrom = Math.max(genesis, (Math.floor((now - waitMs) / hourMs) + 1) * hourMs);
  const observed = await store.all<{ time: number }>(
    `SELECT epoch_ms(validTime)::DOUBLE AS time FROM modelHours
     WHERE ${isObserved} AND validTime BETWEEN $from AND $now`,
    { stationId, from: timestamp(waitFrom - habitMs), now: timestamp(now) },
  );
  const times = new Set(observed.map(({ time }) => time));
  const isWaiting = (time: number) =>
    !times.has(time) && time > (learned ?? Number.NEGATIVE_INFINITY) && isUsualHour(times, time);
  let end = Math.min(waitFrom, newest + hourMs);
  while (end <= newest && !isWaiting(end)) end += hourMs;
  if (end > newest) return newest / hourMs;
  const [before] = await store.all<{ newest: number | null }>(
    `SELECT epoch_ms(max(validTime))::DOUBLE AS newest FROM modelHours
     WHERE ${isObserved} AND validTime >= $genesis AND validTime < $end`,
    { stationId, genesis: timestamp(genesis), end: timestamp(end) },
  );
  const last = Math.max(before?.newest ?? Number.NEGATIVE_INFINITY, learned ?? Number.NEGATIVE_INFINITY);
  return Number.isFinite(last) ? last / hourMs : null;
}
