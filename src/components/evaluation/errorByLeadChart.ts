import * as Plot from "@observablehq/plot";
import { type ModelName, reportedLeads, type Variable } from "../../model/vocabulary.js";
import type { StationEvaluation } from "../../shared/published/stationEvaluation.js";
import { chartFigure } from "../chart/chartFigure.js";
import { fittedPlot } from "../chart/fittedPlot.js";
import { modelStyle } from "../chart/modelStyle.js";
import { html } from "../ui/html.js";
import { differenceInUnit, formatDifference, type TemperatureUnit } from "../ui/units.js";
import { countRange, scoresByModel } from "./scoresByModel.js";

export interface ErrorByLeadOptions {
  width: number;
  unit?: TemperatureUnit;
  variable?: Variable;
  /** What it is called where it can't be seen. */
  title?: string;
  /** Models drawn beside the published one. */
  models?: readonly ModelName[];
}

/** Mean absolute error against lead: the published forecast and what it has to beat. */
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
    marginRight: 14,
    marginBottom: 36,
    x: {
      domain: [0, 72],
      ticks: width < 600 ? [1, 12, 24, 48, 72] : [...reportedLeads],
      label: "hours ahead",
      labelArrow: "none",
      labelAnchor: "center",
    },
    y: { label: null, zero: true, nice: true, grid: false },
    marks: [
      Plot.gridY({ stroke: "var(--chart-grid)", strokeOpacity: 1 }),
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
      Plot.frame({ stroke: "var(--chart-frame)" }),
    ],
  });
  const day = drawn.map((model) => {
    const score = byModel.get(model)!.find(({ leadHours }) => leadHours === 24);
    return `${modelStyle(model).label} ${formatDifference(score?.maeC ?? null, unit, 2)}`;
  });
  return chartFigure(chart, {
    label: `${title}, °${unit}. 24 hours ahead: ${day.reverse().join(", ")}.`,
    key: [...drawn].reverse().map(modelStyle),
    caption: `${countRange((byModel.get(data.model) ?? []).map(({ n }) => n))} forecasts a lead.`,
  });
}
