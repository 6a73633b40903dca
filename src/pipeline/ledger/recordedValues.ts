import { sqlText } from "../../data/store/sqlText.js";
import { type Store, timestamp } from "../../data/store/store.js";
import { dayMs } from "../../shared/time.js";
import { type CountedDigest, LineDigests } from "./lineDigest.js";

/** A table of which the ledger records digests. */
interface DigestedTable {
  name: string;
  /** The time column by which it is read in parts. */
  time: string;
  /** SQL of a line's cells, times in epoch milliseconds. */
  cells: readonly string[];
  /** From this cell on, null cells at the end of a line are left out. */
  optionalFrom?: number;
  /** Cells that are unique within a station; the first two by default. */
  order?: string;
}

/** A table with recorded rows: the ledger entry of each is that of the run that first saw it. */
export interface RecordedTable extends DigestedTable {
  /** What its rows are, in messages. */
  what: string;
  /** The columns of an entry with their number and digest. */
  n: "seen" | "guidanceSeen";
  digest: "seenDigest" | "guidanceDigest";
}

const ms = (column: string) => `epoch_ms(${column})::DOUBLE`;

/** Observed values. */
export const observedValues: RecordedTable = {
  name: "hours",
  time: "validTime",
  cells: [ms("validTime"), "variable", "firstValue", "firstSource", ms("firstSeenTime")],
  what: "values",
  n: "seen",
  digest: "seenDigest",
};

/** Values of guidance. */
export const guidanceValuesSeen: RecordedTable = {
  name: "guidanceSeen",
  time: "issuedTime",
  // The official forecasts of earlier versions have the same lines: their last cells are null.
  cells: [
    ms("issuedTime"),
    "leadHours",
    "temperatureC",
    "dewPointC",
    ms("publicTime"),
    ms("runTime"),
    "nullif(source, 'nws')",
    "temperatureSpreadC",
    "nullif(imported, false)",
  ],
  optionalFrom: 6,
  order: "cell0, cell1, cell6",
  what: "rows of guidance",
  n: "guidanceSeen",
  digest: "guidanceDigest",
};

/** Values used for relearning. */
const relearned: DigestedTable = {
  name: "rebuiltHours",
  time: "validTime",
  cells: [ms("validTime"), "variable", "value"],
};

/** Count and digest of each station's rows that the ledger does not record yet; some stations are left out. */
export function unrecordedRows(
  store: Pick<Store, "all">,
  table: RecordedTable,
  except: readonly string[] = [],
): Promise<Map<string, CountedDigest>> {
  const from = `${table.name} LEFT JOIN (SELECT stationId, max(entry) AS recorded FROM ledger GROUP BY stationId)
    USING (stationId)
    WHERE entry > coalesce(recorded, 0) AND stationId NOT IN (${["", ...except].map(sqlText).join(", ")})`;
  return digestRows<string>(store, table, "stationId", from);
}

/** Count and digest of the rows that each entry of a station's ledger records. */
export function digestsByEntry(
  store: Pick<Store, "all">,
  table: RecordedTable,
  stationId: string,
): Promise<Map<number, CountedDigest>> {
  return digestRows<number>(store, table, "entry", `${table.name} WHERE stationId = $stationId`, { stationId });
}

/** Count and digest of the values that each station, or only the given one, used for relearning. */
export function relearnedValues(store: Pick<Store, "all">, stationId?: string): Promise<Map<string, CountedDigest>> {
  const [condition, params] = stationId ? ["stationId = $stationId", { stationId }] : ["true", {}];
  return digestRows<string>(store, relearned, "stationId", `rebuiltHours WHERE ${condition}`, params);
}

/** About how many rows are read at once, in whole days: decades of many stations would take too much memory. */
const partRows = 50_000;

/** Digests rows by `key`. A line is a JSON array of the table's `cells`. */
async function digestRows<Key>(
  store: Pick<Store, "all">,
  { time, cells, optionalFrom = cells.length, order = "cell0, cell1" }: DigestedTable,
  key: "stationId" | "entry",
  from: string,
  params: Record<string, string> = {},
): Promise<Map<Key, CountedDigest>> {
  const digests = new LineDigests<Key>();
  const days = await store.all<{ day: number; n: number }>(
    `SELECT ${ms(`date_trunc('day', ${time})`)} AS day, count(*) AS n FROM ${from} GROUP BY day ORDER BY day`,
    params,
  );
  for (let i = 0; i < days.length; ) {
    const start = days[i]!.day;
    for (let n = 0; n < partRows && i < days.length; i++) n += days[i]!.n;
    const rows = await store.all<{ key: Key } & Record<string, string | number | boolean | null>>(
      `SELECT ${key} AS key, ${cells.map((cell, place) => `${cell} AS cell${place}`).join(", ")} FROM ${from}
         AND ${time} >= $start AND ${time} < $end ORDER BY ${order}`,
      { ...params, start: timestamp(start), end: timestamp(days[i - 1]!.day + dayMs) },
    );
    for (const row of rows) {
      const line = cells.map((_, place) => row[`cell${place}`]!);
      while (line.length > optionalFrom && line.at(-1) === null) line.pop();
      digests.add(row.key, JSON.stringify(line));
    }
  }
  return digests.end();
}
