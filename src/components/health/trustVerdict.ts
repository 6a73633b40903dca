import type { DataHealth } from "../../shared/published/dataHealth.js";
import type { StationSummary } from "../../shared/published/stationSummary.js";
import { pastTime } from "../ui/clock.js";
import { formatAge } from "../ui/dataAge.js";
import { html } from "../ui/html.js";
import { stationLink } from "../ui/station.js";
import { dateTimeName } from "../ui/timeZone.js";
import { type Doubt, doubts } from "./doubts.js";

/** Stations named at most with a doubt; the table has them all. */
const named = 6;

/** Whether what is shown can be trusted, and if not, why. */
export function trustVerdict(
  health: DataHealth,
  stations: readonly StationSummary[],
  { now, onSelect }: { now: number; onSelect?: (key: string) => void },
): HTMLElement {
  const found = doubts(health, stations, { now });
  const doubtful = new Set(found.flatMap((doubt) => doubt.stations));
  const free = stations.length - doubtful.size;
  const isGrave = found.some(({ grave }) => grave);
  const answer = isGrave ? "No." : found.length === 0 ? "Yes." : free > 0 ? "Mostly." : "With care.";
  const renewed =
    pastTime() === null ? `Renewed ${formatAge(now - health.asOf)} ago.` : `As of ${dateTimeName(health.asOf, "UTC")}.`;
  const count =
    free === stations.length ? `All ${free} stations raise` : `${free} of ${stations.length} stations raise`;
  // Where everything is in doubt, it says nothing that a station looks well.
  const well = isGrave ? "" : `${count} no doubt: fresh, whole and without an alarm. `;
  return html`<div>
    <p class="lead"><strong>${answer}</strong> ${well}${renewed}</p>
    ${found.length > 0 ? html`<ul class="doubts">${found.map((doubt) => html`<li>${told(doubt, stations, onSelect)}</li>`)}</ul>` : null}
  </div>`;
}

function told(
  { text, stations: keys }: Doubt,
  stations: readonly StationSummary[],
  onSelect?: (key: string) => void,
): HTMLElement {
  if (keys.length === 0) return html`<span>${text}</span>`;
  const links = keys.slice(0, named).map((key) => {
    const station = stations.find((one) => one.key === key)!;
    return stationLink(station, onSelect);
  });
  const more = keys.length > named ? ` and ${keys.length - named} more` : "";
  return html`<span>${text}: ${links.flatMap((link, i) => (i > 0 ? [", ", link] : [link]))}${more}.</span>`;
}
