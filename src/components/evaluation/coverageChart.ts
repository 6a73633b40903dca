import * as Plot from "@observablehq/plot";
import { reportedLeads, type Variable } from "../../model/vocabulary.js";
import type { StationEvaluation } from "../../shared/published/stationEvaluation.js";
import { chartFigure } from "../chart/chartFigure.js";
import { fittedPlot } from "../chart/fittedPlot.js";
import { html } from "../ui/html.js";
import { formatNumber } from "../ui/units.js";
import { coverage, intervals } from "./coverage.js";
import { countRange } from "./scoresByModel.js";

/** How often the truth fell inside the issued intervals, by lead, beside how often it should. */
export function coverageChart(
  data: StationEvaluation,
  { width, variable = "temperature" }: { width: number; variable?: Variable },
): HTMLElement {
  const rows = coverage(data, variable);
  if (rows.length === 0) return html`<p class="empty">No interval has come due yet.</p>`;
  const percent = (share: number) => `${formatNumber(share * 100, 0)} %`;
  const lowest = Math.min(0.4, ...rows.map(({ inside }) => inside[2]!));
  const chart = fittedPlot({
    width,
    height: Math.max(260, Math.min(320, width * 0.4)),
    marginLeft: 44,
    marginRight: 14,
    marginBottom: 36,
    x: {
      domain: [0, 72],
      ticks: width < 600 ? [1, 12, 24, 48, 72] : [...reportedLeads],
      label: "hours ahead",
      labelArrow: "none",
      labelAnchor: "center",
    },
    y: { label: null, domain: [Math.floor(lowest * 10) / 10, 1] },
    marks: [
      Plot.axisY(
        intervals.map(({ nominal }) => nominal),
        { tickSize: 0, tickFormat: percent },
      ),
      Plot.ruleY(
        intervals.map(({ nominal }) => nominal),
        { stroke: "var(--ink)", strokeWidth: 1 },
      ),
      intervals.map(({ dash }, i) =>
        Plot.lineY(rows, {
          x: "leadHours",
          y: ({ inside }) => inside[i],
          stroke: "var(--forecast)",
          strokeWidth: 2,
          strokeDasharray: dash,
        }),
      ),
      Plot.frame({ stroke: "var(--chart-frame)" }),
    ],
  });
  const day = rows.find(({ leadHours }) => leadHours === 24) ?? rows.at(-1)!;
  const told = intervals.map(
    ({ nominal }, i) => `${percent(nominal)} interval ${formatNumber(day.inside[i]! * 100, 1)} %`,
  );
  return chartFigure(chart, {
    label: `How often the truth fell inside the intervals, by lead. ${day.leadHours} hours ahead: ${told.join(", ")}.`,
    key: [
      ...intervals.map(({ nominal, dash }) => ({
        label: `inside the ${percent(nominal)} interval`,
        colour: "var(--forecast)",
        dash,
      })),
      { label: "as often as promised", colour: "var(--ink)", dash: "none" },
    ],
    caption: `${countRange(rows.map(({ n }) => n))} forecasts with intervals a lead.`,
  });
}
