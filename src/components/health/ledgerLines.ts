import type { DataHealth } from "../../shared/published/dataHealth.js";
import { apiAddress } from "../ui/fetchApi.js";
import { html } from "../ui/html.js";
import { fullTime } from "../ui/timeZone.js";
import { formatCount } from "../ui/units.js";

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
