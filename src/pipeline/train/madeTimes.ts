import { type Store, timestamp } from "../../data/store/store.js";
import { hourMs } from "../../shared/time.js";
import type { ReplayResult } from "../replay/replay.js";

interface IssuingRun {
  firstHour: number;
  learnedThrough: number;
  /** Epoch milliseconds. */
  now: number;
}

/**
 * When each issue was first made: now, unless it was issued before and says the same, as when hours are taken in once
 * more from an older snapshot. A run at an earlier clock than those before it makes nothing before the newest value that
 * it goes by was first seen: it is a replay, and is not to count as on time.
 */
export async function madeTimes(store: Store, stationId: string, { firstHour, learnedThrough, now }: IssuingRun) {
  const before = await store.all<{ issue: string; madeTime: number }>(
    `SELECT concat(epoch_ms(issuedTime) // ${hourMs}, digest) AS issue, epoch_ms(madeTime)::DOUBLE AS madeTime
     FROM issues WHERE stationId = $stationId AND issuedTime >= $first`,
    { stationId, first: timestamp(firstHour * hourMs) },
  );
  const known = new Map(before.map(({ issue, madeTime }) => [issue, madeTime]));
  const seenLater = await store.all<{ hour: number; seenTime: number }>(
    `SELECT greatest(epoch_ms(validTime)::DOUBLE / ${hourMs}, $firstHour) AS hour,
       epoch_ms(max(firstSeenTime))::DOUBLE AS "seenTime"
     FROM hours WHERE stationId = $stationId AND firstSeenTime > $now AND (learned OR validTime > $learnedThrough)
     GROUP BY hour ORDER BY hour`,
    { stationId, firstHour, now: timestamp(now), learnedThrough: timestamp(learnedThrough * hourMs) },
  );
  let seenAt = 0;
  let earliest = now;
  /** To be called hour after hour. */
  return ({ hour, digest }: ReplayResult["issues"][number]) => {
    for (; seenAt < seenLater.length && seenLater[seenAt]!.hour <= hour; seenAt++) {
      earliest = Math.max(earliest, seenLater[seenAt]!.seenTime);
    }
    return known.get(`${hour}${digest}`) ?? earliest;
  };
}
