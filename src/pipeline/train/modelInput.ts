import { type Store, timestamp } from "../../data/store/store.js";
import { firstGuidanceHour, type GuidanceHour, guidanceHours } from "../../model/features/guidanceHours.js";
import { quantities } from "../../model/vocabulary.js";
import { hourMs } from "../../shared/time.js";

/**
 * A station's hours as the model learns them: the value first seen, or the value known when the station was relearned.
 * @param firstHour hours since 1970
 * @param learnedThrough up to this hour, values that came too late to be learned count as missing
 * @param source `hours` for the values as they are known now, which relearning uses
 * @returns (lastHour - firstHour + 1) × quantities, NaN where missing
 */
export async function hourValues(
  store: Pick<Store, "all">,
  stationId: string,
  firstHour: number,
  lastHour: number,
  learnedThrough = firstHour - 1,
  source: "modelHours" | "hours" = "modelHours",
): Promise<Float64Array> {
  const width = quantities.length;
  const values = new Float64Array(Math.max(0, lastHour - firstHour + 1) * width).fill(Number.NaN);
  const rows = await store.all<{ validTime: number; variable: string; value: number }>(
    `SELECT epoch_ms(validTime)::DOUBLE AS validTime, variable, value FROM ${source}
     WHERE stationId = $stationId AND value IS NOT NULL AND validTime BETWEEN $first AND $last
       AND (learned OR validTime > $learnedThrough)`,
    {
      stationId,
      first: timestamp(firstHour * hourMs),
      last: timestamp(lastHour * hourMs),
      learnedThrough: timestamp(learnedThrough * hourMs),
    },
  );
  for (const { validTime, variable, value } of rows) {
    const place = (quantities as readonly string[]).indexOf(variable);
    if (place >= 0) values[(validTime / hourMs - firstHour) * width + place] = value;
  }
  return values;
}

/**
 * The stored guidance as `guidanceHours` shows it to the model.
 * @param firstHour hours since 1970
 * @param isLive whether imported guidance is left out
 * @param throughEntry the newest ledger entry whose guidance is read; null for all
 * @returns by source: (lastHour - firstHour + 1) × columns, °C, NaN where missing; null when the station has none
 */
export async function guidanceValues(
  store: Pick<Store, "all">,
  stationId: string,
  firstHour: number,
  lastHour: number,
  { isLive = false, throughEntry = null }: { isLive?: boolean | undefined; throughEntry?: number | null } = {},
): Promise<(Float32Array | null)[]> {
  const rows = await store.all<GuidanceHour>(
    `SELECT source, epoch_ms(issuedTime)::DOUBLE / ${hourMs} AS "issuedHour", leadHours, temperatureC, dewPointC
     FROM guidanceSeen WHERE stationId = $stationId AND issuedTime BETWEEN $first AND $last AND NOT (imported AND $isLive)
       AND entry <= coalesce($throughEntry::INTEGER, entry)
     ORDER BY issuedTime`,
    {
      stationId,
      first: timestamp(firstGuidanceHour(firstHour) * hourMs),
      last: timestamp((lastHour - 1) * hourMs),
      isLive,
      throughEntry,
    },
  );
  return guidanceHours(rows, firstHour, lastHour);
}
