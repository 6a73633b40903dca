import { FileError } from "../http/fileError.js";
import { checkRow, type LiveReports, liveReport, rawValue, scaled } from "./liveReport.js";
import { oktasOf } from "./metarText.js";
import { nwsSourceCode } from "./quality.js";
import { NwsPage, NwsRow, type RawValue, timeOf } from "./schemas.js";

/** The request for a station's observations between two times, epoch milliseconds. */
export function nwsPath(icao: string, from: number, through: number): string {
  const iso = (time: number) => `${new Date(time).toISOString().slice(0, 19)}Z`;
  return `stations/${icao}/observations?start=${iso(from)}&end=${iso(through)}&limit=500`;
}

/** The path of a station's observations in a local folder, in the form of a reply. */
export function nwsFile(icao: string): string {
  return `stations/${icao}/observations.json`;
}

export interface NwsReply extends LiveReports {
  icao: string;
  /** Address of the next page; null on the last. */
  next: string | null;
}

/**
 * Reads one page of a station's observations. Rows without raw text are skipped: they are estimates in whole degrees every
 * five minutes. Throws `FileError` if it is not a list of observations.
 * @param file its name in errors
 * @param notBefore older rows are rejected, epoch milliseconds
 */
export function parseNws(body: unknown, file: string, icao: string, notBefore: number): NwsReply {
  const { row: reply, problems } = checkRow(NwsPage, body);
  if (!reply) throw new FileError(file, "is not a list of observations");
  const { features, pagination } = reply;
  const parsed: NwsReply = { icao, place: null, reports: [], failures: [], next: pagination?.next ?? null };
  const ofReply = { row: null, reportTime: null, schema: "NwsReply", severity: "error" } as const;
  for (const problem of problems) parsed.failures.push({ ...ofReply, ...problem });
  for (const [index, feature] of features.entries()) {
    const properties = (feature as { properties?: unknown } | null)?.properties;
    if (isEstimate(properties)) continue;
    const { row: observation, problems } = checkRow(NwsRow, properties);
    const row = index + 1;
    const time = observation && timeOf(observation.timestamp);
    const fail = (column: string | null, check: string, value: string) => {
      parsed.failures.push({ row, reportTime: time, schema: "NwsRow", column, check, value, severity: "error" });
    };
    for (const { column, check, value } of problems) fail(column, check, value);
    if (!observation?.rawMessage) continue;
    if (time === null || time < notBefore) {
      fail("timestamp", time === null ? "date" : "stray", observation.timestamp);
      continue;
    }
    const station = observation.station?.split("/").at(-1) || icao;
    if (station !== icao) {
      fail("station", "station", station);
      continue;
    }
    const measured = (key: MeasuredKey) => readMeasured(observation[key], key, (value) => fail(key, "unit", value));
    const report = liveReport(
      {
        row,
        schema: "NwsRow",
        icao,
        time,
        rawText: observation.rawMessage,
        isSpecial: isSpecial(observation.rawMessage, time),
        isCorrection: false,
        values: {
          temperature: measured("temperature"),
          dewPoint: measured("dewpoint"),
          seaLevelPressure: measured("seaLevelPressure"),
          windSpeed: measured("windSpeed"),
          windDirection: measured("windDirection"),
        },
        cloudOktas: oktasOf((observation.cloudLayers ?? []).map(({ amount }) => amount ?? "")),
      },
      parsed.failures,
    );
    if (report) parsed.reports.push(report);
  }
  return parsed;
}

/** Whether the raw text of a row is missing or empty. */
function isEstimate(properties: unknown): boolean {
  if (typeof properties !== "object" || properties === null) return false;
  const { rawMessage = null } = properties as { rawMessage?: unknown };
  return rawMessage === null || (typeof rawMessage === "string" && rawMessage.trim() === "");
}

type MeasuredKey = "temperature" | "dewpoint" | "seaLevelPressure" | "windSpeed" | "windDirection";

/** Factors to our units, by WMO's names of units. */
const units: Record<MeasuredKey, Readonly<Record<string, number>>> = {
  temperature: { degC: 1 },
  dewpoint: { degC: 1 },
  seaLevelPressure: { Pa: 0.01, hPa: 1 },
  windSpeed: { "km_h-1": 1 / 3.6, "m_s-1": 1 },
  windDirection: { "degree_(angle)": 1 },
};

/** A value in our unit with its quality code; empty, with a call of `failUnit`, if the unit is unknown. */
function readMeasured(measured: NwsRow[MeasuredKey], key: MeasuredKey, failUnit: (value: string) => void): RawValue {
  if (measured?.value == null) return rawValue(null);
  const unit = (measured.unitCode ?? "").replace(/^.*:/, "");
  const factor = units[key][unit];
  if (factor === undefined) {
    failUnit(`${measured.value} ${measured.unitCode ?? "without unit"}`);
    return rawValue(null);
  }
  return rawValue(scaled(measured.value, factor), (measured.qualityControl ?? "").replace(/^.*:/, ""), nwsSourceCode);
}

/** Without the word METAR or SPECI the minute decides: routine reports come in the quarter before the hour, or on it. */
function isSpecial(rawMessage: string, time: number): boolean | null {
  if (/^\s*(METAR|SPECI)\b/.test(rawMessage)) return null;
  const minute = new Date(time).getUTCMinutes();
  return minute > 2 && minute < 45;
}
