import * as Plot from "@observablehq/plot";
import type { StationEvaluation } from "../../shared/published/stationEvaluation.js";
import { chartFigure, fittedPlot, gridY } from "../chart/chartFigure.js";
import { placeOf, readablePoints } from "../chart/readablePoints.js";
import { foldedTable, numberColumn, textColumn } from "../ui/dataTable.js";
import { html } from "../ui/html.js";
import { monthName } from "../ui/timeZone.js";
import { differenceInUnit, formatCount, formatDifference, formatPercent } from "../ui/units.js";
import { type ScoreChartOptions, type ScoreOptions, skillScore } from "./scoresByModel.js";

/** Errors of a month, °C; that of persistence is null where it has none. */
interface MonthlyError {
  month: number;
  n: number;
  maeC: number;
  persistenceC: number | null;
}

/** The errors of a lead by month, oldest first. */
function monthlyErrors(
  data: StationEvaluation,
  { variable = "temperature", leadHours = 24 }: ScoreOptions,
): MonthlyError[] {
  const found = data.byMonth.find((row) => row.variable === variable && row.leadHours === leadHours);
  return (found?.month ?? []).map((month, i) => ({
    ...{ month, n: found!.n[i]!, maeC: found!.maeC[i]! },
    persistenceC: found!.persistenceC[i]!,
  }));
}

/** Mean absolute error of each month as a bar, with that of persistence as a tick. */
export function monthlyErrorChart(data: StationEvaluation, options: ScoreChartOptions): HTMLElement {
  const { width, unit = "C", leadHours = 24 } = options;
  const rows = monthlyErrors(data, options);
  if (rows.length === 0) return html`<p class="empty">Nothing scored yet.</p>`;
  const months = rows.map(({ month }) => month);
  // Long periods have a label for each year only.
  const isLong = months.length > 24;
  const step = Math.ceil(months.length / (width < 600 ? 5 : 12));
  const labelled = months.filter((month, i) => (isLong ? new Date(month).getUTCMonth() === 0 : i % step === 0));
  const inUnit = (celsius: number | null) => (celsius === null ? null : differenceInUnit(celsius, unit));
  const chart = fittedPlot({
    width,
    height: Math.max(220, Math.min(280, width * 0.32)),
    marginLeft: 34,
    x: { type: "band", domain: months, label: null, padding: 0.2 },
    y: { label: null, zero: true, nice: true },
    marks: [
      gridY,
      Plot.axisY({ tickSize: 0 }),
      Plot.axisX(labelled, {
        tickSize: 0,
        tickFormat: (month: number) => (isLong ? String(new Date(month).getUTCFullYear()) : monthName(month)),
      }),
      Plot.barY(rows, { x: "month", y: ({ maeC }) => inUnit(maeC), fill: "var(--forecast)" }),
      Plot.tickY(rows, {
        x: "month",
        y: ({ persistenceC }) => inUnit(persistenceC),
        stroke: "var(--persistence)",
        strokeWidth: 2,
      }),
    ],
  });
  const by = (sign: number) => rows.reduce((best, row) => (sign * row.maeC > sign * best.maeC ? row : best));
  const words = ({ month, maeC }: MonthlyError) => `${formatDifference(maeC, unit, 2)} in ${monthName(month)}`;
  const extremes = `smallest ${words(by(-1))}, largest ${words(by(1))}`;
  const figure = chartFigure(chart, {
    code: import.meta.url,
    label: `Mean absolute error ${leadHours} hours ahead by month, °${unit}: ${extremes}.`,
    key: [
      { label: "published forecast", colour: "var(--forecast)" },
      { label: "persistence", colour: "var(--persistence)", dash: "none" },
    ],
    caption: `MAE of each month, ${leadHours} h ahead, °${unit}: ${extremes}.`,
  });
  return readablePoints(
    figure,
    rows.map(({ month, n, maeC, persistenceC }) => ({
      x: placeOf(chart, "x", month),
      title: `${monthName(month)}, n = ${formatCount(n)}`,
      values: [
        { label: "published forecast", colour: "var(--forecast)", text: formatDifference(maeC, unit, 2) },
        { label: "persistence", colour: "var(--persistence)", text: formatDifference(persistenceC, unit, 2) },
      ],
    })),
  );
}

/** The numbers of the bars, newest first. */
export function monthlyErrorTable(data: StationEvaluation, options: ScoreOptions = {}): HTMLElement {
  const { unit = "C", leadHours = 24 } = options;
  return foldedTable(`Errors ${leadHours} h ahead by month, °${unit},`, monthlyErrors(data, options).reverse(), [
    textColumn("Month", ({ month }) => monthName(month)),
    numberColumn("n", ({ n }) => formatCount(n)),
    numberColumn("Published forecast", ({ maeC }) => formatDifference(maeC, unit, 2)),
    numberColumn("Persistence", ({ persistenceC }) => formatDifference(persistenceC, unit, 2)),
    numberColumn("Skill", ({ maeC, persistenceC }) =>
      persistenceC === null ? "–" : formatPercent(skillScore(maeC, persistenceC)),
    ),
  ]);
}
