import { hourMs } from "../../shared/time.js";
import { habitMs, reportedShare } from "../stations/reportingHabit.js";
import { isSimulated } from "../store/purgeSimulated.js";
import { type Store, timestamp } from "../store/store.js";

/** A live service that had nothing of an hour may have it so much later; after that GHCNh does. */
export const lateMs = 48 * hourMs;

/**
 * The first hour without a temperature after the newest one known, within the watermark, or from `since` on; epoch
 * milliseconds. Null when none up to `through` is an hour at which the station has reported of late: however seldom it
 * does, those are asked for, and what it has at other hours comes with them.
 */
export async function firstMissing(
  store: Store,
  stationId: string,
  {
    genesis,
    through,
    watermarkMs,
    since = Number.POSITIVE_INFINITY,
  }: { genesis: number; through: number; watermarkMs: number; since?: number },
): Promise<number | null> {
  const last = Math.floor(through / hourMs) * hourMs;
  // Simulated weather is no observation.
  const isReal = !(await isSimulated(store));
  const [row] = await store.all<{ newest: number | null }>(
    `SELECT epoch_ms(max(validTime))::DOUBLE AS newest FROM hours
     WHERE stationId = $stationId AND variable = 'temperature' AND validTime BETWEEN $genesis AND $last`,
    { stationId, genesis: timestamp(genesis), last: timestamp(last) },
  );
  const newest = (isReal ? row!.newest : null) ?? genesis - hourMs;
  const first = Math.max(genesis, Math.min(newest + hourMs, last - watermarkMs, since));
  const rows = await store.all<{ time: number }>(
    `SELECT epoch_ms(validTime)::DOUBLE AS time FROM hours
     WHERE stationId = $stationId AND variable = 'temperature' AND validTime BETWEEN $from AND $last`,
    { stationId, from: timestamp(first - habitMs), last: timestamp(last) },
  );
  const known = new Set(isReal ? rows.map(({ time }) => time) : []);
  let missing: number | null = null;
  for (let hour = first; hour <= last; hour += hourMs) {
    if (known.has(hour)) continue;
    missing ??= hour;
    if (reportedShare(known, hour) > 0) return missing;
  }
  return null;
}
