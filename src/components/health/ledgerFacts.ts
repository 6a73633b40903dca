import type { DataHealth } from "../../shared/published/dataHealth.js";
import type { StationHealth } from "../../shared/published/stationHealth.js";
import { apiAddress } from "../ui/fetchApi.js";
import { html } from "../ui/html.js";
import { fullTime } from "../ui/timeZone.js";
import { formatCount } from "../ui/units.js";

/** How many of a station's forecasts were made on time, and how far its ledger goes. */
export function issueLines({ station, issues: { onTime, late }, ledger }: StationHealth): HTMLElement {
  const were = (n: number) => (n === 0 ? "none was" : n === 1 ? "one was" : `${formatCount(n)} were`);
  const made =
    onTime + late === 0
      ? "No forecast has been issued yet."
      : `Of the ${formatCount(onTime + late)} forecasts kept here, ${were(onTime)} made within the hour of their issue; ${were(late)} made later or replayed, and counted in no live score.`;
  const learned =
    station.newestIssuedTime === null ? "" : ` The newest was issued ${fullTime(station.newestIssuedTime, "UTC")}.`;
  return html`<p>${made}${learned} ${
    ledger === null
      ? ""
      : html`<span>Its ledger has ${ledger.entries === 1 ? "one entry" : `${formatCount(ledger.entries)} entries`}, up to <code title=${ledger.hash}>${ledger.hash.slice(0, 10)}</code>.</span>`
  }</p>`;
}

/** The head of the ledger: what stands for all that was known and issued up to now. */
export function ledgerLines({ ledger }: DataHealth): HTMLElement {
  if (ledger === null) return html`<p class="empty">Nothing is recorded yet.</p>`;
  const { entries, stations, time, sha256 } = ledger;
  return html`<dl class="facts">
    <dt>Head</dt><dd><code>${sha256}</code></dd>
    <dt>Entries</dt><dd>${formatCount(entries)} of ${formatCount(stations)} stations</dd>
    <dt>Newest</dt><dd>${fullTime(time, "UTC")}</dd>
    <dt>Files</dt><dd><a href=${apiAddress("ledger.json")}>api/ledger.json</a></dd>
  </dl>`;
}
