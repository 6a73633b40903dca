import { firstHourOfMonth, hourOf, monthOf } from "../../model/calendar.js";
import {
  type ExpertName,
  expertNames,
  type ModelName,
  reportedLeads,
  type Variable,
  variables,
} from "../../model/vocabulary.js";
import type { SnapshotRow } from "../../shared/published/published.js";
import type { EwmaeOfPublished, ExpertWeightSeries, StationModel } from "../../shared/published/stationModel.js";
import type { StationSummary } from "../../shared/published/stationSummary.js";
import type { Published } from "./openPublished.js";
import { officialForecastCount } from "./stationParquet.js";

/** Number of newest snapshots that are always listed. */
const newestSnapshots = 24;
/** Most points of a series, including the newest. */
const longestSeries = 270;

export async function stationModel(published: Published, station: StationSummary): Promise<StationModel> {
  const { query, manifest } = published;
  const values = { stationId: station.stationId };
  const chain = await query<Omit<SnapshotRow, "stationId">>(
    "SELECT * EXCLUDE (stationId) FROM snapshots WHERE stationId = $stationId ORDER BY throughTime",
    values,
  );
  return {
    schemaVersion: 1,
    station,
    model: manifest.publishedModel,
    options: manifest.modelOptions,
    officialForecasts: await officialForecastCount(published, station.stationId),
    chainLength: chain.length,
    snapshots: chain.filter(
      ({ throughTime, kept }, i) => i === 0 || kept || endsMonth(throughTime) || i >= chain.length - newestSnapshots,
    ),
    expertWeights: await expertWeights(query, station.stationId),
    ewmae: await ewmaeOfPublished(query, station.stationId, manifest.publishedModel),
    alarms: await query(
      "SELECT * EXCLUDE (stationId) FROM alarms WHERE stationId = $stationId ORDER BY time, variable",
      values,
    ),
  };
}

function endsMonth(time: number): boolean {
  const hour = hourOf(time);
  return firstHourOfMonth(monthOf(hour) + 1) === hour + 1;
}

/** SQL: thins a series, counted from its newest point. */
const thinned = `SELECT *, (dense_rank() OVER (PARTITION BY variable, leadHours ORDER BY time DESC) - 1)
    % greatest(1, ceil(count(DISTINCT time) OVER (PARTITION BY variable, leadHours) / ${longestSeries})) AS place`;

async function expertWeights(query: Published["query"], stationId: string): Promise<ExpertWeightSeries[]> {
  const rows = await query<{
    variable: Variable;
    leadHours: number;
    model: ExpertName;
    times: string;
    weights: string;
  }>(
    `SELECT variable, leadHours, model, to_json(list(time ORDER BY time)) AS times,
       to_json(list(round(weight * 1000)::INTEGER ORDER BY time)) AS weights
     FROM (${thinned} FROM expertWeights WHERE stationId = $stationId AND leadHours IN (${reportedLeads}))
     WHERE place = 0 GROUP BY ALL HAVING max(weight) > 0 OR model NOT LIKE 'official%'`,
    { stationId },
  );
  return variables.flatMap((variable) =>
    reportedLeads.flatMap((leadHours) => {
      const own = rows.filter((row) => row.variable === variable && row.leadHours === leadHours);
      if (own.length === 0) return [];
      const weights = Object.fromEntries(
        expertNames.flatMap((name) => {
          const row = own.find(({ model }) => model === name);
          return row ? [[name, JSON.parse(row.weights) as number[]]] : [];
        }),
      ) as Record<ExpertName, number[]>;
      return [{ variable, leadHours, time: JSON.parse(own[0]!.times) as number[], weights }];
    }),
  );
}

async function ewmaeOfPublished(
  query: Published["query"],
  stationId: string,
  model: ModelName,
): Promise<EwmaeOfPublished[]> {
  const rows = await query<{ variable: Variable; leadHours: number; columns: string }>(
    `SELECT variable, leadHours, to_json({
       time: list(time ORDER BY time), n: list(n ORDER BY time),
       fast: list(round(validationCorrected, 3) ORDER BY time), slow: list(round(validationSlow, 3) ORDER BY time)
     }) AS columns
     FROM (${thinned} FROM ewmae WHERE stationId = $stationId AND model = $model)
     WHERE place = 0 GROUP BY variable, leadHours ORDER BY variable DESC, leadHours`,
    { stationId, model },
  );
  return rows.map(({ columns, ...key }) => ({
    ...key,
    ...(JSON.parse(columns) as Omit<EwmaeOfPublished, keyof typeof key>),
  }));
}
