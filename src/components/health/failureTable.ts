import { alarmPhrases } from "../../shared/alarmCause.js";
import type { DataHealth } from "../../shared/published/dataHealth.js";
import type { StationHealth } from "../../shared/published/stationHealth.js";
import type { StationModel } from "../../shared/published/stationModel.js";
import { sourceStyle } from "../chart/modelStyle.js";
import { dataTable, numberColumn, textColumn } from "../ui/dataTable.js";
import { html } from "../ui/html.js";
import { segmented, selectInput, textInput } from "../ui/inputs.js";
import { dateName, dateTimeName, utcHour } from "../ui/timeZone.js";
import { formatCount, formatNumber, formatSigned } from "../ui/units.js";

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
    severity: segmented("Outcome", { all: "All", error: "Rejected", warning: "Used anyway" }),
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

const measures: Record<StationHealth["corrections"][number]["variable"], { name: string; unit: string }> = {
  temperature: { name: "temperature", unit: "°C" },
  dewPoint: { name: "dew point", unit: "°C" },
  seaLevelPressure: { name: "sea level pressure", unit: "hPa" },
  windSpeed: { name: "wind speed", unit: "m/s" },
  windDirection: { name: "wind direction", unit: "°" },
  cloudCover: { name: "cloud cover", unit: "oktas" },
};

/** Values that changed after they were first seen or that arrived late, newest first. */
export function correctionTable({ corrections, correctionCount }: StationHealth): HTMLElement {
  if (corrections.length === 0)
    return html`<p class="empty">No value was corrected or late in the last sixty days.</p>`;
  const value = (number: number | null, variable: keyof typeof measures) =>
    number === null ? "withdrawn" : `${formatNumber(number, 1)} ${measures[variable].unit}`;
  const older = correctionCount - corrections.length;
  return html`<div>
    ${dataTable("Corrected and late values", corrections, [
      textColumn("Hour, UTC", ({ validTime }) => utcHour(validTime)),
      textColumn("Quantity", ({ variable }) => measures[variable].name),
      numberColumn("First value", ({ firstValue, variable }) => value(firstValue, variable)),
      textColumn("from", ({ firstSource }) => sourceStyle(firstSource).code),
      textColumn("seen", ({ firstSeenTime }) => utcHour(firstSeenTime)),
      numberColumn("Now", (row) => value(row.value, row.variable)),
      textColumn("from", ({ source }) => sourceStyle(source).code),
      numberColumn("Changed", ({ corrections: n }) => (n === 0 ? "–" : `${n}×`)),
      textColumn("Learned", ({ late }) => (late ? "no, late" : "first value")),
    ])}
    ${older > 0 ? html`<p class="small muted">${formatCount(older)} older values are not shown.</p>` : null}
  </div>`;
}

/** Alarms, newest first: when forecasts were found to be too high or too low, and whether the neighbours changed too. */
export function alarmTable(data: Pick<StationModel, "alarms">, { newest = 12 }: { newest?: number } = {}): HTMLElement {
  if (data.alarms.length === 0) return html`<p class="empty">No alarms so far.</p>`;
  const change = (celsius: number | null) => (celsius === null ? "–" : `${formatSigned(celsius, 1)} °C`);
  return dataTable("Alarms", data.alarms.slice(-newest).reverse(), [
    textColumn("Hour", ({ time }) => dateTimeName(time, "UTC")),
    textColumn("Quantity", ({ variable }) => (variable === "temperature" ? "Temperature" : "Dew point")),
    textColumn("Found", ({ side }) => side),
    numberColumn("Change here", ({ changeC }) => change(changeC)),
    numberColumn("At neighbours", ({ neighbourChangeC, neighbours }) =>
      neighbourChangeC === null ? "–" : html`<span>${change(neighbourChangeC)} <small>of ${neighbours}</small></span>`,
    ),
    textColumn("Reading", ({ cause }) => alarmPhrases[cause]),
  ]);
}
