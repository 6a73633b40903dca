import type { StationSummary } from "../../shared/published/stationSummary.js";
import { pastTime } from "../ui/clock.js";
import { formatAge, isStale } from "../ui/dataAge.js";
import { html } from "../ui/html.js";
import { dateTimeName } from "../ui/timeZone.js";

/**
 * The first line of the page: how old the newest observation is, as an alarm when it is stale. Its height is constant.
 * On a site built for a past time it shows that time.
 * @param aged whether to show the age; needs a running clock. The time of the observation is always shown
 */
export function freshnessLine(
  station: Pick<StationSummary, "key" | "newestObservedTime" | "dueTime" | "timeZone">,
  { now, zone = station.timeZone, aged = true }: { now: number; zone?: string; aged?: boolean },
): HTMLElement {
  const { key, newestObservedTime: newest } = station;
  if (newest === null) {
    return html`<p class="freshness banner"><span><strong>No data yet:</strong> nothing has been observed at ${key}.</span></p>`;
  }
  const stale = isStale(station, now);
  const when = dateTimeName(newest, zone);
  const past = pastTime();
  if (past !== null)
    return html`<p class="freshness"><span class="lamp">As of ${dateTimeName(past, zone)}, newest observation ${when}</span></p>`;
  const age = aged ? `newest observation ${formatAge(now - newest)} old (${when})` : `newest observation ${when}`;
  return stale
    ? html`<p class="freshness banner"><span class="lamp stale"><strong>Stale:</strong> ${age}</span></p>`
    : html`<p class="freshness"><span class="lamp">${age[0]!.toUpperCase()}${age.slice(1)}</span></p>`;
}

/** The first line of the page when it shows an older forecast, with a way back to the newest. */
export function olderForecastLine(
  issuedTime: number,
  { zone, onNewest }: { zone: string; onNewest: () => void },
): HTMLElement {
  return html`<p class="freshness banner"><span><strong>Older forecast,</strong> issued
    ${dateTimeName(issuedTime, zone)}. Everything above the list of stations shows what was known then.</span>
    <button type="button" onclick=${onNewest}>Show the current forecast</button></p>`;
}
