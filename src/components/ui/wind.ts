import { formatNumber, type TemperatureUnit } from "./units.js";

/** Miles per hour of 1 m/s. */
const mphPerMs = 2.236936;

/** Below this speed wind has no direction worth a name, m/s. */
export const calmMs = 0.5;

const compass = [
  ["N", "north"],
  ["NE", "north-east"],
  ["E", "east"],
  ["SE", "south-east"],
  ["S", "south"],
  ["SW", "south-west"],
  ["W", "west"],
  ["NW", "north-west"],
] as const;

/** The unit of wind speeds for readers of a unit of temperature. */
export function windUnit(unit: TemperatureUnit): string {
  return unit === "F" ? "mph" : "m/s";
}

/** A wind speed without its unit: whole mph for readers of °F, else m/s with one decimal. */
export function formatWindSpeed(speedMs: number, unit: TemperatureUnit): string {
  return unit === "F" ? formatNumber(speedMs * mphPerMs, 0) : formatNumber(speedMs, 1);
}

/**
 * The nearest of eight directions, such as "SW" or "south-west".
 * @param degrees clockwise from north
 * @param length "short" for letters
 */
export function directionName(degrees: number, length: "short" | "long" = "long"): string {
  return compass[Math.round(degrees / 45) % 8]![length === "short" ? 0 : 1];
}
