import type { StationHealth } from "../../shared/published/stationHealth.js";
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
