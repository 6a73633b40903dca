import type { StationEvaluation } from "../data/stationEvaluation.js";
import type { ModelName, Variable } from "../model/vocabulary.js";
import { html } from "./html.js";
import { modelStyle } from "./modelStyle.js";
import { scoresByModel, skillScore } from "./scoresByModel.js";
import { dateName, monthName } from "./timeZone.js";
import { formatCount, formatNumber } from "./units.js";

/** Forecasts that cost nothing, or next to it. */
export const baselines: readonly ModelName[] = ["persistence", "seasonalNaive", "climatology", "blend"];

/** Where the published forecast did worse than a baseline, then by how much it was better elsewhere; period and n. */
export function verdict(
  data: StationEvaluation,
  { variable = "temperature" }: { variable?: Variable } = {},
): HTMLElement {
  const byModel = scoresByModel(data.scores, variable);
  const published = byModel.get(data.model) ?? [];
  if (!data.period || published.length === 0)
    return html`<p class="lead">No forecast has come due yet, so nothing is scored.</p>`;
  const worse = baselines.flatMap((baseline) => {
    const leads = leadsWhere(published, byModel.get(baseline) ?? [], (skill) => skill < 0);
    return leads.length === 0 ? [] : [`${modelStyle(baseline).label} ${ranges(leads)} h ahead`];
  });
  const day = published.find(({ leadHours }) => leadHours === 24);
  const skills = baselines.flatMap((baseline) => {
    const score = byModel.get(baseline)?.find(({ leadHours }) => leadHours === 24);
    return day && score
      ? [`${formatNumber(skillScore(day.maeC, score.maeC) * 100, 0)} % against ${modelStyle(baseline).label}`]
      : [];
  });
  const counts = published.map(({ n }) => n);
  return html`<p class="lead">${
    worse.length > 0
      ? html`<strong>Worse than ${list(worse)}.</strong>`
      : html`<strong>Better than every baseline at every lead.</strong>`
  } ${skills.length > 0 ? `Skill 24 h ahead: ${list(skills)}.` : ""}
    <span class="muted">Scored from ${monthName(data.period.firstMonth)} to ${dateName(data.period.through, "UTC")},
    ${formatCount(Math.min(...counts))} to ${formatCount(Math.max(...counts))} forecasts a lead.</span></p>`;
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
