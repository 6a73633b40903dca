import { z } from "zod";
import { type Measure, type MeasureColumn, measureNames, measures } from "../../shared/measures.js";
import { hourMs } from "../../shared/time.js";
import { acceptsQuality } from "../sources/quality.js";
import type { Failure } from "../sources/schemas.js";
import { CleanReport, isObservation, RawReport, type Report, timeOf } from "../sources/schemas.js";
import type { BrokenRow } from "../sources/source.js";

/** The last valid value and its time, epoch milliseconds. */
export interface GoodValue {
  time: number;
  value: number;
}

/** The expected content of a file. */
export interface Expectation {
  /** The id of the station in the source. */
  stationId: string;
  /** Null if rows may be from any year. */
  year: number | null;
  /** Later observations are invalid, epoch milliseconds; null if the run replays an earlier time. */
  notAfter: number | null;
  /** The last values before the first row, for the check of spikes. */
  before?: Partial<Record<Measure, GoodValue>> | undefined;
}

/** Valid reports in order of time, and every failed check. */
export interface Validated {
  reports: Report[];
  failures: Failure[];
}

const rawSchema = z.compile(RawReport);
const cleanSchema = z.compile(CleanReport);

/**
 * Checks every row and returns all failures; rejects single values rather than whole rows where possible.
 * Summaries, which are no observations, are skipped without a failure.
 */
export async function validate(rows: AsyncIterable<RawReport | BrokenRow>, expected: Expectation): Promise<Validated> {
  const failures: Failure[] = [];
  const reports: Report[] = [];
  for await (const row of rows) {
    const report = "problem" in row ? brokenRow(row, failures) : checkReport(row, expected, failures);
    if (report) reports.push(slim(report));
  }
  reports.sort((a, b) => a.reportTime - b.reportTime || a.row - b.row);
  removeSpikes(reports, failures, expected.before ?? {});
  return { reports, failures };
}

/** Copies of the few report types: a text cut from a file would keep the whole file in memory. */
const reportTypes = new Map<string, string>();

function slim(report: CleanReport): Report {
  const { row, reportTime, corrected } = report;
  let reportType = reportTypes.get(report.reportType);
  if (reportType === undefined) {
    reportType = Buffer.from(report.reportType).toString();
    reportTypes.set(reportType, reportType);
  }
  const { temperatureC, dewPointC, seaLevelPressureHpa, windSpeedMs, windDirectionDeg, cloudCoverOktas } = report;
  const values = { temperatureC, dewPointC, seaLevelPressureHpa, windSpeedMs, windDirectionDeg, cloudCoverOktas };
  return { row, reportTime, reportType, corrected, ...values };
}

function brokenRow({ row, problem, check = "columns" }: BrokenRow, failures: Failure[]): null {
  const severity = check === "columns" ? "error" : "warning";
  failures.push({ row, reportTime: null, schema: "RawReport", column: null, check, value: problem, severity });
  return null;
}

function checkReport(raw: RawReport, expected: Expectation, failures: Failure[]): CleanReport | null {
  let reportTime: number | null = null;
  const fail = (schema: string, column: string, check: string, value: unknown): null => {
    failures.push({ row: raw.row, reportTime, schema, column, check, value: text(value), severity: "error" });
    return null;
  };

  const shape = rawSchema.safeParse(raw);
  if (!shape.success) {
    for (const issue of shape.error.issues) {
      const column = String(issue.path[0]);
      fail("RawReport", column, issue.code, raw[column as keyof RawReport]);
    }
    return null;
  }
  if (!isObservation(raw.reportType)) return null;
  if (raw.stationId !== expected.stationId) return fail("RawReport", "stationId", "station", raw.stationId);
  reportTime = timeOf(raw.date);
  if (reportTime === null) return fail("RawReport", "date", "date", raw.date);
  if (expected.year !== null && Number(raw.date.slice(0, 4)) !== expected.year) {
    return fail("RawReport", "date", "year", raw.date);
  }
  if (expected.notAfter !== null && reportTime > expected.notAfter) {
    return fail("RawReport", "date", "future", raw.date);
  }

  const report: CleanReport = { ...raw, reportTime, ...noValues };
  for (const measure of measureNames) {
    const { value, quality, sourceCode } = raw[measure];
    if (value === "") continue;
    // Adding 0 turns -0 into 0: Parquet loses the sign, which would change the digest of the hours after a restore.
    const number = /^\s*[+-]?\d+(\.\d+)?\s*$/.test(value) ? Number(value) + 0 : Number.NaN;
    if (Number.isNaN(number)) fail("CleanReport", measures[measure].column, "number", value);
    else if (!acceptsQuality(quality, sourceCode)) {
      fail("CleanReport", measures[measure].column, "quality", `${value} (${quality} of source ${sourceCode || "?"})`);
    } else report[measures[measure].column] = number;
  }
  return withoutImpossible(report, failures);
}

const noValues = Object.fromEntries(measureNames.map((measure) => [measures[measure].column, null])) as Record<
  MeasureColumn,
  null
>;

/** Removes values that `CleanReport` rejects: beyond the physical range, or a dew point above the temperature. */
function withoutImpossible(report: CleanReport, failures: Failure[]): CleanReport {
  for (let checked = cleanSchema.safeParse(report); !checked.success; checked = cleanSchema.safeParse(report)) {
    // Checks between columns run only when each column is in range, so check again.
    for (const issue of checked.error.issues) {
      const column = issue.path[0] as MeasureColumn;
      const check = issue.code === "custom" ? "dewPointAboveTemperature" : "range";
      failures.push(failureOf(report, column, check, text(report[column])));
      report[column] = null;
    }
  }
  return report;
}

const spikeWindow = 3 * hourMs;

/**
 * Removes values that jump from the last valid one by more than weather does, by earlier values only. If two values in a
 * row agree, the jump was real: only the first is lost.
 */
function removeSpikes(reports: Report[], failures: Failure[], before: Partial<Record<Measure, GoodValue>>): void {
  for (const measure of measureNames) {
    const { column, spike } = measures[measure];
    if (!Number.isFinite(spike)) continue;
    let good: GoodValue | null = before[measure] ?? null;
    let suspect: GoodValue | null = null;
    for (const report of reports) {
      const value = report[column];
      if (value === null) continue;
      const now = { time: report.reportTime, value };
      const jumps = (from: GoodValue | null) =>
        from !== null && now.time - from.time <= spikeWindow && Math.abs(value - from.value) > spike;
      const confirmed = suspect !== null && now.time > suspect.time && now.time - suspect.time <= spikeWindow;
      if (!jumps(good) || (confirmed && Math.abs(value - suspect!.value) <= spike / 2)) {
        good = now;
        suspect = null;
      } else {
        suspect = now;
        report[column] = null;
        failures.push(failureOf(report, column, "spike", `${value} after ${good!.value}`));
      }
    }
  }
}

function failureOf({ row, reportTime }: Report, column: MeasureColumn, check: string, value: string): Failure {
  return { row, reportTime, schema: "CleanReport", column, check, value, severity: "error" };
}

function text(value: unknown): string {
  return String(value).slice(0, 200);
}
