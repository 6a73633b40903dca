import { gzipSync } from "node:zlib";
import { dayMs, hourMs, minuteMs } from "../../src/shared/time.js";
import { bulkHeader, bulkRowOf } from "./awcBulkFile.js";
import { etagOf, type LoopbackNoaa, type Service, startNoaa } from "./loopbackNoaa.js";
import type { PrintedHour } from "./nbmBulletin.js";
import { type NbmReplay, replayNbm } from "./replayNbm.js";

/** One report, as observed; NaN where it did not say. */
export interface Observed {
  /** Epoch milliseconds. */
  time: number;
  temperatureC: number;
  dewPointC: number;
  pressureHpa: number;
  windKnots: number;
  windDegrees: number;
  cover: "" | "CLR" | "FEW" | "SCT" | "BKN" | "OVC";
  isSpecial: boolean;
  /** Whether the live services report it; all do if absent. */
  isLive?: boolean;
  /** The row of GHCNh's file, when it is a real one. */
  line?: string;
}

export interface ReplayedStation {
  stationId: string;
  icao: string;
  latitude: number;
  longitude: number;
  /** In order of time. */
  observed: readonly Observed[];
  /** Header of the rows' lines, when they are real. */
  header?: string;
}

export interface ReplayNoaa extends LoopbackNoaa {
  /** The time at which the services answer, epoch milliseconds. */
  now: number;
  /** What becomes of the bulletins of the National Blend of Models. */
  readonly nbm: NbmReplay;
}

/** When GHCNh's files are republished, and how old their newest row then is. */
const publishedAtMs = 10 * hourMs;
const ghcnhLateMs = 2 * dayMs;
const awcLateMs = 5 * minuteMs;
const nwsLateMs = 20 * minuteMs;
const nwsPageSize = 40;
const officialBiasC = 1.5;

/**
 * NOAA as its services would have answered at any time: GHCNh republished once a day and two days late, AWC a few
 * minutes late with the newest reports in one file too, NWS later and with estimates every five minutes, and its forecast,
 * changed every six hours, and the bulletins of the National Blend of Models, of the American stations.
 */
export async function startReplay(stations: readonly ReplayedStation[], now: number): Promise<ReplayNoaa> {
  const byIcao = new Map(stations.map((station) => [station.icao, station]));
  const clock = { now };
  const american = stations.filter(isAmerican).map(({ icao }) => icao);
  const nbm = replayNbm(american, clock, (icao, runTime, validTime) =>
    guidanceFor(byIcao.get(icao)!, runTime, validTime),
  );
  const services: Service[] = [
    ghcnhService(stations, clock),
    awcService(byIcao, clock),
    awcBulkService(stations, clock),
    nwsService(byIcao, clock),
    nbm.service,
  ];
  const noaa = await startNoaa((path) => {
    for (const service of services) {
      const answer = service(path);
      if (answer) return answer;
    }
    return null;
  });
  Object.defineProperty(noaa, "now", {
    get: () => clock.now,
    set: (time: number) => {
      clock.now = time;
    },
  });
  return Object.assign(noaa as ReplayNoaa, { nbm });
}

interface ReplayClock {
  now: number;
}

function ghcnhService(stations: readonly ReplayedStation[], clock: ReplayClock): Service {
  const kept = new Map<string, { published: number; body: Buffer }>();
  return (path) => {
    const match = /^access\/by-year\/(\d{4})\/psv\/GHCNh_(\w+)_\d{4}\.psv$/.exec(path);
    if (!match) return null;
    const station = stations.find(({ stationId }) => stationId === match[2]);
    const [start, end] = [Date.UTC(Number(match[1]), 0, 1), Date.UTC(Number(match[1]) + 1, 0, 1)];
    const published = Math.floor((clock.now - publishedAtMs) / dayMs) * dayMs + publishedAtMs;
    const rows = station?.observed.filter(({ time }) => time >= start && time < end && time <= published - ghcnhLateMs);
    if (!station || !rows?.length) return { status: 404 };
    const old = kept.get(path);
    const lines = () => [station.header ?? psvHeader, ...rows.map((row) => row.line ?? psvLine(station, row))];
    const body = old?.published === published ? old.body : Buffer.from(`${lines().join("\n")}\n`);
    kept.set(path, { published, body });
    const headers = { etag: etagOf(body), "last-modified": new Date(published).toUTCString() };
    return { body, headers };
  };
}

function awcService(stations: ReadonlyMap<string, ReplayedStation>, clock: ReplayClock): Service {
  return (path) => {
    const match = /^api\/data\/metar\?ids=([A-Z0-9,]+)&format=json&hours=(\d+)$/.exec(path);
    if (!match) return null;
    const from = clock.now - Number(match[2]) * hourMs;
    const rows = match[1]!.split(",").flatMap((icao) => {
      const station = stations.get(icao);
      const recent = station ? between(station, from, clock.now - awcLateMs) : [];
      return recent.map((row) => awcRow(station!, row)).reverse();
    });
    return rows.length === 0 ? { status: 204 } : json(rows.slice(0, 400));
  };
}

function awcBulkService(stations: readonly ReplayedStation[], clock: ReplayClock): Service {
  return (path) => {
    if (path !== "data/cache/metars.cache.csv.gz") return null;
    const rows = stations.flatMap((station) => {
      const newest = between(station, clock.now - 2 * hourMs, clock.now - awcLateMs).at(-1);
      return newest ? [bulkRowOf(station, newest, rawText(station, newest))] : [];
    });
    const body = gzipSync(`${[bulkHeader, ...rows].join("\n")}\n`);
    return { body, headers: { etag: etagOf(body) } };
  };
}

function nwsService(stations: ReadonlyMap<string, ReplayedStation>, clock: ReplayClock): Service {
  return (path) => {
    const url = new URL(path, "http://nws/");
    const observations = /^\/stations\/(\w+)\/observations$/.exec(url.pathname);
    if (observations) {
      const station = stations.get(observations[1]!);
      if (!station || !isAmerican(station)) return { status: 404 };
      const from = Date.parse(url.searchParams.get("start")!);
      const reports = between(station, from, clock.now - nwsLateMs).map((row) => nwsRow(station, row));
      const estimates = [1, 2, 3].map((n) => nwsEstimate(station, Math.floor(clock.now / 300_000 - n) * 300_000));
      const all = [...estimates, ...reports.reverse()];
      const first = Number(url.searchParams.get("cursor") ?? 0);
      url.searchParams.set("cursor", String(first + nwsPageSize));
      const next = first + nwsPageSize < all.length ? `${url.pathname}${url.search}` : null;
      return json({ features: all.slice(first, first + nwsPageSize), pagination: next ? { next } : undefined });
    }
    const point = /^\/points\/(-?[\d.]+),(-?[\d.]+)$/.exec(url.pathname);
    if (point) {
      const grid = [...stations.values()].findIndex(
        ({ latitude, longitude }) => latitude === Number(point[1]) && longitude === Number(point[2]),
      );
      const station = [...stations.values()][grid];
      if (!station || !isAmerican(station)) return { status: 404 };
      return json({ properties: { gridId: "LOT", gridX: grid, gridY: 1, timeZone: "America/Chicago" } });
    }
    const hourly = /^\/gridpoints\/LOT\/(\d+),1\/forecast\/hourly$/.exec(url.pathname);
    if (hourly) return json(officialForecast([...stations.values()][Number(hourly[1])]!, clock.now));
    return null;
  };
}

/** Guidance that is too warm, the more so the further ahead. */
function guidanceFor({ observed }: ReplayedStation, runTime: number, validTime: number): PrintedHour {
  const report = observed.find(({ time }) => Math.abs(time - validTime) < 30 * minuteMs);
  const errorC = 0.5 + (validTime - runTime) / (24 * hourMs);
  const temperatureC = report && !Number.isNaN(report.temperatureC) ? report.temperatureC : 10;
  const temperatureF = Math.round((temperatureC + errorC) * 1.8 + 32);
  return { temperatureF, dewPointF: temperatureF - 9, spreadF: 2 };
}

/** Only the United States are forecast for. */
function isAmerican({ icao }: ReplayedStation): boolean {
  return /^[KP]/.test(icao);
}

function between({ observed }: ReplayedStation, from: number, through: number): Observed[] {
  return observed.filter(({ time, isLive = true }) => isLive && time >= from && time <= through);
}

function json(value: unknown): { body: Buffer; headers: { etag: string } } {
  const body = Buffer.from(JSON.stringify(value));
  return { body, headers: { etag: etagOf(body) } };
}

const psvColumns = ["temperature", "dew_point_temperature", "sea_level_pressure", "wind_speed", "wind_direction"];
const psvHeader = [
  "STATION",
  "Station_name",
  "DATE",
  "LATITUDE",
  "LONGITUDE",
  "ELEVATION",
  ...[...psvColumns, "sky_cover_summation_1"].flatMap((name) =>
    ["", "_Quality_Code", "_Report_Type", "_Source_Code"].map((attribute) => `${name}${attribute}`),
  ),
].join("|");

const oktas: Record<Observed["cover"], string> = { "": "", CLR: "00", FEW: "02", SCT: "04", BKN: "07", OVC: "08" };

function psvLine({ stationId, latitude, longitude }: ReplayedStation, row: Observed): string {
  const type = row.isSpecial ? "FM16" : "FM15";
  const speed = row.windKnots * (1852 / 3600);
  const values = [tenths(row.temperatureC), tenths(row.dewPointC), tenths(row.pressureHpa), tenths(speed)];
  const direction = Number.isNaN(row.windDegrees) ? "999" : String(row.windDegrees).padStart(3, "0");
  return [
    stationId,
    "SOMEWHERE",
    iso(row.time),
    latitude,
    longitude,
    "200.0",
    ...[...values, direction, oktas[row.cover]].flatMap((value) => [value, "1", type, "343"]),
  ].join("|");
}

export function rawText({ icao }: ReplayedStation, row: Observed): string {
  const time = new Date(row.time).toISOString();
  const wind = Number.isNaN(row.windKnots)
    ? ""
    : `${Number.isNaN(row.windDegrees) ? "VRB" : String(row.windDegrees).padStart(3, "0")}${String(row.windKnots).padStart(2, "0")}KT`;
  const whole = (value: number) =>
    Number.isNaN(value) ? "//" : `${value < -0.5 ? "M" : ""}${String(Math.abs(Math.round(value))).padStart(2, "0")}`;
  const group = (value: number) =>
    Number.isNaN(value) ? "" : `${value < 0 ? 1 : 0}${String(Math.abs(Math.round(value * 10))).padStart(3, "0")}`;
  const temperatures = Number.isNaN(row.temperatureC)
    ? ["///", ""]
    : [`${whole(row.temperatureC)}/${whole(row.dewPointC)}`, `T${group(row.temperatureC)}${group(row.dewPointC)}`];
  const stamp = `${time.slice(8, 10)}${time.slice(11, 13)}${time.slice(14, 16)}Z`;
  const words = [icao, stamp, wind, "10SM", row.cover, temperatures[0], "A3000 RMK AO2", temperatures[1]];
  return words.filter(Boolean).join(" ");
}

export function awcRow(station: ReplayedStation, row: Observed): object {
  const known = (value: number) => (Number.isNaN(value) ? null : value);
  const metarType = row.isSpecial ? "SPECI" : "METAR";
  return {
    icaoId: station.icao,
    receiptTime: new Date(row.time + awcLateMs - minuteMs).toISOString(),
    obsTime: row.time / 1000,
    reportTime: new Date(Math.round(row.time / hourMs) * hourMs).toISOString(),
    temp: known(row.temperatureC),
    dewp: known(row.dewPointC),
    wdir: Number.isNaN(row.windDegrees) ? "VRB" : row.windDegrees,
    wspd: known(row.windKnots),
    visib: "10+",
    slp: known(row.pressureHpa),
    metarType,
    rawOb: `${metarType} ${rawText(station, row)}`,
    lat: station.latitude,
    lon: station.longitude,
    elev: 200,
    cover: row.cover || undefined,
    clouds: row.cover && row.cover !== "CLR" ? [{ cover: row.cover, base: 3000 }] : [],
  };
}

function nwsRow(station: ReplayedStation, row: Observed): object {
  const measured = (value: number, unit: string) => ({
    unitCode: `wmoUnit:${unit}`,
    value: Number.isNaN(value) ? null : value,
    qualityControl: Number.isNaN(value) ? "Z" : "V",
  });
  return {
    properties: {
      station: `https://api.weather.gov/stations/${station.icao}`,
      timestamp: new Date(row.time).toISOString().replace(".000Z", "+00:00"),
      rawMessage: `${row.isSpecial ? "SPECI" : "METAR"} ${rawText(station, row)}`,
      temperature: measured(row.temperatureC, "degC"),
      dewpoint: measured(row.dewPointC, "degC"),
      windDirection: measured(row.windDegrees, "degree_(angle)"),
      windSpeed: measured(row.windKnots * 1.852, "km_h-1"),
      seaLevelPressure: measured(Math.round(row.pressureHpa * 10) * 10, "Pa"),
      cloudLayers: row.cover ? [{ base: { value: 900 }, amount: row.cover }] : [],
    },
  };
}

/** What stands between reports: whole degrees and no text. */
function nwsEstimate(station: ReplayedStation, time: number): object {
  const nearest = station.observed.findLast((row) => row.time <= time);
  return {
    properties: {
      timestamp: new Date(time).toISOString(),
      rawMessage: "",
      temperature: {
        unitCode: "wmoUnit:degC",
        value: Math.round(nearest?.temperatureC ?? 0) + 3,
        qualityControl: "V",
      },
    },
  };
}

/** The reply of the National Weather Service to the question for a station's forecast. */
export function officialForecast(station: ReplayedStation, now: number) {
  const updated = Math.floor(now / (6 * hourMs)) * 6 * hourMs;
  const periods = Array.from({ length: 156 }, (_, lead) => {
    const time = Math.floor(updated / hourMs) * hourMs + lead * hourMs;
    const truth = station.observed.find((row) => Math.abs(row.time - time) < 30 * minuteMs)?.temperatureC ?? 10;
    return {
      startTime: new Date(time).toISOString().replace(".000Z", "+00:00"),
      temperature: Math.round(truth + officialBiasC + (lead % 5) / 4) + 0,
      temperatureUnit: "C",
      dewpoint: { unitCode: "wmoUnit:degC", value: 5 },
    };
  });
  const iso = (time: number) => new Date(time).toISOString();
  // The real one has the time of the request in `generatedAt`; here equal forecasts are to be equal.
  return { properties: { generatedAt: iso(updated), updateTime: iso(updated), periods } };
}

function tenths(value: number): string {
  return Number.isNaN(value) ? "" : (Math.round(value * 10) / 10 + 0).toFixed(1);
}

function iso(time: number): string {
  return new Date(time).toISOString().slice(0, 19);
}
