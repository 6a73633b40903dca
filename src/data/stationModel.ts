import { featureNames } from "../model/features.js";
import { type ModelName, type Variable, variables } from "../model/vocabulary.js";
import type { AlarmRow, SnapshotRow } from "../pipeline/published.js";
import type { Published } from "./published.js";
import type { StationSummary } from "./stations.js";

/** `/api/<key>/model.json`: what a station's model has learned, and the chain of states that led to it. */
export interface StationModel {
  schemaVersion: 1;
  station: StationSummary;
  model: ModelName;
  weights: Record<Variable, WeightMatrix>;
  /** Oldest first. */
  snapshots: Omit<SnapshotRow, "stationId">[];
  /** Hours at which forecasts were found to have shifted to one side, oldest first. */
  alarms: Omit<AlarmRow, "stationId">[];
}

/** Weights of the recursive least squares at the newest snapshot; features in the model’s own order. */
export interface WeightMatrix {
  features: string[];
  leads: number[];
  /** °C for one unit of the scaled feature; one row a feature, one column a lead. */
  rows: number[][];
}

export async function stationModel({ query, manifest }: Published, station: StationSummary): Promise<StationModel> {
  const { stationId } = station;
  const matrices = await Promise.all(
    variables.map(async (variable) => {
      const rows = await query<{ feature: string; leads: string; weights: string }>(
        `SELECT feature, to_json(list(leadHours::INTEGER ORDER BY leadHours)) AS leads,
           to_json(list(round(weight, 5) ORDER BY leadHours)) AS weights
         FROM weights WHERE stationId = $stationId AND variable = $variable GROUP BY feature`,
        { stationId, variable },
      );
      rows.sort((a, b) => featureNames.indexOf(a.feature) - featureNames.indexOf(b.feature));
      const matrix: WeightMatrix = {
        features: rows.map((row) => row.feature),
        leads: rows[0] ? JSON.parse(rows[0].leads) : [],
        rows: rows.map((row) => JSON.parse(row.weights)),
      };
      return [variable, matrix] as const;
    }),
  );
  return {
    schemaVersion: 1,
    station,
    model: manifest.publishedModel,
    weights: Object.fromEntries(matrices) as Record<Variable, WeightMatrix>,
    snapshots: await query(
      "SELECT * EXCLUDE (stationId) FROM snapshots WHERE stationId = $stationId ORDER BY throughTime",
      { stationId },
    ),
    alarms: await query(
      "SELECT * EXCLUDE (stationId) FROM alarms WHERE stationId = $stationId ORDER BY time, variable",
      { stationId },
    ),
  };
}
