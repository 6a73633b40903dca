import { type Store, timestamp } from "../../data/store/store.js";
import { hourOf } from "../../model/calendar.js";
import { fieldValueCount } from "../../model/network/fields.js";
import { type Around, NetworkReplay } from "../../model/network/networkReplay.js";
import { hourMs } from "../../shared/time.js";

/** Stores the fields around a station from `firstHour` to `lastHour`, for a machine without the rest of the network. */
export async function storeFields(
  store: Store,
  around: Around,
  { firstHour, lastHour }: { firstHour: number; lastHour: number },
): Promise<void> {
  const { stationId } = around.station;
  const replay = new NetworkReplay(around);
  await store.transaction(async () => {
    await store.run("DELETE FROM networkFields WHERE stationId = $stationId", { stationId });
    const appender = await store.connection.createAppender("networkFields");
    try {
      for (let hour = firstHour; hour <= lastHour; hour++) {
        const fields = replay.at(hour);
        appender.appendVarchar(stationId);
        appender.appendTimestamp(timestamp(hour * hourMs));
        appender.appendBlob(new Uint8Array(fields.buffer, fields.byteOffset, fields.byteLength));
        appender.endRow();
      }
    } finally {
      appender.closeSync();
    }
  });
}

/** The hours, since 1970, of which a station's fields are stored; null when there are none. */
export async function storedFieldHours(
  store: Pick<Store, "all">,
  stationId: string,
): Promise<{ firstHour: number; lastHour: number } | null> {
  const [row] = await store.all<{ first: number | null; last: number }>(
    `SELECT epoch_ms(min(validTime))::DOUBLE AS first, epoch_ms(max(validTime))::DOUBLE AS last
     FROM networkFields WHERE stationId = $stationId`,
    { stationId },
  );
  return row?.first == null ? null : { firstHour: hourOf(row.first), lastHour: hourOf(row.last) };
}

/** The stored fields of consecutive hours, hour × point × field. */
export async function readFields(
  store: Pick<Store, "all">,
  stationId: string,
  { firstHour, lastHour }: { firstHour: number; lastHour: number },
): Promise<Float32Array> {
  const rows = await store.all<{ fields: Uint8Array }>(
    `SELECT fields FROM networkFields
     WHERE stationId = $stationId AND validTime BETWEEN $first AND $last ORDER BY validTime`,
    { stationId, first: timestamp(firstHour * hourMs), last: timestamp(lastHour * hourMs) },
  );
  const values = new Float32Array((lastHour - firstHour + 1) * fieldValueCount);
  if (rows.length * fieldValueCount !== values.length) throw new Error(`fields around ${stationId} are missing`);
  const bytes = new Uint8Array(values.buffer);
  for (const [i, { fields }] of rows.entries()) bytes.set(fields, i * fieldValueCount * 4);
  return values;
}
