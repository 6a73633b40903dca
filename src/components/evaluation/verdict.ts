import { groups } from "d3";
import { comparedBaselines, type ModelName, reportedLeads } from "../../model/vocabulary.js";
import type { ScoreDifference, StationEvaluation } from "../../shared/published/stationEvaluation.js";
import { modelPhrase } from "../chart/modelStyle.js";
import { html } from "../ui/html.js";
import { dateName, monthName } from "../ui/timeZone.js";
import { formatCount, formatPercent, listed, type TemperatureUnit } from "../ui/units.js";
import { comparedSources, guidanceVerdict, sourcePhrase } from "./guidanceScores.js";
import {
  countRange,
  isGuidance,
  type ScoreOfLead,
  type ScoreOptions,
  scoresByModel,
  skillScore,
} from "./scoresByModel.js";
import { plusMinus } from "./skillByLeadChart.js";

/**
 * A summary in words: first the comparison with guidance, then where the published forecast is worse than another, whether that is significant, where it is
 * significantly better, its skill, the period and n.
 */
export function verdict(
  data: StationEvaluation,
  { unit = "C", variable = "temperature" }: ScoreOptions = {},
): HTMLElement {
  const byModel = scoresByModel(data.scores, variable);
  const published = byModel.get(data.model) ?? [];
  if (!data.period || published.length === 0)
    return html`<p class="lead">No forecast has come due yet, so nothing is scored.</p>`;
  const baselines = comparedBaselines.filter((baseline) => !isGuidance(baseline));
  const behind = baselines.flatMap((model): { model: ModelName; words: string }[] => {
    const leads = leadsBehind(published, byModel.get(model) ?? []).filter((lead) => !isDuplicate(model, lead));
    return leads.length === 0 ? [] : [{ model, words: `${modelPhrase(model)} ${ranges(leads)} h ahead` }];
  });
  const guidance = guidanceVerdict(data, { variable });
  // Guidance that is compared only live is a baseline among others.
  const live = guidance === null ? data.live.filter((row) => row.variable === variable) : [];
  for (const { source, leadHours, maeC, guidanceC } of live) {
    const leads = leadHours.filter((_, i) => maeC[i]! > guidanceC[i]!);
    if (leads.length > 0)
      behind.push({ model: source, words: `${modelPhrase(source)} ${listed(leads.map(String))} h ahead` });
  }
  const day = published.find(({ leadHours }) => leadHours === 24);
  const skills = baselines.flatMap((model) => {
    const score = byModel.get(model)?.find(({ leadHours }) => leadHours === 24);
    // What the network gains is said separately.
    if (!day || !score || isDuplicate(model, 24) || model === "ownHistory") return [];
    const name = model === "persistence" ? "persistence (24 h ahead, the same hour yesterday)" : modelPhrase(model);
    return [skillWords(day.maeC, score.maeC, name)];
  });
  for (const scores of comparedSources(data, { variable })) {
    const at = scores.leadHours.indexOf(24);
    if (at >= 0) skills.push(skillWords(scores.maeC[at]!, scores.guidanceC[at]!, sourcePhrase(scores)));
  }
  const tested = data.differences.filter(
    (row) =>
      row.variable === variable &&
      !isDuplicate(row.model, row.leadHours) &&
      (guidance === null || !isGuidance(row.model)),
  );
  const scored = baselines.flatMap((model) =>
    (byModel.get(model) ?? [])
      .filter(({ leadHours }) => isReported(leadHours) && !isDuplicate(model, leadHours))
      .map(({ leadHours }) => ({ model, leadHours })),
  );
  const better = tested.filter(({ differenceHigh }) => differenceHigh < 0);
  const isBetter = (one: { model: ModelName; leadHours: number }) =>
    better.some(({ model, leadHours }) => model === one.model && leadHours === one.leadHours);
  const isBest = behind.length === 0 && scored.every(isBetter) && tested.every(isBetter);
  for (const { source, leadHours, n, maeC, guidanceC } of live) {
    const at = leadHours.indexOf(24);
    if (at < 0) continue;
    const words = skillWords(maeC[at]!, guidanceC[at]!, modelPhrase(source));
    skills.push(`${words} over the ${formatCount(n[at]!)} hours that both forecast`);
  }
  const counts = published.map(({ n }) => n);
  return html`<p class="lead">${guidance === null ? "" : html`<span><strong>${guidance}</strong> </span>`}${
    behind.length > 0
      ? html`<strong>Worse than ${listed(behind.map(({ words }) => words))}.</strong>`
      : isBest
        ? html`<strong>Significantly better than every baseline ${listed(leadsOf(tested))} h ahead.</strong>`
        : html`<strong>No baseline has a smaller error.</strong>`
  } ${significanceWords(
    tested,
    behind.map(({ model }) => model),
    { live: live.map(({ source }) => source), unit },
  )} ${isBest ? "" : betterWords(better, tested)} ${skills.length > 0 ? `Skill 24 h ahead: ${listed(skills)}.` : ""}
    <span class="muted">Scored from ${monthName(data.period.firstMonth)} to ${dateName(data.period.through, "UTC")},
    ${countRange(counts)} forecasts per lead.</span></p>`;
}

function skillWords(maeC: number, otherC: number, name: string): string {
  return `${formatPercent(skillScore(maeC, otherC))} against ${name}`;
}

/** Which of the worse results at the reported leads are significant, and which have too few days to test. */
function significanceWords(
  tested: readonly ScoreDifference[],
  behind: readonly ModelName[],
  { live, unit }: { live: readonly ModelName[]; unit: TemperatureUnit },
): string {
  const worse = tested.filter(({ difference }) => difference > 0);
  const significant = worse.filter(({ differenceLow }) => differenceLow > 0);
  const compared = new Set<ModelName>([...behind, ...live]);
  const untested = [...compared].filter((model) => !tested.some((row) => row.model === model));
  const insignificant = [...new Set(worse.map(({ model }) => model))].filter((model) => behind.includes(model));
  const sentences: string[] = [];
  if (significant.length > 0) {
    const parts = significant.map(
      ({ model, leadHours, ...row }) =>
        `${plusMinus(row, unit)} °${unit} ${leadHours} h ahead against ${modelPhrase(model)}`,
    );
    sentences.push(`Significant: ${listed(parts)}.`);
  } else if (insignificant.length > 0) {
    const all = insignificant.length === behind.length;
    sentences.push(`The difference${all ? "" : ` from ${listed(insignificant.map(modelPhrase))}`} is not significant.`);
  }
  if (untested.length > 0)
    sentences.push(`Too few days are scored to test the difference from ${listed(untested.map(modelPhrase))}.`);
  return sentences.join(" ");
}

/** Where the published forecast is significantly better. */
function betterWords(better: readonly ScoreDifference[], tested: readonly ScoreDifference[]): string {
  if (tested.length === 0) return "Too few days are scored to test whether it is better.";
  const models = comparedBaselines.filter((model) => better.some((row) => row.model === model));
  if (models.length === 0) return "It is not significantly better than any baseline.";
  const byLeads = new Map<string, ModelName[]>();
  for (const model of models) {
    const own = tested.filter((row) => row.model === model);
    const leads = leadsOf(own.filter((row) => better.includes(row)));
    const where = leads.length === leadsOf(own).length ? "at every lead compared" : `${listed(leads)} h ahead`;
    byLeads.set(where, [...(byLeads.get(where) ?? []), model]);
  }
  const parts = [...byLeads].map(([where, models]) => `${listed(models.map(modelPhrase))} ${where}`);
  return `Significantly better than ${parts.join("; than ")}.`;
}

/** The leads at which a baseline has the smaller error. */
function leadsBehind(published: readonly ScoreOfLead[], baseline: readonly ScoreOfLead[]): number[] {
  return published.flatMap(({ leadHours, maeC }) => {
    const other = baseline.find((score) => score.leadHours === leadHours);
    return other && skillScore(maeC, other.maeC) < 0 ? [leadHours] : [];
  });
}

function leadsOf(rows: readonly ScoreDifference[]): string[] {
  return [...new Set(rows.map(({ leadHours }) => leadHours))].sort((a, b) => a - b).map(String);
}

/** At leads of whole days, the same hour yesterday is the newest observation, as in persistence. */
function isDuplicate(model: ModelName, leadHours: number): boolean {
  return model === "seasonalNaive" && leadHours % 24 === 0;
}

function isReported(leadHours: number): boolean {
  return (reportedLeads as readonly number[]).includes(leadHours);
}

/** "1, 3–5 and 9" */
function ranges(leads: readonly number[]): string {
  const runs = groups(leads, (lead, i) => lead - i).map(([, run]) => run);
  return listed(runs.map((run) => (run.length === 1 ? `${run[0]}` : `${run[0]}–${run.at(-1)}`)));
}
