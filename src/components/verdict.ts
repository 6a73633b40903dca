import type { StationEvaluation } from "../data/stationEvaluation.js";
import { type ModelName, rivals, type Variable } from "../model/vocabulary.js";
import { plusMinus } from "./differenceTable.js";
import { html } from "./html.js";
import { modelStyle, officialStyle } from "./modelStyle.js";
import { isOfOtherHours, scoresByModel, skillScore } from "./scoresByModel.js";
import { dateName, monthName } from "./timeZone.js";
import { formatCount, formatNumber, type TemperatureUnit } from "./units.js";

/** Where the published forecast did worse than another, and how surely; then by how much it was better; period and n. */
export function verdict(
  data: StationEvaluation,
  { unit = "C", variable = "temperature" }: { unit?: TemperatureUnit; variable?: Variable } = {},
): HTMLElement {
  const byModel = scoresByModel(data.scores, variable);
  const published = byModel.get(data.model) ?? [];
  if (!data.period || published.length === 0)
    return html`<p class="lead">No forecast has come due yet, so nothing is scored.</p>`;
  const baselines = rivals.filter((rival) => !isOfOtherHours(rival));
  const behind = baselines.flatMap((model): { model: ModelName; words: string }[] => {
    const leads = leadsWhere(published, byModel.get(model) ?? [], (skill) => skill < 0);
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
    return day && score ? [skillWords(day.maeC, score.maeC, nameOf(model))] : [];
  });
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
      : html`<strong>Better than every baseline at every lead.</strong>`
  } ${howSure(
    data,
    behind.map(({ model }) => model),
    { variable, unit },
  )} ${skills.length > 0 ? `Skill 24 h ahead: ${list(skills)}.` : ""}
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
  data: StationEvaluation,
  behind: readonly ModelName[],
  { variable, unit }: { variable: Variable; unit: TemperatureUnit },
): string {
  const tested = data.differences.filter((row) => row.variable === variable);
  const worse = tested.filter(({ difference }) => difference > 0);
  const sure = worse.filter(({ differenceLow }) => differenceLow > 0);
  const untested = behind.filter((model) => !tested.some((row) => row.model === model));
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

function leadsWhere(
  published: { leadHours: number; maeC: number }[],
  baseline: { leadHours: number; maeC: number }[],
  test: (skill: number) => boolean,
): number[] {
  return published.flatMap(({ leadHours, maeC }) => {
    const other = baseline.find((score) => score.leadHours === leadHours);
    return other && test(skillScore(maeC, other.maeC)) ? [leadHours] : [];
  });
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
