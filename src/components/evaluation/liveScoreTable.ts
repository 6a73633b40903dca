import type { GuidanceSource, ModelName } from "../../model/vocabulary.js";
import type { OnTimeScores, ScoresByLead, StationEvaluation } from "../../shared/published/stationEvaluation.js";
import { modelPhrase, modelStyle } from "../chart/modelStyle.js";
import { dataTable, numberColumn, textColumn } from "../ui/dataTable.js";
import { html } from "../ui/html.js";
import { formatCount, formatDifference, formatPercent, listed, type TemperatureUnit } from "../ui/units.js";
import { type ScoreOptions, skillScore } from "./scoresByModel.js";

/** Errors of the live forecasts by lead, with those of persistence. */
export function liveScoreTable(
  data: StationEvaluation,
  { unit = "C", variable = "temperature" }: ScoreOptions = {},
): HTMLElement {
  const scores = data.onTime.find((row) => row.variable === variable);
  if (!scores) return html`<p class="empty">No live forecast has come due yet: all scored forecasts were replayed.</p>`;
  const table = comparisonTable(scores, [["persistence", scores.persistenceC]], {
    unit,
    label: "Live forecasts",
    skill: "Skill against persistence",
  });
  const { versions } = scores;
  if (versions.length < 2) return table;
  return html`<div>${table}<p class="small muted">Made by versions ${listed(versions.map(String))} of the model: an upgrade learns the history again, but the scores of forecasts that were published before it stay.</p></div>`;
}

/** Errors of the live forecast and of the guidance of each source on the same hours, by lead. */
export function guidanceScoreTables(
  data: StationEvaluation,
  { unit = "C", variable = "temperature" }: ScoreOptions = {},
): HTMLElement {
  const sources = data.live.filter((row) => row.variable === variable);
  if (sources.length === 0)
    return html`<p class="empty">No guidance has come due here yet. The comparison starts when this site goes live, and the sources cover the United States only.</p>`;
  return html`<div>${sources.map((scores) => {
    const { label } = modelStyle(scores.source);
    const others: [string, number[]][] = [
      [label, scores.guidanceC],
      ["persistence", scores.persistenceC],
    ];
    return comparisonTable(scores, others, {
      unit,
      label: `Compared with ${modelPhrase(scores.source)}`,
      skill: `Skill against ${label}`,
    });
  })}</div>`;
}

/** The errors on the hours that a source also forecast, as scores for a chart. */
export function guidanceComparison(data: StationEvaluation, source: GuidanceSource): StationEvaluation {
  const scores = data.live
    .filter((row) => row.source === source)
    .flatMap(({ variable, leadHours, n, maeC, guidanceC, persistenceC }): ScoresByLead[] =>
      Object.entries({ [data.model]: maeC, [source]: guidanceC, persistence: persistenceC }).map(([model, errors]) => ({
        variable,
        model: model as ModelName,
        leadHours,
        n,
        maeC: errors,
      })),
    );
  return { ...data, scores };
}

/**
 * Errors by lead, °C, of the published forecast and of others.
 * @param skill heading of the skill, which is against the first of the others
 */
function comparisonTable(
  { leadHours, n, maeC }: OnTimeScores,
  others: readonly [heading: string, maeC: readonly number[]][],
  { unit, label, skill }: { unit: TemperatureUnit; label: string; skill: string },
): HTMLElement {
  const errorColumn = (heading: string, values: readonly number[]) =>
    numberColumn(heading, (i: number) => formatDifference(values[i]!, unit, 2));
  const first = others[0]![1];
  return dataTable(
    `${label}, °${unit}`,
    leadHours.map((_, i) => i),
    [
      textColumn("Lead, h", (i) => leadHours[i]),
      numberColumn("n", (i) => formatCount(n[i]!)),
      errorColumn("published forecast", maeC),
      ...others.map(([heading, values]) => errorColumn(heading, values)),
      numberColumn(skill, (i) => formatPercent(skillScore(maeC[i]!, first[i]!))),
    ],
  );
}
