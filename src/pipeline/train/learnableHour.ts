import { habitMs, isUsualHour } from "../../data/stations/reportingHabit.js";
import { type Store, timestamp } from "../../data/store/store.js";
import type { Config } from "../../shared/config.js";
import { hourMs, minuteMs } from "../../shared/time.js";

const isObserved = "stationId = $stationId AND variable = 'temperature' AND value IS NOT NULL";

/**
 * When a later report has arrived, a missing one is awaited until five minutes after the next hour. Reports of two hours
 * may arrive out of order within that time; a longer wait would delay the forecast of an hourly run by an hour.
 */
const longestWaitMs = 65 * minuteMs;

/**
 * The last hour to learn, in hours since 1970: the newest observed one, but before the first hour with a report that may
 * still arrive, because late reports are never learned. Hours at which the station does not usually report are not
 * awaited. Never before the last hour learned; null when there is nothing to learn.
 * @param genesis training start, epoch milliseconds
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
  // Reports of earlier hours are no longer awaited.
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
