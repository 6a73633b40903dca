import * as Plot from "@observablehq/plot";
import { tickStep } from "d3";
import { chartFigure } from "../chart/chartFigure.js";
import { fittedPlot } from "../chart/fittedPlot.js";
import { html } from "../ui/html.js";
import { formatNumber, formatSigned } from "../ui/units.js";
import type { LeadExplanation } from "./explanationOfLead.js";

/** Pixels. */
const rowHeight = 26;
const numberWidth = 46;

/** From what is now to the forecast: a step for each group of reasons. */
export function explanationChart(lead: LeadExplanation | null, { width }: { width: number }): HTMLElement {
  if (!lead) return html`<p class="empty">Nothing issued yet.</p>`;
  const { now, forecast, groups } = lead;
  let sum = now;
  const steps = groups.map(({ group, hundredths }) => {
    const from = sum;
    sum += hundredths;
    return { row: group as string, from: from / 100, to: sum / 100, change: hundredths / 100 };
  });
  const [first, last] = ["now", "forecast"];
  const rows = [first, ...steps.map(({ row }) => row), last];
  const reached = [now / 100, forecast / 100, ...steps.map(({ to }) => to)];
  const [low, high] = [Math.min(...reached), Math.max(...reached)];
  const narrow = width < 600;
  const [left, right] = [narrow ? 120 : 184, 12];
  const room = Math.max(0.5, (high - low) * 0.16);
  // A number stands to the right of its bar.
  const share = numberWidth / (width - left - right);
  const domain = [low - room, high + Math.max(room, ((high - low + room) * share) / (1 - share))] as const;
  const ticks = narrow ? 4 : 8;
  const digits = tickStep(...domain, ticks) < 1 ? 1 : 0;
  const links = rows
    .slice(0, -1)
    .map((row, i) => ({ from: row, to: rows[i + 1]!, at: i === 0 ? now / 100 : steps[i - 1]!.to }));
  const chart = fittedPlot({
    width,
    height: 34 + rows.length * rowHeight,
    marginLeft: left,
    marginRight: right,
    marginTop: 4,
    marginBottom: 30,
    x: { domain, label: null, ticks },
    y: { type: "band", domain: rows, label: null, padding: 0.25 },
    marks: [
      Plot.gridX({ ticks, stroke: "var(--chart-grid)", strokeOpacity: 1 }),
      Plot.axisX({ tickSize: 0, ticks, tickFormat: (value: number) => `${formatNumber(value, digits)}°` }),
      Plot.axisY({ tickSize: 0, fontSize: 12, tickFormat: (row: string) => row }),
      Plot.barX(steps, {
        x1: "from",
        x2: "to",
        y: "row",
        fill: ({ change }) => (change < 0 ? "var(--forecast)" : "var(--persistence)"),
      }),
      Plot.ruleX(steps, { x: "to", y: "row", stroke: "var(--ink)", strokeWidth: 1.5 }),
      Plot.link(links, { x: "at", y1: "from", y2: "to", stroke: "var(--chart-frame)", strokeDasharray: "2 2" }),
      Plot.text(steps, {
        x: ({ from, to }) => Math.max(from, to),
        y: "row",
        text: ({ change }) => formatSigned(change, 2),
        textAnchor: "start",
        dx: 5,
        fill: "var(--ink)",
      }),
      Plot.dot(
        [
          { row: first, value: now / 100 },
          { row: last, value: forecast / 100 },
        ],
        { x: "value", y: "row", r: 5, fill: "var(--panel)", stroke: "var(--ink)", strokeWidth: 2 },
      ),
      Plot.text(
        [
          { row: first, value: now / 100, text: formatNumber(now / 100, 1) },
          { row: last, value: forecast / 100, text: formatNumber(forecast / 100, 1) },
        ],
        { x: "value", y: "row", text: "text", textAnchor: "start", dx: 10, fontWeight: 700, fill: "var(--ink)" },
      ),
      Plot.frame({ stroke: "var(--chart-frame)" }),
    ],
  });
  const told = groups.map(({ group, hundredths }) => `${group} ${formatSigned(hundredths / 100, 2)}`).join(", ");
  return chartFigure(chart, {
    label: `From ${formatNumber(now / 100, 1)} °C now to ${formatNumber(forecast / 100, 1)} °C: ${told}.`,
    key: [
      { label: "raises the forecast", colour: "var(--persistence)" },
      { label: "lowers it", colour: "var(--forecast)" },
    ],
  });
}
