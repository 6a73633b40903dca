import { z } from "zod";
import { parseTime } from "../clock.js";
import { FileError } from "../fileError.js";
import type { Failure } from "../validate.js";
import { type LiveReports, liveReport, rawValue } from "./liveReport.js";
import { msPerKnot, oktasOf } from "./metarText.js";

const shortText = z.string().max(64);
const numeric = z.union([z.number(), shortText]).nullish();

/** One report of the Aviation Weather Center; fields are left out or null when missing. */
const AwcRow = z.object({
  icaoId: z.string().regex(/^[A-Z0-9]{4}$/),
  obsTime: z.union([z.number(), shortText]).describe("when it was observed: epoch seconds, older replies also text"),
  receiptTime: shortText.nullish(),
  metarType: shortText.nullish().describe("METAR or SPECI"),
  rawOb: z.string().max(2000).nullish().describe("the report's own text"),
  temp: numeric.describe("°C"),
  dewp: numeric.describe("°C"),
  wdir: numeric.describe("degrees, or VRB"),
  wspd: numeric.describe("knots"),
  slp: numeric.describe("hPa"),
  cover: shortText.nullish().describe("that of the most covered layer"),
  clouds: z
    .array(z.object({ cover: shortText }))
    .max(20)
    .nullish(),
  name: z.string().max(200).nullish(),
  lat: z.number().min(-90).max(90).nullish(),
  lon: z.number().min(-180).max(180).nullish(),
  elev: z.number().nullish().describe("metres"),
});
type AwcRow = z.infer<typeof AwcRow>;

/** What is asked of the Aviation Weather Center: all that was reported in the last hours. */
export function awcPath(icaos: readonly string[], hours: number): string {
  return `api/data/metar?ids=${icaos.join(",")}&format=json&hours=${hours}`;
}

/** Where a local folder has a station's reports, in the form of a reply. */
export function awcFile(icao: string): string {
  return `api/data/metar/${icao}.json`;
}

/** Replies are cut off at so many rows. */
export const awcRowLimit = 400;

/**
 * Reads a METAR JSON reply, all rows together, by station. Throws `FileError` when it is no list.
 * @param file its name in errors
 */
export function parseAwc(body: unknown, file: string): LiveReports[] {
  if (!Array.isArray(body)) throw new FileError(file, "is not a list of reports");
  const byStation = new Map<string | null, LiveReports>();
  const at = (icao: string | null) => {
    const known = byStation.get(icao) ?? { icao, place: null, reports: [], failures: [] };
    byStation.set(icao, known);
    return known;
  };
  const newest = new Map<string, { row: AwcRow; index: number }>();
  body.forEach((value: unknown, index) => {
    const checked = AwcRow.safeParse(value);
    if (checked.success) {
      const key = `${checked.data.icaoId} ${checked.data.obsTime} ${checked.data.metarType}`;
      const other = newest.get(key);
      const isNewer = !other || rank(checked.data) >= rank(other.row);
      const [kept, left] = isNewer ? [{ row: checked.data, index }, other] : [other, { row: checked.data, index }];
      newest.set(key, kept);
      if (left) at(left.row.icaoId).failures.push(duplicate(left.row, left.index));
      return;
    }
    const icao = AwcRow.shape.icaoId.safeParse((value as AwcRow | null)?.icaoId);
    const { failures } = at(icao.success ? icao.data : null);
    for (const { path, code } of checked.error.issues) {
      const text = String(path.reduce<unknown>((inner, key) => (inner as never)?.[key], value)).slice(0, 200);
      const place = { row: index + 1, reportTime: null, schema: "AwcRow", column: path.join(".") || null };
      failures.push({ ...place, check: code, value: text, severity: "error" });
    }
  });
  for (const { row, index } of newest.values()) addReport(at(row.icaoId), row, index + 1);
  return [...byStation.values()];
}

/** Of two reports of one time the correction stands, else the one received last. */
function rank({ rawOb, receiptTime }: AwcRow): string {
  return `${/\bCOR\b/.test(rawOb ?? "") ? 1 : 0} ${receiptTime ?? ""}`;
}

function duplicate(row: AwcRow, index: number): Failure {
  const reportTime = timeOf(row.obsTime);
  const value = `${row.obsTime} ${row.metarType ?? ""}`.trim();
  const check = { schema: "reports", column: "date", check: "unique", value, severity: "warning" } as const;
  return { row: index + 1, reportTime, ...check };
}

function addReport(station: LiveReports, row: AwcRow, place: number): void {
  const time = timeOf(row.obsTime);
  if (time === null) {
    const what = { schema: "AwcRow", column: "obsTime", check: "date", value: String(row.obsTime) } as const;
    station.failures.push({ row: place, reportTime: null, ...what, severity: "error" });
    return;
  }
  const report = liveReport(
    {
      row: place,
      schema: "AwcRow",
      icao: row.icaoId,
      time,
      rawText: row.rawOb ?? "",
      isSpecial: row.metarType ? row.metarType === "SPECI" : null,
      values: {
        temperature: rawValue(row.temp),
        dewPoint: rawValue(row.dewp),
        seaLevelPressure: rawValue(row.slp),
        windSpeed: rawValue(typeof row.wspd === "number" ? row.wspd * msPerKnot : row.wspd),
        windDirection: rawValue(row.wdir === "VRB" ? null : row.wdir),
      },
      cloudOktas: oktasOf(row.clouds?.length ? row.clouds.map(({ cover }) => cover) : row.cover ? [row.cover] : []),
    },
    station.failures,
  );
  if (!report) return;
  station.reports.push(report);
  const { lat, lon, elev, name } = row;
  if (lat != null && lon != null) {
    station.place = { name: name ?? row.icaoId, latitude: lat, longitude: lon, elevationM: elev ?? null };
  }
}

/** Epoch seconds, or a time as text; milliseconds, null when it is neither. */
function timeOf(obsTime: number | string): number | null {
  const seconds = typeof obsTime === "number" ? obsTime : /^\d{9,10}$/.test(obsTime) ? Number(obsTime) : null;
  if (seconds !== null) return seconds > 0 && seconds < 1e10 ? Math.round(seconds) * 1000 : null;
  try {
    return parseTime(String(obsTime));
  } catch {
    return null;
  }
}
