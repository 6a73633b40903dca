import { readFileSync } from "node:fs";
import { join } from "node:path";
import { gunzipSync } from "node:zlib";
import type { Observed, ReplayedStation } from "./replayNoaa.js";

/** What the live services report: routine and special METARs. */
const liveTypes = ["FM15", "FM16"];

/**
 * A station as NOAA has observed it, from a folder laid out like GHCNh's tree, for a replay of NOAA. GHCNh's rows are
 * served as they are; the live services report what METARs among them say.
 */
export function realStation(folder: string, stationId: string, icao: string, year: number): ReplayedStation {
  const file = join(folder, "hourly/access/by-year", String(year), "psv", `GHCNh_${stationId}_${year}.psv.gz`);
  const [header, ...lines] = gunzipSync(readFileSync(file)).toString("utf8").trimEnd().split("\n");
  const columns = new Map(header!.split("|").map((name, i) => [name, i]));
  const observed = lines.map((line): Observed => {
    const cells = line.split("|");
    const cell = (name: string) => cells[columns.get(name)!] ?? "";
    const number = (name: string) => (cell(name) === "" ? Number.NaN : Number(cell(name)));
    const type = cell("temperature_Report_Type");
    const direction = number("wind_direction");
    return {
      time: Date.parse(`${cell("DATE")}Z`),
      temperatureC: number("temperature"),
      dewPointC: number("dew_point_temperature"),
      pressureHpa: number("sea_level_pressure"),
      windKnots: Math.round(number("wind_speed") / (1852 / 3600)),
      windDegrees: direction === 999 ? Number.NaN : direction,
      cover: coverOf(cell("sky_cover_summation_1")),
      isSpecial: type === "FM16",
      isLive: liveTypes.includes(type),
      line,
    };
  });
  const place = lines[0]!.split("|");
  const coordinate = (name: string) => Number(place[columns.get(name)!]);
  const [latitude, longitude] = [coordinate("LATITUDE"), coordinate("LONGITUDE")];
  return { stationId, icao, latitude, longitude, observed, header: header! };
}

function coverOf(oktas: string): Observed["cover"] {
  const eighths = /^\d\d/.exec(oktas)?.[0];
  if (eighths === undefined || Number(eighths) > 8) return "";
  const upTo = [0, 2, 4, 7, 8].findIndex((limit) => Number(eighths) <= limit);
  return (["CLR", "FEW", "SCT", "BKN", "OVC"] as const)[upTo]!;
}
