import * as Plot from "@observablehq/plot";
import type { ExtremeScores, StationEvaluation } from "../../shared/published/stationEvaluation.js";
import { centred, chartFigure, fittedPlot, gridY } from "../chart/chartFigure.js";
import { dataTable, numberColumn, textColumn } from "../ui/dataTable.js";
import { html } from "../ui/html.js";
import { formatCount, formatDifference, formatNumber, formatPercent, type TemperatureUnit } from "../ui/units.js";

const kindNames = { low: "low", high: "high" } as const;
const windowNames = ["under way", "ends within 24 h", "within 48 h", "within 72 h"];

function sum(counts: readonly number[]): number {
  return counts.reduce((total, n) => total + n, 0);
}

/** Errors of the forecasts of lows and highs, a row for each kind and window. */
export function extremeScoreTable(
  data: StationEvaluation,
  { unit = "C" }: { unit?: TemperatureUnit } = {},
): HTMLElement {
  if (data.extremes.length === 0) return html`<p class="empty">No night or day with a forecast has ended yet.</p>`;
  const difference = (celsius: number | null) => (celsius === null ? "" : formatDifference(celsius, unit, 2));
  const share = (row: ExtremeScores, first: number, last: number) =>
    formatPercent(sum(row.counts.slice(first, last + 1)) / sum(row.counts));
  return dataTable(`Lows and highs, °${unit}`, data.extremes, [
    textColumn("Forecast", ({ kind, windowNumber }) => `${kindNames[kind]}, ${windowNames[windowNumber]}`),
    numberColumn("n", ({ n }) => formatCount(n)),
    numberColumn("bias", ({ biasC }) => difference(biasC)),
    numberColumn("MAE", ({ maeC }) => difference(maeC)),
    numberColumn("MAE of the last one observed", ({ beforeMaeC }) => difference(beforeMaeC)),
    numberColumn("CRPS", ({ crpsC }) => difference(crpsC)),
    numberColumn("CRPS of the hourly quantiles", ({ untrackedCrpsC }) => difference(untrackedCrpsC)),
    numberColumn("in 50 %", (row) => share(row, 3, 4)),
    numberColumn("in 80 %", (row) => share(row, 2, 5)),
    numberColumn("in 95 %", (row) => share(row, 1, 6)),
    numberColumn("below 10 %", (row) => share(row, 0, 1)),
    numberColumn("above 90 %", (row) => share(row, 6, 7)),
    numberColumn("Brier score of frost", ({ brier }) => (brier === null ? "" : formatNumber(brier, 3))),
    numberColumn("of the last nights’ share", ({ recentBrier }) =>
      recentBrier === null ? "" : formatNumber(recentBrier, 3),
    ),
  ]);
}

/** How often frost came by the odds that were given for it, for nights that had not begun. */
export function frostOddsChart(data: StationEvaluation, { width }: { width: number }): HTMLElement {
  const rows = data.frostOdds.filter(({ windowNumber }) => windowNumber === 1);
  if (!rows.some(({ came }) => came > 0)) return html`<p class="empty">No night with frost has been scored here.</p>`;
  const most = Math.max(...rows.map(({ n }) => n));
  const chart = fittedPlot({
    width: Math.min(width, 480),
    height: 300,
    marginLeft: 44,
    marginBottom: 36,
    x: {
      label: "odds of frost given",
      domain: [0, 1],
      tickFormat: (share: number) => formatPercent(share),
      ...centred,
    },
    y: { label: null, domain: [0, 1] },
    marks: [
      gridY,
      Plot.axisY({ tickSize: 0, tickFormat: (share: number) => formatPercent(share) }),
      Plot.line([0, 1], { x: (share) => share, y: (share) => share, stroke: "var(--ink)", strokeWidth: 1 }),
      Plot.lineY(rows, { x: "odds", y: "came", stroke: "var(--forecast)", strokeWidth: 2 }),
      Plot.dot(rows, { x: "odds", y: "came", fill: "var(--forecast)", r: ({ n }) => 2 + 6 * Math.sqrt(n / most) }),
    ],
  });
  const words = rows.map(({ odds, came }) => `${formatPercent(odds)} given, ${formatPercent(came)} came`);
  return chartFigure(chart, {
    label: `How often frost came, by the odds given before the night began: ${words.join("; ")}.`,
    key: [
      { label: "how often frost came", colour: "var(--forecast)", dash: "none" },
      { label: "as often as the odds say", colour: "var(--ink)", dash: "none" },
    ],
    caption: "Nights that had not begun and ended within 24 hours. The larger a dot, the more forecasts had such odds.",
  });
}
