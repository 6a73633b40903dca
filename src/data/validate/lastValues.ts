import { type Measure, measureNames, measures } from "../../shared/measures.js";
import { type Store, timestamp } from "../store/store.js";
import type { GoodValue } from "./validate.js";

/**
 * The last value of each measure that a station reported before a time, of the three hours in which it counts.
 * @param time epoch milliseconds
 */
export async function lastValues(
  store: Pick<Store, "all">,
  stationId: string,
  time: number,
): Promise<Partial<Record<Measure, GoodValue>>> {
  const columns = measureNames.map((measure) => measures[measure].column);
  const rows = await store.all<{ measure: string; time: number; value: number }>(
    `SELECT measure, epoch_ms(max(reportTime))::DOUBLE AS time, arg_max(value, reportTime) AS value
     FROM (SELECT reportTime, ${columns.join(", ")} FROM reports
       WHERE stationId = $stationId AND reportTime < $time AND reportTime >= $time - INTERVAL 3 HOUR)
     UNPIVOT (value FOR measure IN (${columns.join(", ")})) GROUP BY measure`,
    { stationId, time: timestamp(time) },
  );
  return Object.fromEntries(
    rows.map((row) => [
      measureNames.find((measure) => measures[measure].column === row.measure)!,
      { time: row.time, value: row.value },
    ]),
  );
}
