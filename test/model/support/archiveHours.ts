import { existsSync, readFileSync } from "node:fs";
import { join } from "node:path";
import { gunzipSync } from "node:zlib";
import { missing, observed } from "./series.js";

/** Folder with real observations in NOAA's layout; undefined when ISOTHERM_ARCHIVE is not set. */
export const archive = process.env.ISOTHERM_ARCHIVE;

/**
 * Hourly temperature and dew point of a station from the start of `firstYear` to the end of `lastYear`, from the routine
 * report nearest to each hour. Checks nothing, unlike the pipeline.
 */
export function archiveHours(folder: string, stationId: string, firstYear: number, lastYear: number): Float64Array[] {
  const first = Date.UTC(firstYear, 0) / 3_600_000;
  const hours = Array.from({ length: Date.UTC(lastYear + 1, 0) / 3_600_000 - first }, () => missing);
  const distances = new Float64Array(hours.length).fill(Number.POSITIVE_INFINITY);
  for (let year = firstYear; year <= lastYear; year++) {
    const [header, ...lines] = read(
      join(folder, `hourly/access/by-year/${year}/psv/GHCNh_${stationId}_${year}.psv`),
    ).split("\n");
    const names = header.split("|");
    const [date, temperature, dewPoint, type] = [
      "DATE",
      "temperature",
      "dew_point_temperature",
      "temperature_Report_Type",
    ].map((name) => names.indexOf(name));
    for (const line of lines) {
      const cells = line.split("|", Math.max(date, temperature, dewPoint, type) + 1);
      if (!cells[temperature] || !cells[type].startsWith("FM15")) continue;
      const time = Date.parse(`${cells[date]}Z`) / 3_600_000;
      const hour = Math.round(time) - first;
      if (!(Math.abs(time - Math.round(time)) < distances[hour])) continue;
      distances[hour] = Math.abs(time - Math.round(time));
      hours[hour] = observed(Number(cells[temperature]), cells[dewPoint] ? Number(cells[dewPoint]) : Number.NaN);
    }
  }
  return hours;
}

function read(file: string): string {
  return existsSync(file) ? readFileSync(file, "utf8") : gunzipSync(readFileSync(`${file}.gz`)).toString();
}
