import * as Plot from "@observablehq/plot";
import type { StationModel } from "../data/stationModel.js";
import type { Variable } from "../model/vocabulary.js";
import { chartFigure } from "./chartFigure.js";
import { html, svg } from "./html.js";
import { formatNumber } from "./units.js";

export interface WeightMapOptions {
  width: number;
  variable?: Variable;
}

/**
 * Weights of the recursive least squares: a row a feature, a column a lead. Colour is the sign and density the root
 * of the size, so that the map reads the same on paper and on slate.
 */
export function weightMap(data: StationModel, { width, variable = "temperature" }: WeightMapOptions): HTMLElement {
  const { features, leads, rows } = data.weights[variable];
  if (features.length === 0) return html`<p class="empty">Nothing learned yet.</p>`;
  const edges = leadEdges(leads);
  const cells = features.flatMap((feature, i) =>
    leads.map((lead, j) => ({ feature, lead, from: edges[j]!, to: edges[j + 1]!, weight: rows[i]![j]! })),
  );
  const largest = cells.reduce((best, cell) => (Math.abs(cell.weight) > Math.abs(best.weight) ? cell : best), {
    feature: "none",
    lead: 0,
    weight: 0,
  });
  const scale = Math.abs(largest.weight) || 1;
  const chart = Plot.plot({
    width,
    height: 40 + features.length * 12,
    marginLeft: width < 600 ? 118 : 170,
    marginRight: 14,
    marginTop: 6,
    marginBottom: 36,
    x: {
      domain: [0.5, 72.5],
      label: "hours ahead",
      labelArrow: "none",
      labelAnchor: "center",
      ticks: width < 600 ? [1, 24, 48, 72] : [1, 6, 12, 24, 36, 48, 60, 72],
    },
    y: { type: "band", domain: features, label: null, padding: 0.08 },
    marks: [
      (_index, scales) => cellPaths(cells, scales as unknown as CellScales, scale),
      Plot.axisY({ tickSize: 0, fontSize: 10.5 }),
      Plot.ruleX([24.5, 48.5], { stroke: "var(--chart-day)" }),
      Plot.frame({ stroke: "var(--chart-frame)" }),
    ],
  });
  return chartFigure(chart, {
    label: `Weights of ${features.length} features at ${leads.length} leads. The largest is ${formatNumber(largest.weight, 2)}, of ${largest.feature} ${largest.lead} h ahead.`,
    key: [
      { label: "raises the forecast", colour: "var(--persistence)" },
      { label: "lowers it", colour: "var(--forecast)" },
    ],
    caption: `Full density is ${formatNumber(scale, 2)} °C for one unit of the scaled feature; density goes with the square root.`,
  });
}

/** Where the column of one lead ends and the next begins: half-way, for not every lead is published. */
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

/** Steps of density told apart. */
const steps = 24;

/** The cells as one path for each sign and step of density: some five thousand rectangles would slow the page. */
function cellPaths(cells: readonly Cell[], { x, y }: CellScales, scale: number): SVGElement {
  const paths = new Map<string, string>();
  for (const { feature, from, to, weight } of cells) {
    const density = Math.ceil(Math.sqrt(Math.abs(weight) / scale) * steps);
    if (density === 0) continue;
    const style = `${weight < 0 ? "var(--forecast)" : "var(--persistence)"} ${density / steps}`;
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
