import type { WeightMatrix } from "../../model/forecaster/regressionWeights.js";
import type { ExpertName, ModelName, Variable } from "../../model/vocabulary.js";
import type { SnapshotRow } from "./modelTables.js";
import type { PublishedManifest } from "./published.js";
import type { AlarmRow } from "./scoreTables.js";
import type { StationSummary } from "./stationSummary.js";

/** `/api/<key>/weights/<snapshotId>.json`: weights of the recursive least squares at a snapshot. */
export type SnapshotWeights = Record<Variable, WeightMatrix>;

/** `/api/<key>/model.json`: the history of a station's model. */
export interface StationModel {
  schemaVersion: 2;
  station: StationSummary;
  model: ModelName;
  /** Settings of the published model. */
  options: PublishedManifest["modelOptions"];
  /** Number of official forecasts it has seen; `learnedOfficial.parquet` exists when there are any. */
  officialForecasts: number;
  /** Snapshots in the chain. */
  chainLength: number;
  /** The first snapshot, those at the end of a month, those with a kept state and the newest; oldest first. */
  snapshots: Omit<SnapshotRow, "stationId">[];
  /** Weights of the experts in the mixture at the reported leads. */
  expertWeights: ExpertWeightSeries[];
  /** Drift alarms, oldest first. */
  alarms: Omit<AlarmRow, "stationId">[];
}

export interface ExpertWeightSeries {
  variable: Variable;
  leadHours: number;
  time: number[];
  /** Thousandths; one list per expert, one number per time. */
  weights: Record<ExpertName, number[]>;
}
