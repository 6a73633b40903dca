import * as Plot from "@observablehq/plot";
import { sum } from "d3";
import { quantileLevels, reportedLeads, type Variable } from "../../model/vocabulary.js";
import type { StationEvaluation } from "../../shared/published/stationEvaluation.js";
import { centred, chartFigure, fittedPlot, gridY, leadAxis } from "../chart/chartFigure.js";
import { placeOf, readablePoints } from "../chart/readablePoints.js";
import { foldedTable, numberColumn, textColumn } from "../ui/dataTable.js";
import { html } from "../ui/html.js";
import { formatCount, formatDifference, formatNumber, formatPercent } from "../ui/units.js";
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
  const figure = chartFigure(chart, {
    code: import.meta.url,
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
  return readablePoints(
    figure,
    rows.map(({ leadHours, n, inside }) => ({
      x: placeOf(chart, "x", leadHours),
      title: `${leadHours} h ahead, n = ${formatCount(n)}`,
      values: intervals.map(({ nominal }, i) => ({
        label: `in the ${formatPercent(nominal)} interval`,
        text: formatPercent(inside[i]!, 1),
      })),
    })),
  );
}

/** Coverage of the intervals at the reported leads, with the CRPS of the distribution. */
export function coverageTable(
  data: StationEvaluation,
  { unit = "C", variable = "temperature" }: ScoreOptions = {},
): HTMLElement {
  return foldedTable(
    "Coverage by lead",
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
  );
}

/** The forecast intervals: nominal coverage, and the first and last of the eight bins between quantiles that each spans. */
export const intervals = [
  { nominal: 0.95, bins: [1, 6], dash: "none" },
  { nominal: 0.8, bins: [2, 5], dash: "7 3" },
  { nominal: 0.5, bins: [3, 4], dash: "2 3" },
] as const;

/**
 * Coverage by lead: the share of observations inside, in the order of `intervals`, and the observations between the
 * quantiles, from below 2.5 % to above 97.5 %.
 */
export function coverage(data: StationEvaluation, variable: Variable) {
  const columns = data.calibration.find((row) => row.variable === variable);
  return (columns?.leadHours ?? []).map((leadHours, i) => {
    const counts = columns!.counts[i]!;
    const n = sum(counts);
    const inside = intervals.map(({ bins: [from, to] }) => sum(counts.slice(from, to + 1)) / n);
    return { leadHours, n, crpsC: columns!.crpsC[i]!, inside, counts };
  });
}

interface PitBin {
  from: number;
  to: number;
  count: number;
  /** Share of observations in the bin, divided by the nominal share. */
  density: number;
}

/** Observations between neighbouring quantiles of the forecast distribution. */
function pitBins(data: StationEvaluation, variable: Variable, leadHours: number): PitBin[] {
  const row = coverage(data, variable).find((lead) => lead.leadHours === leadHours);
  if (!row) return [];
  const edges = [0, ...Object.values(quantileLevels), 1];
  return row.counts.map((count, i) => {
    const [from, to] = [edges[i]!, edges[i + 1]!];
    return { from, to, count, density: count / row.n / (to - from) };
  });
}

/** Histogram of the probability integral transform (PIT): flat at 1 if the forecast is calibrated. */
export function pitChart(
  data: StationEvaluation,
  { width, variable = "temperature", leadHours = 24 }: ScoreChartOptions,
): HTMLElement {
  const bins = pitBins(data, variable, leadHours);
  if (bins.length === 0) return html`<p class="empty">No forecast with intervals has come due yet.</p>`;
  const levels = Object.values(quantileLevels);
  const chart = fittedPlot({
    width,
    height: Math.max(220, Math.min(280, width * 0.4)),
    marginLeft: 34,
    marginBottom: 36,
    x: { domain: [0, 1], label: null },
    y: { label: null, domain: [0, Math.max(1.5, ...bins.map(({ density }) => density))], nice: true },
    marks: [
      gridY,
      Plot.axisY({ tickSize: 0, ticks: 4, tickFormat: (value: number) => formatNumber(value, 1) }),
      Plot.axisX(width < 500 ? [0.1, 0.25, 0.5, 0.75, 0.9] : levels, {
        tickFormat: (level: number) => String(Math.round(level * 1000) / 10),
        label: "quantile of the forecast, %",
        ...centred,
      }),
      Plot.rect(bins, {
        x1: "from",
        x2: "to",
        y1: 0,
        y2: "density",
        fill: "var(--band-50)",
        stroke: "var(--forecast)",
      }),
      Plot.ruleY([1], { stroke: "var(--ink)" }),
    ],
  });
  const n = sum(bins, ({ count }) => count);
  const densities = bins.map(({ from, to, density }) => `${share(from)} to ${share(to)} ${formatNumber(density, 2)}`);
  const figure = chartFigure(chart, {
    code: import.meta.url,
    label: `PIT histogram ${leadHours} hours ahead. Observations per bin relative to nominal: ${densities.join(", ")}.`,
    caption: `n = ${formatCount(n)} forecasts, ${leadHours} h ahead.`,
  });
  return readablePoints(
    figure,
    bins.map(({ from, to, count, density }) => ({
      x: placeOf(chart, "x", (from + to) / 2),
      title: `${share(from)} to ${share(to)}`,
      values: [
        { label: "observations", text: formatCount(count) },
        { label: "relative to nominal", text: formatNumber(density, 2) },
      ],
    })),
  );
}

/** The numbers of the histogram. */
export function pitTable(
  data: StationEvaluation,
  { variable = "temperature", leadHours = 24 }: ScoreOptions = {},
): HTMLElement {
  return foldedTable("PIT histogram", pitBins(data, variable, leadHours), [
    textColumn("Between the quantiles", ({ from, to }) => `${share(from)} and ${share(to)}`),
    numberColumn("n", ({ count }) => formatCount(count)),
    numberColumn("Relative to nominal", ({ density }) => formatNumber(density, 2)),
  ]);
}

function share(level: number): string {
  return `${formatNumber(level * 100, level * 100 === Math.round(level * 100) ? 0 : 1)} %`;
}
