import type { DataHealth } from "../../shared/published/dataHealth.js";
import { dataTable } from "../ui/dataTable.js";
import { html } from "../ui/html.js";
import { dateName } from "../ui/timeZone.js";
import { formatCount } from "../ui/units.js";
import { sourceStyle } from "./sourceStyle.js";

/** What validation has found over all stations, the most frequent first. */
export function checkTable({ checks }: DataHealth): HTMLElement {
  if (checks.length === 0) return html`<p class="empty">Every value of every station has passed every check.</p>`;
  return dataTable(
    checks,
    [
      { heading: "Check", cell: ({ check }) => check },
      { heading: "Column", cell: ({ column }) => column ?? "whole row" },
      { heading: "Source", cell: ({ source }) => sourceStyle(source).code },
      { heading: "Schema", cell: ({ schema }) => schema },
      { heading: "Severity", cell: ({ severity }) => (severity === "error" ? "not used" : "used") },
      { heading: "Failures", cell: ({ n }) => formatCount(n), numeric: true },
      { heading: "Stations", cell: ({ stations }) => formatCount(stations), numeric: true },
      { heading: "Newest", cell: ({ newestTime }) => dateName(newestTime, "UTC"), numeric: true },
    ],
    { label: "Failed checks of all stations" },
  );
}
