import type { StationHealth } from "../../shared/published/stationHealth.js";
import { dataTable, numberColumn, textColumn } from "../ui/dataTable.js";
import { html } from "../ui/html.js";
import { utcHour } from "../ui/timeZone.js";
import { formatCount, formatNumber } from "../ui/units.js";
import { sourceStyle } from "./sourceStyle.js";

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
