import { isSimulated } from "../purgeSimulated.js";
import { type Store, timestamp } from "../store.js";

const hourMs = 3_600_000;

/** A live service that had nothing of an hour may have it so much later; after that GHCNh does. */
export const lateMs = 48 * hourMs;

/**
 * The first hour without a temperature for which a report may still come: after the newest one known, or within the
 * watermark. Epoch milliseconds; null when there is none up to `through`.
 */
export async function firstMissing(
  store: Store,
  stationId: string,
  { genesis, through, watermarkMs }: { genesis: number; through: number; watermarkMs: number },
): Promise<number | null> {
  const last = Math.floor(through / hourMs) * hourMs;
  const rows = await store.all<{ time: number }>(
    `SELECT epoch_ms(validTime)::DOUBLE AS time FROM hours
     WHERE stationId = $stationId AND variable = 'temperature' AND validTime BETWEEN $genesis AND $last
     ORDER BY validTime DESC LIMIT ${Math.ceil(watermarkMs / hourMs) + 1}`,
    { stationId, genesis: timestamp(genesis), last: timestamp(last) },
  );
  // Simulated weather is no observation.
  const known = new Set((await isSimulated(store)) ? [] : rows.map(({ time }) => time));
  const newest = Math.max(...known, genesis - hourMs);
  for (let hour = Math.max(genesis, Math.min(newest + hourMs, last - watermarkMs)); hour <= last; hour += hourMs) {
    if (!known.has(hour)) return hour;
  }
  return null;
}
