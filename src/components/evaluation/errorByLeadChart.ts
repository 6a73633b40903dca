import * as Plot from "@observablehq/plot";
import { min } from "d3";
import { type ModelName, modelNames, naiveBaselines, reportedLeads } from "../../model/vocabulary.js";
import type { StationEvaluation } from "../../shared/published/stationEvaluation.js";
import { chartFigure, fittedPlot, gridY, leadAxis } from "../chart/chartFigure.js";
import { modelStyle } from "../chart/modelStyle.js";
import { placeOf, readablePoints } from "../chart/readablePoints.js";
import { dataTable, numberColumn } from "../ui/dataTable.js";
import { html } from "../ui/html.js";
import { differenceInUnit, formatCount, formatDifference, formatPercent } from "../ui/units.js";
import { comparisonsOf } from "./comparisons.js";
import { countRange, isGuidance, type ScoreChartOptions, type ScoreOptions, scoresByModel } from "./scoresByModel.js";

interface ErrorByLeadOptions extends ScoreChartOptions {
  /** Title for screen readers. */
  title?: string;
  /** Models to draw in addition to the published one. */
  models?: readonly ModelName[];
}

/** Mean absolute error by lead: the published forecast and the baselines. */
export function errorByLeadChart(
  data: StationEvaluation,
  {
    width,
    unit = "C",
    variable = "temperature",
    title = "Mean absolute error by lead",
    models = ["persistence", "seasonalNaive", "climatology", "blend", "sgd"],
  }: ErrorByLeadOptions,
): HTMLElement {
  const byModel = scoresByModel(data.scores, variable);
  const drawn = [...models.filter((model) => model !== data.model), data.model].filter((model) => byModel.has(model));
  if (drawn.length === 0) return html`<p class="empty">Nothing scored yet.</p>`;
  const chart = fittedPlot({
    width,
    height: Math.max(260, Math.min(380, width * 0.45)),
    marginLeft: 34,
    marginBottom: 36,
    x: leadAxis(width),
    y: { label: null, zero: true, nice: true, grid: false },
    marks: [
      gridY,
      Plot.axisY({ tickSize: 0 }),
      Plot.ruleX([24, 48, 72], { stroke: "var(--chart-grid)" }),
      drawn.map((model) =>
        Plot.lineY(byModel.get(model)!, {
          x: "leadHours",
          y: (score) => differenceInUnit(score.maeC, unit),
          stroke: modelStyle(model).colour,
          strokeDasharray: modelStyle(model).dash,
          strokeWidth: model === data.model ? 2.5 : 1.5,
        }),
      ),
    ],
  });
  const day = drawn.map((model) => {
    const score = byModel.get(model)!.find(({ leadHours }) => leadHours === 24);
    return `${modelStyle(model).label} ${formatDifference(score?.maeC ?? null, unit, 2)}`;
  });
  const figure = chartFigure(chart, {
    code: import.meta.url,
    label: `${title}, °${unit}. 24 hours ahead: ${day.reverse().join(", ")}.`,
    key: [...drawn].reverse().map(modelStyle),
    caption: `${countRange((byModel.get(data.model) ?? []).map(({ n }) => n))} forecasts per lead.`,
  });
  const inOrder = [...drawn].reverse();
  const leads = byModel.get(inOrder[0]!)!.map(({ leadHours }) => leadHours);
  return readablePoints(
    figure,
    leads.map((lead) => ({
      x: placeOf(chart, "x", lead),
      title: `${lead} h ahead`,
      values: inOrder.flatMap((model) => {
        const score = byModel.get(model)!.find(({ leadHours }) => leadHours === lead);
        const { label, colour } = modelStyle(model);
        return score ? [{ label, colour, text: `${formatDifference(score.maeC, unit, 2)} °${unit}` }] : [];
      }),
    })),
  );
}

/**
 * Mean absolute error of every model at the reported leads; the smallest of a row is bold. Guidance covers fewer
 * hours and show their own n. The published forecast and persistence come first, so that a phone shows both.
 */
export function scoreTable(
  data: StationEvaluation,
  { unit = "C", variable = "temperature" }: ScoreOptions = {},
): HTMLElement {
  const byModel = scoresByModel(data.scores, variable);
  const models = [data.model, ...modelNames.filter((model) => model !== data.model)].filter((model) =>
    byModel.has(model),
  );
  const at = (model: ModelName, lead: number) => byModel.get(model)?.find((score) => score.leadHours === lead);
  const rows = reportedLeads.filter((lead) => at(data.model, lead) !== undefined);
  const comparable = models.filter((model) => !isGuidance(model));
  const least = (lead: number) => min(comparable, (model) => at(model, lead)?.maeC);
  const compared = comparisonsOf(data, variable).filter(({ model }) => naiveBaselines.some((name) => name === model));
  const error = (model: ModelName, lead: number) => {
    const score = at(model, lead);
    if (!score) return "–";
    const text = formatDifference(score.maeC, unit, 2);
    if (isGuidance(model)) return html`<span>${text} <small>n ${formatCount(score.n)}</small></span>`;
    return score.maeC === least(lead) ? html`<strong>${text}</strong>` : text;
  };
  return dataTable(`Mean absolute error by lead, °${unit}`, rows, [
    numberColumn("Lead, h", (lead) => lead),
    ...models.map((model) => numberColumn(modelStyle(model).label, (lead: number) => error(model, lead))),
    numberColumn("n", (lead) => formatCount(at(data.model, lead)!.n)),
    numberColumn("Bias", (lead) => formatDifference(at(data.model, lead)!.biasC, unit, 2)),
    numberColumn("Skill", (lead) => {
      const skill = min(compared, (row) => (row.leadHours === lead ? row.skill : undefined));
      return skill === undefined ? "–" : formatPercent(skill);
    }),
  ]);
}
