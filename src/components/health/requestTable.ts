import type { DataHealth } from "../../shared/published/dataHealth.js";
import type { StationHealth } from "../../shared/published/stationHealth.js";
import { sourceStyle } from "../chart/modelStyle.js";
import { dataTable, numberColumn, textColumn } from "../ui/dataTable.js";
import { siteAddress } from "../ui/fetchApi.js";
import { html } from "../ui/html.js";
import { dateTimeName } from "../ui/timeZone.js";
import { counted, formatBytes, formatCount, formatNumber } from "../ui/units.js";

/** Requests to each source: how they were answered, what they cost, and the newest failure. */
export function requestTable({ sources }: DataHealth): HTMLElement {
  if (sources.length === 0) return html`<p class="empty">No requests in the last sixty days.</p>`;
  return dataTable("Requests by source", sources, [
    textColumn("Source", ({ source }) => sourceStyle(source).label),
    numberColumn("Requests", ({ fetched, unchanged, absent, failed }) =>
      formatCount(fetched + unchanged + absent + failed),
    ),
    numberColumn("New data", ({ fetched }) => formatCount(fetched)),
    numberColumn("Unchanged", ({ unchanged }) => formatCount(unchanged)),
    numberColumn("Not found", ({ absent }) => formatCount(absent)),
    numberColumn("Failed", ({ failed }) => formatCount(failed)),
    numberColumn("Saved", ({ saved }) => formatCount(saved)),
    numberColumn("Fetched", ({ bytes }) => formatBytes(bytes)),
    numberColumn("Mean wait", ({ seconds }) => (seconds === null ? "–" : `${formatNumber(seconds, 2)} s`)),
    textColumn("Newest failure, 7 days", ({ failure }) =>
      failure === null
        ? "none"
        : html`<span title=${failure.url}>${dateTimeName(failure.time, "UTC")}: ${failure.message ?? "no reason given"}</span>`,
    ),
  ]);
}

/** Failed requests for this station alone in the last seven days, newest first. */
export function failedRequestTable({ failedRequests }: StationHealth): HTMLElement {
  if (failedRequests.length === 0)
    return html`<p class="empty">No request for this station has failed in the last seven days.</p>`;
  return dataTable("Failed requests", failedRequests, [
    textColumn("Requested", ({ requestedTime }) => dateTimeName(requestedTime, "UTC")),
    textColumn("Source", ({ source }) => sourceStyle(source).code),
    numberColumn("Status", ({ status }) => status ?? "no answer"),
    textColumn("Reason", ({ message }) => message ?? "–"),
    textColumn("Address", ({ url }) => url),
  ]);
}

/** The newest runs, newest first: duration, outcome and requests. */
export function runTable({ runs }: DataHealth): HTMLElement {
  if (runs.length === 0) return html`<p class="empty">No run in the last sixty days.</p>`;
  return dataTable("Runs", runs, [
    textColumn("Started", ({ startedTime }) => dateTimeName(startedTime, "UTC")),
    textColumn("Command", ({ command }) => command),
    textColumn("As of", ({ asOf }) => dateTimeName(asOf, "UTC")),
    numberColumn("Took", ({ startedTime, finishedTime }) =>
      finishedTime === null ? "–" : `${formatNumber((finishedTime - startedTime) / 1000, 0)} s`,
    ),
    textColumn("Outcome", ({ outcome, message }) =>
      outcome === "running"
        ? "published this site"
        : outcome === "failed"
          ? html`<strong class="worse">failed: ${message ?? "no reason given"}</strong>`
          : outcome,
    ),
    numberColumn("Requests", ({ requested }) => formatCount(requested)),
    numberColumn("Failed", ({ failed }) => formatCount(failed)),
    numberColumn("Saved", ({ saved }) => formatCount(saved)),
    numberColumn("Fetched", ({ bytes }) => formatBytes(bytes)),
  ]);
}

/** The newest hash of the ledger, which covers everything known and issued so far, and what it has for a station. */
export function ledgerFacts(
  { ledger }: DataHealth,
  { station, issues: { onTime, late }, ledger: own }: StationHealth,
): HTMLElement {
  if (ledger === null) return html`<p class="empty">No entries yet.</p>`;
  const { entries, stations, time, sha256 } = ledger;
  return html`<dl class="facts">
    <dt>Newest hash</dt><dd><code>${sha256}</code></dd>
    <dt>Entries</dt><dd>${formatCount(entries)} for ${counted(stations, "station")}</dd>
    <dt>Newest entry</dt><dd>${dateTimeName(time, "UTC")}</dd>
    <dt>File</dt><dd><a href=${siteAddress("api/ledger.json")}>api/ledger.json</a></dd>
    <dt>${station.key}: entries</dt><dd>${own === null ? "none yet" : html`<span>${formatCount(own.entries)}, the newest with hash <code title=${own.hash}>${own.hash.slice(0, 10)}</code></span>`}</dd>
    <dt>${station.key}: stored forecasts</dt><dd>${formatCount(onTime)} live, ${formatCount(late)} late or replayed (not in live scores)</dd>
  </dl>`;
}
