import { z } from "zod";
import { FileError } from "./fileError.js";
import { hourOf, updateHours } from "./hourly.js";
import { purgeSimulated } from "./purgeSimulated.js";
import { measureNames, measures } from "./report.js";
import type { FileSource, Place } from "./sources/source.js";
import { type Station, upsertStation } from "./stations.js";
import { type Cell, type Store, setMeta } from "./store.js";
import { type Failure, validate } from "./validate.js";

/** Hours between these, epoch milliseconds, both included, are of interest. */
export interface Period {
  from: number;
  through: number;
}

export interface FileToIngest {
  source: FileSource;
  station: Station;
  year: number;
  /** Its path in the source's tree. */
  file: string;
  lines: AsyncIterable<string>;
}

/** A file read and checked, not yet stored. */
export interface CheckedFile {
  source: FileSource["name"];
  station: Station;
  place: Place | null;
  file: string;
  rows: readonly (readonly Cell[])[];
  failures: readonly Failure[];
  /** Whether the file has reports after the period, so that a later run must read it again. */
  hasLater: boolean;
}

export interface Ingested {
  /** Reports of the period in the file, and those of them that were new or had changed. */
  rows: number;
  changed: number;
  /** Hours new or changed. */
  hours: number;
  quarantined: number;
}

const valueColumns = measureNames.map((measure) => measures[measure].column);
const stagedColumns = ["row", "reportTime", "reportType", "corrected", ...valueColumns];

/**
 * Reads a file and checks all of it; throws `FileError` when it is not what it claims to be.
 * @param notAfter see `Expectation`
 */
export async function checkFile(
  { source, station, year, file, lines }: FileToIngest,
  period: Period,
  notAfter: number | null,
): Promise<CheckedFile> {
  const expectedId = source.idOf(station)!;
  const opened = await source.open(lines, file);
  if (opened.stationId !== null && opened.stationId !== expectedId) {
    throw new FileError(file, `is of station ${opened.stationId}, not ${expectedId}`);
  }
  const { reports, failures } = await validate(opened.rows, { stationId: expectedId, year, notAfter });
  const started = reports.filter((report) => hourOf(report.reportTime) >= period.from);
  const inPeriod = started.filter((report) => isKnownAt(report.reportTime, period.through));
  const known = new Set(inPeriod);
  const others = new Set(reports.filter((report) => !known.has(report)).map((report) => report.row));
  return {
    source: source.name,
    station,
    place: opened.place,
    file,
    failures: failures.filter((failure) => !others.has(failure.row!)),
    hasLater: inPeriod.length < started.length,
    rows: inPeriod.map((report) => [
      report.row,
      report.reportTime,
      report.reportType,
      report.corrected,
      ...valueColumns.map((column) => report[column]),
    ]),
  };
}

/** A report stands for its hour only once that hour has come. */
function isKnownAt(reportTime: number, now: number): boolean {
  return reportTime <= now && hourOf(reportTime) <= now;
}

/**
 * Stores a checked file: its reports, failures and the hours that they change. Storing the same file again changes
 * nothing, and what a file no longer has stays. To be run within a transaction.
 * @param seenTime epoch milliseconds
 */
export async function storeFile(store: Store, checked: CheckedFile, seenTime: number): Promise<Ingested> {
  const { source, file, rows, failures } = checked;
  const { stationId } = checked.station;
  if (source !== "simulated" && rows.length > 0) await purgeSimulated(store);
  if (source === "simulated") await setMeta(store, "simulated", "true");
  await upsertStation(store, checked.station, checked.place);

  await store.run(
    "CREATE OR REPLACE TEMP TABLE staged AS SELECT 0 AS row, * EXCLUDE (stationId, source) FROM reports LIMIT 0",
  );
  await store.append("staged", stagedColumns, rows);
  const duplicates = await dropDuplicates(store);
  const changed = await storeReports(store, stationId, source);
  const hours = changed > 0 ? await updateHours(store, stationId, "changed", seenTime) : 0;

  const all = [...failures, ...duplicates];
  await storeFailures(store, stationId, source, file, all, seenTime);
  return { rows: rows.length, changed, hours, quarantined: all.length };
}

const DuplicateRow = z.object({ row: z.number(), reportTime: z.string(), reportType: z.string() });

/** Leaves one row for each time and type: of each value the last one given, those of a correction before others. */
async function dropDuplicates(store: Store): Promise<Failure[]> {
  const order = "(corrected, row)";
  const isDuplicate = `row_number() OVER (PARTITION BY reportTime, reportType ORDER BY ${order} DESC) > 1`;
  const duplicates = await store.all(
    `SELECT row, strftime(reportTime, '%xT%X') AS reportTime, reportType FROM staged QUALIFY ${isDuplicate} ORDER BY row`,
    [],
    DuplicateRow,
  );
  if (duplicates.length > 0) {
    await store.run(`
      CREATE OR REPLACE TEMP TABLE staged AS
      SELECT max(row) AS row, reportTime, reportType, bool_or(corrected) AS corrected,
        ${valueColumns.map((column) => `arg_max(${column}, ${order}) AS ${column}`).join(", ")}
      FROM staged GROUP BY reportTime, reportType`);
  }
  return duplicates.map(({ row, reportTime, reportType }) => ({
    row,
    schema: "reports",
    column: "date",
    check: "unique",
    value: `${reportTime} ${reportType}`.trim(),
    severity: "warning",
  }));
}

/** Replaces reports that differ and adds those that are new; leaves their times in the temporary table `changed`. */
async function storeReports(store: Store, stationId: string, source: string): Promise<number> {
  const key = "reports.reportTime = staged.reportTime AND reports.reportType = staged.reportType";
  const columns = ["corrected", ...valueColumns];
  const values = (table: string) => `(${columns.map((column) => `${table}.${column}`).join(", ")})`;
  await store.run(
    `
    CREATE OR REPLACE TEMP TABLE changed AS
    SELECT staged.* FROM staged
    WHERE NOT EXISTS (
      FROM reports WHERE stationId = $stationId AND source = $source AND ${key}
        AND ${values("reports")} IS NOT DISTINCT FROM ${values("staged")}
    )`,
    { stationId, source },
  );
  const [{ n }] = (await store.all("SELECT count(*) AS n FROM changed", [], z.object({ n: z.number() }))) as [
    { n: number },
  ];
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

/** Replaces the failures of a file; one that was there before keeps the time at which it was first seen. */
export async function storeFailures(
  store: Store,
  stationId: string | null,
  source: string,
  file: string,
  failures: readonly Failure[],
  seenTime: number,
): Promise<void> {
  await store.run("CREATE OR REPLACE TEMP TABLE failed AS FROM quarantine LIMIT 0");
  const columns = ["stationId", "source", "file", "row", "schema", "column", "check", "value", "severity", "seenTime"];
  await store.append(
    "failed",
    columns,
    failures.map((f) => [stationId, source, file, f.row, f.schema, f.column, f.check, f.value, f.severity, seenTime]),
  );
  await store.run(`
    UPDATE failed SET seenTime = before.seenTime FROM quarantine AS before
    WHERE before.source = failed.source AND before.file = failed.file
      AND (before."row", before."column", before."check", before.value)
        IS NOT DISTINCT FROM (failed."row", failed."column", failed."check", failed.value)`);
  await store.run("DELETE FROM quarantine WHERE source = $source AND file = $file", { source, file });
  await store.run('INSERT INTO quarantine FROM failed ORDER BY "row", "column"');
}
