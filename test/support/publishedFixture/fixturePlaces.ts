import type { z } from "zod";
import type { PublishedTable, publishedTables } from "../../../src/shared/published/published.js";
import { dayMs, hourMs } from "../../../src/shared/time.js";

export type Rows = { [T in PublishedTable]: z.infer<(typeof publishedTables)[T]>[] };

/** The fixture's clock; the second Sunday of March, when US clocks change, lies in the days shown. */
export const fixtureTime = Date.parse("2026-03-09T18:00:00Z");

export interface Place {
  stationId: string;
  icao: string | null;
  name: string;
  latitude: number;
  longitude: number;
  elevationM: number | null;
  timeZone: string;
  meanC: number;
  rangeC: number;
  quantiles: boolean;
  /** Hours since the newest observation; null where nothing was ever observed. */
  ageHours: number | null;
  /** Whether it learns from a network of stations, and started with a prior. */
  inNetwork?: boolean;
}

/** Two usual stations, one half an hour off the full hour, one stale without intervals and with a name to escape, one empty. */
export const fixturePlaces: Place[] = [
  {
    stationId: "USW00013874",
    icao: "KATL",
    name: "ATLANTA HARTSFIELD INTL AP",
    latitude: 33.63,
    longitude: -84.4417,
    elevationM: 307.8,
    timeZone: "America/New_York",
    meanC: 13,
    rangeC: 10,
    quantiles: true,
    ageHours: 0,
    inNetwork: true,
  },
  {
    stationId: "USW00026451",
    icao: "PANC",
    name: "ANCHORAGE INTL AP",
    latitude: 61.169,
    longitude: -150.0278,
    elevationM: 36.6,
    timeZone: "America/Anchorage",
    meanC: -6,
    rangeC: 6,
    quantiles: true,
    ageHours: 1,
  },
  {
    stationId: "INI0000VABB",
    icao: "VABB",
    name: "MUMBAI CHHATRAPATI SHIVAJI",
    latitude: 19.0887,
    longitude: 72.8679,
    elevationM: 11.3,
    timeZone: "Asia/Kolkata",
    meanC: 27,
    rangeC: 9,
    quantiles: true,
    ageHours: 0,
  },
  {
    stationId: "AYM00089009",
    icao: null,
    name: 'AMUNDSEN-SCOTT <b>&"POLE"</b>',
    latitude: -90,
    longitude: 0,
    elevationM: 2835,
    timeZone: "Antarctica/McMurdo",
    meanC: -50,
    rangeC: 2,
    quantiles: false,
    ageHours: 31,
  },
  {
    stationId: "USW00024233",
    icao: "KSEA",
    name: "SEATTLE TACOMA AP",
    latitude: 47.4444,
    longitude: -122.3138,
    elevationM: 112.8,
    timeZone: "America/Los_Angeles",
    meanC: 8,
    rangeC: 7,
    quantiles: true,
    ageHours: null,
  },
];

/** The sources of guidance of a place: NBM of Atlanta, the National Weather Service of all of the US. */
export function guidanceOf({ icao }: Place): ("nbm" | "nws")[] {
  if (icao === "KATL") return ["nbm", "nws"];
  return /^[KP]/.test(icao ?? "") ? ["nws"] : [];
}

/** The weather of a place: an annual mean, a daily cycle, fronts; hundredths of a degree. */
export function fixtureTemperature(place: Place, time: number): number {
  const local = time / hourMs + place.longitude / 15;
  const daily = Math.cos(((local - 15) / 24) * 2 * Math.PI) * (place.rangeC / 2);
  const fronts = 3 * Math.sin(time / dayMs / 1.7) + 2 * Math.sin(time / dayMs / 0.6 + 1);
  return hundredths(place.meanC + daily + fronts + jitter(time / hourMs));
}

/** Deterministic noise in -0.5 … 0.5. */
export function jitter(seed: number): number {
  const x = Math.sin(seed * 12.9898) * 43_758.5453;
  return x - Math.floor(x) - 0.5;
}

export function hundredths(value: number): number {
  return Math.round(value * 100) / 100;
}
