import { type GuidanceSource, guidanceSources, type ModelName, type Variable } from "../../model/vocabulary.js";
import { groupBy } from "../../shared/groupBy.js";
import type { GuidanceScores, ScoresByLead, StationEvaluation } from "../../shared/published/stationEvaluation.js";
import { modelPhrase, modelStyle } from "../chart/modelStyle.js";
import { dataTable, numberColumn } from "../ui/dataTable.js";
import { html } from "../ui/html.js";
import { differenceInUnit, formatCount, formatDifference, formatPercent, formatSigned, listed } from "../ui/units.js";
import { type Comparison, comparisonsOf, hoursAhead, isSignificant, isWorse } from "./comparisons.js";
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

/** What guidance is and how it is compared, or why it is not. */
export function guidanceIntroduction(
  { live }: Pick<StationEvaluation, "live">,
  sources: readonly GuidanceScores[],
): HTMLElement {
  const below = (text: string) => html`<a href="#live-forecasts">${text}</a>`;
  if (sources.length > 0)
    return html`<p>Guidance is what weather models and services forecast: the National Blend of Models (NBM), the hourly forecast
    of the National Weather Service (NWS), or an imported archive. Ours learns from guidance that was public in an earlier
    hour, and is compared with just that, over the same hours. Replayed hours, from before this site went live, are included;
    ${below("live forecasts")} are also compared separately.</p>`;
  return live.length > 0
    ? html`<p>Only ${below("live forecasts")} are compared with guidance (forecasts by weather models and services) here.</p>`
    : html`<p>No guidance (forecasts by weather models and services) is known for this station: it is forecast from observations alone and compared with the baselines below.</p>`;
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
  const rows = comparisonsOf(data, variable).filter(({ model }) => model === source);
  const at = (i: number) => rows.find((row) => row.leadHours === leadHours[i])!;
  const bound = (celsius: number) => formatSigned(differenceInUnit(celsius, unit), 2);
  const interval = (row: Comparison) => {
    if (row.intervalC === null) return html`<span class="muted">needs 30 days</span>`;
    const text = row.intervalC.map(bound).join(" to ");
    if (!isSignificant(row)) return html`<span class="muted">${text}</span>`;
    return isWorse(row) ? html`<strong class="worse">${text}</strong>` : text;
  };
  const name = source === "other" ? scores.name : modelStyle(source).label;
  return dataTable(
    `All forecasts compared with ${sourcePhrase(scores)}, °${unit}`,
    leadHours.map((_, i) => i),
    [
      numberColumn("Lead, h", (i) => leadHours[i]),
      numberColumn("n", (i) => formatCount(n[i]!)),
      numberColumn("Ours", (i) => formatDifference(maeC[i]!, unit, 2)),
      numberColumn(name, (i) => formatDifference(guidanceC[i]!, unit, 2)),
      numberColumn("Difference", (i) => bound(at(i).differenceC)),
      numberColumn("95 % interval", (i) => interval(at(i))),
      numberColumn("Skill", (i) => formatPercent(at(i).skill)),
    ],
  );
}

/**
 * At which leads the published forecast is better and worse than guidance over the same hours, and where that is significant:
 * one sentence for all sources with the same result; null without guidance.
 */
export function guidanceVerdict(
  data: StationEvaluation,
  { variable = "temperature" }: ScoreOptions = {},
): string | null {
  const all = comparisonsOf(data, variable);
  // One sentence for all sources with the same result.
  const names = new Map<string, string[]>();
  for (const of of comparedSources(data, { variable })) {
    const sentence = resultWords(
      all.filter(({ model }) => model === of.source),
      "$name",
    );
    names.set(sentence, [...(names.get(sentence) ?? []), sourcePhrase(of)]);
  }
  if (names.size === 0) return null;
  const sentences = [...names].map(([sentence, of]) => sentence.replaceAll("$name", listed(of)));
  return [...sentences, ...liveWords(data, variable)].join(" ");
}

/** Live forecasts compared with guidance over the same hours: too few to test. */
export function liveComparisons({ live }: StationEvaluation, variable: Variable): Comparison[] {
  return live
    .filter((row) => row.variable === variable)
    .flatMap(({ source, leadHours, n, maeC, guidanceC }) =>
      leadHours.map((lead, i) => ({
        ...{ model: source, leadHours: lead, n: n[i]!, intervalC: null },
        ...{ differenceC: maeC[i]! - guidanceC[i]!, skill: skillScore(maeC[i]!, guidanceC[i]!) },
      })),
    );
}

/** A sentence if live forecasts alone are worse than guidance somewhere, which replayed ones could hide. */
function liveWords(data: StationEvaluation, variable: Variable): string[] {
  const worse = groupBy(liveComparisons(data, variable).filter(isWorse), ({ model }) => model);
  const parts = [...worse].map(([model, rows]) => `${modelPhrase(model)} ${hoursAhead(rows)}`);
  return parts.length === 0 ? [] : [`Live forecasts alone are worse than ${listed(parts)}.`];
}

function resultWords(rows: readonly Comparison[], name: string): string {
  const part = (word: string, own: readonly Comparison[]) => {
    if (own.length === 0) return [];
    const sure = own.filter(isSignificant);
    const isSure = sure.length === own.length;
    const start = isSure ? `Significantly ${word}` : `${word[0]!.toUpperCase()}${word.slice(1)}`;
    const range = own.length === rows.length ? "at every lead compared" : hoursAhead(own);
    return [
      `${start} than ${name} ${range}${isSure || sure.length === 0 ? "" : `, significantly ${hoursAhead(sure)}`}`,
    ];
  };
  const parts = [
    ...part(
      "better",
      rows.filter((row) => !isWorse(row)),
    ),
    ...part("worse", rows.filter(isWorse)),
  ];
  const isTested = rows.some(({ intervalC }) => intervalC !== null);
  return `${parts.join(". ")}${isTested ? "" : "; too few days are scored to test the difference"}.`;
}
