import * as Plot from "@observablehq/plot";
import { sum } from "d3";
import { reportedLeads, type Variable } from "../../model/vocabulary.js";
import type { StationEvaluation } from "../../shared/published/stationEvaluation.js";
import { chartFigure } from "../chart/chartFigure.js";
import { fittedPlot, leadAxis } from "../chart/fittedPlot.js";
import { foldedTable, numberColumn, textColumn } from "../ui/dataTable.js";
import { html } from "../ui/html.js";
import { formatCount, formatDifference, formatPercent } from "../ui/units.js";
import { countRange, type ScoreChartOptions, type ScoreOptions } from "./scoresByModel.js";

/** Share of observations inside each forecast interval by lead, with the nominal share as a line. */
export function coverageChart(
  data: StationEvaluation,
  { width, variable = "temperature" }: ScoreChartOptions,
): HTMLElement {
  const rows = coverage(data, variable);
  if (rows.length === 0) return html`<p class="empty">No forecast with intervals has come due yet.</p>`;
  const lowest = Math.min(0.4, ...rows.map(({ inside }) => inside[2]!));
  const nominals = intervals.map(({ nominal }) => nominal);
  const chart = fittedPlot({
    width,
    height: Math.max(260, Math.min(320, width * 0.4)),
    marginLeft: 44,
    marginBottom: 36,
    x: leadAxis(width),
    y: { label: null, domain: [Math.floor(lowest * 10) / 10, 1] },
    marks: [
      Plot.axisY(nominals, { tickSize: 0, tickFormat: (share: number) => formatPercent(share) }),
      Plot.ruleY(nominals, { stroke: "var(--ink)", strokeWidth: 1 }),
      intervals.map(({ dash }, i) =>
        Plot.lineY(rows, {
          x: "leadHours",
          y: ({ inside }) => inside[i],
          stroke: "var(--forecast)",
          strokeWidth: 2,
          strokeDasharray: dash,
        }),
      ),
    ],
  });
  const day = rows.find(({ leadHours }) => leadHours === 24) ?? rows.at(-1)!;
  const shares = intervals.map(
    ({ nominal }, i) => `${formatPercent(nominal)} interval ${formatPercent(day.inside[i]!, 1)}`,
  );
  return chartFigure(chart, {
    label: `Share of observations inside the forecast intervals, by lead. ${day.leadHours} hours ahead: ${shares.join(", ")}.`,
    key: [
      ...intervals.map(({ nominal, dash }) => ({
        label: `in the ${formatPercent(nominal)} interval`,
        colour: "var(--forecast)",
        dash,
      })),
      { label: "nominal share", colour: "var(--ink)", dash: "none" },
    ],
    caption: `${countRange(rows.map(({ n }) => n))} forecasts with intervals per lead.`,
  });
}

/** Coverage of the intervals at the reported leads, with the CRPS of the distribution. */
export function coverageTable(
  data: StationEvaluation,
  { unit = "C", variable = "temperature" }: ScoreOptions = {},
): HTMLElement {
  return foldedTable(
    coverage(data, variable).filter(({ leadHours }) => (reportedLeads as readonly number[]).includes(leadHours)),
    [
      textColumn("Lead, h", ({ leadHours }) => leadHours),
      numberColumn("n", ({ n }) => formatCount(n)),
      ...intervals.map(({ nominal }, i) =>
        numberColumn(`In ${formatPercent(nominal)}`, ({ inside }: { inside: number[] }) =>
          formatPercent(inside[i]!, 1),
        ),
      ),
      numberColumn(`CRPS, °${unit}`, ({ crpsC }) => formatDifference(crpsC, unit, 2)),
    ],
    { label: "Coverage by lead" },
  );
}

/** The forecast intervals: nominal coverage, and the first and last of the eight bins between quantiles that each spans. */
export const intervals = [
  { nominal: 0.95, bins: [1, 6], dash: "none" },
  { nominal: 0.8, bins: [2, 5], dash: "7 3" },
  { nominal: 0.5, bins: [3, 4], dash: "2 3" },
] as const;

export interface CoverageOfLead {
  leadHours: number;
  n: number;
  crpsC: number;
  /** Share of observations inside, in the order of `intervals`. */
  inside: number[];
  /** Observations between the quantiles, from below 2.5 % to above 97.5 %. */
  counts: number[];
}

/** Coverage of the intervals, by lead. */
export function coverage(data: StationEvaluation, variable: Variable): CoverageOfLead[] {
  const columns = data.calibration.find((row) => row.variable === variable);
  return (columns?.leadHours ?? []).map((leadHours, i) => {
    const counts = columns!.counts[i]!;
    const n = sum(counts);
    const inside = intervals.map(({ bins: [from, to] }) => sum(counts.slice(from, to + 1)) / n);
    return { leadHours, n, crpsC: columns!.crpsC[i]!, inside, counts };
  });
}
