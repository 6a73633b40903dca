import { type GuidanceSource, guidanceSources, type ModelName } from "../../model/vocabulary.js";
import type {
  GuidanceScores,
  ScoreDifference,
  ScoresByLead,
  StationEvaluation,
} from "../../shared/published/stationEvaluation.js";
import { modelPhrase, modelStyle } from "../chart/modelStyle.js";
import { dataTable, numberColumn } from "../ui/dataTable.js";
import { html } from "../ui/html.js";
import { differenceInUnit, formatCount, formatDifference, formatPercent, formatSigned, listed } from "../ui/units.js";
import { errorByLeadChart } from "./errorByLeadChart.js";
import { type ScoreChartOptions, type ScoreOptions, skillScore } from "./scoresByModel.js";

/** The sources of guidance that the forecasts of a variable are compared with, in the order of `guidanceSources`. */
export function comparedSources(
  { guidance }: Pick<StationEvaluation, "guidance">,
  { variable = "temperature" }: ScoreOptions = {},
): GuidanceScores[] {
  return guidanceSources.flatMap(
    (source) => guidance.find((row) => row.variable === variable && row.source === source) ?? [],
  );
}

/** "the National Blend of Models", or "imported guidance (open-meteo)". */
export function sourcePhrase({ source, name }: Pick<GuidanceScores, "source" | "name">): string {
  return source === "other" ? `${modelPhrase(source)} (${name})` : modelPhrase(source);
}

/** Why there is no comparison. */
export function noGuidance(data: Pick<StationEvaluation, "live">): HTMLElement {
  return data.live.length > 0
    ? html`<p>Only live forecasts are compared with guidance here, <a href="#live-forecasts">below</a>.</p>`
    : html`<p>No source of guidance covers this station. It is forecast from observations alone and compared with the baselines below.</p>`;
}

/** Mean absolute error by lead over the same hours: the published forecast, a source of guidance, and persistence. */
export function guidanceChart(
  data: StationEvaluation,
  { source, width, unit = "C", variable = "temperature" }: ScoreChartOptions & { source: GuidanceSource },
): HTMLElement {
  const scores = comparedSources(data, { variable })
    .filter((row) => row.source === source)
    .flatMap(({ leadHours, n, maeC, guidanceC, persistenceC }): ScoresByLead[] => {
      const columns = (model: ModelName, errors: readonly (number | null)[]): ScoresByLead => {
        const known = leadHours.map((_, i) => i).filter((i) => errors[i] != null);
        return {
          variable,
          model,
          leadHours: known.map((i) => leadHours[i]!),
          n: known.map((i) => n[i]!),
          maeC: known.map((i) => errors[i]!),
        };
      };
      return [columns(data.model, maeC), columns(source, guidanceC), columns("persistence", persistenceC)];
    });
  const title = `Mean absolute error over the same hours as ${modelPhrase(source)}, by lead`;
  return errorByLeadChart({ ...data, scores }, { width, unit, variable, title, models: ["persistence", source] });
}

/** Errors of the published forecast and of a source of guidance by lead, with the 95 % interval of their difference. */
export function guidanceTable(
  data: StationEvaluation,
  { source, unit = "C", variable = "temperature" }: ScoreOptions & { source: GuidanceSource },
): HTMLElement {
  const scores = comparedSources(data, { variable }).find((row) => row.source === source);
  if (!scores) return html`<div></div>`;
  const { leadHours, n, maeC, guidanceC } = scores;
  const testedAt = (i: number) =>
    data.differences.find((row) => row.variable === variable && row.model === source && row.leadHours === leadHours[i]);
  const bound = (celsius: number) => formatSigned(differenceInUnit(celsius, unit), 2);
  const interval = (row: ScoreDifference | undefined) => {
    if (!row) return html`<span class="muted">needs 30 days</span>`;
    const text = `${bound(row.differenceLow)} to ${bound(row.differenceHigh)}`;
    if (row.differenceLow > 0) return html`<strong class="worse">${text}</strong>`;
    return row.differenceHigh < 0 ? text : html`<span class="muted">${text}</span>`;
  };
  const name = source === "other" ? scores.name : modelStyle(source).label;
  return dataTable(
    `Compared with ${sourcePhrase(scores)}, °${unit}`,
    leadHours.map((_, i) => i),
    [
      numberColumn("Lead, h", (i) => leadHours[i]),
      numberColumn("n", (i) => formatCount(n[i]!)),
      numberColumn("Ours", (i) => formatDifference(maeC[i]!, unit, 2)),
      numberColumn(name, (i) => formatDifference(guidanceC[i]!, unit, 2)),
      numberColumn("Difference", (i) => bound(maeC[i]! - guidanceC[i]!)),
      numberColumn("95 % interval", (i) => interval(testedAt(i))),
      numberColumn("Skill", (i) => formatPercent(skillScore(maeC[i]!, guidanceC[i]!))),
    ],
  );
}

/**
 * A sentence for each source of guidance: at which leads the published forecast is better and worse over the same hours, and
 * where that is significant; null without guidance.
 */
export function guidanceVerdict(
  data: StationEvaluation,
  { variable = "temperature" }: ScoreOptions = {},
): string | null {
  const sentences = comparedSources(data, { variable }).map((scores) => {
    const { source, leadHours, maeC, guidanceC } = scores;
    const tested = data.differences.filter((row) => row.variable === variable && row.model === source);
    const leadsOf = (rows: readonly ScoreDifference[]) => rows.map((row) => row.leadHours);
    const [surelyBetter, surelyWorse] = [
      leadsOf(tested.filter(({ differenceHigh }) => differenceHigh < 0)),
      leadsOf(tested.filter(({ differenceLow }) => differenceLow > 0)),
    ];
    const better = leadHours.filter((_, i) => maeC[i]! < guidanceC[i]!);
    const worse = leadHours.filter((lead) => !better.includes(lead));
    const phrase = sourcePhrase(scores);
    const parts: string[] = [];
    if (better.length > 0) parts.push(`Better than ${phrase} ${ahead(better, surelyBetter, worse.length === 0)}`);
    if (worse.length > 0) parts.push(`Worse than ${phrase} ${ahead(worse, surelyWorse, better.length === 0)}`);
    return `${parts.join(". ")}${tested.length === 0 ? "; too few days are scored to test the difference" : ""}.`;
  });
  return sentences.length === 0 ? null : sentences.join(" ");
}

/** "1, 3 and 6 h ahead, significantly 1 h ahead" */
function ahead(leads: readonly number[], significant: readonly number[], isEvery: boolean): string {
  const where = (some: readonly number[]) => `${listed(some.map(String))} h ahead`;
  const own = leads.filter((lead) => significant.includes(lead));
  const all = isEvery ? "at every lead compared" : where(leads);
  if (own.length === 0) return all;
  return own.length === leads.length ? `${all}, each time significantly` : `${all}, significantly ${where(own)}`;
}
