import { type ModelName, reportedLeads } from "../../model/vocabulary.js";
import type { ScoreDifference, StationEvaluation } from "../../shared/published/stationEvaluation.js";
import { foldedTable, numberColumn } from "../ui/dataTable.js";
import { html } from "../ui/html.js";
import { formatCount, formatDifference, formatNumber, formatPercent, listed } from "../ui/units.js";
import { type ScoreOptions, scoresByModel, skillScore } from "./scoresByModel.js";

/** The published forecast with the network, the same regression with it, and without it. */
const [oneRegression, without] = ["rls", "ownHistory"] as const satisfies readonly ModelName[];

/**
 * What the network gains at each lead: a sentence, and a table of the errors. Empty outside a network. Where the published
 * forecast also knows guidance, only the regressions tell what the network adds.
 */
export function networkGain(
  data: StationEvaluation,
  { unit = "C", variable = "temperature" }: ScoreOptions = {},
): HTMLElement {
  const byModel = scoresByModel(data.scores, variable);
  const scoreAt = (model: ModelName, lead: number) =>
    byModel.get(model)?.find(({ leadHours }) => leadHours === lead) ?? null;
  const maeAt = (model: ModelName, lead: number) => scoreAt(model, lead)?.maeC ?? null;
  const leads = reportedLeads.filter((lead) => maeAt(without, lead) !== null && maeAt(data.model, lead) !== null);
  if (leads.length === 0) return html`<div></div>`;
  const tested = data.differences.filter((row) => row.variable === variable && row.model === without);
  const testedAt = (lead: number) => tested.find(({ leadHours }) => leadHours === lead);
  const gain = (model: ModelName, lead: number) => {
    const [own, baseline] = [maeAt(model, lead), maeAt(without, lead)];
    return own === null || baseline === null ? null : skillScore(own, baseline);
  };
  const likeForLike = gain(oneRegression, 24);
  const hasGuidance = data.guidance.some((row) => row.variable === variable);
  const table = foldedTable(`Errors with and without the network, °${unit},`, leads, [
    numberColumn("Lead, h", (lead) => lead),
    numberColumn("Published forecast", (lead) => formatDifference(maeAt(data.model, lead), unit, 2)),
    numberColumn("One regression with the network", (lead) => formatDifference(maeAt(oneRegression, lead), unit, 2)),
    numberColumn("The same without it", (lead) => formatDifference(maeAt(without, lead), unit, 2)),
    hasGuidance
      ? numberColumn("Gain of the regression", (lead) => {
          const share = gain(oneRegression, lead);
          return share === null ? "" : formatPercent(share);
        })
      : numberColumn("Gain of the published forecast", (lead) => {
          const row = testedAt(lead);
          return row ? `${formatPercent(row.skill)} (${interval(row)})` : formatPercent(gain(data.model, lead)!);
        }),
    numberColumn("n", (lead) => formatCount(testedAt(lead)?.n ?? scoreAt(without, lead)!.n)),
  ]);
  const regressionWords =
    likeForLike === null
      ? ""
      : `One regression with the network of other stations has an error ${formatPercent(Math.abs(likeForLike))} ${likeForLike < 0 ? "larger" : "smaller"} 24 h ahead than the same without it.`;
  const text = hasGuidance
    ? html`<p>${regressionWords} <span class="muted">The published forecast is a mixture of several models, some of which also
    learn from guidance.</span></p>`
    : html`<p>${gainWords(tested)} <span class="muted">“Without the network” is one regression on this station’s own
    observations, while the published forecast is a mixture of several models. ${regressionWords}</span></p>`;
  return html`<div class="network-gain">
    ${text}
    ${table}
  </div>`;
}

/** Where the forecast with the network is significantly better or worse, and by how much at most. */
function gainWords(tested: readonly ScoreDifference[]): string {
  if (tested.length === 0) return "Too few days are scored to test what the network gains.";
  const better = tested.filter(({ differenceHigh }) => differenceHigh < 0);
  const worse = tested.filter(({ differenceLow }) => differenceLow > 0);
  const others = tested.filter((row) => !better.includes(row) && !worse.includes(row));
  const sentences: string[] = [];
  if (better.length > 0) {
    const most = better.reduce((best, row) => (row.skill > best.skill ? row : best));
    const where = better.length === tested.length ? "at every lead compared" : ahead(better);
    sentences.push(
      `With the network of other stations, errors are significantly smaller ${where}, most ${most.leadHours} h ahead: by ${formatPercent(most.skill)} (95 % interval ${interval(most)}).`,
    );
  }
  if (others.length > 0) sentences.push(`The network makes no significant difference ${ahead(others)}.`);
  if (worse.length > 0) sentences.push(`With the network, errors are significantly larger ${ahead(worse)}.`);
  return sentences.join(" ");
}

function ahead(rows: readonly ScoreDifference[]): string {
  return `${listed(rows.map(({ leadHours }) => String(leadHours)))} h ahead`;
}

function interval({ skillLow, skillHigh }: ScoreDifference): string {
  return `${formatNumber(skillLow * 100, 0)} to ${formatPercent(skillHigh)}`;
}
