import * as Plot from "@observablehq/plot";
import { slowRate } from "../../model/scores/ewmae.js";
import type { Variable } from "../../model/vocabulary.js";
import type { StationEvaluation } from "../../shared/published/stationEvaluation.js";
import { hourMs } from "../../shared/time.js";
import { chartFigure } from "../chart/chartFigure.js";
import { fittedPlot } from "../chart/fittedPlot.js";
import { html } from "../ui/html.js";
import { dateName } from "../ui/timeZone.js";
import { differenceInUnit, formatCount, formatDifference, type TemperatureUnit } from "../ui/units.js";
import { ewmaePoints } from "./ewmaePoints.js";

export interface EwmaeChartOptions {
  width: number;
  unit?: TemperatureUnit;
  variable?: Variable;
  leadHours?: number;
}

/** The average over about a thousand errors, over the whole period. */
export function ewmaeChart(
  data: StationEvaluation,
  { width, unit = "C", variable = "temperature", leadHours = 24 }: EwmaeChartOptions,
): HTMLElement {
  const series = data.ewmae.find((row) => row.variable === variable && row.leadHours === leadHours);
  const points = series ? ewmaePoints(series) : [];
  if (points.length === 0) return html`<p class="empty">Nothing scored yet.</p>`;
  const channels = {
    x: "time",
    y: ({ validationSlow }: (typeof points)[number]) => differenceInUnit(validationSlow, unit),
  };
  const colour = "var(--forecast)";
  const chart = fittedPlot({
    width,
    height: Math.max(240, Math.min(320, width * 0.36)),
    marginLeft: 34,
    marginBottom: 34,
    marginRight: 14,
    x: { type: "utc", label: null },
    y: { label: null, zero: true, nice: true },
    marks: [
      Plot.gridY({ stroke: "var(--chart-grid)", strokeOpacity: 1 }),
      Plot.axisY({ tickSize: 0 }),
      Plot.axisX({ ticks: width < 600 ? 4 : 8 }),
      Plot.lineY(points, { ...channels, stroke: colour, strokeWidth: 2 }),
      Plot.dot(points.slice(-1), { ...channels, fill: colour, r: 3 }),
      Plot.frame({ stroke: "var(--chart-frame)" }),
    ],
  });
  const last = points.at(-1)!;
  const newest = `${formatDifference(last.validationSlow, unit, 2)} on ${dateName(last.time, "UTC")}, after ${formatCount(last.n)} errors`;
  return chartFigure(chart, {
    label: `EWMAE ${leadHours} hours ahead, ε = ${slowRate}, °${unit}: ${newest}.`,
    caption: `ε = ${slowRate}, ${leadHours} h ahead: ${newest}${spacing(points)}.`,
  });
}

/** How far apart the points are; the newest is nearer to the one before it. */
function spacing([first, second, third]: readonly { time: number }[]): string {
  return first && second && third ? `; a point every ${(second.time - first.time) / hourMs} hours` : "";
}
