import type { z } from "zod";
import { hourMs } from "../../shared/time.js";
import { readMetarText, timeOfText } from "./metarText.js";
import type { Failure, RawReport, RawValue } from "./schemas.js";
import type { Place } from "./source.js";

/** The reports of one station in a reply of a live service, not yet validated. */
export interface LiveReports {
  /** ICAO code; null for rows without a valid one. */
  icao: string | null;
  place: Place | null;
  reports: RawReport[];
  failures: Failure[];
}

/** A row of a live service: decoded values and the raw text they come from. */
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
  /** Whether the service marks it as a correction; the text may too. */
  isCorrection: boolean;
  values: Record<"temperature" | "dewPoint" | "seaLevelPressure" | "windSpeed" | "windDirection", RawValue>;
  cloudOktas: number | null;
}

/** Largest difference between a decoded value and the raw text, °C. */
const toleranceC = 1;

/**
 * Converts a row to a report. Values of the raw text override the decoded ones, because they have tenths and a certain
 * unit. Returns null, with the reason in `failures`, if the text is from another station or time.
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
    reportType: (live.isSpecial ?? text.isSpecial) ? "FM16" : "FM15",
    corrected: live.isCorrection || text.isCorrection,
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

/** A problem with a field of a row. */
export interface Problem {
  /** Path of the field; null for the whole row. */
  column: string | null;
  check: string;
  value: string;
}

/**
 * Checks a row by its schema. An invalid optional field is dropped and the others are used; the row is null if a required
 * field is invalid.
 */
export function checkRow<Shape extends z.ZodRawShape>(
  schema: z.ZodObject<Shape>,
  value: unknown,
): { row: z.output<z.ZodObject<Shape>> | null; problems: Problem[] } {
  const checked = schema.safeParse(value);
  if (checked.success) return { row: checked.data, problems: [] };
  const problems = checked.error.issues.map(({ path, code }) => ({
    column: path.join(".") || null,
    check: code,
    value: textOf(path.reduce<unknown>((inner, key) => (inner as never)?.[key], value)),
  }));
  const bad = new Set<unknown>(checked.error.issues.map(({ path }) => path[0]));
  const rest = Object.entries(value ?? {}).filter(([key]) => !bad.has(key));
  return { row: schema.safeParse(Object.fromEntries(rest)).data ?? null, problems };
}

function textOf(value: unknown): string {
  return (typeof value === "object" ? JSON.stringify(value) : String(value)).slice(0, 200);
}

/** A number, also from text, times a factor; other text is kept for validation to report; null if missing. */
export function scaled(value: number | string | null | undefined, factor: number): number | string | null {
  if (typeof value !== "string") return value == null ? null : value * factor;
  if (value.trim() === "") return null;
  return /^\s*[+-]?\d+(\.\d+)?\s*$/.test(value) ? Number(value) * factor : value;
}

/** A value as in a file: rounded to tenths, empty if missing. */
export function rawValue(given: number | string | null | undefined, quality = "", sourceCode = ""): RawValue {
  const value = scaled(given, 1);
  const text = typeof value === "number" ? String(Math.round(value * 10) / 10 + 0) : (value ?? "");
  return { value: text, quality, sourceCode };
}

/** `2026-05-20T09:51:00`, UTC. */
function iso(time: number): string {
  return new Date(time).toISOString().slice(0, 19);
}
