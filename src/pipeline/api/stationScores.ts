import { naiveBaselines, reportedLeads, variables } from "../../model/vocabulary.js";
import type { StationScores } from "../../shared/published/stationScores.js";
import type { StationSummary } from "../../shared/published/stationSummary.js";
import { evaluationPeriods, periodsTable } from "./evaluationPeriods.js";
import type { Published } from "./openPublished.js";

/** The scores of all stations by name of period. */
export async function stationScores(
  published: Published,
  stations: readonly StationSummary[],
): Promise<Map<string, StationScores>> {
  const { query, manifest } = published;
  const periods = await evaluationPeriods(published);
  const rows = await query<{
    period: string;
    stationId: string;
    variable: string;
    leadHours: number;
    n: number;
    maeC: number | null;
    naiveC: number | null;
  }>(
    `WITH ${periodsTable(periods, stations)}, errors AS (
       SELECT period, stationId, variable, leadHours, model, sum(n) AS n, sum(mae * n) / sum(n) AS mae
       FROM scores JOIN periods USING (stationId)
       WHERE month >= fromTime AND month < toTime AND leadHours IN (${reportedLeads}) AND (model = $model OR model IN (${naiveBaselines.map((name) => `'${name}'`)})) GROUP BY ALL)
     SELECT period, stationId, variable, leadHours, any_value(n) FILTER (model = $model) AS n,
       round(any_value(mae) FILTER (model = $model), 3) AS maeC,
       round(min(mae) FILTER (model <> $model), 3) AS naiveC
     FROM errors GROUP BY ALL`,
    { model: manifest.publishedModel },
  );
  const found = new Map(
    rows.map((row) => [`${row.period} ${row.stationId} ${row.variable} ${row.leadHours}`, row] as const),
  );
  return new Map(
    periods.map(({ name }) => [
      name,
      {
        schemaVersion: 1,
        period: name,
        periods: periods.map((period) => period.name),
        keys: stations.map(({ key }) => key),
        scores: variables.flatMap((variable) =>
          reportedLeads.map((leadHours) => {
            const inOrder = stations.map(({ stationId }) => found.get(`${name} ${stationId} ${variable} ${leadHours}`));
            const column = (value: "n" | "maeC" | "naiveC") => inOrder.map((row) => row?.[value] ?? null);
            return { variable, leadHours, n: column("n"), maeC: column("maeC"), naiveC: column("naiveC") };
          }),
        ),
      },
    ]),
  );
}
