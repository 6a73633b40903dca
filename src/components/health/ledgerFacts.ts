import type { DataHealth } from "../../shared/published/dataHealth.js";
import type { StationHealth } from "../../shared/published/stationHealth.js";
import { apiAddress } from "../ui/fetchApi.js";
import { html } from "../ui/html.js";
import { fullTime } from "../ui/timeZone.js";
import { formatCount } from "../ui/units.js";

/** Numbers of live and other forecasts of a station, its newest forecast and its newest ledger entry. */
export function forecastCounts({ station, issues: { onTime, late }, ledger }: StationHealth): HTMLElement {
  const stored =
    onTime + late === 0
      ? "No forecast has been issued yet."
      : `Stored forecasts: ${formatCount(onTime)} live, ${formatCount(late)} late or replayed (not in live scores).`;
  const newest =
    station.newestIssuedTime === null ? "" : ` The newest was issued ${fullTime(station.newestIssuedTime, "UTC")}.`;
  return html`<p>${stored}${newest} ${
    ledger === null
      ? ""
      : html`<span>The ledger has ${formatCount(ledger.entries)} ${ledger.entries === 1 ? "entry" : "entries"} for this station; newest hash <code title=${ledger.hash}>${ledger.hash.slice(0, 10)}</code>.</span>`
  }</p>`;
}

/** The newest hash of the ledger, which covers everything known and issued so far. */
export function ledgerFacts({ ledger }: DataHealth): HTMLElement {
  if (ledger === null) return html`<p class="empty">No entries yet.</p>`;
  const { entries, stations, time, sha256 } = ledger;
  return html`<dl class="facts">
    <dt>Newest hash</dt><dd><code>${sha256}</code></dd>
    <dt>Entries</dt><dd>${formatCount(entries)} for ${formatCount(stations)} ${stations === 1 ? "station" : "stations"}</dd>
    <dt>Newest entry</dt><dd>${fullTime(time, "UTC")}</dd>
    <dt>File</dt><dd><a href=${apiAddress("ledger.json")}>api/ledger.json</a></dd>
  </dl>`;
}
