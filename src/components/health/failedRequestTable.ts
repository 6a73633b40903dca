import type { StationHealth } from "../../shared/published/stationHealth.js";
import { dataTable } from "../ui/dataTable.js";
import { html } from "../ui/html.js";
import { fullTime } from "../ui/timeZone.js";
import { sourceStyle } from "./sourceStyle.js";

/** Requests for a station alone that failed within a week, the newest first. */
export function failedRequestTable({ failedRequests }: StationHealth): HTMLElement {
  if (failedRequests.length === 0)
    return html`<p class="empty">No request for this station alone has failed in the last seven days.</p>`;
  return dataTable(
    failedRequests,
    [
      { heading: "Asked", cell: ({ requestedTime }) => fullTime(requestedTime, "UTC") },
      { heading: "Source", cell: ({ source }) => sourceStyle(source).code },
      { heading: "Status", cell: ({ status }) => status ?? "no answer", numeric: true },
      { heading: "Reason", cell: ({ message }) => message ?? "–" },
      { heading: "Address", cell: ({ url }) => url },
    ],
    { label: "Failed requests" },
  );
}
