import * as Plot from "@observablehq/plot";
import { fastRate, slowRate } from "../model/ewmae.js";
import { chartFigure } from "./chartFigure.js";
import { html } from "./html.js";
import type { EwmaeAt, ReplaySeries, ReplaySeriesOptions } from "./replaySeries.js";
import { dateName } from "./timeZone.js";
import { formatCount, formatNumber } from "./units.js";

export interface ReplayChartOptions extends ReplaySeriesOptions {
  width: number;
  /** First and last hour there is to replay, epoch milliseconds. */
  period: { firstTime: number; lastTime: number } | null;
}

const ownStyle = { label: "your replay", colour: "var(--persistence)", dash: "none" };
const publishedStyle = { label: "published model", colour: "var(--forecast)", dash: "6 3" };

/** EWMAE of a replay as far as it has come, over the published model's. */
export function replayChart(
  { own, published }: ReplaySeries,
  { width, period, leadHours, epsilon }: ReplayChartOptions,
): HTMLElement {
  if (!period) return html`<p class="empty">Nothing learned yet.</p>`;
  const line = (points: EwmaeAt[], { colour, dash }: typeof ownStyle) =>
    Plot.lineY(points, { x: "time", y: "ewmae", stroke: colour, strokeDasharray: dash, strokeWidth: 1.75 });
  const chart = Plot.plot({
    width,
    height: Math.max(240, Math.min(340, width * 0.36)),
    marginLeft: 34,
    marginRight: 14,
    x: { type: "utc", label: null, domain: [period.firstTime, period.lastTime] },
    y: {
      label: null,
      zero: true,
      nice: true,
      ...(own.length + (published?.length ?? 0) === 0 ? { domain: [0, 1] } : {}),
    },
    marks: [
      Plot.gridY({ stroke: "var(--chart-grid)", strokeOpacity: 1 }),
      Plot.axisY({ tickSize: 0 }),
      Plot.axisX({ ticks: width < 600 ? 4 : 8 }),
      line(published ?? [], publishedStyle),
      line(own, ownStyle),
      Plot.frame({ stroke: "var(--chart-frame)" }),
    ],
  });
  const told = (points: EwmaeAt[], name: string) => {
    const last = points.at(-1);
    return last
      ? `${name} ${formatNumber(last.ewmae, 2)} on ${dateName(last.time, "UTC")}, after ${formatCount(last.n)} errors`
      : `${name} nothing yet`;
  };
  const missing = published
    ? ""
    : `The published model’s is stored for ε = ${fastRate} and ${slowRate}; for ε = ${epsilon} a replay brings it along.`;
  return chartFigure(chart, {
    label: `EWMAE ${leadHours} hours ahead, ε = ${epsilon}, °C: ${told(own, "your replay")}; ${told(published ?? [], "published model")}.`,
    key: own.length > 0 ? [ownStyle, publishedStyle] : [publishedStyle],
    caption: `${told(own, "Your replay")}. ${missing}`,
  });
}
