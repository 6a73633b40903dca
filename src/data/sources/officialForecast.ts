import type { z } from "zod";
import { FileError } from "../http/fileError.js";
import { checkRow, scaled } from "./liveReport.js";
import { ForecastPeriod, ForecastPoint, HourlyForecast, type Quantity } from "./schemas.js";

/** Largest possible temperature and, negated, the smallest, °C. */
const highestC = 90;

/** An hourly forecast of the National Weather Service. */
export interface OfficialForecast {
  /** Epoch milliseconds. */
  generatedTime: number;
  updateTime: number;
  hours: { validTime: number; temperatureC: number; dewPointC: number | null }[];
  /** What was rejected, and why. */
  problems: string[];
}

/** The request for the grid of a place: more than four decimals, or trailing zeros, would be redirected. */
export function pointPath(latitude: number, longitude: number): string {
  const degrees = (value: number) => String(Math.round(value * 1e4) / 1e4);
  return `points/${degrees(latitude)},${degrees(longitude)}`;
}

/** The path of the grid of a place. Throws `FileError` if the reply has none. */
export function parsePoint(body: unknown, file: string): string {
  const point = ForecastPoint.safeParse(body);
  if (!point.success) throw new FileError(file, "names no forecast grid");
  const { gridId, gridX, gridY } = point.data.properties;
  return `gridpoints/${gridId}/${gridX},${gridY}`;
}

/** Reads an hourly forecast, °C to the hundredth. Throws `FileError` if it is not one. */
export function parseOfficialForecast(body: unknown, file: string): OfficialForecast {
  const hourly = HourlyForecast.safeParse(body);
  if (!hourly.success) throw new FileError(file, "is not an hourly forecast");
  const { generatedAt, updateTime, periods } = hourly.data.properties;
  const hours = new Map<number, OfficialForecast["hours"][number]>();
  const problems: string[] = [];
  periods.forEach((value, index) => {
    const { row: period, problems: invalid } = checkRow(ForecastPeriod, value);
    const temperatureC = period && celsius(period.temperature, period.temperatureUnit);
    if (!period || temperatureC === null || Math.abs(temperatureC) > highestC) {
      problems.push(`period ${index + 1} has no temperature`);
      return;
    }
    for (const { column, value } of invalid) problems.push(`period ${index + 1}: ${column} is ${value}`);
    const { startTime, dewpoint } = period;
    if (hours.has(startTime)) {
      problems.push(`period ${index + 1} appears twice`);
      return;
    }
    const given = celsius(dewpoint ?? null, null);
    const dewPointC = given !== null && Math.abs(given) > highestC ? null : given;
    if (dewPointC === null && dewpoint?.value != null) {
      problems.push(`period ${index + 1} has no dew point: ${dewpoint.value} ${dewpoint.unitCode ?? "without unit"}`);
    }
    hours.set(startTime, { validTime: startTime, temperatureC, dewPointC });
  });
  const inOrder = [...hours.values()].sort((a, b) => a.validTime - b.validTime);
  return { generatedTime: generatedAt, updateTime, hours: inOrder, problems };
}

/** A temperature in °C; null if it is missing or its unit is unknown. */
function celsius(
  given: number | string | z.infer<typeof Quantity> | null,
  unit: string | null | undefined,
): number | null {
  const [value, code] = given !== null && typeof given === "object" ? [given.value, given.unitCode] : [given, unit];
  const number = scaled(value, 1);
  if (typeof number !== "number") return null;
  const name = (code ?? "").replace(/^.*:/, "").replace(/^deg/, "");
  const degrees = name === "C" ? number : name === "F" ? (number - 32) / 1.8 : null;
  return degrees === null ? null : Math.round(degrees * 100) / 100;
}
