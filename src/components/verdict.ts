import type { StationEvaluation } from "../data/stationEvaluation.js";
import { rivals, type Variable } from "../model/vocabulary.js";
import { plusMinus } from "./differenceTable.js";
import { html } from "./html.js";
import { modelStyle, officialStyle } from "./modelStyle.js";
import { scoresByModel, skillScore } from "./scoresByModel.js";
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
  const worse = rivals.flatMap((rival) => {
    const leads = leadsWhere(published, byModel.get(rival) ?? [], (skill) => skill < 0);
    return leads.length === 0 ? [] : [`${modelStyle(rival).label} ${ranges(leads)} h ahead`];
  });
  const live = data.live.find((row) => row.variable === variable);
  const behind = live?.leadHours.filter((_, i) => live.maeC[i]! > live.officialC[i]!) ?? [];
  if (behind.length > 0) worse.push(`the ${officialStyle.label} ${list(behind.map(String))} h ahead`);
  const day = published.find(({ leadHours }) => leadHours === 24);
  const skills = rivals.flatMap((rival) => {
    const score = byModel.get(rival)?.find(({ leadHours }) => leadHours === 24);
    return day && score
      ? [`${formatNumber(skillScore(day.maeC, score.maeC) * 100, 0)} % against ${modelStyle(rival).label}`]
      : [];
  });
  const counts = published.map(({ n }) => n);
  return html`<p class="lead">${
    worse.length > 0
      ? html`<strong>Worse than ${list(worse)}.</strong>`
      : html`<strong>Better than every baseline at every lead.</strong>`
  } ${howSure(data, variable, unit)} ${skills.length > 0 ? `Skill 24 h ahead: ${list(skills)}.` : ""}
    <span class="muted">Scored from ${monthName(data.period.firstMonth)} to ${dateName(data.period.through, "UTC")},
    ${formatCount(Math.min(...counts))} to ${formatCount(Math.max(...counts))} forecasts a lead.</span></p>`;
}

/** Of what is worse at the reported leads, what chance would not explain. */
function howSure(data: StationEvaluation, variable: Variable, unit: TemperatureUnit): string {
  const worse = data.differences.filter((row) => row.variable === variable && row.difference > 0);
  if (worse.length === 0) return "";
  const sure = worse.filter(({ differenceLow }) => differenceLow > 0);
  if (sure.length === 0) return "Chance alone could explain that.";
  const parts = sure.map(
    ({ model, leadHours, ...row }) =>
      `${plusMinus(row, unit)} °${unit} ${leadHours} h ahead against ${modelStyle(model).label}`,
  );
  return `More than chance explains: ${list(parts)}.`;
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
