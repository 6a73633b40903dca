import { isIcao } from "../../shared/identifiers.js";
import { hourMs } from "../../shared/time.js";
import { FileError } from "../http/fileError.js";
import { readAwcRows } from "./awc.js";
import type { LiveReports } from "./liveReport.js";
import { type AwcRow, type Failure, timeOf } from "./schemas.js";
import { isPlace } from "./source.js";
import { Header, splitCsv } from "./table.js";

/** The file with the newest report of every station, renewed each minute; unpacked it has no `.gz`. */
export const awcBulkPath = "data/cache/metars.cache.csv.gz";

/** Older files begin with a few lines about the request. */
const mostLinesBefore = 20;
/** A file without a report this close to the time of the run is of another time. */
const currentMs = 2 * hourMs;
/** A higher elevation, metres, stands for an unknown one. */
const highestM = 9000;
const noLatitude = -99.99;

type Cells = readonly string[];

/** The columns that are used, by the field of `AwcRow` with the same content; `sky_cover` is repeated for each layer. */
const columns = {
  icaoId: "station_id",
  obsTime: "observation_time",
  metarType: "metar_type",
  corrected: "corrected",
  rawOb: "raw_text",
  temp: "temp_c",
  dewp: "dewpoint_c",
  wdir: "wind_dir_degrees",
  wspd: "wind_speed_kt",
  slp: "sea_level_pressure_mb",
  clouds: "sky_cover",
  lat: "latitude",
  lon: "longitude",
  elev: "elevation_m",
} as const satisfies { [Field in keyof AwcRow]?: string };
type Field = keyof typeof columns;
const fields = Object.keys(columns) as Field[];

/**
 * Reads the reports of some stations. Rows without the columns of the table are failures without a station.
 * Throws `FileError` if the file is not such a table, is cut off, or has only reports of another time.
 * @param file its name in errors
 * @param icaos the stations
 * @param now epoch milliseconds
 */
export function parseAwcBulk(text: string, file: string, icaos: ReadonlySet<string>, now: number): LiveReports[] {
  const { names, rows, read } = openBulk(text, file);
  throwIfOutdated(
    file,
    rows.map(({ cells }) => timeOf(read.obsTime(cells)) ?? Number.NaN),
    now,
  );
  const ofStations = rows.filter(({ cells }) => icaos.has(read.icaoId(cells)));
  const whole = ofStations.filter(({ cells }) => cells.length === names.length);
  const stations = readAwcRows(whole.map(({ row, cells }) => ({ row, value: awcRow(cells, names, read) })));
  const failures = ofStations.flatMap(({ row, cells }): Failure[] => {
    if (cells.length === names.length) return [];
    const value = `${read.icaoId(cells)}: ${cells.length} columns, expected ${names.length}`;
    return [{ row, reportTime: null, schema: "AwcRow", column: null, check: "columns", value, severity: "error" }];
  });
  return [...stations.map(withColumns), { icao: null, place: null, reports: [], failures }];
}

/** A station with a report in the file, and what the report has. */
export interface ReportingStation {
  icao: string;
  latitude: number;
  longitude: number;
  hasTemperature: boolean;
  hasPressure: boolean;
}

/**
 * Reads which stations report, apart from those without a code or a position.
 * Throws `FileError` if the file is not such a table or is cut off.
 * @param file its name in errors
 */
export function parseReportingStations(text: string, file: string): ReportingStation[] {
  const { names, rows, read } = openBulk(text, file);
  const stations = new Map<string, ReportingStation>();
  for (const { cells } of rows) {
    const icao = read.icaoId(cells);
    const [latitude, longitude] = [Number(read.lat(cells) || Number.NaN), Number(read.lon(cells) || Number.NaN)];
    if (cells.length !== names.length || !isIcao(icao) || !isPlace(latitude, longitude)) continue;
    const known = stations.get(icao);
    const hasTemperature = known?.hasTemperature || read.temp(cells) !== "";
    const hasPressure = known?.hasPressure || read.slp(cells) !== "";
    stations.set(icao, { icao, latitude, longitude, hasTemperature, hasPressure });
  }
  return [...stations.values()];
}

interface Bulk {
  names: Cells;
  /** The cells of each line after the header, with its 1-based number. */
  rows: { row: number; cells: Cells }[];
  read: Record<Field, (cells: Cells) => string>;
}

function openBulk(text: string, file: string): Bulk {
  const lines = text.split(/\r?\n/);
  const start = lines.slice(0, mostLinesBefore).findIndex((line) => splitCsv(line).includes(columns.icaoId));
  if (start < 0) throw new FileError(file, `has no header with ${columns.icaoId}`);
  const names = splitCsv(lines[start]!).map((name) => name.trim());
  const header = new Header(names, file);
  const readers = fields.map((field) => {
    const cell = header.required(columns[field]);
    return [field, (cells: Cells) => (cell(cells) ?? "").trim()];
  });
  const rows = lines
    .map((line, index) => ({ row: index + 1, line }))
    .filter(({ row, line }) => row > start + 1 && line !== "")
    .map(({ row, line }) => ({ row, cells: splitCsv(line) }));
  const last = rows.at(-1);
  if (last && last.cells.length < names.length) throw new FileError(file, `is cut off at line ${last.row}`);
  return { names, rows, read: Object.fromEntries(readers) };
}

function throwIfOutdated(file: string, times: readonly number[], now: number): void {
  if (times.some((time) => Math.abs(now - time) <= currentMs)) return;
  const newest = times.reduce((latest, time) => (time > latest ? time : latest), Number.NEGATIVE_INFINITY);
  const found = newest > 0 ? `, only until ${new Date(newest).toISOString()}` : "";
  throw new FileError(file, `has no current report${found}`);
}

/** A row as the JSON has it; missing fields are absent. */
function awcRow(cells: Cells, names: Cells, read: Bulk["read"]): Record<string, unknown> {
  const texts = fields.flatMap((field) => {
    const text = read[field](cells);
    return text === "" ? [] : [[field, text] as const];
  });
  const { lat, lon, elev, wdir, ...row } = Object.fromEntries(texts) as { [Key in Field]?: string };
  const covers = cells.filter((cell, index) => names[index] === columns.clouds && cell !== "");
  const hasPlace = Number(lat) !== noLatitude;
  return {
    ...row,
    // 0 is calm, or variable in older files; north is 360.
    ...(wdir && Number(wdir) !== 0 && { wdir }),
    clouds: covers.map((cover) => ({ cover })),
    ...(hasPlace && { lat: numberOf(lat), lon: numberOf(lon) }),
    ...(Number(elev) < highestM && { elev: Number(elev) }),
    name: "",
  };
}

/** Other text is kept for the schema to report. */
function numberOf(text: string | undefined): number | string | undefined {
  return text === undefined || Number.isNaN(Number(text)) ? text : Number(text);
}

/** Names the columns of the file in failures, in place of the fields of the JSON. */
function withColumns(station: LiveReports): LiveReports {
  const failures = station.failures.map((failure) => {
    const field = fields.find((name) => name === failure.column?.split(".")[0]);
    return field ? { ...failure, column: columns[field] } : failure;
  });
  return { ...station, failures };
}
