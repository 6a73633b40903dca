import { type ModelName, modelNames, naiveBaselines, reportedLeads, type Variable } from "../../model/vocabulary.js";
import type { StationEvaluation } from "../../shared/published/stationEvaluation.js";
import { modelStyle } from "../chart/modelStyle.js";
import { dataTable } from "../ui/dataTable.js";
import { html } from "../ui/html.js";
import { formatCount, formatDifference, formatNumber, type TemperatureUnit } from "../ui/units.js";
import { isOfOtherHours, scoresByModel, skillScore } from "./scoresByModel.js";

/**
 * Mean absolute error of every model at the reported leads, with n; the least of a row stands out. What is of other hours
 * has an n of its own. The published forecast comes first and persistence beside it: on a phone the others are beyond
 * the edge.
 */
export function scoreTable(
  data: StationEvaluation,
  { unit = "C", variable = "temperature" }: { unit?: TemperatureUnit; variable?: Variable } = {},
): HTMLElement {
  const byModel = scoresByModel(data.scores, variable);
  const models = [data.model, ...modelNames.filter((model) => model !== data.model)].filter((model) =>
    byModel.has(model),
  );
  const at = (model: ModelName, lead: number) => byModel.get(model)?.find((score) => score.leadHours === lead);
  const rows = reportedLeads.filter((lead) => at(data.model, lead) !== undefined);
  const comparable = models.filter((model) => !isOfOtherHours(model));
  const least = (lead: number) =>
    Math.min(...comparable.map((model) => at(model, lead)?.maeC ?? Number.POSITIVE_INFINITY));
  const naive = (lead: number) =>
    Math.min(...naiveBaselines.map((model) => at(model, lead)?.maeC ?? Number.POSITIVE_INFINITY));
  const error = (model: ModelName, lead: number) => {
    const score = at(model, lead);
    if (!score) return "–";
    const text = formatDifference(score.maeC, unit, 2);
    if (isOfOtherHours(model)) return html`<span>${text} <small>n ${formatCount(score.n)}</small></span>`;
    return score.maeC === least(lead) ? html`<strong>${text}</strong>` : text;
  };
  return dataTable(
    rows,
    [
      { heading: "Lead, h", cell: (lead) => lead, numeric: true },
      ...models.map((model) => ({
        heading: modelStyle(model).label,
        cell: (lead: number) => error(model, lead),
        numeric: true,
      })),
      { heading: "n", cell: (lead) => formatCount(at(data.model, lead)!.n), numeric: true },
      { heading: "bias", cell: (lead) => formatDifference(at(data.model, lead)!.biasC, unit, 2), numeric: true },
      {
        heading: "skill",
        cell: (lead) =>
          Number.isFinite(naive(lead))
            ? `${formatNumber(skillScore(at(data.model, lead)!.maeC, naive(lead)) * 100, 0)} %`
            : "–",
        numeric: true,
      },
    ],
    { label: `Mean absolute error by lead, °${unit}` },
  );
}
