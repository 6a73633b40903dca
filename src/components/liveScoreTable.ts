import type { ScoresByLead, StationEvaluation } from "../data/stationEvaluation.js";
import type { ModelName, Variable } from "../model/vocabulary.js";
import { dataTable } from "./dataTable.js";
import { html } from "./html.js";
import { skillScore } from "./scoresByModel.js";
import { formatCount, formatDifference, formatNumber, type TemperatureUnit } from "./units.js";

/** The forecast beside persistence, of those made on time; nothing of a station that none of them has come due at. */
export function onTimeTable(
  data: StationEvaluation,
  { unit = "C", variable = "temperature" }: { unit?: TemperatureUnit; variable?: Variable } = {},
): HTMLElement {
  const columns = data.onTime.find((row) => row.variable === variable);
  if (!columns)
    return html`<p class="empty">No forecast made on time has come due yet: all that is scored was replayed.</p>`;
  const error = (values: number[]) => (i: number) => formatDifference(values[i]!, unit, 2);
  return dataTable(
    columns.leadHours.map((_, i) => i),
    [
      { heading: "Lead, h", cell: (i) => columns.leadHours[i] },
      { heading: "n", cell: (i) => formatCount(columns.n[i]!), numeric: true },
      { heading: "published forecast", cell: error(columns.maeC), numeric: true },
      { heading: "persistence", cell: error(columns.persistenceC), numeric: true },
      {
        heading: "skill against persistence",
        cell: (i) => `${formatNumber(skillScore(columns.maeC[i]!, columns.persistenceC[i]!) * 100, 0)} %`,
        numeric: true,
      },
    ],
    { label: `Made on time, °${unit}` },
  );
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

/** The forecast beside the National Weather Service's, of the same hours, as both were issued. */
export function liveScoreTable(
  data: StationEvaluation,
  { unit = "C", variable = "temperature" }: { unit?: TemperatureUnit; variable?: Variable } = {},
): HTMLElement {
  const columns = data.live.find((row) => row.variable === variable);
  if (!columns)
    return html`<p class="empty">No forecast of the National Weather Service has come due beside ours here. It speaks of stations in the United States, and is compared from the hour on at which this site went live: past ones are not kept for others.</p>`;
  const rows = columns.leadHours.map((leadHours, i) => ({
    leadHours,
    n: columns.n[i]!,
    maeC: columns.maeC[i]!,
    officialC: columns.officialC[i]!,
    persistenceC: columns.persistenceC[i]!,
  }));
  const error = (value: number) => formatDifference(value, unit, 2);
  return dataTable(
    rows,
    [
      { heading: "Lead, h", cell: ({ leadHours }) => leadHours },
      { heading: "n", cell: ({ n }) => formatCount(n), numeric: true },
      { heading: "published forecast", cell: ({ maeC }) => error(maeC), numeric: true },
      { heading: "weather service", cell: ({ officialC }) => error(officialC), numeric: true },
      { heading: "persistence", cell: ({ persistenceC }) => error(persistenceC), numeric: true },
      {
        heading: "skill against the service",
        cell: ({ maeC, officialC }) => `${formatNumber(skillScore(maeC, officialC) * 100, 0)} %`,
        numeric: true,
      },
    ],
    { label: `Beside the weather service, °${unit}` },
  );
}
