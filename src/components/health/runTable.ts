import type { DataHealth } from "../../shared/published/dataHealth.js";
import { dataTable } from "../ui/dataTable.js";
import { html } from "../ui/html.js";
import { fullTime, yearName } from "../ui/timeZone.js";
import { formatBytes, formatCount, formatNumber } from "../ui/units.js";

/** The newest runs, newest first: duration, outcome and requests. */
export function runTable({ runs }: DataHealth): HTMLElement {
  if (runs.length === 0) return html`<p class="empty">No run in the last sixty days.</p>`;
  return dataTable(
    runs,
    [
      {
        heading: "Started",
        cell: ({ startedTime }) => `${fullTime(startedTime, "UTC")}, ${yearName(startedTime, "UTC")}`,
      },
      { heading: "Command", cell: ({ command }) => command },
      { heading: "As of", cell: ({ asOf }) => `${fullTime(asOf, "UTC")}, ${yearName(asOf, "UTC")}` },
      {
        heading: "Took",
        cell: ({ startedTime, finishedTime }) =>
          finishedTime === null ? "–" : `${formatNumber((finishedTime - startedTime) / 1000, 0)} s`,
        numeric: true,
      },
      {
        heading: "Outcome",
        cell: ({ outcome, message }) =>
          outcome === "running"
            ? "published this site"
            : outcome === "failed"
              ? html`<strong class="worse">failed: ${message ?? "no reason given"}</strong>`
              : outcome,
      },
      { heading: "Requests", cell: ({ requested }) => formatCount(requested), numeric: true },
      { heading: "Failed", cell: ({ failed }) => formatCount(failed), numeric: true },
      { heading: "Saved", cell: ({ saved }) => formatCount(saved), numeric: true },
      { heading: "Fetched", cell: ({ bytes }) => formatBytes(bytes), numeric: true },
    ],
    { label: "Runs" },
  );
}
