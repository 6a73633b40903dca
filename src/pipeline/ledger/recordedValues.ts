import { type Store, timestamp } from "../../data/store/store.js";
import { hourMs } from "../../shared/time.js";
import { type CountedDigest, LineDigests } from "./lineDigest.js";

/** A table with recorded rows: the ledger entry of each is that of the run that first saw it. */
export interface RecordedTable {
  name: "hours" | "officialForecasts";
  /** The time column by which it is read in parts. */
  time: "validTime" | "issuedTime";
  /** SQL of a line's cells, times in epoch milliseconds; the first two are unique within a station. */
  cells: readonly [time: string, other: string, ...rest: string[]];
  /** Hours read at once. */
  partHours: number;
}

const ms = (column: string) => `epoch_ms(${column})::DOUBLE`;

/** Observed values. */
export const observedValues: RecordedTable = {
  name: "hours",
  time: "validTime",
  cells: [ms("validTime"), "variable", "firstValue", "firstSource", ms("firstSeenTime")],
  // A year at a time: decades at once would take too much memory.
  partHours: 366 * 24,
};

/** Hours of official forecasts. */
export const officialHoursSeen: RecordedTable = {
  name: "officialForecasts",
  time: "issuedTime",
  cells: [ms("issuedTime"), "leadHours", "temperatureC", "dewPointC", ms("generatedTime"), ms("updateTime")],
  partHours: 31 * 24,
};

type RecordedRow = { stationId: string; entry: number } & Record<string, string | number | null>;

const named = ({ cells }: RecordedTable) => cells.map((cell, i) => `${cell} AS cell${i}`).join(", ");

const lineOf = ({ cells }: RecordedTable, row: RecordedRow) => JSON.stringify(cells.map((_, i) => row[`cell${i}`]));

/** Stations with more rows are read one at a time. */
const manyRows = 5000;

/** Count and digest of each station's rows that the ledger does not record yet. */
export async function unrecordedRows(
  store: Pick<Store, "all">,
  table: RecordedTable,
): Promise<Map<string, CountedDigest>> {
  const unrecorded = `FROM ${table.name} LEFT JOIN (SELECT stationId, max(entry) AS recorded FROM ledger GROUP BY stationId)
    USING (stationId) WHERE entry > coalesce(recorded, 0)`;
  const counts = await store.all<{ stationId: string; entry: number; n: number }>(
    `SELECT stationId, min(entry) AS entry, count(*) AS n ${unrecorded} GROUP BY stationId`,
  );
  const few = await store.all<RecordedRow>(
    `SELECT stationId, entry, ${named(table)} ${unrecorded}
     QUALIFY count(*) OVER (PARTITION BY stationId) <= ${manyRows} ORDER BY stationId, cell0, cell1`,
  );
  const digests = new LineDigests<string>();
  for (const row of few) digests.add(row.stationId, lineOf(table, row));
  const all = digests.end();
  for (const { stationId, entry, n } of counts) {
    if (n > manyRows) all.set(stationId, (await digestsByEntry(store, table, stationId, entry)).get(entry)!);
  }
  return all;
}

/**
 * Count and digest of the rows that each entry of a station's ledger records. A line is a JSON array of the table's
 * `cells`, ordered by the first two.
 * @param firstEntry earlier entries are left out
 */
export async function digestsByEntry(
  store: Pick<Store, "all">,
  table: RecordedTable,
  stationId: string,
  firstEntry = 1,
): Promise<Map<number, CountedDigest>> {
  const { name, time } = table;
  const condition = "stationId = $stationId AND entry >= $firstEntry";
  const [span] = await store.all<{ first: number | null; last: number | null }>(
    `SELECT ${ms(`min(${time})`)} AS first, ${ms(`max(${time})`)} AS last FROM ${name} WHERE ${condition}`,
    { stationId, firstEntry },
  );
  const digests = new LineDigests<number>();
  if (span?.first == null) return new Map();
  const partMs = table.partHours * hourMs;
  for (let from = span.first; from <= span.last!; from += partMs) {
    const rows = await store.all<RecordedRow>(
      `SELECT stationId, entry, ${named(table)} FROM ${name}
       WHERE ${condition} AND ${time} >= $from AND ${time} < $end ORDER BY cell0, cell1`,
      { stationId, firstEntry, from: timestamp(from), end: timestamp(from + partMs) },
    );
    for (const row of rows) digests.add(row.entry, lineOf(table, row));
  }
  return digests.end();
}

/**
 * Count and digest of the values that each station used for relearning. A line is a JSON array of valid time, variable
 * and value.
 */
export async function relearnedValues(store: Pick<Store, "all">): Promise<Map<string, CountedDigest>> {
  const rows = await store.all<{ stationId: string; validTime: number; variable: string; value: number | null }>(
    "FROM rebuiltHours ORDER BY stationId, validTime, variable",
  );
  const digests = new LineDigests<string>();
  for (const { stationId, ...cells } of rows) digests.add(stationId, JSON.stringify(Object.values(cells)));
  return digests.end();
}
