import * as Plot from "@observablehq/plot";
import { sum } from "d3";
import {
  correctedOf,
  type ExpertName,
  expertNames,
  guidanceSources,
  reportedLeads,
  type Variable,
} from "../../model/vocabulary.js";
import type { StationExplanation } from "../../shared/published/stationExplanation.js";
import { chartFigure, fittedPlot, leadAxis } from "../chart/chartFigure.js";
import { modelStyle } from "../chart/modelStyle.js";
import { foldedTable, numberColumn, textColumn } from "../ui/dataTable.js";
import { html } from "../ui/html.js";
import { formatNumber, formatPercent } from "../ui/units.js";

interface WeightOptions {
  variable?: Variable;
}

/** Experts that the chart shows as one. */
interface ExpertGroup {
  label: string;
  colour: string;
  experts: readonly ExpertName[];
}

const guidanceExperts = guidanceSources.flatMap((source): ExpertName[] => [source, correctedOf(source)]);

/** Each source of guidance with its correction, then all that a station knows by itself. */
const expertGroups: readonly ExpertGroup[] = [
  ...guidanceSources.map((source) => ({ ...modelStyle(source), experts: [source, correctedOf(source)] })),
  {
    label: "observations alone",
    colour: "var(--forecast)",
    experts: expertNames.filter((name) => !guidanceExperts.includes(name)),
  },
];

/** The newest weights of the mixture by lead, stacked: each source of guidance, and the experts without it. */
export function weightByLeadChart(
  data: StationExplanation,
  { width, variable = "temperature" }: WeightOptions & { width: number },
): HTMLElement {
  const { leads } = data.variables[variable];
  const shown = groupWeights(data, variable);
  if (shown.length === 0) return html`<p class="empty">No weights yet.</p>`;
  const points = shown.flatMap(({ label, colour, weights }) =>
    leads.map((leadHours, i) => ({ label, colour, leadHours, weight: weights[i]! })),
  );
  const chart = fittedPlot({
    width,
    height: Math.max(200, Math.min(260, width * 0.3)),
    marginLeft: 44,
    marginBottom: 36,
    x: leadAxis(width),
    y: { domain: [0, 1], label: null },
    marks: [
      Plot.axisY({ tickSize: 0, ticks: 5, tickFormat: (share: number) => formatPercent(share) }),
      Plot.areaY(
        points,
        Plot.stackY(
          { order: shown.map(({ label }) => label) },
          { x: "leadHours", y: "weight", z: "label", fill: "colour", fillOpacity: 0.75, stroke: "var(--panel)" },
        ),
      ),
    ],
  });
  const words = [1, 24, 72].flatMap((lead) => {
    const i = leads.indexOf(lead);
    if (i < 0) return [];
    const parts = shown.map(({ label, weights }) => `${label} ${formatPercent(weights[i]!)}`);
    return [`${lead} h ahead ${parts.join(", ")}`];
  });
  return chartFigure(chart, {
    code: import.meta.url,
    label: `Weights in the newest forecast, by lead: ${words.join("; ")}.`,
    key: shown.map(({ label, colour }) => ({ label, colour, opacity: 0.75 })),
  });
}

/** The numbers of the chart at the reported leads, and those of each source as it is and corrected. */
export function weightByLeadTable(
  data: StationExplanation,
  { variable = "temperature" }: WeightOptions = {},
): HTMLElement {
  const { leads, experts } = data.variables[variable];
  const groups = groupWeights(data, variable);
  if (groups.length === 0) return html`<div></div>`;
  const rows = groups.flatMap(({ label, weights, experts: names }) => [
    { label, weights },
    ...experts
      .filter(({ model }) => guidanceExperts.includes(model) && names.includes(model))
      .map(({ model, weight }) => {
        const kind = guidanceSources.some((source) => source === model) ? "as it is" : "corrected";
        return { label: `– ${kind}`, weights: weight.map((value) => value ?? 0) };
      }),
  ]);
  return foldedTable("The newest weights by lead", rows, [
    textColumn("Experts", ({ label }) => label),
    ...reportedLeads
      .filter((lead) => leads.includes(lead))
      .map((lead) =>
        numberColumn(`${lead} h`, ({ weights }: { weights: number[] }) =>
          formatNumber(weights[leads.indexOf(lead)]!, 3),
        ),
      ),
  ]);
}

/** The groups that have a weight at any lead, with their weights by lead. */
function groupWeights({ variables }: StationExplanation, variable: Variable): (ExpertGroup & { weights: number[] })[] {
  const { leads, experts } = variables[variable];
  return expertGroups
    .map((group) => {
      const own = experts.filter(({ model }) => group.experts.includes(model));
      return { ...group, weights: leads.map((_, i) => sum(own, ({ weight }) => weight[i] ?? 0)) };
    })
    .filter(({ weights }) => weights.some((weight) => weight > 0));
}
