import { hourMs } from "../hourValues.js";
import { type Store, timestamp } from "../store.js";
import { type Digested, LineDigest } from "./lineDigest.js";

interface Seen {
  stationId: string;
  entry: number;
  validTime: number;
  variable: string;
  value: number;
  source: string;
  seenTime: number;
}

const seenColumns = `stationId, entry, epoch_ms(validTime)::DOUBLE AS "validTime", variable, firstValue AS value,
  firstSource AS source, epoch_ms(firstSeenTime)::DOUBLE AS "seenTime"`;

function addSeen<Key>(digests: Map<Key, LineDigest>, key: Key, row: Seen): void {
  const lines = digests.get(key) ?? new LineDigest();
  lines.add(JSON.stringify([row.validTime, row.variable, row.value, row.source, row.seenTime]));
  digests.set(key, lines);
}

/** More values than these are read one station at a time. */
const manyValues = 5000;

/** Of each station of which the ledger does not tell all values yet: how many are missing there, and their digest. */
export async function newlySeen(store: Pick<Store, "all">): Promise<Map<string, Digested>> {
  const unrecorded = `FROM hours LEFT JOIN (SELECT stationId, max(entry) AS recorded FROM ledger GROUP BY stationId)
    USING (stationId) WHERE entry > coalesce(recorded, 0)`;
  const counts = await store.all<{ stationId: string; entry: number; n: number }>(
    `SELECT stationId, min(entry) AS entry, count(*) AS n ${unrecorded} GROUP BY stationId`,
  );
  const few = await store.all<Seen>(
    `SELECT ${seenColumns} ${unrecorded} QUALIFY count(*) OVER (PARTITION BY stationId) <= ${manyValues}
     ORDER BY stationId, validTime, variable`,
  );
  const digests = new Map<string, LineDigest>();
  for (const row of few) addSeen(digests, row.stationId, row);
  const all = new Map([...digests].map(([stationId, lines]) => [stationId, lines.end()]));
  for (const { stationId, entry, n } of counts) {
    if (n > manyValues) all.set(stationId, (await seenByEntry(store, stationId, entry)).get(entry)!);
  }
  return all;
}

const yearMs = 366 * 24 * hourMs;

/**
 * How many values each entry of a station's ledger tells of, and their digest: a line for each, a JSON array of valid
 * time, variable, value, source and the time when it was first seen, in the order of the first two.
 * @param firstEntry of earlier entries nothing is said
 */
export async function seenByEntry(
  store: Pick<Store, "all">,
  stationId: string,
  firstEntry = 1,
): Promise<Map<number, Digested>> {
  const condition = "stationId = $stationId AND entry >= $firstEntry";
  const [span] = await store.all<{ first: number | null; last: number | null }>(
    `SELECT epoch_ms(min(validTime))::DOUBLE AS first, epoch_ms(max(validTime))::DOUBLE AS last
     FROM hours WHERE ${condition}`,
    { stationId, firstEntry },
  );
  const digests = new Map<number, LineDigest>();
  if (span?.first == null) return new Map();
  // A year at a time: all hours of decades would take much memory.
  for (let from = span.first; from <= span.last!; from += yearMs) {
    const rows = await store.all<Seen>(
      `SELECT ${seenColumns} FROM hours
       WHERE ${condition} AND validTime >= $from AND validTime < $end ORDER BY validTime, variable`,
      { stationId, firstEntry, from: timestamp(from), end: timestamp(from + yearMs) },
    );
    for (const row of rows) addSeen(digests, row.entry, row);
  }
  return new Map([...digests].map(([entry, lines]) => [entry, lines.end()]));
}
