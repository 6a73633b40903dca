import { FileError } from "../http/fileError.js";
import { checkRow, type LiveReports, liveReport, rawValue, scaled } from "./liveReport.js";
import { msPerKnot, oktasOf } from "./metarText.js";
import { AwcRow, duplicateFailure, type Failure, type RawReport, timeOf } from "./schemas.js";
import type { Place } from "./source.js";

/** The request for all reports of the last hours. */
export function awcPath(icaos: readonly string[], hours: number): string {
  return `api/data/metar?ids=${icaos.join(",")}&format=json&hours=${hours}`;
}

/** The path of a station's reports in a local folder, in the form of a reply. */
export function awcFile(icao: string): string {
  return `api/data/metar/${icao}.json`;
}

/** Replies are cut off at this many rows. */
export const awcRowLimit = 400;

/**
 * Reads a METAR JSON reply, grouped by station. Throws `FileError` if it is not a list.
 * @param file its name in errors
 */
export function parseAwc(body: unknown, file: string): LiveReports[] {
  if (!Array.isArray(body)) throw new FileError(file, "is not a list of reports");
  return readAwcRows(body.map((value: unknown, index) => ({ row: index + 1, value })));
}

/**
 * Checks rows, each an `AwcRow` if it is valid, and groups their reports by station.
 * @param rows with the 1-based place of each in the reply
 */
export function readAwcRows(rows: readonly { row: number; value: unknown }[]): LiveReports[] {
  const byStation = new Map<string | null, LiveReports>();
  const at = (icao: string | null) => {
    const known = byStation.get(icao) ?? { icao, place: null, reports: [], failures: [] };
    byStation.set(icao, known);
    return known;
  };
  const kept = new Map<string, { report: RawReport; rank: string }>();
  for (const { row: position, value } of rows) {
    const { row, problems } = checkRow(AwcRow, value);
    const icao = AwcRow.shape.icaoId.safeParse((value as AwcRow | null)?.icaoId).data ?? null;
    const station = at(icao);
    const reportTime = row && obsTimeOf(row.obsTime);
    if (row && reportTime === null) problems.push({ column: "obsTime", check: "date", value: String(row.obsTime) });
    const place = { row: position, reportTime, schema: "AwcRow" };
    for (const problem of problems) station.failures.push({ ...place, ...problem, severity: "error" });
    const report = row && reportTime !== null && reportOf(row, reportTime, position, station.failures);
    if (!report) continue;
    const key = `${icao} ${report.date} ${report.reportType}`;
    const rank = `${report.corrected ? 1 : 0} ${row.receiptTime ?? ""}`;
    const other = kept.get(key);
    // Of two reports of one time the correction counts, otherwise the one received last.
    const isNewer = !other || rank >= other.rank;
    if (isNewer) kept.set(key, { report, rank });
    if (other) {
      const { row, date, reportType } = isNewer ? other.report : report;
      station.failures.push(duplicateFailure(row, reportTime, date, reportType));
    }
    station.place = placeOf(row) ?? station.place;
  }
  for (const { report } of kept.values()) at(report.stationId).reports.push(report);
  return [...byStation.values()];
}

function reportOf(row: AwcRow, time: number, place: number, failures: Failure[]): RawReport | null {
  const { metarType, clouds, cover } = row;
  return liveReport(
    {
      row: place,
      schema: "AwcRow",
      icao: row.icaoId,
      time,
      rawText: row.rawOb ?? "",
      isSpecial: /\bSPECI\b/.test(metarType ?? "") ? true : /\bMETAR\b/.test(metarType ?? "") ? false : null,
      isCorrection: /^(true|1)$/i.test(String(row.corrected)) || /\b(COR|CC[A-Z])\b/.test(metarType ?? ""),
      values: {
        temperature: rawValue(row.temp),
        dewPoint: rawValue(row.dewp),
        seaLevelPressure: rawValue(row.slp),
        windSpeed: rawValue(scaled(row.wspd, msPerKnot)),
        windDirection: rawValue(row.wdir === "VRB" ? null : row.wdir),
      },
      cloudOktas: oktasOf(clouds?.length ? clouds.map((layer) => layer.cover) : cover ? [cover] : []),
    },
    failures,
  );
}

function placeOf({ icaoId, name, lat, lon, elev }: AwcRow): Place | null {
  if (lat == null || lon == null) return null;
  return { name: name ?? icaoId, latitude: lat, longitude: lon, elevationM: elev ?? null };
}

/** Epoch milliseconds from epoch seconds or text; null if it is neither. */
function obsTimeOf(obsTime: number | string): number | null {
  const seconds = typeof obsTime === "number" ? obsTime : /^\d{9,10}$/.test(obsTime) ? Number(obsTime) : null;
  if (seconds !== null) return seconds > 0 && seconds < 1e10 ? Math.round(seconds) * 1000 : null;
  return timeOf(String(obsTime));
}
