import * as Plot from "@observablehq/plot";
import { greatest } from "d3";
import { temperatureScale } from "../../model/features/features.js";
import { pointFeatureNames } from "../../model/features/networkFeatures.js";
import type { WeightMatrix } from "../../model/forecaster/regressionWeights.js";
import { reportedLeads, type Variable } from "../../model/vocabulary.js";
import type { SnapshotWeights } from "../../shared/published/stationModel.js";
import { centred, chartFigure, fittedPlot, textWidths } from "../chart/chartFigure.js";
import { featureLabel } from "../chart/modelStyle.js";
import { foldedTable, numberColumn, textColumn } from "../ui/dataTable.js";
import { html, svg } from "../ui/html.js";
import { formatNumber, formatSigned } from "../ui/units.js";

interface WeightMapOptions {
  width: number;
  variable?: Variable;
  /** The lags of temperature, in °C per °C, or all own features, in °C per scaled unit; defaults to the lags. */
  rows?: "lags" | "all";
}

/**
 * Weights of the recursive least squares, one row per lag or feature and one column per lead. Colour shows the sign,
 * density the square root of the size, in the light and the dark theme alike.
 * @param weights null if the snapshot's state is not stored
 */
export function weightMap(
  weights: SnapshotWeights | null,
  { width, variable = "temperature", rows = "lags" }: WeightMapOptions,
): HTMLElement {
  if (!weights)
    return html`<p class="empty">The state of this snapshot is not stored any more. Learn it again to see its weights.</p>`;
  const { features, leads, cells } = cellsOf(weights[variable], rows);
  if (features.length === 0) return html`<p class="empty">Nothing learned yet.</p>`;
  const largest = greatest(cells, ({ weight }) => Math.abs(weight))!;
  const scale = Math.abs(largest.weight) || 1;
  const narrow = width < 600;
  const rowHeight = rows === "lags" ? 16 : 12;
  const chart = fittedPlot({
    width,
    height: 46 + features.length * rowHeight,
    marginLeft: rows === "lags" ? 46 : narrow ? 118 : 170,
    marginTop: 6,
    marginBottom: 40,
    x: {
      domain: [leads[0]! - 0.5, leads.at(-1)! + 0.5],
      label: "hours ahead",
      ...centred,
      ticks: (narrow ? [1, 24, 48, 72] : [1, 6, 12, 24, 36, 48, 60, 72]).filter((lead) => lead <= leads.at(-1)!),
    },
    y: { type: "band", domain: features, label: null, padding: 0.08 },
    marks: [
      (_index, scales) => cellPaths(cells, scales as unknown as CellScales, scale),
      Plot.axisY({ tickSize: 0, tickFormat: featureLabel, fontSize: rows === "lags" ? 11.5 : 10.5 }),
      Plot.ruleX(
        [24.5, 48.5].filter((lead) => lead < leads.at(-1)!),
        { stroke: "var(--chart-day)" },
      ),
    ],
  });
  const unit = rows === "lags" ? "°C per °C of the lag" : "°C per unit of the scaled feature";
  return chartFigure(chart, {
    code: import.meta.url,
    label: `Weights of ${features.length} ${rows === "lags" ? "lags" : "features of the station itself"} at ${leads.length} leads. The largest is ${formatNumber(largest.weight, 2)} ${unit}, of ${featureLabel(largest.feature)} ${largest.lead} h ahead.`,
    caption: html`<span>${densityKey(scale)} ${unit}; density goes with the square root</span>`,
  });
}

function cellsOf({ features, leads, rows }: WeightMatrix, kind: "lags" | "all") {
  const indices = features
    .map((_, i) => i)
    .filter((i) => (kind === "all" ? isOwn(features[i]!) : /^T₋\d+$/.test(features[i]!)));
  const edges = leads.length > 0 ? leadEdges(leads) : [];
  const cells = indices.flatMap((i) =>
    leads.map((lead, j) => ({
      feature: features[i]!,
      lead,
      from: edges[j]!,
      to: edges[j + 1]!,
      weight: kind === "all" ? rows[i]![j]! : rows[i]![j]! / temperatureScale,
    })),
  );
  return { features: indices.map((i) => features[i]!), leads, cells };
}

/** Whether a feature describes the station's own weather. */
function isOwn(feature: string): boolean {
  return !pointFeatureNames.includes(feature);
}

/** A key with the densities of a few weights, from the most negative to the most positive. */
export function densityKey(scale: number): SVGElement {
  const shares = [-1, -0.25, -0.05, 0, 0.05, 0.25, 1];
  const numbers = shares.map((share) => formatSigned(share * scale, 2));
  const [each, high] = [Math.max(44, ...textWidths(numbers, "density").map((length) => length + 4)), 14];
  return svg`<svg class="density" width=${each * shares.length} height="30" aria-hidden="true">${shares.map(
    (share, i) => {
      return svg`<g transform=${`translate(${each * i})`}>
        <rect width=${each - 2} height=${high} fill=${share < 0 ? "var(--forecast)" : "var(--persistence)"} fill-opacity=${densityOf(share, 1)}
          stroke="var(--chart-frame)"></rect>
        <text x=${(each - 2) / 2} y="27" text-anchor="middle" fill="var(--ink-soft)">${numbers[i]}</text>
      </g>`;
    },
  )}</svg>`;
}

/** Edges between the columns, half-way between two leads, because not every lead is published. */
function leadEdges(leads: readonly number[]): number[] {
  const between = leads.slice(1).map((lead, i) => (lead + leads[i]!) / 2);
  return [leads[0]! - 0.5, ...between, leads.at(-1)! + 0.5];
}

interface Cell {
  feature: string;
  from: number;
  to: number;
  weight: number;
}

type CellScales = { x: (lead: number) => number; y: ((feature: string) => number) & { bandwidth(): number } };

/** Number of different densities. */
const steps = 24;

/** Density of a weight: the square root of its share of the largest. */
export function densityOf(weight: number, largest: number): number {
  return Math.ceil(Math.sqrt(Math.abs(weight) / largest) * steps) / steps;
}

/** Draws one path per sign and density: five thousand rectangles would slow down the page. */
function cellPaths(cells: readonly Cell[], { x, y }: CellScales, scale: number): SVGElement {
  const paths = new Map<string, string>();
  for (const { feature, from, to, weight } of cells) {
    const density = densityOf(weight, scale);
    if (density === 0) continue;
    const style = `${weight < 0 ? "var(--forecast)" : "var(--persistence)"} ${density}`;
    const left = x(from).toFixed(1);
    const right = x(to).toFixed(1);
    const cell = `M${left},${y(feature).toFixed(1)}H${right}v${y.bandwidth().toFixed(1)}H${left}z`;
    paths.set(style, (paths.get(style) ?? "") + cell);
  }
  return svg`<g>${[...paths].map(([style, path]) => {
    const [fill, opacity] = style.split(" ");
    return svg`<path d=${path} fill=${fill} fill-opacity=${opacity}></path>`;
  })}</g>`;
}

/** The weights at the reported leads as a table. */
export function weightTable(
  weights: SnapshotWeights | null,
  { variable = "temperature" }: { variable?: Variable } = {},
): HTMLElement {
  if (!weights) return html`<div></div>`;
  const { features, leads, rows } = weights[variable];
  const columns = reportedLeads.filter((lead) => leads.includes(lead));
  return foldedTable(
    "The weights",
    features.map((feature, i) => ({ feature, row: rows[i]! })).filter(({ feature }) => isOwn(feature)),
    [
      textColumn("Feature", ({ feature }) => featureLabel(feature)),
      ...columns.map((lead) =>
        numberColumn(`${lead} h`, ({ row }: { row: number[] }) => formatNumber(row[leads.indexOf(lead)]!, 3)),
      ),
    ],
  );
}
