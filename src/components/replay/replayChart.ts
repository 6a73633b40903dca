import * as Plot from "@observablehq/plot";
import { fastRate, slowRate } from "../../model/scores/ewmae.js";
import type { StationModel } from "../../shared/published/stationModel.js";
import { chartFigure } from "../chart/chartFigure.js";
import { fittedPlot } from "../chart/fittedPlot.js";
import { html, svg } from "../ui/html.js";
import { dateName } from "../ui/timeZone.js";
import { formatCount, formatNumber } from "../ui/units.js";
import {
  type EwmaeAt,
  type ReplaySeries,
  type ReplaySeriesOptions,
  replaySeries,
  type Traced,
} from "./replaySeries.js";

export interface ReplayChartOptions extends ReplaySeriesOptions {
  width: number;
  /** First and last hour there is to replay, epoch milliseconds. */
  period: { firstTime: number; lastTime: number } | null;
}

/** What of a `ReplaySession` the chart follows: it says "change" whenever it has come further. */
export interface ReplayedSession extends EventTarget {
  own: Traced | null;
  published: Traced | null;
}

const ownStyle = { label: "your replay", colour: "var(--persistence)", dash: "none" };
const publishedStyle = { label: "published model", colour: "var(--forecast)", dash: "6 3" };

/**
 * EWMAE of a session's replay as far as it has come, over the published model's, for as long as it stands in the page.
 * While a replay runs only the lines and what is told of them are renewed, a fraction of drawing all: the page stays
 * quick.
 */
export function replayChart(
  data: Pick<StationModel, "ewmae">,
  session: ReplayedSession,
  options: ReplayChartOptions,
): HTMLElement {
  if (!options.period) return html`<p class="empty">Nothing learned yet.</p>`;
  const draw = () => drawn(replaySeries(data, session, options), options);
  let chart = draw();
  const frame = html`<div>${chart.figure}</div>`;
  const renew = () => {
    if (!frame.isConnected) return session.removeEventListener("change", renew);
    if (chart.renew(replaySeries(data, session, options))) return;
    chart = draw();
    frame.replaceChildren(chart.figure);
  };
  session.addEventListener("change", renew);
  return frame;
}

interface DrawnReplay {
  figure: HTMLElement;
  /** Draws the lines anew. @returns whether they fit: else all has to be drawn */
  renew: (series: ReplaySeries) => boolean;
}

function drawn(first: ReplaySeries, { width, period, leadHours, epsilon }: ReplayChartOptions): DrawnReplay {
  const highest = ({ own, published }: ReplaySeries) =>
    Math.max(...[...own, ...(published ?? [])].map(({ ewmae }) => ewmae), 0);
  const chart = fittedPlot({
    width,
    height: Math.max(240, Math.min(340, width * 0.36)),
    marginLeft: 34,
    marginRight: 14,
    x: { type: "utc", label: null, domain: [period!.firstTime, period!.lastTime] },
    y: { label: null, nice: true, domain: [0, highest(first) || 1] },
    marks: [
      Plot.gridY({ stroke: "var(--chart-grid)", strokeOpacity: 1 }),
      Plot.axisY({ tickSize: 0 }),
      Plot.axisX({ ticks: width < 600 ? 4 : 8 }),
      Plot.frame({ stroke: "var(--chart-frame)" }),
    ],
  });
  const xOf = chart.scale("x")!.apply as (time: number) => number;
  const yOf = chart.scale("y")!.apply as (ewmae: number) => number;
  const [, top] = chart.scale("y")!.domain as [number, number];
  const line = ({ colour, dash }: typeof ownStyle) =>
    svg`<path fill="none" stroke=${colour} stroke-dasharray=${dash} stroke-width="1.75" stroke-linejoin="round"></path>`;
  const lines = { own: line(ownStyle), published: line(publishedStyle) };
  chart.append(lines.published, lines.own);
  const caption = html`<span></span>`;
  const missing = first.published
    ? ""
    : ` The published model’s is stored for ε = ${fastRate} and ${slowRate}; for ε = ${epsilon} a replay brings it along.`;
  const figure = chartFigure(chart, {
    label: "EWMAE",
    key: first.own.length > 0 ? [ownStyle, publishedStyle] : [publishedStyle],
    caption,
  });
  const tell = ({ own, published }: ReplaySeries) => {
    for (const [path, points] of [
      [lines.own, own],
      [lines.published, published ?? []],
    ] as const) {
      const places = points.map(({ time, ewmae }) => `${xOf(time).toFixed(1)},${yOf(ewmae).toFixed(1)}`);
      path.setAttribute("d", places.length > 0 ? `M${places.join("L")}` : "");
    }
    const lasts = [...told(own, ownStyle.label), ...told(published ?? [], publishedStyle.label)];
    const words = `${lasts.join("; ") || "nothing yet"}.`;
    chart.setAttribute("aria-label", `EWMAE ${leadHours} hours ahead, ε = ${epsilon}, °C: ${words}`);
    caption.textContent = `${words[0]!.toUpperCase()}${words.slice(1)}${missing}`;
  };
  tell(first);
  return {
    figure,
    renew: (series) => {
      const isAlike =
        series.own.length > 0 === first.own.length > 0 && (series.published === null) === (first.published === null);
      if (!isAlike || highest(series) > top) return false;
      tell(series);
      return true;
    },
  };
}

/** Where a line has come to; nothing where it has not begun. */
function told(points: readonly EwmaeAt[], name: string): string[] {
  return points
    .slice(-1)
    .map(
      ({ ewmae, time, n }) =>
        `${name} ${formatNumber(ewmae, 2)} on ${dateName(time, "UTC")}, after ${formatCount(n)} errors`,
    );
}
