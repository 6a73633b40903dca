import type { ModelName, Variable } from "../../model/vocabulary.js";
import type { OnTimeScores, ScoresByLead, StationEvaluation } from "../../shared/published/stationEvaluation.js";
import { dataTable } from "../ui/dataTable.js";
import { html } from "../ui/html.js";
import { formatCount, formatDifference, formatNumber, type TemperatureUnit } from "../ui/units.js";
import { skillScore } from "./scoresByModel.js";

export interface LiveScoreOptions {
  unit?: TemperatureUnit;
  variable?: Variable;
}

/** The forecast beside persistence, of those made on time. */
export function onTimeTable(
  data: StationEvaluation,
  { unit = "C", variable = "temperature" }: LiveScoreOptions = {},
): HTMLElement {
  const columns = data.onTime.find((row) => row.variable === variable);
  if (!columns)
    return html`<p class="empty">No forecast made on time has come due yet: all that is scored was replayed.</p>`;
  return besideTable(columns, [["persistence", columns.persistenceC]], {
    ...{ unit, label: "Made on time", skill: "skill against persistence" },
  });
}

/** The forecast beside the National Weather Service's, of the same hours, as both were issued. */
export function liveScoreTable(
  data: StationEvaluation,
  { unit = "C", variable = "temperature" }: LiveScoreOptions = {},
): HTMLElement {
  const columns = data.live.find((row) => row.variable === variable);
  if (!columns)
    return html`<p class="empty">No forecast of the National Weather Service has come due beside ours here. It speaks of stations in the United States, and is compared from the hour on at which this site went live: past ones are not kept for others.</p>`;
  const others: [string, number[]][] = [
    ["weather service", columns.officialC],
    ["persistence", columns.persistenceC],
  ];
  return besideTable(columns, others, {
    ...{ unit, label: "Beside the weather service", skill: "skill against the service" },
  });
}

/** Errors of the same hours as the weather service's, as a chart takes them; empty where it has not been heard. */
export function besideService(data: StationEvaluation): StationEvaluation {
  const scores = data.live.flatMap(({ variable, leadHours, n, maeC, officialC, persistenceC }): ScoresByLead[] =>
    Object.entries({ [data.model]: maeC, official: officialC, persistence: persistenceC }).map(([model, errors]) => ({
      ...{ variable, model: model as ModelName, leadHours, n, maeC: errors },
    })),
  );
  return { ...data, scores };
}

/**
 * Errors by lead, °C, beside those of others.
 * @param skill heading of the skill, which is against the first of these
 */
function besideTable(
  { leadHours, n, maeC }: OnTimeScores,
  others: readonly [heading: string, maeC: readonly number[]][],
  { unit, label, skill }: { unit: TemperatureUnit; label: string; skill: string },
): HTMLElement {
  const numeric = true;
  const error = (heading: string, values: readonly number[]) => ({
    ...{ heading, numeric, cell: (i: number) => formatDifference(values[i]!, unit, 2) },
  });
  const [[, first]] = others as [[string, readonly number[]]];
  return dataTable(
    leadHours.map((_, i) => i),
    [
      { heading: "Lead, h", cell: (i) => leadHours[i] },
      { heading: "n", cell: (i) => formatCount(n[i]!), numeric },
      error("published forecast", maeC),
      ...others.map(([heading, values]) => error(heading, values)),
      { heading: skill, cell: (i) => `${formatNumber(skillScore(maeC[i]!, first[i]!) * 100, 0)} %`, numeric },
    ],
    { label: `${label}, °${unit}` },
  );
}
