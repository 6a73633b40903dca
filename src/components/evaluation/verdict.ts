import { comparedBaselines, type ModelName, reportedLeads, type Variable } from "../../model/vocabulary.js";
import type { ScoreDifference, StationEvaluation } from "../../shared/published/stationEvaluation.js";
import { modelStyle, officialStyle } from "../chart/modelStyle.js";
import { html } from "../ui/html.js";
import { dateName, monthName } from "../ui/timeZone.js";
import { formatCount, formatNumber, type TemperatureUnit } from "../ui/units.js";
import { isOfOtherHours, isPersistence, type ScoreOfLead, scoresByModel, skillScore } from "./scoresByModel.js";
import { plusMinus } from "./skillByLeadChart.js";

/**
 * Where the published forecast did worse than another, and how surely; where it did better by more than chance explains;
 * its skill; period and n.
 */
export function verdict(
  data: StationEvaluation,
  { unit = "C", variable = "temperature" }: { unit?: TemperatureUnit; variable?: Variable } = {},
): HTMLElement {
  const byModel = scoresByModel(data.scores, variable);
  const published = byModel.get(data.model) ?? [];
  if (!data.period || published.length === 0)
    return html`<p class="lead">No forecast has come due yet, so nothing is scored.</p>`;
  const baselines = comparedBaselines.filter((baseline) => !isOfOtherHours(baseline));
  const behind = baselines.flatMap((model): { model: ModelName; words: string }[] => {
    const leads = leadsBehind(published, byModel.get(model) ?? []).filter((lead) => !isRepeated(model, lead));
    return leads.length === 0 ? [] : [{ model, words: `${nameOf(model)} ${ranges(leads)} h ahead` }];
  });
  // Errors of other hours than ours say nothing beside them.
  const live = data.live.find((row) => row.variable === variable);
  const leads = live?.leadHours.filter((_, i) => live.maeC[i]! > live.officialC[i]!) ?? [];
  if (leads.length > 0)
    behind.push({ model: "official", words: `${nameOf("official")} ${list(leads.map(String))} h ahead` });
  const day = published.find(({ leadHours }) => leadHours === 24);
  const skills = baselines.flatMap((model) => {
    const score = byModel.get(model)?.find(({ leadHours }) => leadHours === 24);
    if (!day || !score || isRepeated(model, 24)) return [];
    const name = model === "persistence" ? "persistence (24 h ahead also the same hour yesterday)" : nameOf(model);
    return [skillWords(day.maeC, score.maeC, name)];
  });
  const tested = data.differences.filter((row) => row.variable === variable && !isRepeated(row.model, row.leadHours));
  const scored = baselines.flatMap((model) =>
    (byModel.get(model) ?? [])
      .filter(({ leadHours }) => isReported(leadHours) && !isRepeated(model, leadHours))
      .map(({ leadHours }) => ({ model, leadHours })),
  );
  const better = tested.filter(({ differenceHigh }) => differenceHigh < 0);
  const isBetter = (one: { model: ModelName; leadHours: number }) =>
    better.some(({ model, leadHours }) => model === one.model && leadHours === one.leadHours);
  const isBest = behind.length === 0 && scored.every(isBetter) && tested.every(isBetter);
  const dayOfLive = live?.leadHours.indexOf(24) ?? -1;
  if (live && dayOfLive >= 0) {
    const hours = `over the ${formatCount(live.n[dayOfLive]!)} hours that it spoke of`;
    const words = skillWords(live.maeC[dayOfLive]!, live.officialC[dayOfLive]!, nameOf("official"));
    skills.push(`${words} ${hours}`);
  }
  const counts = published.map(({ n }) => n);
  return html`<p class="lead">${
    behind.length > 0
      ? html`<strong>Worse than ${list(behind.map(({ words }) => words))}.</strong>`
      : isBest
        ? html`<strong>Better than every baseline, by more than chance explains, ${list(leadsOf(tested))} h ahead.</strong>`
        : html`<strong>No baseline had the smaller error.</strong>`
  } ${howSure(
    tested,
    behind.map(({ model }) => model),
    { isLive: live !== undefined, unit },
  )} ${isBest ? "" : betterWords(better, tested)} ${skills.length > 0 ? `Skill 24 h ahead: ${list(skills)}.` : ""}
    <span class="muted">Scored from ${monthName(data.period.firstMonth)} to ${dateName(data.period.through, "UTC")},
    ${formatCount(Math.min(...counts))} to ${formatCount(Math.max(...counts))} forecasts a lead.</span></p>`;
}

function nameOf(model: ModelName): string {
  return model === "official" ? `the ${officialStyle.label}` : modelStyle(model).label;
}

function skillWords(maeC: number, otherC: number, name: string): string {
  return `${formatNumber(skillScore(maeC, otherC) * 100, 0)} % against ${name}`;
}

/** Of what is worse at the reported leads, what chance would not explain; of which too little is known to tell. */
function howSure(
  tested: readonly ScoreDifference[],
  behind: readonly ModelName[],
  { isLive, unit }: { isLive: boolean; unit: TemperatureUnit },
): string {
  const worse = tested.filter(({ difference }) => difference > 0);
  const sure = worse.filter(({ differenceLow }) => differenceLow > 0);
  const compared = new Set<ModelName>([...behind, ...(isLive ? (["official"] as const) : [])]);
  const untested = [...compared].filter((model) => !tested.some((row) => row.model === model));
  const doubtful = [...new Set(worse.map(({ model }) => model))].filter((model) => behind.includes(model));
  const said: string[] = [];
  if (sure.length > 0) {
    const parts = sure.map(
      ({ model, leadHours, ...row }) =>
        `${plusMinus(row, unit)} °${unit} ${leadHours} h ahead against ${nameOf(model)}`,
    );
    said.push(`More than chance explains: ${list(parts)}.`);
  } else if (doubtful.length > 0) {
    const all = doubtful.length === behind.length;
    said.push(`Chance alone could explain ${all ? "that" : `it against ${list(doubtful.map(nameOf))}`}.`);
  }
  if (untested.length > 0) said.push(`Too few days are scored to tell against ${list(untested.map(nameOf))}.`);
  return said.join(" ");
}

/** Where the published forecast is better by more than chance explains; and that it is not where it can't be told. */
function betterWords(better: readonly ScoreDifference[], tested: readonly ScoreDifference[]): string {
  if (tested.length === 0) return "Too few days are scored to tell whether it is better than any.";
  const models = comparedBaselines.filter((model) => better.some((row) => row.model === model));
  if (models.length === 0) return "Nowhere is it better by more than chance could explain.";
  const byLeads = new Map<string, ModelName[]>();
  for (const model of models) {
    const own = tested.filter((row) => row.model === model);
    const leads = leadsOf(own.filter((row) => better.includes(row)));
    const where = leads.length === leadsOf(own).length ? "at every lead compared" : `${list(leads)} h ahead`;
    byLeads.set(where, [...(byLeads.get(where) ?? []), model]);
  }
  const parts = [...byLeads].map(([where, models]) => `${list(models.map(nameOf))} ${where}`);
  return `Better, by more than chance explains, than ${parts.join("; than ")}.`;
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

/** Whether another baseline says the same at this lead, and is counted. */
function isRepeated(model: ModelName, leadHours: number): boolean {
  return model !== "persistence" && isPersistence(model, leadHours);
}

function isReported(leadHours: number): boolean {
  return (reportedLeads as readonly number[]).includes(leadHours);
}

/** "1, 3–5 and 9" */
function ranges(leads: readonly number[]): string {
  const runs: [number, number][] = [];
  for (const lead of leads) {
    const last = runs.at(-1);
    if (last && last[1] === lead - 1) last[1] = lead;
    else runs.push([lead, lead]);
  }
  return list(runs.map(([first, last]) => (first === last ? `${first}` : `${first}–${last}`)));
}

function list(parts: readonly string[]): string {
  return parts.length < 2 ? parts.join("") : `${parts.slice(0, -1).join(", ")} and ${parts.at(-1)}`;
}
