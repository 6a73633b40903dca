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

/** Values that are not what was first seen, and those that came when their hour had passed; the newest first. */
export function correctionTable({ corrections, correctionCount }: StationHealth): HTMLElement {
  if (corrections.length === 0)
    return html`<p class="empty">In the last sixty days every value came in time and stayed as it was.</p>`;
  const hour = (time: number) => `${dateName(time, "UTC")} ${clockTime(time, "UTC")}`;
  const value = (number: number | null, variable: keyof typeof measures) =>
    number === null ? "withdrawn" : `${formatNumber(number, 1)} ${measures[variable].unit}`;
  const rest = correctionCount - corrections.length;
  return html`<div>
    ${dataTable(
      corrections,
      [
        { heading: "Hour, UTC", cell: ({ validTime }) => hour(validTime) },
        { heading: "Quantity", cell: ({ variable }) => measures[variable].name },
        { heading: "First seen as", cell: ({ firstValue, variable }) => value(firstValue, variable), numeric: true },
        { heading: "by", cell: ({ firstSource }) => sourceStyle(firstSource).code },
        { heading: "on", cell: ({ firstSeenTime }) => hour(firstSeenTime) },
        { heading: "Now", cell: (row) => value(row.value, row.variable), numeric: true },
        { heading: "by", cell: ({ source }) => sourceStyle(source).code },
        { heading: "Changed", cell: ({ corrections: n }) => (n === 0 ? "–" : `${n}×`), numeric: true },
        { heading: "Learned", cell: ({ late }) => (late ? "no, came late" : "as first seen") },
      ],
      { label: "Corrected and late values" },
    )}
    ${rest > 0 ? html`<p class="small muted">And ${formatCount(rest)} older ones.</p>` : null}
  </div>`;
}
