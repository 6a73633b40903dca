import { minuteMs } from "./time.js";

/** The current time of a run. */
export interface Clock {
  /** Epoch milliseconds; observations after this are ignored. */
  now(): number;
  /** Whether the time was given by `--as-of`. */
  readonly replaying: boolean;
}

/**
 * The only reader of the real clock.
 * @param asOf a fixed ISO 8601 time, UTC unless it names a zone; defaults to the real time
 */
export function systemClock(asOf?: string): Clock {
  if (asOf === undefined) return { now: () => Date.now(), replaying: false };
  const time = parseTime(asOf);
  if (time > Date.now()) throw new Error(`time ${asOf} is in the future`);
  return { now: () => time, replaying: true };
}

/**
 * Reads an ISO 8601 date or time; without a zone it is UTC, not the machine's zone.
 * @returns epoch milliseconds
 */
export function parseTime(text: string): number {
  const match = /^(\d{4}-\d{2}-\d{2})(?:[T ](\d{2}:\d{2}(?::\d{2}(?:\.\d{1,3})?)?)(Z|[+-]\d{2}:\d{2})?)?$/.exec(
    text.trim(),
  );
  const time = match ? Date.parse(`${match[1]}T${match[2] ?? "00:00"}${match[3] ?? "Z"}`) : Number.NaN;
  if (Number.isNaN(time) || !sameDay(time, match![1]!, match![3])) {
    throw new Error(`not an ISO 8601 time: ${JSON.stringify(text)}`);
  }
  return time;
}

/** Whether the day exists; `Date.parse` turns 30 February into 1 March. */
function sameDay(time: number, day: string, zone = "Z"): boolean {
  const sign = zone.startsWith("-") ? -1 : 1;
  const offset = zone === "Z" ? 0 : sign * (Number(zone.slice(1, 3)) * 60 + Number(zone.slice(4, 6))) * minuteMs;
  return new Date(time + offset).toISOString().startsWith(day);
}
