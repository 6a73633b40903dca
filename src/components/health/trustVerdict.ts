import { least, max, sum } from "d3";
import { alarmDays, alarmPhrases } from "../../shared/alarmCause.js";
import type { DataHealth, StationTrust } from "../../shared/published/dataHealth.js";
import type { StationSummary } from "../../shared/published/stationSummary.js";
import { dayMs, hourMs } from "../../shared/time.js";
import { sourceStyle } from "../chart/modelStyle.js";
import { pastTime } from "../ui/clock.js";
import { formatAge, isStale, staleAfterHours } from "../ui/dataAge.js";
import { html } from "../ui/html.js";
import { stationLink } from "../ui/station.js";
import { dateTimeName } from "../ui/timeZone.js";
import { counted, formatCount } from "../ui/units.js";

/** At most this many stations are named per problem; the table lists all. */
const maxNamed = 6;

/** Whether the data can be trusted, in three numbers, and if not, why. */
export function trustVerdict(
  health: DataHealth,
  stations: readonly StationSummary[],
  { now, onSelect }: { now: number; onSelect?: (key: string) => void },
): HTMLElement {
  const found = problems(health, stations, { now });
  const listed = found.filter(({ level }) => level !== "severe");
  const updated =
    pastTime() === null ? `Updated ${formatAge(now - health.asOf)} ago.` : `As of ${dateTimeName(health.asOf, "UTC")}.`;
  return html`<div>
    <p class="lead">${answer(found, stations.length)} ${updated}</p>
    <dl class="readouts">${numbers(health, stations, now).map(
      ({ name, value, unit, detail }) =>
        html`<div><dt>${name}</dt><dd>${value}<small>${unit}</small></dd><dd class="when">${detail}</dd></div>`,
    )}</dl>
    ${listed.length > 0 ? html`<ul class="problems">${listed.map((problem) => html`<li data-level=${problem.level}>${problemLine(problem, stations, onSelect)}</li>`)}</ul>` : null}
  </div>`;
}

/** The answer, which says how many stations are affected. */
function answer(found: readonly Problem[], count: number): HTMLElement {
  const severe = found.filter(({ level }) => level === "severe");
  if (severe.length > 0) return html`<span><strong>No.</strong> ${severe.map(({ text }) => text).join(" ")}</span>`;
  const doubts = found.filter(({ level }) => level === "doubt");
  const free = count - new Set(doubts.flatMap(({ stations }) => stations)).size;
  const word = free === count ? "Yes." : free > 0 ? "Mostly." : "With care.";
  const which = free === count ? `All ${formatCount(count)}` : `${formatCount(free)} of ${formatCount(count)}`;
  const subject = count === 1 && free === 1 ? "The station is" : `${which} stations are`;
  return html`<span><strong>${word}</strong> ${subject} fresh, complete and without alarms.</span>`;
}

/** Age of the newest observations, share of the last week's hours, and values rejected. */
function numbers({ asOf, stations: trust, checks }: DataHealth, stations: readonly StationSummary[], now: number) {
  const observed = stations.flatMap(({ key, newestObservedTime: time }) => (time === null ? [] : [{ key, time }]));
  const newest = max(observed, ({ time }) => time);
  const oldest = least(observed, ({ time }) => time);
  const trustOf = new Map(trust.map((row) => [row.key, row]));
  const weeks = stations.flatMap((station) => {
    const row = trustOf.get(station.key);
    return (row && missingLastWeek(station, row, asOf)) ?? [];
  });
  const expected = sum(weeks, ({ hours }) => hours);
  const present = expected - sum(weeks, ({ missing }) => missing);
  const count = (severity: "error" | "warning") =>
    sum(
      checks.filter((row) => row.severity === severity),
      ({ n }) => n,
    );
  const age = newest === undefined ? null : formatAge(now - newest).split(" ");
  return [
    {
      name: "Newest observation",
      value: age === null ? "–" : age[0]!,
      unit: age === null ? "" : `${age.slice(1).join(" ")} old`,
      detail: oldest ? `oldest: ${oldest.key}, ${formatAge(now - oldest.time)}` : "",
    },
    {
      name: "Hours present, last seven days",
      value: expected === 0 ? "–" : (Math.floor((1000 * present) / expected) / 10).toFixed(1),
      unit: expected === 0 ? "" : "%",
      detail: `${formatCount(present)} of ${formatCount(expected)} expected`,
    },
    {
      name: "Values rejected, all data read",
      value: formatCount(count("error")),
      unit: "",
      detail: `${formatCount(count("warning"))} more failed a check and were used`,
    },
  ];
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

/** A reason not to trust the data, or a note. */
export interface Problem {
  text: string;
  /** Keys of the affected stations; empty if it affects all, or none. */
  stations: string[];
  /** "severe" if no data can be trusted; "note" if data can be trusted nevertheless. */
  level: "severe" | "doubt" | "note";
}

const weekHours = 168;
/** Share of a week's reports that may be missing: some stations skip a report now and then. */
const tolerableMissingShare = 0.05;
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
  const add = (text: string, level: Problem["level"] = "note") => found.push({ text, stations: [], level });
  if (simulated) add("The weather is simulated: NOAA could not be reached, so nothing here was observed.", "severe");
  if (now - asOf > rebuildHours * hourMs)
    add(`The data were last updated ${formatAge(now - asOf)} ago; they should be updated every hour.`, "severe");
  // Compares both times, because a replayed run starts now but is as of a past time.
  const dayRuns = runs.filter((run) => asOf - run.asOf < dayMs && runs[0]!.startedTime - run.startedTime < dayMs);
  const failed = dayRuns.filter(({ outcome }) => outcome === "failed").length;
  if (failed > 0)
    add(`${failed} of ${counted(dayRuns.length, "run")} of the last day failed. The next run catches up.`);
  for (const { source, dayRequested, dayFailed } of sources)
    if (dayFailed > tolerableFailureShare * dayRequested) {
      const requests =
        dayRequested === 1 ? "The only request" : `${formatCount(dayFailed)} of ${formatCount(dayRequested)} requests`;
      add(
        `${requests} to ${sourceStyle(source).phrase} in the last day failed. ${failureEffects[source] ?? ""}`.trim(),
      );
    }
  return found;
}

/** What failed requests to a source mean; they are repeated an hour later. */
const failureEffects: Readonly<Record<string, string>> = {
  ghcnh: "Corrections of past values may come later.",
  isd: "Corrections of past values may come later.",
  awc: "Fresh hours may come later.",
  nws: "Its forecasts and some fresh hours may come later.",
  nbm: "Its guidance may be missing; observations are not affected.",
};

function stationProblems(
  { asOf, stations: trust }: DataHealth,
  stations: readonly StationSummary[],
  now: number,
): Problem[] {
  const trustOf = new Map(trust.map((row) => [row.key, row]));
  const found: Problem[] = [];
  const add = (
    text: string,
    test: (station: StationSummary, trust: StationTrust) => boolean,
    level: Problem["level"] = "doubt",
  ) => {
    const keys = stations.flatMap((station) => {
      const row = trustOf.get(station.key);
      return row && test(station, row) ? [station.key] : [];
    });
    if (keys.length > 0) found.push({ text, stations: keys, level });
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
  for (const cause of ["sensor", "unknown", "weather"] as const) {
    const phrase = alarmPhrases[cause];
    add(
      `${phrase[0]!.toUpperCase()}${phrase.slice(1)} (alarm of the last ${alarmDays} days)`,
      (_, { newestAlarmTime: time, newestAlarmCause }) =>
        time !== null && asOf - time < alarmDays * dayMs && newestAlarmCause === cause,
      cause === "weather" ? "note" : "doubt",
    );
  }
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
