import type { RawReport, RawValue } from "../report.js";
import type { Failure } from "../validate.js";
import { type MetarText, readMetarText, timeOfText } from "./metarText.js";
import type { Place } from "./source.js";

/** What one reply of a live service says of one station, its rows not yet validated. */
export interface LiveReports {
  /** ICAO code; null for rows that can't be told to belong to a station. */
  icao: string | null;
  place: Place | null;
  reports: RawReport[];
  failures: Failure[];
}

/** A row of a live service: the values it decoded, beside the raw text that it decoded them from. */
export interface LiveRow {
  /** 1-based place in the reply. */
  row: number;
  /** Name of the row's schema, for failures. */
  schema: string;
  icao: string;
  /** Epoch milliseconds. */
  time: number;
  rawText: string;
  isSpecial: boolean | null;
  values: Record<"temperature" | "dewPoint" | "seaLevelPressure" | "windSpeed" | "windDirection", RawValue>;
  cloudOktas: number | null;
}

/** A decoded value further from the raw text than this, °C, is not the one that was observed. */
const toleranceC = 1;
const hourMs = 3_600_000;

/**
 * A row as a report. The raw text goes before what the service decoded from it: it has tenths, and can't be in another
 * unit. A row whose text is of another station or time is none; null, and the reason in `failures`.
 */
export function liveReport(live: LiveRow, failures: Failure[]): RawReport | null {
  const { row, schema, icao, time, values } = live;
  const text = readMetarText(live.rawText);
  const fail = (column: string, check: string, value: string) => {
    failures.push({ row, reportTime: time, schema, column, check, value, severity: "error" });
  };
  if (text.stationId !== null && text.stationId !== icao) {
    fail("rawText", "station", `${text.stationId}, not ${icao}`);
    return null;
  }
  const textTime = text.time && timeOfText(text.time, time);
  if (text.time && (textTime === null || Math.abs(textTime - time) > hourMs)) {
    fail("rawText", "time", `${textTime === null ? "no such day" : iso(textTime)}, not ${iso(time)}`);
    return null;
  }
  const temperature = ofText("temperature", text.temperatureC);
  const dewPoint = ofText("dewPoint", text.dewPointC);
  const isCalm = Number(values.windSpeed.value || Number.NaN) === 0;
  return {
    row,
    stationId: icao,
    date: iso(time),
    reportType: reportType(live, text),
    corrected: text.isCorrection,
    ...values,
    temperature,
    dewPoint,
    windDirection: isCalm ? { ...values.windDirection, value: "" } : values.windDirection,
    cloudCover: rawValue(live.cloudOktas),
  };

  function ofText(measure: "temperature" | "dewPoint", inText: number | null): RawValue {
    const decoded = values[measure];
    if (inText === null) return decoded;
    if (decoded.value !== "" && !(Math.abs(Number(decoded.value) - inText) <= toleranceC)) {
      fail(`${measure}C`, "rawText", `${decoded.value}, but ${inText} in the raw text`);
    }
    return { ...decoded, value: rawValue(inText).value };
  }
}

function reportType({ isSpecial }: LiveRow, text: MetarText): "FM15" | "FM16" {
  return (isSpecial ?? text.isSpecial) ? "FM16" : "FM15";
}

/** A value as it would stand in a file: rounded to tenths, empty when missing. */
export function rawValue(value: number | string | null | undefined, quality = "", sourceCode = ""): RawValue {
  if (value === null || value === undefined) return { value: "", quality, sourceCode };
  const number = typeof value === "string" && value.trim() === "" ? Number.NaN : Number(value);
  return {
    value: Number.isNaN(number) ? String(value) : String(Math.round(number * 10) / 10 + 0),
    quality,
    sourceCode,
  };
}

/** `2026-05-20T09:51:00`, UTC. */
function iso(time: number): string {
  return new Date(time).toISOString().slice(0, 19);
}
