import * as Plot from "@observablehq/plot";
import type { StationEvaluation } from "../data/stationEvaluation.js";
import { fastRate, slowRate } from "../model/ewmae.js";
import type { Variable } from "../model/vocabulary.js";
import { chartFigure } from "./chartFigure.js";
import { ewmaePoints } from "./ewmaePoints.js";
import { html } from "./html.js";
import { dateName } from "./timeZone.js";
import { differenceInUnit, formatCount, formatDifference, type TemperatureUnit } from "./units.js";

const lines = [
  { name: "validationSlow", label: `validation, ε = ${slowRate}`, colour: "var(--observed)", dash: "none", width: 2 },
  {
    name: "validationCorrected",
    label: `validation, ε = ${fastRate}, corrected`,
    colour: "var(--forecast)",
    dash: "none",
    width: 1.5,
  },
  { name: "trainingCorrected", label: "training, corrected", colour: "var(--persistence)", dash: "none", width: 1.5 },
  { name: "validation", label: "validation, from 0", colour: "var(--forecast)", dash: "2 3", width: 1.25 },
  { name: "training", label: "training, from 0", colour: "var(--persistence)", dash: "2 3", width: 1.25 },
] as const;

export interface EwmaeChartOptions {
  width: number;
  unit?: TemperatureUnit;
  variable?: Variable;
  leadHours?: number;
}

/** The exponentially weighted mean absolute error over time: before and after each update, raw and corrected. */
export function ewmaeChart(
  data: StationEvaluation,
  { width, unit = "C", variable = "temperature", leadHours = 24 }: EwmaeChartOptions,
): HTMLElement {
  const series = data.ewmae.find((row) => row.variable === variable && row.leadHours === leadHours);
  const points = series ? ewmaePoints(series) : [];
  if (points.length === 0) return html`<p class="empty">Nothing scored yet.</p>`;
  const chart = Plot.plot({
    width,
    height: Math.max(260, Math.min(360, width * 0.4)),
    marginLeft: 34,
    marginRight: 14,
    x: { type: "utc", label: null },
    y: { label: null, zero: true, nice: true },
    marks: [
      Plot.gridY({ stroke: "var(--chart-grid)", strokeOpacity: 1 }),
      Plot.axisY({ tickSize: 0 }),
      Plot.axisX({ ticks: width < 600 ? 4 : 8 }),
      [...lines].reverse().map(({ name, colour, dash, width: strokeWidth }) =>
        Plot.lineY(points, {
          x: "time",
          y: (point) => differenceInUnit(point[name], unit),
          stroke: colour,
          strokeDasharray: dash,
          strokeWidth,
        }),
      ),
      Plot.frame({ stroke: "var(--chart-frame)" }),
    ],
  });
  const last = points.at(-1)!;
  const label =
    `EWMAE ${leadHours} hours ahead, °${unit}. On ${dateName(last.time, "UTC")}, after ${last.n} errors: ` +
    `validation ${formatDifference(last.validationCorrected, unit, 2)}, training ${formatDifference(last.trainingCorrected, unit, 2)}.`;
  return chartFigure(chart, {
    label,
    key: lines.map(({ label, colour, dash }) => ({ label, colour, dash })),
    caption: `${formatCount(last.n)} errors, ${leadHours} h ahead, by ${dateName(last.time, "UTC")}${spacing(points)}.`,
  });
}

/** How far apart the points stand, which the store decides: its newest two tell. */
function spacing(points: readonly { time: number }[]): string {
  const [before, last] = points.slice(-2);
  return last ? `; a point every ${(last.time - before.time) / 3_600_000} hours` : "";
}
