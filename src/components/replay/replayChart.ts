import * as Plot from "@observablehq/plot";
import { line, max } from "d3";
import { fastRate, slowRate } from "../../model/scores/ewmae.js";
import { reportedLeads, type Variable } from "../../model/vocabulary.js";
import type { EwmaePoint } from "../../shared/published/stationEvaluation.js";
import { chartFigure, fittedPlot, gridY } from "../chart/chartFigure.js";
import { dataTable, numberColumn, textColumn } from "../ui/dataTable.js";
import { html, svg, whileInPage } from "../ui/html.js";
import { dateName, dateTimeName } from "../ui/timeZone.js";
import { formatCount, formatNumber, formatSigned } from "../ui/units.js";
import {
  type EwmaeAt,
  latestOfBoth,
  type ReplaySeries,
  type ReplaySeriesOptions,
  replaySeries,
  type Traced,
} from "./replaySeries.js";

interface ReplayChartOptions extends ReplaySeriesOptions {
  width: number;
  /** First and last hour of the replay, epoch milliseconds; null when the model has learned nothing yet. */
  period: { firstTime: number; lastTime: number } | null;
}

/** The part of a `ReplaySession` that the chart and the table follow. Dispatches "change" on progress. */
export interface ReplayedSession extends EventTarget {
  own: Traced | null;
  published: Traced | null;
}

const ownStyle = { label: "your replay", colour: "var(--persistence)", dash: "none" };
const publishedStyle = { label: "published model", colour: "var(--forecast)", dash: "6 3" };

/**
 * EWMAE of the reader's replay so far, over that of the published model. Follows the session while it is in the page.
 * Progress redraws only the lines and their text, so the page stays responsive.
 */
export function replayChart(
  history: readonly EwmaePoint[],
  session: ReplayedSession,
  options: ReplayChartOptions,
): HTMLElement {
  if (!options.period) return html`<p class="empty">Nothing learned yet.</p>`;
  const draw = () => drawReplay(replaySeries(history, session, options), options);
  let chart = draw();
  const frame = html`<div>${chart.figure}</div>`;
  whileInPage(frame, session, "change", () => {
    if (chart.update(replaySeries(history, session, options))) return;
    chart = draw();
    frame.replaceChildren(chart.figure);
  });
  return frame;
}

interface DrawnReplay {
  figure: HTMLElement;
  /** Moves the lines. Returns false when the new ones do not fit and the whole chart has to be redrawn. */
  update: (series: ReplaySeries) => boolean;
}

function drawReplay(first: ReplaySeries, { width, period, leadHours, epsilon }: ReplayChartOptions): DrawnReplay {
  const highest = ({ own, published }: ReplaySeries) => max([...own, ...(published ?? [])], ({ ewmae }) => ewmae) ?? 0;
  const chart = fittedPlot({
    width,
    height: Math.max(240, Math.min(340, width * 0.36)),
    marginLeft: 34,
    x: { type: "utc", label: null, domain: [period!.firstTime, period!.lastTime] },
    y: { label: null, nice: true, domain: [0, highest(first) || 1] },
    marks: [gridY, Plot.axisY({ tickSize: 0 }), Plot.axisX({ ticks: width < 600 ? 4 : 8 })],
  });
  const xOf = chart.scale("x")!.apply as (time: number) => number;
  const yOf = chart.scale("y")!.apply as (ewmae: number) => number;
  const [, top] = chart.scale("y")!.domain as [number, number];
  const empty = ({ colour, dash }: typeof ownStyle) =>
    svg`<path fill="none" stroke=${colour} stroke-dasharray=${dash} stroke-width="1.75" stroke-linejoin="round"></path>`;
  const lines = { own: empty(ownStyle), published: empty(publishedStyle) };
  chart.append(lines.published, lines.own);
  const caption = html`<span></span>`;
  const missing = first.published
    ? ""
    : ` The published model’s EWMAE is stored for ε = ${fastRate} and ${slowRate}; a replay computes it for ε = ${epsilon}.`;
  const figure = chartFigure(chart, {
    code: import.meta.url,
    label: "EWMAE",
    key: first.own.length > 0 ? [ownStyle, publishedStyle] : [publishedStyle],
    caption,
  });
  const path = line<EwmaeAt>(
    ({ time }) => xOf(time),
    ({ ewmae }) => yOf(ewmae),
  ).digits(1);
  const show = ({ own, published }: ReplaySeries) => {
    lines.own.setAttribute("d", path(own) ?? "");
    lines.published.setAttribute("d", path(published ?? []) ?? "");
    const latest = [...latestText(own, ownStyle.label), ...latestText(published ?? [], publishedStyle.label)];
    const words = `${latest.join("; ") || "nothing yet"}.`;
    chart.setAttribute("aria-label", `EWMAE ${leadHours} hours ahead, ε = ${epsilon}, °C: ${words}`);
    caption.textContent = `${words[0]!.toUpperCase()}${words.slice(1)}${missing}`;
  };
  show(first);
  return {
    figure,
    update: (series) => {
      const hasSameLines =
        series.own.length > 0 === first.own.length > 0 && (series.published === null) === (first.published === null);
      if (!hasSameLines || highest(series) > top) return false;
      show(series);
      return true;
    },
  };
}

/** The latest point of a line in words; none for an empty line. */
function latestText(points: readonly EwmaeAt[], name: string): string[] {
  const text = ({ ewmae, time, n }: EwmaeAt) =>
    `${name} ${formatNumber(ewmae, 2)} on ${dateName(time, "UTC")}, after ${formatCount(n)} errors`;
  return points.slice(-1).map(text);
}

/** EWMAE of the replay and of the published model at the same hour, at every reported lead. Follows the session. */
export function replayTable(
  history: readonly EwmaePoint[],
  session: ReplayedSession,
  { variable, epsilon }: { variable: Variable; epsilon: number },
): HTMLElement {
  const draw = () => {
    const rows = reportedLeads.flatMap((leadHours) => {
      const both = latestOfBoth(history, session, { variable, leadHours, epsilon });
      return both ? [{ leadHours, ...both }] : [];
    });
    if (rows.length === 0) return html`<div></div>`;
    const table = dataTable("Your replay and the published model", rows, [
      textColumn("Hours ahead", ({ leadHours }) => `${leadHours} h`),
      numberColumn("Errors", ({ own }) => formatCount(own.n)),
      numberColumn("Your replay, °C", ({ own }) => formatNumber(own.ewmae, 3)),
      numberColumn("Published, °C", ({ published }) => formatNumber(published.ewmae, 3)),
      numberColumn("Difference", ({ own, published }) =>
        formatSigned(Number(own.ewmae.toFixed(3)) - Number(published.ewmae.toFixed(3)), 3),
      ),
    ]);
    const time = dateTimeName(rows[0]!.own.time, "UTC");
    return html`<div>${table}<p class="caveat">EWMAE at ${time}, ε = ${epsilon}. A difference above 0 means that the replay is worse.</p></div>`;
  };
  const frame = html`<div>${draw()}</div>`;
  whileInPage(frame, session, "change", () => frame.replaceChildren(draw()));
  return frame;
}
