import type { StationSummary } from "../../shared/published/stationSummary.js";
import { pastTime } from "../ui/clock.js";
import { formatAge, isStale } from "../ui/dataAge.js";
import { html } from "../ui/html.js";
import { dateTimeName } from "../ui/timeZone.js";

/**
 * The first line of the page: the time and the age of the newest observation, with a warning if it is stale. A site
 * built with `--as-of` says so above every page. The height is constant.
 * @param showAge false where no clock runs
 */
export function freshnessLine(
  station: Pick<StationSummary, "key" | "newestObservedTime" | "dueTime" | "timeZone">,
  { now, zone = station.timeZone, showAge = true }: { now: number; zone?: string; showAge?: boolean },
): HTMLElement {
  const { key, newestObservedTime: newest } = station;
  if (newest === null) {
    return html`<p class="freshness banner"><span><strong>No data yet:</strong> nothing has been observed at ${key}.</span></p>`;
  }
  const stale = isStale(station, now);
  const when = dateTimeName(newest, zone);
  const age =
    showAge && pastTime() === null
      ? html`<span>${formatAge(now - newest)} old <span class="detail">(${when})</span></span>`
      : when;
  return stale
    ? html`<p class="freshness banner"><span class="lamp stale"><strong>Stale:</strong> newest observation ${age}</span></p>`
    : html`<p class="freshness"><span class="lamp">Newest observation ${age}</span></p>`;
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
