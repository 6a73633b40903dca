import type { DataHealth } from "../../shared/published/dataHealth.js";
import type { StationHealth } from "../../shared/published/stationHealth.js";
import { dataTable } from "../ui/dataTable.js";
import { html } from "../ui/html.js";
import { fullTime } from "../ui/timeZone.js";
import { formatBytes, formatCount, formatNumber } from "../ui/units.js";
import { sourceStyle } from "./sourceStyle.js";

/** Requests to each source: how they were answered, what they cost, and the newest failure. */
export function requestTable({ sources }: DataHealth): HTMLElement {
  if (sources.length === 0) return html`<p class="empty">No requests in the last sixty days.</p>`;
  return dataTable(
    sources,
    [
      { heading: "Source", cell: ({ source }) => sourceStyle(source).label },
      {
        heading: "Requests",
        cell: ({ fetched, unchanged, absent, failed }) => formatCount(fetched + unchanged + absent + failed),
        numeric: true,
      },
      { heading: "New data", cell: ({ fetched }) => formatCount(fetched), numeric: true },
      { heading: "Unchanged", cell: ({ unchanged }) => formatCount(unchanged), numeric: true },
      { heading: "Not found", cell: ({ absent }) => formatCount(absent), numeric: true },
      { heading: "Failed", cell: ({ failed }) => formatCount(failed), numeric: true },
      { heading: "Saved", cell: ({ saved }) => formatCount(saved), numeric: true },
      { heading: "Fetched", cell: ({ bytes }) => formatBytes(bytes), numeric: true },
      {
        heading: "Mean wait",
        cell: ({ seconds }) => (seconds === null ? "–" : `${formatNumber(seconds, 2)} s`),
        numeric: true,
      },
      {
        heading: "Newest failure, 7 days",
        cell: ({ failure }) =>
          failure === null
            ? "none"
            : html`<span title=${failure.url}>${fullTime(failure.time, "UTC")}: ${failure.message ?? "no reason given"}</span>`,
      },
    ],
    { label: "Requests by source" },
  );
}

/** Failed requests for this station alone in the last seven days, newest first. */
export function failedRequestTable({ failedRequests }: StationHealth): HTMLElement {
  if (failedRequests.length === 0)
    return html`<p class="empty">No request for this station has failed in the last seven days.</p>`;
  return dataTable(
    failedRequests,
    [
      { heading: "Requested", cell: ({ requestedTime }) => fullTime(requestedTime, "UTC") },
      { heading: "Source", cell: ({ source }) => sourceStyle(source).code },
      { heading: "Status", cell: ({ status }) => status ?? "no answer", numeric: true },
      { heading: "Reason", cell: ({ message }) => message ?? "–" },
      { heading: "Address", cell: ({ url }) => url },
    ],
    { label: "Failed requests" },
  );
}
