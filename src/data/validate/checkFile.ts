import { lentMeasures, type Measure, measureNames, measures } from "../../shared/measures.js";
import { FileError } from "../http/fileError.js";
import type { Failure, RawReport } from "../sources/schemas.js";
import type { BrokenRow, FileSource, Place, Station } from "../sources/source.js";
import { type Cell, type Store, timestamp } from "../store/store.js";
import { hourOf } from "./hourly.js";
import { type Expectation, type GoodValue, validate } from "./validate.js";

/** A period of hours, epoch milliseconds, both ends included. */
export interface Period {
  from: number;
  through: number;
}

/** The sources of files and the live services. */
export type SourceName = FileSource["name"] | "awc" | "nws";

export interface FileToIngest {
  source: FileSource;
  station: Station;
  year: number;
  /** Its path in the source's tree. */
  file: string;
  lines: AsyncIterable<string>;
  /** Whether only its end is read, so that line numbers are unknown. */
  isTail?: boolean | undefined;
  before?: Expectation["before"];
}

/** Reports of one station, from a file, the end of a file, or a live reply. */
export interface ReportsToCheck {
  source: SourceName;
  station: Station;
  place: Place | null;
  file: string;
  rows: AsyncIterable<RawReport | BrokenRow>;
  /** Failures found earlier. */
  failures?: readonly Failure[];
  expected: Omit<Expectation, "notAfter">;
  /** Whether the rows are only a part of the file or of the station's reports. */
  isPart: boolean;
}

/** A file, or a part of one, that is validated but not stored. */
export interface CheckedFile extends Pick<ReportsToCheck, "source" | "station" | "place" | "file"> {
  rows: readonly (readonly Cell[])[];
  failures: readonly Failure[];
  /** Year of the file; null for a live reply. */
  year: number | null;
  /** Whether the file has reports after the period, so that a later run must read it again. */
  hasLater: boolean;
  /** For a part: the times of its first and last report, between which failures are replaced. */
  part?: Period | null;
}

export const valueColumns = measureNames.map((measure) => measures[measure].column);

/**
 * Reads and validates a file. Throws `FileError` if it is not what it claims to be.
 * @param notAfter see `Expectation`
 */
export async function checkFile(
  { source, station, year, file, lines, isTail = false, before }: FileToIngest,
  period: Period,
  notAfter: number | null,
): Promise<CheckedFile> {
  const expectedId = source.idOf(station)!;
  const opened = await source.open(lines, file);
  if (opened.stationId !== null && opened.stationId !== expectedId) {
    throw new FileError(file, `is of station ${opened.stationId}, not ${expectedId}`);
  }
  const reports = await checkReports(
    {
      source: source.name,
      station,
      place: null,
      file,
      rows: opened.rows,
      expected: { stationId: expectedId, year, before },
      isPart: isTail,
    },
    period,
    notAfter,
  );
  const checked = { ...reports, place: opened.placeOf(expectedId) };
  return isTail ? { ...checked, failures: checked.failures.map((failure) => ({ ...failure, row: null })) } : checked;
}

/**
 * Validates the reports of a station.
 * @param notAfter see `Expectation`
 */
export async function checkReports(
  { source, station, place, file, rows, failures: earlier = [], expected, isPart }: ReportsToCheck,
  period: Period,
  notAfter: number | null,
): Promise<CheckedFile> {
  const { reports, failures } = await validate(rows, { ...expected, notAfter });
  const started = reports.filter((report) => hourOf(report.reportTime) >= period.from);
  const inPeriod = started.filter((report) => isKnownAt(report.reportTime, period.through));
  const known = new Set(inPeriod);
  const others = new Set(reports.filter((report) => !known.has(report)).map((report) => report.row));
  const kept = [...earlier, ...failures].filter((failure) => !others.has(failure.row!));
  const times = [...inPeriod, ...kept].flatMap(({ reportTime }) => reportTime ?? []).sort((a, b) => a - b);
  return {
    source,
    station,
    place,
    file,
    failures: kept,
    year: expected.year,
    hasLater: inPeriod.length < started.length,
    part: isPart ? { from: times[0] ?? period.from, through: times.at(-1) ?? period.from } : null,
    rows: inPeriod.map((report) => [
      report.row,
      report.reportTime,
      report.reportType,
      report.corrected,
      ...measureNames.map((measure) => (isStored(station, measure) ? report[measures[measure].column] : null)),
    ]),
  };
}

function isStored({ onlyLends }: Station, measure: Measure): boolean {
  return !onlyLends || lentMeasures.includes(measure);
}

/** A report counts only once its hour has come. */
function isKnownAt(reportTime: number, now: number): boolean {
  return reportTime <= now && hourOf(reportTime) <= now;
}

/**
 * The last value of each measure that a station reported in the three hours before a time.
 * @param time epoch milliseconds
 */
export async function lastValues(
  store: Pick<Store, "all">,
  stationId: string,
  time: number,
): Promise<Partial<Record<Measure, GoodValue>>> {
  const columns = valueColumns.join(", ");
  const rows = await store.all<{ measure: string; time: number; value: number }>(
    `SELECT measure, epoch_ms(max(reportTime))::DOUBLE AS time, arg_max(value, reportTime) AS value
     FROM (SELECT reportTime, ${columns} FROM reports
       WHERE stationId = $stationId AND reportTime < $time AND reportTime >= $time - INTERVAL 3 HOUR)
     UNPIVOT (value FOR measure IN (${columns})) GROUP BY measure`,
    { stationId, time: timestamp(time) },
  );
  return Object.fromEntries(
    rows.map((row) => [
      measureNames.find((measure) => measures[measure].column === row.measure)!,
      { time: row.time, value: row.value },
    ]),
  );
}
