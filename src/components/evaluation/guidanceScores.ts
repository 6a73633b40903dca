import { type GuidanceSource, guidanceSources, type ModelName, type Variable } from "../../model/vocabulary.js";
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
    `All forecasts compared with ${sourcePhrase(scores)}, °${unit}`,
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
 * At which leads the published forecast is better and worse than guidance over the same hours, and where that is significant:
 * one sentence for all sources with the same result; null without guidance.
 */
export function guidanceVerdict(
  data: StationEvaluation,
  { variable = "temperature" }: ScoreOptions = {},
): string | null {
  const phrases = new Map<string, string[]>();
  for (const scores of comparedSources(data, { variable })) {
    const tested = data.differences.filter((row) => row.variable === variable && row.model === scores.source);
    const result = JSON.stringify(resultOf(scores, tested));
    phrases.set(result, [...(phrases.get(result) ?? []), sourcePhrase(scores)]);
  }
  if (phrases.size === 0) return null;
  const sentences = [...phrases].map(([result, names]) => resultWords(JSON.parse(result), listed(names)));
  return [...sentences, ...liveWords(data, variable)].join(" ");
}

/** A sentence if live forecasts alone are worse than guidance somewhere, which replayed ones could hide. */
function liveWords({ live }: StationEvaluation, variable: Variable): string[] {
  const worse = live
    .filter((row) => row.variable === variable)
    .flatMap(({ source, leadHours, maeC, guidanceC }) => {
      const leads = leadHours.filter((_, i) => maeC[i]! > guidanceC[i]!);
      return leads.length === 0 ? [] : [`${modelPhrase(source)} ${hoursAhead(leads)}`];
    });
  return worse.length === 0 ? [] : [`Live forecasts alone are worse than ${listed(worse)}.`];
}

function hoursAhead(leads: readonly number[]): string {
  return `${listed(leads.map(String))} h ahead`;
}

/** Leads at which the published forecast is better and worse, and those of each that are significant. */
interface ComparisonResult {
  better: number[];
  worse: number[];
  significant: number[];
  isTested: boolean;
}

function resultOf(
  { leadHours, maeC, guidanceC }: GuidanceScores,
  tested: readonly ScoreDifference[],
): ComparisonResult {
  const better = leadHours.filter((_, i) => maeC[i]! < guidanceC[i]!);
  return {
    better,
    worse: leadHours.filter((lead) => !better.includes(lead)),
    significant: tested
      .filter(({ differenceLow, differenceHigh }) => differenceHigh < 0 || differenceLow > 0)
      .map((row) => row.leadHours),
    isTested: tested.length > 0,
  };
}

function resultWords({ better, worse, significant, isTested }: ComparisonResult, name: string): string {
  const part = (word: string, leads: readonly number[], others: readonly number[]) => {
    if (leads.length === 0) return [];
    const own = leads.filter((lead) => significant.includes(lead));
    const isSure = own.length === leads.length;
    const start = isSure ? `Significantly ${word}` : `${word[0]!.toUpperCase()}${word.slice(1)}`;
    const range = others.length === 0 ? "at every lead compared" : hoursAhead(leads);
    return [`${start} than ${name} ${range}${isSure || own.length === 0 ? "" : `, significantly ${hoursAhead(own)}`}`];
  };
  const parts = [...part("better", better, worse), ...part("worse", worse, better)];
  return `${parts.join(". ")}${isTested ? "" : "; too few days are scored to test the difference"}.`;
}
