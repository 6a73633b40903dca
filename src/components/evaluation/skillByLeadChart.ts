import * as Plot from "@observablehq/plot";
import { min } from "d3";
import { comparedBaselines, type ModelName, reportedLeads } from "../../model/vocabulary.js";
import type { StationEvaluation } from "../../shared/published/stationEvaluation.js";
import { chartFigure, fittedPlot, gridY, leadAxis } from "../chart/chartFigure.js";
import { modelPhrase, modelStyle } from "../chart/modelStyle.js";
import { placeOf, readablePoints } from "../chart/readablePoints.js";
import { dataTable, numberColumn } from "../ui/dataTable.js";
import { html } from "../ui/html.js";
import {
  differenceInUnit,
  formatCount,
  formatNumber,
  formatPercent,
  formatSigned,
  type TemperatureUnit,
} from "../ui/units.js";
import { type Comparison, comparisonsOf, isSignificant, isWorse } from "./comparisons.js";
import {
  countRange,
  isGuidance,
  type ScoreChartOptions,
  type ScoreOptions,
  scoresByModel,
  skillScore,
} from "./scoresByModel.js";

/** Skill of the published forecast against each baseline, by lead, with 95 % intervals at the reported leads. */
export function skillByLeadChart(
  data: StationEvaluation,
  { width, variable = "temperature" }: ScoreChartOptions,
): HTMLElement {
  const byModel = scoresByModel(data.scores, variable);
  const published = new Map((byModel.get(data.model) ?? []).map(({ leadHours, maeC }) => [leadHours, maeC]));
  const bars = data.differences.filter(
    (row) => row.variable === variable && (comparedBaselines as readonly ModelName[]).includes(row.model),
  );
  const lines = comparedBaselines.flatMap(
    (model): { model: ModelName; points: { leadHours: number; skill: number }[] }[] => {
      // Guidance is compared at the leads that have errors of the same hours.
      if (isGuidance(model)) {
        const points = bars.filter((row) => row.model === model).map(({ leadHours, skill }) => ({ leadHours, skill }));
        return points.length > 0 ? [{ model, points }] : [];
      }
      const scores = byModel.get(model);
      if (!scores) return [];
      const points = scores.map(({ leadHours, maeC }) => {
        const own = published.get(leadHours);
        return { leadHours, skill: own === undefined ? Number.NaN : skillScore(own, maeC) };
      });
      return [{ model, points }];
    },
  );
  const skills = lines.flatMap(({ points }) => points.map(({ skill }) => skill));
  const lowest = Math.min(0, min(skills) ?? 0);
  if (lines.length === 0) return html`<p class="empty">Nothing scored yet.</p>`;
  const chart = fittedPlot({
    width,
    height: Math.max(240, Math.min(320, width * 0.38)),
    marginLeft: 50,
    marginBottom: 36,
    x: leadAxis(width),
    y: { label: null, domain: [Math.max(-1, lowest), 1], nice: true, clamp: true },
    marks: [
      gridY,
      Plot.axisY({ tickSize: 0, tickFormat: (skill: number) => formatPercent(skill) }),
      Plot.ruleX([24, 48, 72], { stroke: "var(--chart-grid)" }),
      Plot.ruleY([0], { stroke: "var(--ink)" }),
      lines.map(({ model, points }) =>
        Plot.lineY(points, {
          x: "leadHours",
          y: "skill",
          stroke: modelStyle(model).colour,
          strokeDasharray: modelStyle(model).dash,
          strokeWidth: 2,
        }),
      ),
      lines.map(({ model }) => {
        const own = bars.filter((row) => row.model === model);
        const stroke = modelStyle(model).colour;
        return [
          Plot.ruleX(own, { x: "leadHours", y1: "skillLow", y2: "skillHigh", stroke, strokeWidth: 2 }),
          Plot.dot(own, { x: "leadHours", y: "skill", r: 2.5, fill: stroke }),
        ];
      }),
    ],
  });
  const day = lines.map(({ model, points }) => {
    const point = points.find(({ leadHours }) => leadHours === 24);
    return `${point && !Number.isNaN(point.skill) ? formatNumber(point.skill * 100, 0) : "–"} % against ${modelPhrase(model)}`;
  });
  const figure = chartFigure(chart, {
    code: import.meta.url,
    label: `Skill by lead. 24 hours ahead: ${day.join(", ")}.`,
    key: lines.map(({ model }) => ({ ...modelStyle(model), label: `against ${modelPhrase(model)}` })),
    caption: `Dots with bars: the 95 % interval${bars.length > 0 ? `, from ${formatCount(Math.max(...bars.map(({ days }) => days)))} days and ${countRange(bars.map(({ n }) => n))} paired forecasts` : " needs 30 days"}.`,
  });
  const leads = [...new Set(lines.flatMap(({ points }) => points.map(({ leadHours }) => leadHours)))].sort(
    (a, b) => a - b,
  );
  return readablePoints(
    figure,
    leads.map((lead) => ({
      x: placeOf(chart, "x", lead),
      title: `Skill ${lead} h ahead`,
      values: lines.flatMap(({ model, points }) => {
        const point = points.find(({ leadHours, skill }) => leadHours === lead && !Number.isNaN(skill));
        if (!point) return [];
        const bar = bars.find((row) => row.model === model && row.leadHours === lead);
        const interval = bar ? ` (${formatNumber(bar.skillLow * 100, 0)} to ${formatPercent(bar.skillHigh)})` : "";
        const text = `${formatPercent((bar ?? point).skill)}${interval}`;
        return [{ label: `against ${modelPhrase(model)}`, colour: modelStyle(model).colour, text }];
      }),
    })),
  );
}

/** "+0.04 ± 0.01": a difference and half its 95 % interval, if it has one. */
export function plusMinus({ differenceC, intervalC }: Comparison, unit: TemperatureUnit): string {
  const text = formatSigned(differenceInUnit(differenceC, unit), 2);
  return intervalC === null ? text : `${text} ± ${formatNumber(differenceInUnit(intervalC[1] - differenceC, unit), 2)}`;
}

/** Difference between the errors of the published forecast and of each baseline on the same hours, with its 95 % interval. */
export function differenceTable(
  data: StationEvaluation,
  { unit = "C", variable = "temperature" }: ScoreOptions = {},
): HTMLElement {
  const own = comparisonsOf(data, variable);
  if (own.every(({ intervalC }) => intervalC === null))
    return html`<p class="empty">Fewer than 30 days are scored: too few to test a difference.</p>`;
  const at = (leadHours: number, model: string) =>
    own.find((row) => row.leadHours === leadHours && row.model === model);
  const compared = comparedBaselines.filter((model) => own.some((row) => row.model === model));
  const rows = reportedLeads.filter((lead) => own.some(({ leadHours }) => leadHours === lead));
  const cell = (row: Comparison | undefined) => {
    if (!row) return "–";
    const text = plusMinus(row, unit);
    if (!isSignificant(row)) return html`<span class="muted">${text}</span>`;
    return isWorse(row) ? html`<strong class="worse">${text}</strong>` : text;
  };
  return dataTable(`Difference of the errors, °${unit}`, rows, [
    numberColumn("Lead, h", (lead) => lead),
    numberColumn("n", (lead) =>
      formatCount(Math.max(...own.filter((row) => row.leadHours === lead).map(({ n }) => n))),
    ),
    ...compared.map((model) => numberColumn(`minus ${modelPhrase(model)}`, (lead: number) => cell(at(lead, model)))),
  ]);
}
