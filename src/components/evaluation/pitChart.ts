import * as Plot from "@observablehq/plot";
import { sum } from "d3";
import { quantileLevels, type Variable } from "../../model/vocabulary.js";
import type { StationEvaluation } from "../../shared/published/stationEvaluation.js";
import { chartFigure } from "../chart/chartFigure.js";
import { centred, fittedPlot, gridY } from "../chart/fittedPlot.js";
import { foldedTable, numberColumn, textColumn } from "../ui/dataTable.js";
import { html } from "../ui/html.js";
import { formatCount, formatNumber } from "../ui/units.js";
import { coverage } from "./coverageChart.js";
import type { ScoreChartOptions, ScoreOptions } from "./scoresByModel.js";

interface PitBin {
  from: number;
  to: number;
  count: number;
  /** Share of observations in the bin, divided by the nominal share. */
  density: number;
}

/** Observations between each two quantiles of the forecast distribution. */
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
  return chartFigure(chart, {
    label: `PIT histogram ${leadHours} hours ahead. Observations per bin relative to nominal: ${densities.join(", ")}.`,
    caption: `n = ${formatCount(n)} forecasts, ${leadHours} h ahead.`,
  });
}

/** The numbers of the histogram. */
export function pitTable(
  data: StationEvaluation,
  { variable = "temperature", leadHours = 24 }: ScoreOptions = {},
): HTMLElement {
  return foldedTable(
    pitBins(data, variable, leadHours),
    [
      textColumn("Between the quantiles", ({ from, to }) => `${share(from)} and ${share(to)}`),
      numberColumn("n", ({ count }) => formatCount(count)),
      numberColumn("Relative to nominal", ({ density }) => formatNumber(density, 2)),
    ],
    { label: "PIT histogram" },
  );
}

function share(level: number): string {
  return `${formatNumber(level * 100, level * 100 === Math.round(level * 100) ? 0 : 1)} %`;
}
