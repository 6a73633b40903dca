import type { Store } from "../../data/store/store.js";
import { type Digested, LineDigest } from "./lineDigest.js";

/**
 * How many values rebuilds took of each station, and their digest: a line for each, a JSON array of valid time,
 * variable and value.
 */
export async function takenByRebuilds(store: Pick<Store, "all">): Promise<Map<string, Digested>> {
  const rows = await store.all<{ stationId: string; validTime: number; variable: string; value: number | null }>(
    `SELECT stationId, epoch_ms(validTime)::DOUBLE AS "validTime", variable, value FROM rebuiltHours
     ORDER BY stationId, validTime, variable`,
  );
  const digests = new Map<string, LineDigest>();
  for (const { stationId, validTime, variable, value } of rows) {
    const lines = digests.get(stationId) ?? new LineDigest();
    digests.set(stationId, lines.add(JSON.stringify([validTime, variable, value])));
  }
  return new Map([...digests].map(([stationId, lines]) => [stationId, lines.end()]));
}
