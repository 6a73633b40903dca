import type { StationSummary } from "../data/stations.js";
import { formatAge, staleAfterHours } from "./age.js";
import { html } from "./html.js";
import { dateName, fullTime } from "./timeZone.js";

/** Says above everything that the data are old, or that there are none; nothing while they are fresh. */
export function staleBanner(
  station: StationSummary,
  { now, zone = station.timeZone }: { now: number; zone?: string },
): HTMLElement | null {
  const { newestObservedTime } = station;
  if (newestObservedTime === null) {
    return html`<p class="banner" role="status"><strong>No data yet.</strong> Nothing has been observed at ${station.key}, so nothing is forecast.</p>`;
  }
  const age = now - newestObservedTime;
  if (age <= staleAfterHours * 3_600_000) return null;
  const year = dateName(newestObservedTime, zone).slice(-4);
  return html`<p class="banner" role="status"><strong>Stale.</strong> The newest observation at ${station.key} is ${formatAge(age)} old
    (${fullTime(newestObservedTime, zone)}, ${year}); the forecast below starts there.</p>`;
}
