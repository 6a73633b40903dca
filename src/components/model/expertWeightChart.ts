import * as Plot from "@observablehq/plot";
import { type ExpertName, expertNames, type Variable } from "../../model/vocabulary.js";
import type { StationModel } from "../../shared/published/stationModel.js";
import { chartFigure, fittedPlot } from "../chart/chartFigure.js";
import { modelStyle } from "../chart/modelStyle.js";
import { foldedTable, numberColumn, textColumn } from "../ui/dataTable.js";
import { html } from "../ui/html.js";
import { dateName } from "../ui/timeZone.js";
import { formatCount, formatNumber, formatPercent } from "../ui/units.js";

/** Least height of an area with a label. */
const readableShare = 0.045;

interface ExpertWeightChartOptions {
  width: number;
  variable?: Variable;
  leadHours?: number;
}

/** The weights of the experts over time, stacked. Areas and key entries are numbered because their colours are similar. */
export function expertWeightChart(
  data: StationModel,
  { width, variable = "temperature", leadHours = 24 }: ExpertWeightChartOptions,
): HTMLElement {
  const series = data.expertWeights.find((row) => row.variable === variable && row.leadHours === leadHours);
  if (!series || series.time.length < 2) return html`<p class="empty">No weights yet.</p>`;
  const { time, weights } = series;
  const present = expertNames.filter((name) => weights[name]?.some((weight) => weight > 0));
  const newest = (name: ExpertName) => weights[name].at(-1)! / 1000;
  const points = present.flatMap((name) => time.map((t, i) => ({ name, time: t, weight: weights[name][i]! / 1000 })));
  // Areas that are high enough at the right edge are labelled there.
  let base = 0;
  const names = present.map((name) => {
    const middle = base + newest(name) / 2;
    base += newest(name);
    return { name, middle, high: newest(name) };
  });
  const sums = time.map(() => 0);
  const numbers = present.flatMap((name, index) => {
    const shares = time.map((_, i) => weights[name][i]! / 1000);
    // Numbers stay away from the edges of the chart.
    const inner = shares.length > 2 ? shares.slice(1, -1) : shares;
    const highest = shares.indexOf(Math.max(...inner), shares.length > 2 ? 1 : 0);
    const middle = sums[highest]! + shares[highest]! / 2;
    for (const [i, share] of shares.entries()) sums[i]! += share;
    return shares[highest]! > readableShare ? [{ number: String(index + 1), time: time[highest]!, middle }] : [];
  });
  const narrow = width < 600;
  const chart = fittedPlot({
    width,
    height: Math.max(260, Math.min(340, width * 0.36)),
    marginLeft: 44,
    marginRight: narrow ? 12 : 190,
    x: { type: "utc", label: null },
    y: { domain: [0, 1], label: null },
    marks: [
      Plot.axisY({ tickSize: 0, ticks: 5, tickFormat: (share: number) => formatPercent(share) }),
      Plot.axisX({ ticks: narrow ? 4 : 8 }),
      Plot.areaY(
        points,
        Plot.stackY(
          { order: present },
          {
            x: "time",
            y: "weight",
            z: "name",
            fill: ({ name }: { name: ExpertName }) => modelStyle(name).colour,
            stroke: "var(--panel)",
            strokeWidth: 1,
          },
        ),
      ),
      Plot.text(numbers, {
        x: "time",
        y: "middle",
        text: "number",
        fontWeight: "bold",
        fill: "var(--ink)",
        stroke: "var(--panel)",
        strokeWidth: 4,
      }),
      narrow
        ? null
        : Plot.text(
            names.filter(({ high }) => high > readableShare),
            {
              x: () => time.at(-1)!,
              y: "middle",
              text: ({ name, high }) => `${modelStyle(name).label} ${Math.round(high * 100)} %`,
              textAnchor: "start",
              dx: 8,
              fill: "var(--ink)",
            },
          ),
    ],
  });
  const newestWeights = [...present]
    .sort((a, b) => newest(b) - newest(a))
    .map((name) => `${modelStyle(name).label} ${formatNumber(newest(name), 2)}`);
  return chartFigure(chart, {
    code: import.meta.url,
    label: `Weights of the experts ${leadHours} hours ahead at ${formatCount(time.length)} times. On ${dateName(time.at(-1)!, "UTC")}: ${newestWeights.join(", ")}.`,
    key: present.map((name, i) => ({ label: `${i + 1} ${modelStyle(name).label}`, colour: modelStyle(name).colour })),
  });
}

/** The newest weights of the experts at every reported lead. */
export function expertWeightTable(
  data: StationModel,
  { variable = "temperature" }: { variable?: Variable } = {},
): HTMLElement {
  const series = data.expertWeights.filter((row) => row.variable === variable);
  return foldedTable(
    "The newest weights of the experts",
    expertNames.filter((name) => series.some(({ weights }) => weights[name])),
    [
      textColumn("Expert", (name) => modelStyle(name).label),
      ...series.map(({ leadHours, weights }) =>
        numberColumn(`${leadHours} h`, (name: (typeof expertNames)[number]) =>
          formatNumber((weights[name]?.at(-1) ?? 0) / 1000, 3),
        ),
      ),
    ],
  );
}
