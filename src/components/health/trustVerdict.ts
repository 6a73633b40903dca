import type { DataHealth } from "../../shared/published/dataHealth.js";
import type { StationSummary } from "../../shared/published/stationSummary.js";
import { pastTime } from "../ui/clock.js";
import { formatAge } from "../ui/dataAge.js";
import { html } from "../ui/html.js";
import { stationLink } from "../ui/station.js";
import { dateTimeName } from "../ui/timeZone.js";
import { type Problem, problems } from "./problems.js";

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
  const links = keys.slice(0, maxNamed).map((key) => {
    const station = stations.find((one) => one.key === key)!;
    return stationLink(station, onSelect);
  });
  const more = keys.length > maxNamed ? ` and ${keys.length - maxNamed} more` : "";
  return html`<span>${text}: ${links.flatMap((link, i) => (i > 0 ? [", ", link] : [link]))}${more}.</span>`;
}
