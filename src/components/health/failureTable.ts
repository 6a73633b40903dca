import type { DataHealth } from "../../shared/published/dataHealth.js";
import type { StationHealth } from "../../shared/published/stationHealth.js";
import { dataTable, numberColumn, textColumn } from "../ui/dataTable.js";
import { html } from "../ui/html.js";
import { segmented, selectInput, textInput } from "../ui/inputs.js";
import { dateName, utcHour } from "../ui/timeZone.js";
import { formatCount } from "../ui/units.js";
import { sourceStyle } from "./sourceStyle.js";

type Failure = StationHealth["failures"][number];

/** "physical range of temperature" */
function checkName({ check, column }: Pick<Failure, "check" | "column">): string {
  return column === null ? check : `${check} of ${column}`;
}

/** Inputs that filter the failed checks of a station, by their names in the address. */
export function failureInputs({ failures }: StationHealth) {
  const names = [...new Set(failures.map(checkName))].sort();
  return {
    check: selectInput("Check", [["all", "All checks"], ...names.map((name): [string, string] => [name, name])]),
    severity: segmented("Outcome", [
      ["all", "All"],
      ["error", "Rejected"],
      ["warning", "Used anyway"],
    ]),
    containing: textInput("Containing", { placeholder: "file, column, value …" }),
  };
}

/**
 * The values and rows that failed a check, with the check, its outcome and the place in the source file.
 * @param check name of a check, or "all"
 * @param severity "error", "warning" or "all"
 * @param words words that a row must contain
 */
export function failureTable(
  { failures, failureCount }: StationHealth,
  { check = "all", severity = "all", words = "" }: { check?: string; severity?: string; words?: string } = {},
): HTMLElement {
  if (failures.length === 0) return html`<p class="empty">All values have passed all checks.</p>`;
  const required = words.toLowerCase().split(/\s+/);
  const shown = failures.filter((row) => {
    if (check !== "all" && checkName(row) !== check) return false;
    if (severity !== "all" && row.severity !== severity) return false;
    const text = [row.file, row.row, row.schema, row.column, row.check, row.value, row.source].join(" ").toLowerCase();
    return required.every((word) => text.includes(word));
  });
  const hour = (time: number | null) => (time === null ? "–" : utcHour(time));
  const older = failureCount - failures.length;
  const counts = [
    `${formatCount(shown.length)} of ${formatCount(failures.length)} failures`,
    ...(older > 0 ? [`${formatCount(older)} older ones are in the published table quarantine`] : []),
  ];
  return html`<div>
    ${
      shown.length === 0
        ? html`<p class="empty">No failures match.</p>`
        : dataTable("Failed checks", shown, [
            textColumn("First seen, UTC", ({ seenTime }) => hour(seenTime)),
            textColumn("Outcome", (row) => (row.severity === "error" ? "rejected" : "used")),
            textColumn("Check", (row) => row.check),
            textColumn("Column", ({ column }) => column ?? "whole row"),
            textColumn("Value", ({ value }) => (value === null ? "–" : html`<code class="value">${value}</code>`)),
            textColumn("Observed, UTC", ({ reportTime }) => hour(reportTime)),
            numberColumn("Row", ({ row }) => (row === null ? "–" : formatCount(row))),
            textColumn("Source", ({ source }) => sourceStyle(source).code),
            textColumn("File", ({ file }) => file),
            textColumn("Schema", ({ schema }) => schema),
          ])
    }
    <p class="small muted" role="status">${counts.join("; ")}.</p>
  </div>`;
}

/** Failed checks of all stations, the most frequent first. */
export function checkTable({ checks }: DataHealth): HTMLElement {
  if (checks.length === 0) return html`<p class="empty">All values of all stations have passed all checks.</p>`;
  return dataTable("Failed checks of all stations", checks, [
    textColumn("Check", ({ check }) => check),
    textColumn("Column", ({ column }) => column ?? "whole row"),
    textColumn("Source", ({ source }) => sourceStyle(source).code),
    textColumn("Schema", ({ schema }) => schema),
    textColumn("Outcome", ({ severity }) => (severity === "error" ? "rejected" : "used")),
    numberColumn("Failures", ({ n }) => formatCount(n)),
    numberColumn("Stations", ({ stations }) => formatCount(stations)),
    numberColumn("Newest", ({ newestTime }) => dateName(newestTime, "UTC")),
  ]);
}
