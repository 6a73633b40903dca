import { hourMs } from "../../shared/time.js";
import { habitMs, reportedShare } from "../stations/reportingHabit.js";
import { isSimulated } from "../store/purgeSimulated.js";
import { timestamp } from "../store/store.js";
import type { FetchRun } from "./fetchRun.js";

/** A live service may receive a report this late; after that GHCNh has it. */
export const lateMs = 48 * hourMs;

/**
 * The first hour without a temperature: after the newest one known, within the late-report window, or from
 * `since` on; epoch milliseconds. Null if the station has not reported in the last two weeks at the time of day of any
 * missing hour up to `through`. Reports at other times of day come with the others.
 */
export async function firstMissing(
  { store, config, trainingStartOf }: FetchRun,
  stationId: string,
  { through, since = Number.POSITIVE_INFINITY }: { through: number; since?: number },
): Promise<number | null> {
  const trainingStart = trainingStartOf(stationId);
  const lateWindowMs = config.watermarkHours * hourMs;
  const last = Math.floor(through / hourMs) * hourMs;
  // Simulated weather does not count as observed.
  const isReal = !(await isSimulated(store));
  const [row] = await store.all<{ newest: number | null }>(
    `SELECT epoch_ms(max(validTime))::DOUBLE AS newest FROM hours
     WHERE stationId = $stationId AND variable = 'temperature' AND validTime BETWEEN $trainingStart AND $last`,
    { stationId, trainingStart: timestamp(trainingStart), last: timestamp(last) },
  );
  const newest = (isReal ? row!.newest : null) ?? trainingStart - hourMs;
  const first = Math.max(trainingStart, Math.min(newest + hourMs, last - lateWindowMs, since));
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
