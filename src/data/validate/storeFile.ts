import { FileError } from "../http/fileError.js";
import { duplicateFailure, type Failure } from "../sources/schemas.js";
import { upsertStation } from "../stations/upsertStation.js";
import { purgeSimulated } from "../store/purgeSimulated.js";
import { type Store, setMeta, timestamp } from "../store/store.js";
import { type CheckedFile, type Period, type SourceName, valueColumns } from "./checkFile.js";
import { updateHours } from "./hourly.js";

export interface Ingested {
  /** Reports of the period in the file. */
  reports: number;
  /** New or changed values in `hours`. */
  values: number;
  failedChecks: number;
}

const stagedColumns = ["row", "reportTime", "reportType", "corrected", ...valueColumns];

/**
 * Stores a validated file: its reports, its failures and the hours they change. Storing the same file again changes
 * nothing, and reports that the file has lost stay. Call it within a transaction. Throws `FileError` if most of the file
 * contradicts the stored hours.
 * @param seenTime epoch milliseconds
 */
export async function storeFile(store: Store, checked: CheckedFile, seenTime: number): Promise<Ingested> {
  const { source, file, rows, failures, part = null } = checked;
  const { stationId } = checked.station;
  if (source !== "simulated" && rows.length > 0) await purgeSimulated(store);
  if (source === "simulated") await setMeta(store, "simulated", "true");
  await upsertStation(store, checked.station, checked.place);

  await store.run(
    "CREATE OR REPLACE TEMP TABLE staged AS SELECT 0 AS row, * EXCLUDE (stationId, source) FROM reports LIMIT 0",
  );
  await store.append("staged", stagedColumns, rows);
  const duplicates = await dropDuplicates(store);
  await throwIfContradictory(store, stationId, file);
  const shrunk = source === "ghcnh" ? await findShrunk(store, checked, seenTime) : [];
  const changed = await storeReports(store, stationId, source);
  const values = changed > 0 ? await updateHours(store, stationId, "changed", seenTime) : 0;

  const all = [
    ...failures,
    ...duplicates.map((failure) => (part && !isLive(source) ? { ...failure, row: null } : failure)),
    ...shrunk,
  ];
  await storeFailures(store, { stationId, source, file, part }, all, seenTime);
  return { reports: rows.length, values, failedChecks: all.length };
}

function isLive(source: SourceName): boolean {
  return source === "awc" || source === "nws";
}

/** A file that shares this many hours with the store and differs in most of them has another station or unit. */
const comparedHours = 24;
const unlikeC = 5;

async function throwIfContradictory(store: Store, stationId: string, file: string): Promise<void> {
  const [row] = await store.all<{ common: number; unlike: number }>(
    `SELECT count(*)::DOUBLE AS common, count(*) FILTER (abs(staged.temperatureC - hours.value) > ${unlikeC})::DOUBLE AS unlike
     FROM staged JOIN hours ON hours.validTime = date_trunc('hour', staged.reportTime + INTERVAL 30 MINUTE)
     WHERE hours.stationId = $stationId AND variable = 'temperature' AND value IS NOT NULL AND temperatureC IS NOT NULL`,
    { stationId },
  );
  const { common, unlike } = row!;
  if (common >= comparedHours && unlike > common / 2) {
    throw new FileError(
      file,
      `contradicts the stored hours: ${unlike} of ${common} temperatures differ by more than ${unlikeC} °C`,
    );
  }
}

/** A warning if a file has lost reports since it was last read; they stay stored. */
async function findShrunk(store: Store, { source, station, ...checked }: CheckedFile, now: number): Promise<Failure[]> {
  const { rows, year, part } = checked;
  // The start of a part without valid rows is unknown.
  if (year === null || (rows.length === 0 && part)) return [];
  const times = rows.map((row) => row[1] as number);
  const endOfYear = Date.UTC(year + 1, 0, 1);
  const [row] = await store.all<{ known: number; present: number }>(
    `SELECT count(*)::DOUBLE AS known, (SELECT count(*) FROM staged)::DOUBLE AS present FROM reports
     WHERE stationId = $stationId AND source = $source AND reportTime >= $from AND reportTime < $end`,
    {
      stationId: station.stationId,
      source,
      from: timestamp(times[0] ?? Date.UTC(year, 0, 1)),
      end: timestamp(Math.min(now + 1, endOfYear)),
    },
  );
  const { known, present } = row!;
  if (present >= known) return [];
  const value = `${present} reports, ${known} were known`;
  const what = { schema: "file", column: null, check: "shrunk", value, severity: "warning" } as const;
  return [{ row: null, reportTime: times.at(-1) ?? null, ...what }];
}

/** Keeps one row per time and type, with the last value of each column; corrections override others. */
async function dropDuplicates(store: Store): Promise<Failure[]> {
  const order = "(corrected, row)";
  const isDuplicate = `row_number() OVER (PARTITION BY reportTime, reportType ORDER BY ${order} DESC) > 1`;
  const duplicates = await store.all<{ row: number; time: number; reportTime: string; reportType: string }>(
    `SELECT row, epoch_ms(reportTime)::DOUBLE AS time, strftime(reportTime, '%xT%X') AS reportTime, reportType FROM staged QUALIFY ${isDuplicate} ORDER BY row`,
  );
  if (duplicates.length > 0) {
    await store.run(`
      CREATE OR REPLACE TEMP TABLE staged AS
      SELECT max(row) AS row, reportTime, reportType, bool_or(corrected) AS corrected,
        ${valueColumns.map((column) => `arg_max(${column}, ${order}) AS ${column}`).join(", ")}
      FROM staged GROUP BY reportTime, reportType`);
  }
  return duplicates.map(({ row, time, reportTime, reportType }) => duplicateFailure(row, time, reportTime, reportType));
}

/** Replaces changed reports and adds new ones; both are in the temporary table `changed` afterwards. */
async function storeReports(store: Store, stationId: string, source: SourceName): Promise<number> {
  const key = "reports.reportTime = staged.reportTime AND reports.reportType = staged.reportType";
  const columns = ["corrected", ...valueColumns];
  const values = (table: string) => `(${columns.map((column) => `${table}.${column}`).join(", ")})`;
  // A live service may still send the version before a correction.
  const isKnown = `${values("reports")} IS NOT DISTINCT FROM ${values("staged")}`;
  await store.run(
    `
    CREATE OR REPLACE TEMP TABLE changed AS
    SELECT staged.* FROM staged
    WHERE NOT EXISTS (
      FROM reports WHERE stationId = $stationId AND source = $source AND ${key}
        AND (${isKnown}${isLive(source) ? " OR reports.corrected AND NOT staged.corrected" : ""})
    )`,
    { stationId, source },
  );
  const [row] = await store.all<{ n: number }>("SELECT count(*) AS n FROM changed");
  const { n } = row!;
  if (n === 0) return 0;
  await store.run(
    `DELETE FROM reports USING changed AS staged WHERE stationId = $stationId AND source = $source AND ${key}`,
    { stationId, source },
  );
  await store.run(
    `INSERT INTO reports BY NAME
     SELECT $stationId AS stationId, $source AS source, * EXCLUDE (row) FROM changed ORDER BY reportTime`,
    { stationId, source },
  );
  return n;
}

/** The file or reply that failures belong to. */
export interface FailuresOf {
  stationId: string | null;
  source: string;
  file: string;
  /** For a part of a file: the times of its first and last report. */
  part?: Period | null;
}

/**
 * Replaces the failures of a file, or of a part of it, in table `quarantine`. A failure that was stored before keeps the
 * time at which it was first seen.
 */
export async function storeFailures(
  store: Store,
  { stationId, source, file, part = null }: FailuresOf,
  failures: readonly Failure[],
  seenTime: number,
): Promise<void> {
  await store.run("CREATE OR REPLACE TEMP TABLE failed AS FROM quarantine LIMIT 0");
  await store.insert(
    "failed",
    failures.map((failure) => ({ stationId, source, file, ...failure, seenTime })),
  );
  // Parts have no line numbers and replies no lasting name, so the time identifies the row there.
  const sameRow = part
    ? "before.reportTime = failed.reportTime"
    : 'before.file = failed.file AND before."row" IS NOT DISTINCT FROM failed."row"';
  await store.run(`
    UPDATE failed SET seenTime = before.seenTime FROM quarantine AS before
    WHERE before.source = failed.source AND before.stationId IS NOT DISTINCT FROM failed.stationId AND ${sameRow}
      AND (before."column", before."check", before.value)
        IS NOT DISTINCT FROM (failed."column", failed."check", failed.value)`);
  const times = { from: timestamp(part?.from ?? 0), through: timestamp(part?.through ?? 0) };
  await store.run(
    `DELETE FROM quarantine WHERE source = $source AND stationId IS NOT DISTINCT FROM $stationId
     AND ${part ? "(reportTime BETWEEN $from AND $through OR reportTime IS NULL AND file = $file)" : "file = $file"}`,
    { source, stationId, file, ...(part ? times : {}) },
  );
  await store.run('INSERT INTO quarantine FROM failed ORDER BY "row", "column"');
}
