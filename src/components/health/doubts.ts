import type { DataHealth, StationTrust } from "../../shared/published/dataHealth.js";
import type { StationSummary } from "../../shared/published/stationSummary.js";
import { dayMs, hourMs } from "../../shared/time.js";
import { formatAge, isStale, staleAfterHours } from "../ui/dataAge.js";
import { sourceStyle } from "./sourceStyle.js";

/** A reason not to trust what is shown. */
export interface Doubt {
  text: string;
  /** Keys of the stations it is about; none where it is about all. */
  stations: string[];
  /** Whether it makes everything doubtful. */
  grave: boolean;
}

const weekHours = 168;
/** Of a week's reports so many may be missing: some stations skip one now and then. */
const sparedShare = 0.05;
/** An alarm is news for so long. */
export const alarmDays = 14;
/** A rebuild later than this was missed. */
const rebuildHours = 2;
/** Of a day's requests of a source so many may fail: what fails is asked for again an hour later. */
const sparedFailures = 0.1;

/** All that speaks against the data, what is about all stations first; nothing when all is well. */
export function doubts(health: DataHealth, stations: readonly StationSummary[], { now }: { now: number }): Doubt[] {
  return [...aboutAll(health, now), ...aboutStations(health, stations, now)];
}

function aboutAll({ simulated, asOf, runs, sources }: DataHealth, now: number): Doubt[] {
  const found: Doubt[] = [];
  const add = (text: string, grave = false) => found.push({ text, stations: [], grave });
  if (simulated) add("The weather is simulated: NOAA could not be reached, and nothing here was observed.", true);
  if (now - asOf > rebuildHours * hourMs)
    add(`The data were last renewed ${formatAge(now - asOf)} ago; that should happen every hour.`, true);
  const failed = runs.filter(
    ({ outcome, startedTime, asOf: time }) => outcome === "failed" && newer(time, startedTime),
  );
  if (failed.length > 0)
    add(
      `${failed.length} of ${runs.filter(({ startedTime, asOf: time }) => newer(time, startedTime)).length} runs of the last day failed.`,
    );
  for (const { source, dayRequested, dayFailed } of sources)
    if (dayFailed > sparedFailures * dayRequested) {
      const requests = dayRequested === 1 ? "The only request" : `${dayFailed} of ${dayRequested} requests`;
      add(`${requests} to ${sourceStyle(source).label} in the last day failed.`);
    }
  return found;

  /** Runs of a replay have a clock of their own. */
  function newer(time: number, startedTime: number): boolean {
    return asOf - time < dayMs && (runs[0]?.startedTime ?? startedTime) - startedTime < dayMs;
  }
}

function aboutStations(
  { asOf, stations: trust }: DataHealth,
  stations: readonly StationSummary[],
  now: number,
): Doubt[] {
  const trustOf = new Map(trust.map((row) => [row.key, row]));
  const found: Doubt[] = [];
  const add = (text: string, test: (station: StationSummary, trust: StationTrust) => boolean) => {
    const keys = stations.flatMap((station) => {
      const row = trustOf.get(station.key);
      return row && test(station, row) ? [station.key] : [];
    });
    if (keys.length > 0) found.push({ text, stations: keys, grave: false });
  };
  add("Nothing has been observed yet", ({ newestObservedTime }) => newestObservedTime === null);
  add(`A report is more than ${staleAfterHours} hours overdue`, (station) => isStale(station, now));
  add(
    "The newest forecast is older than the newest observation",
    ({ newestObservedTime, newestIssuedTime }) =>
      newestObservedTime !== null && (newestIssuedTime ?? Number.NEGATIVE_INFINITY) < newestObservedTime,
  );
  for (const text of new Set(trust.flatMap(({ warnings }) => warnings)))
    add(text, (_, { warnings }) => warnings.includes(text));
  add(`More than ${sparedShare * 100} % of the last week’s reports are missing`, (station, row) => {
    const missing = missingOfWeek(station, row, asOf);
    return missing !== null && missing.missing > sparedShare * missing.hours;
  });
  add(
    `The model’s errors shifted within the last ${alarmDays} days`,
    (_, { newestAlarmTime }) => newestAlarmTime !== null && asOf - newestAlarmTime < alarmDays * dayMs,
  );
  return found;
}

/**
 * How many reports of the last seven days are missing, of how many since the model began, by the hours of the day at which
 * the station reports; null before the model has begun.
 */
export function missingOfWeek(
  { genesisTime, reportedHours }: Pick<StationSummary, "genesisTime" | "reportedHours">,
  { weekBySource }: Pick<StationTrust, "weekBySource">,
  asOf: number,
): { missing: number; hours: number } | null {
  if (genesisTime === null) return null;
  const whole = Math.min(weekHours, Math.max(0, Math.floor((asOf - genesisTime) / hourMs) + 1));
  const hours = Math.floor((whole * reportedHours) / 24);
  const observed = Object.values(weekBySource).reduce((sum, n) => sum + n, 0);
  return { missing: Math.max(0, hours - observed), hours };
}
