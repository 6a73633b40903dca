import type { ModelName, Variable } from "../model/vocabulary.js";
import type { Published } from "./published.js";
import type { StationSummary } from "./stations.js";

/** `/api/<key>/evaluation.json`: how right a station's forecasts have been; °C and epoch milliseconds. */
export interface StationEvaluation {
  schemaVersion: 1;
  station: StationSummary;
  model: ModelName;
  /** First hours of the first and the last month scored, and the last hour that could be. */
  period: { firstMonth: number; lastMonth: number; through: number } | null;
  /** Over the whole period. */
  scores: ScoreByLead[];
  /** One for each variable and lead; a column holds a number a day. */
  ewmae: EwmaeSeries[];
}

export interface ScoreByLead {
  variable: Variable;
  model: ModelName;
  leadHours: number;
  n: number;
  maeC: number;
  biasC: number;
  rmseC: number;
}

export interface EwmaeSeries {
  variable: Variable;
  leadHours: number;
  time: number[];
  n: number[];
  validation: number[];
  training: number[];
  validationCorrected: number[];
  trainingCorrected: number[];
  /** Remembers a thousand errors, where the others remember ten. */
  validationSlow: number[];
}

export async function stationEvaluation(
  { query, manifest }: Published,
  station: StationSummary,
): Promise<StationEvaluation> {
  const { stationId } = station;
  const model = manifest.publishedModel;
  const scores = await query<ScoreByLead>(
    `SELECT variable, model, leadHours, sum(n) AS n, round(sum(mae * n) / sum(n), 4) AS maeC,
       round(sum(bias * n) / sum(n), 4) AS biasC, round(sqrt(sum(rmse * rmse * n) / sum(n)), 4) AS rmseC
     FROM scores WHERE stationId = $stationId GROUP BY ALL ORDER BY ALL`,
    { stationId },
  );
  const [months] = await query<{ firstMonth: number | null; lastMonth: number }>(
    "SELECT min(month) AS firstMonth, max(month) AS lastMonth FROM scores WHERE stationId = $stationId",
    { stationId },
  );
  const series = await query<Record<string, unknown>>(
    `SELECT variable, leadHours, to_json({
       time: list(time ORDER BY time), n: list(n ORDER BY time),
       validation: list(round(validation, 3) ORDER BY time), training: list(round(training, 3) ORDER BY time),
       validationCorrected: list(round(validationCorrected, 3) ORDER BY time),
       trainingCorrected: list(round(trainingCorrected, 3) ORDER BY time),
       validationSlow: list(round(validationSlow, 3) ORDER BY time)
     }) AS columns FROM ewmae
     WHERE stationId = $stationId AND model = $model GROUP BY ALL ORDER BY ALL`,
    { stationId, model },
  );
  return {
    schemaVersion: 1,
    station,
    model,
    period:
      months?.firstMonth == null
        ? null
        : {
            firstMonth: months.firstMonth,
            lastMonth: months.lastMonth,
            through: station.newestObservedTime ?? manifest.asOf,
          },
    scores,
    ewmae: series.map(({ columns, ...key }) => ({ ...key, ...JSON.parse(String(columns)) }) as EwmaeSeries),
  };
}
