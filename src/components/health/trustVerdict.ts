import { sum } from "d3";
import type { DataHealth, StationTrust } from "../../shared/published/dataHealth.js";
import type { StationSummary } from "../../shared/published/stationSummary.js";
import { dayMs, hourMs } from "../../shared/time.js";
import { sourceStyle } from "../chart/modelStyle.js";
import { pastTime } from "../ui/clock.js";
import { formatAge, isStale, staleAfterHours } from "../ui/dataAge.js";
import { html } from "../ui/html.js";
import { stationLink } from "../ui/station.js";
import { dateTimeName } from "../ui/timeZone.js";

/** At most this many stations are named per problem; the table lists all. */
const maxNamed = 6;

/** Whether the data can be trusted, and if not, why. */
export function trustVerdict(
  health: DataHealth,
  stations: readonly StationSummary[],
  { now, onSelect }: { now: number; onSelect?: (key: string) => void },
): HTMLElement {
  const found = problems(health, stations, { now });
  const affected = new Set(found.flatMap(({ stations: keys }) => keys));
  const free = stations.length - affected.size;
  const isSevere = found.some(({ severe }) => severe);
  const answer = isSevere ? "No." : found.length === 0 ? "Yes." : free > 0 ? "Mostly." : "With care.";
  const updated =
    pastTime() === null ? `Updated ${formatAge(now - health.asOf)} ago.` : `As of ${dateTimeName(health.asOf, "UTC")}.`;
  const count = free === stations.length ? `All ${free}` : `${free} of ${stations.length}`;
  const fine = isSevere ? "" : `${count} stations are fresh, complete and without alarms. `;
  return html`<div>
    <p class="lead"><strong>${answer}</strong> ${fine}${updated}</p>
    ${found.length > 0 ? html`<ul class="problems">${found.map((problem) => html`<li>${problemLine(problem, stations, onSelect)}</li>`)}</ul>` : null}
  </div>`;
}

function problemLine(
  { text, stations: keys }: Problem,
  stations: readonly StationSummary[],
  onSelect?: (key: string) => void,
): HTMLElement {
  if (keys.length === 0) return html`<span>${text}</span>`;
  const named = keys.slice(0, maxNamed).map((key) => stations.find((station) => station.key === key)!);
  const links = named.map((station) => stationLink(station, onSelect));
  const more = keys.length > maxNamed ? ` and ${keys.length - maxNamed} more` : "";
  return html`<span>${text}: ${links.flatMap((link, i) => (i > 0 ? [", ", link] : [link]))}${more}.</span>`;
}

/** A reason not to trust the data. */
export interface Problem {
  text: string;
  /** Keys of the affected stations; empty if it affects all. */
  stations: string[];
  /** Whether no data can be trusted. */
  severe: boolean;
}

const weekHours = 168;
/** Share of a week's reports that may be missing: some stations skip a report now and then. */
const tolerableMissingShare = 0.05;
/** Alarms are reported as problems for this long. */
const alarmDays = 14;
/** The site is rebuilt every hour; older data mean that a rebuild was missed. */
const rebuildHours = 2;
/** Share of a day's requests to a source that may fail: failed requests are repeated an hour later. */
const tolerableFailureShare = 0.1;

/** All problems of the data, first those that affect all stations. */
export function problems(health: DataHealth, stations: readonly StationSummary[], { now }: { now: number }): Problem[] {
  return [...generalProblems(health, now), ...stationProblems(health, stations, now)];
}

function generalProblems({ simulated, asOf, runs, sources }: DataHealth, now: number): Problem[] {
  const found: Problem[] = [];
  const add = (text: string, severe = false) => found.push({ text, stations: [], severe });
  if (simulated) add("The weather is simulated: NOAA could not be reached, so nothing here was observed.", true);
  if (now - asOf > rebuildHours * hourMs)
    add(`The data were last updated ${formatAge(now - asOf)} ago; they should be updated every hour.`, true);
  // Compares both times, because a replayed run starts now but is as of a past time.
  const dayRuns = runs.filter((run) => asOf - run.asOf < dayMs && runs[0]!.startedTime - run.startedTime < dayMs);
  const failed = dayRuns.filter(({ outcome }) => outcome === "failed").length;
  if (failed > 0) add(`${failed} of ${dayRuns.length} runs of the last day failed.`);
  for (const { source, dayRequested, dayFailed } of sources)
    if (dayFailed > tolerableFailureShare * dayRequested) {
      const requests = dayRequested === 1 ? "The only request" : `${dayFailed} of ${dayRequested} requests`;
      add(`${requests} to ${sourceStyle(source).label} in the last day failed.`);
    }
  return found;
}

function stationProblems(
  { asOf, stations: trust }: DataHealth,
  stations: readonly StationSummary[],
  now: number,
): Problem[] {
  const trustOf = new Map(trust.map((row) => [row.key, row]));
  const found: Problem[] = [];
  const add = (text: string, test: (station: StationSummary, trust: StationTrust) => boolean) => {
    const keys = stations.flatMap((station) => {
      const row = trustOf.get(station.key);
      return row && test(station, row) ? [station.key] : [];
    });
    if (keys.length > 0) found.push({ text, stations: keys, severe: false });
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
  add(`More than ${tolerableMissingShare * 100} % of the last week’s reports are missing`, (station, row) => {
    const missing = missingLastWeek(station, row, asOf);
    return missing !== null && missing.missing > tolerableMissingShare * missing.hours;
  });
  add(
    `The model’s errors shifted within the last ${alarmDays} days`,
    (_, { newestAlarmTime }) => newestAlarmTime !== null && asOf - newestAlarmTime < alarmDays * dayMs,
  );
  return found;
}

/**
 * Missing and expected reports of the last seven days, given the hours of the day at which the station reports; null
 * before training starts.
 */
export function missingLastWeek(
  { genesisTime, reportedHours }: Pick<StationSummary, "genesisTime" | "reportedHours">,
  { weekBySource }: Pick<StationTrust, "weekBySource">,
  asOf: number,
): { missing: number; hours: number } | null {
  if (genesisTime === null) return null;
  const whole = Math.min(weekHours, Math.max(0, Math.floor((asOf - genesisTime) / hourMs) + 1));
  const hours = Math.floor((whole * reportedHours) / 24);
  const observed = sum(Object.values(weekBySource));
  return { missing: Math.max(0, hours - observed), hours };
}
