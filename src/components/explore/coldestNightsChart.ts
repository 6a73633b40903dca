import * as Plot from "@observablehq/plot";
import { chartFigure, stationRowPlot } from "../chart/chartFigure.js";
import { countRange } from "../evaluation/scoresByModel.js";
import { foldedTable, numberColumn, textColumn } from "../ui/dataTable.js";
import { html } from "../ui/html.js";
import { placeName } from "../ui/station.js";
import { clockTime, dateName } from "../ui/timeZone.js";
import { formatCount, formatTemperature } from "../ui/units.js";

/** A row of `queries/coldest-nights.json`: the coldest night of a station. Rows are in order of temperature. */
export interface ColdestNight {
  station: string;
  name: string;
  timeZone: string;
  coldestC: number;
  /** Epoch milliseconds. */
  coldestTime: number;
  /** Median low of all nights. */
  usualC: number;
  nights: number;
}

/** The chart shows at most this many stations, the coldest. */
const mostRows = 40;

/** One row per station: the low of its coldest night and of its median night. */
export function coldestNightsChart(nights: readonly ColdestNight[], { width }: { width: number }): HTMLElement {
  const [coldest] = nights;
  if (!coldest) return html`<p class="empty">Nothing has been observed yet.</p>`;
  const shown = nights.slice(0, mostRows);
  const chart = stationRowPlot({
    width,
    keys: shown.map(({ station }) => station),
    label: "low of the night, °C",
    x: { tickFormat: (celsius: number) => formatTemperature(celsius, "C", 0) },
    marks: [
      Plot.ruleY(shown, { x1: "coldestC", x2: "usualC", y: "station", stroke: "var(--chart-frame)", strokeWidth: 2 }),
      Plot.tickX(shown, { x: "usualC", y: "station", stroke: "var(--ink-soft)", strokeWidth: 2 }),
      Plot.dot(shown, { x: "coldestC", y: "station", r: 4.5, fill: "var(--forecast)" }),
    ],
  });
  const hidden = nights.length - shown.length;
  return chartFigure(chart, {
    label: `The coldest night of each of ${nights.length} stations. Coldest: ${formatTemperature(coldest.coldestC, "C")} °C at ${placeName(coldest.name)}, ${nightOf(coldest)}.`,
    key: [
      { label: "coldest night", colour: "var(--forecast)" },
      { label: "median night", colour: "var(--ink-soft)", dash: "none" },
    ],
    caption: `${countRange(nights.map((row) => row.nights))} nights per station.${hidden > 0 ? ` ${hidden} warmer stations are in the table only.` : ""}`,
  });
}

/** The coldest nights as a folded table. */
export function coldestNightsTable(nights: readonly ColdestNight[]): HTMLElement {
  return foldedTable("The coldest nights", nights, [
    textColumn("Station", ({ station, name }) => `${station} ${placeName(name)}`),
    numberColumn("Coldest, °C", ({ coldestC }) => formatTemperature(coldestC, "C")),
    numberColumn("When", nightOf),
    numberColumn("Median, °C", ({ usualC }) => formatTemperature(usualC, "C")),
    numberColumn("Nights", (row) => formatCount(row.nights)),
  ]);
}

function nightOf({ coldestTime, timeZone }: ColdestNight): string {
  return `${dateName(coldestTime, timeZone)} at ${clockTime(coldestTime, timeZone)}`;
}
