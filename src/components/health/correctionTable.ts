import type { StationHealth } from "../../shared/published/stationHealth.js";
import { dataTable } from "../ui/dataTable.js";
import { html } from "../ui/html.js";
import { clockTime, dateName } from "../ui/timeZone.js";
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
  const hour = (time: number) => `${dateName(time, "UTC")} ${clockTime(time, "UTC")}`;
  const value = (number: number | null, variable: keyof typeof measures) =>
    number === null ? "withdrawn" : `${formatNumber(number, 1)} ${measures[variable].unit}`;
  const older = correctionCount - corrections.length;
  return html`<div>
    ${dataTable(
      corrections,
      [
        { heading: "Hour, UTC", cell: ({ validTime }) => hour(validTime) },
        { heading: "Quantity", cell: ({ variable }) => measures[variable].name },
        { heading: "First value", cell: ({ firstValue, variable }) => value(firstValue, variable), numeric: true },
        { heading: "from", cell: ({ firstSource }) => sourceStyle(firstSource).code },
        { heading: "seen", cell: ({ firstSeenTime }) => hour(firstSeenTime) },
        { heading: "Now", cell: (row) => value(row.value, row.variable), numeric: true },
        { heading: "from", cell: ({ source }) => sourceStyle(source).code },
        { heading: "Changed", cell: ({ corrections: n }) => (n === 0 ? "–" : `${n}×`), numeric: true },
        { heading: "Learned", cell: ({ late }) => (late ? "no, late" : "first value") },
      ],
      { label: "Corrected and late values" },
    )}
    ${older > 0 ? html`<p class="small muted">${formatCount(older)} older values are not shown.</p>` : null}
  </div>`;
}
