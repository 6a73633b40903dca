import type { WeightMatrix } from "../../model/forecaster/regressionWeights.js";
import type { ExpertName, ModelName, Variable } from "../../model/vocabulary.js";
import type { AlarmRow, PublishedManifest, SnapshotRow } from "./published.js";
import type { StationSummary } from "./stationSummary.js";

/** `/api/<key>/weights/<snapshotId>.json`: what the recursive least squares had learned by a snapshot. */
export type SnapshotWeights = Record<Variable, WeightMatrix>;

/** `/api/<key>/model.json`: how a station's model came to be what it is. */
export interface StationModel {
  schemaVersion: 1;
  station: StationSummary;
  model: ModelName;
  /** Settings of the published model. */
  options: PublishedManifest["modelOptions"];
  /** How many forecasts of the weather service it has seen; `learnedOfficial.parquet` is there where there are any. */
  officialForecasts: number;
  /** Snapshots in the chain. */
  chainLength: number;
  /** Of the chain the first, those that ended a month, those whose state is kept and the newest; oldest first. */
  snapshots: Omit<SnapshotRow, "stationId">[];
  /** What each expert weighed in the mixture; leads of `reportedLeads`. */
  expertWeights: ExpertWeightSeries[];
  /** EWMAE of the published model; leads of `reportedLeads`. */
  ewmae: EwmaeOfPublished[];
  /** Hours at which forecasts were found to have shifted to one side, oldest first. */
  alarms: Omit<AlarmRow, "stationId">[];
}

export interface ExpertWeightSeries {
  variable: Variable;
  leadHours: number;
  time: number[];
  /** One row an expert, one column a time; thousandths. */
  weights: Record<ExpertName, number[]>;
}

export interface EwmaeOfPublished {
  variable: Variable;
  leadHours: number;
  time: number[];
  n: number[];
  /** °C, corrected for its start at 0: ε = 0.1 */
  fast: number[];
  /** ε = 0.001 */
  slow: number[];
}
