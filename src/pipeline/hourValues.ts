import { quantities } from "../model/vocabulary.js";
import { type Store, timestamp } from "./store.js";

export const hourMs = 3_600_000;

/**
 * What is stored of a station's hours, as first seen, which is what the model learns from.
 * @param firstHour hours since 1970
 * @param learnedThrough up to this hour, what was not learned when its time was (it came late) counts as missing
 * @returns (lastHour - firstHour + 1) × quantities, NaN where missing
 */
export async function hourValues(
  store: Pick<Store, "all">,
  stationId: string,
  firstHour: number,
  lastHour: number,
  learnedThrough = firstHour - 1,
): Promise<Float64Array> {
  const width = quantities.length;
  const values = new Float64Array(Math.max(0, lastHour - firstHour + 1) * width).fill(Number.NaN);
  const rows = await store.all<{ validTime: number; variable: string; firstValue: number }>(
    `SELECT epoch_ms(validTime)::DOUBLE AS validTime, variable, firstValue FROM hours
     WHERE stationId = $stationId AND validTime BETWEEN $first AND $last AND (learned OR validTime > $learnedThrough)`,
    {
      stationId,
      first: timestamp(firstHour * hourMs),
      last: timestamp(lastHour * hourMs),
      learnedThrough: timestamp(learnedThrough * hourMs),
    },
  );
  for (const { validTime, variable, firstValue } of rows) {
    const place = (quantities as readonly string[]).indexOf(variable);
    if (place >= 0) values[(validTime / hourMs - firstHour) * width + place] = firstValue;
  }
  return values;
}
