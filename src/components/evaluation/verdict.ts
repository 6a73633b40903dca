import { comparedBaselines, type ModelName } from "../../model/vocabulary.js";
import { groupBy } from "../../shared/groupBy.js";
import type { StationEvaluation } from "../../shared/published/stationEvaluation.js";
import { modelPhrase } from "../chart/modelStyle.js";
import { html } from "../ui/html.js";
import { dateName, monthName } from "../ui/timeZone.js";
import { counted, formatCount, formatPercent, listed, type TemperatureUnit } from "../ui/units.js";
import { type Comparison, comparisonsOf, hoursAhead, isSignificant, isWorse } from "./comparisons.js";
import { comparedSources, guidanceVerdict, liveComparisons, sourcePhrase } from "./guidanceScores.js";
import { countRange, isGuidance, type ScoreOptions, scoresByModel } from "./scoresByModel.js";
import { plusMinus } from "./skillByLeadChart.js";

/**
 * A summary in words of the rows in the tables: first the comparison with guidance, then where the published forecast is
 * worse than a baseline, whether that is significant, where it is significantly better, its skill, the period and n.
 */
export function verdict(
  data: StationEvaluation,
  { unit = "C", variable = "temperature" }: ScoreOptions = {},
): HTMLElement {
  const published = scoresByModel(data.scores, variable).get(data.model) ?? [];
  if (!data.period || published.length === 0) return html`<p class="lead">${nothingScored(data)}</p>`;
  const guidance = guidanceVerdict(data, { variable });
  const rows = comparisonsOf(data, variable).filter((row) => !isGuidance(row.model) && !isDuplicate(row));
  // Guidance that is compared only live is a baseline among others.
  const live = guidance === null ? liveComparisons(data, variable) : [];
  const sentences = [significance([...rows, ...live], unit), betterWords(rows), skillWords(data, rows, live, variable)];
  return html`<p class="lead">${guidance === null ? "" : html`<span><strong>${guidance}</strong> </span>`}<strong>${headline([...rows, ...live])}</strong>
    ${sentences.filter((sentence) => sentence !== "").join(" ")}
    <span class="muted">Scored from ${monthName(data.period.firstMonth)} to ${dateName(data.period.through, "UTC")},
    ${countRange(published.map(({ n }) => n))} forecasts per lead.${spinUpWords(data)}</span></p>`;
}

function nothingScored({ spinUp }: StationEvaluation): string {
  if (spinUp === null) return "No forecast has come due yet, so nothing is scored.";
  return `Nothing is scored in this period. ${counted(spinUp.hours, "hour")} before ${dateName(spinUp.until, "UTC")} are spin-up, in which the model had learned little: choose the period that includes it to see their scores.`;
}

function spinUpWords({ spinUp }: StationEvaluation): string {
  if (spinUp === null) return "";
  return ` The spin-up before ${dateName(spinUp.until, "UTC")} is left out: ${counted(spinUp.hours, "hour")} in which the model had learned little.`;
}

/** At leads of whole days, the same hour yesterday is the newest observation, as in persistence. */
function isDuplicate({ model, leadHours }: Comparison): boolean {
  return model === "seasonalNaive" && leadHours % 24 === 0;
}

/** Where the published forecast is worse, or that it is nowhere. */
function headline(rows: readonly Comparison[]): string {
  const worse = [...groupBy(rows.filter(isWorse), ({ model }) => model)];
  if (worse.length > 0)
    return `Worse than ${listed(worse.map(([model, own]) => `${modelPhrase(model)} ${hoursAhead(own)}`))}.`;
  return isBest(rows)
    ? "Significantly better than every baseline at every lead compared."
    : "No baseline has a smaller error.";
}

function isBest(rows: readonly Comparison[]): boolean {
  return rows.length > 0 && rows.every((row) => !isWorse(row) && isSignificant(row));
}

/** Which of the worse results are significant, and which models have too few days to test. */
function significance(rows: readonly Comparison[], unit: TemperatureUnit): string {
  const worse = rows.filter(isWorse);
  const significant = worse.filter(isSignificant);
  const tested = modelsOf(worse.filter(({ intervalC }) => intervalC !== null));
  const untested = modelsOf([...worse, ...rows.filter(({ model }) => isGuidance(model))]).filter((model) =>
    rows.every((row) => row.model !== model || row.intervalC === null),
  );
  const sentences: string[] = [];
  if (significant.length > 0) {
    const parts = significant.map(
      (row) => `${plusMinus(row, unit)} °${unit} ${hoursAhead([row])} against ${modelPhrase(row.model)}`,
    );
    sentences.push(`Significant: ${listed(parts)}.`);
  } else if (tested.length > 0) {
    const all = tested.length === modelsOf(worse).length;
    sentences.push(`The difference${all ? "" : ` from ${listed(tested.map(modelPhrase))}`} is not significant.`);
  }
  if (untested.length > 0)
    sentences.push(`Too few days are scored to test the difference from ${listed(untested.map(modelPhrase))}.`);
  return sentences.join(" ");
}

function modelsOf(rows: readonly Comparison[]): ModelName[] {
  return comparedBaselines.filter((model) => rows.some((row) => row.model === model));
}

/** Where the published forecast is significantly better; empty if the headline says that it is everywhere. */
function betterWords(rows: readonly Comparison[]): string {
  if (isBest(rows)) return "";
  const tested = rows.filter(({ intervalC }) => intervalC !== null);
  if (tested.length === 0) return "Too few days are scored to test whether it is better.";
  const better = tested.filter((row) => !isWorse(row) && isSignificant(row));
  if (better.length === 0) return "It is not significantly better than any baseline.";
  const byLeads = new Map<string, ModelName[]>();
  for (const model of modelsOf(better)) {
    const own = better.filter((row) => row.model === model);
    const isEverywhere = own.length === tested.filter((row) => row.model === model).length;
    const where = isEverywhere ? "at every lead compared" : hoursAhead(own);
    byLeads.set(where, [...(byLeads.get(where) ?? []), model]);
  }
  const parts = [...byLeads].map(([where, models]) => `${listed(models.map(modelPhrase))} ${where}`);
  return `Significantly better than ${parts.join("; than ")}.`;
}

/** Skill a day ahead against persistence, climatology and guidance. */
function skillWords(
  data: StationEvaluation,
  rows: readonly Comparison[],
  live: readonly Comparison[],
  variable: NonNullable<ScoreOptions["variable"]>,
): string {
  const dayAhead = (all: readonly Comparison[], model: ModelName) =>
    all.find((row) => row.leadHours === 24 && row.model === model);
  const words = (row: Comparison | undefined, name: string, hours = "") =>
    row ? [`${formatPercent(row.skill)} against ${name}${hours}`] : [];
  const all = comparisonsOf(data, variable);
  const parts = [
    ...words(dayAhead(rows, "persistence"), "persistence (24 h ahead, the same hour yesterday)"),
    ...words(dayAhead(rows, "climatology"), modelPhrase("climatology")),
    ...comparedSources(data, { variable }).flatMap((of) => words(dayAhead(all, of.source), sourcePhrase(of))),
    ...modelsOf(live).flatMap((model) => {
      const row = dayAhead(live, model);
      return words(row, modelPhrase(model), ` over the ${formatCount(row?.n ?? 0)} hours that both forecast`);
    }),
  ];
  return parts.length === 0 ? "" : `Skill 24 h ahead: ${listed(parts)}.`;
}
