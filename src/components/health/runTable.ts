import type { DataHealth } from "../../shared/published/dataHealth.js";
import { dataTable, numberColumn, textColumn } from "../ui/dataTable.js";
import { html } from "../ui/html.js";
import { dateTimeName } from "../ui/timeZone.js";
import { formatBytes, formatCount, formatNumber } from "../ui/units.js";

/** The newest runs, newest first: duration, outcome and requests. */
export function runTable({ runs }: DataHealth): HTMLElement {
  if (runs.length === 0) return html`<p class="empty">No run in the last sixty days.</p>`;
  return dataTable(
    runs,
    [
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
    ],
    { label: "Runs" },
  );
}
