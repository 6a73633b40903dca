import type { ForecasterOptions } from "../../model/experts/modelOptions.js";
import type { WeightMatrix } from "../../model/forecaster/regressionWeights.js";
import type { ExpertName, ModelName, Variable } from "../../model/vocabulary.js";
import type { SnapshotRow } from "./modelTables.js";
import type { AlarmRow } from "./scoreTables.js";
import type { StationSummary } from "./stationSummary.js";

/** `/api/<key>/weights/<snapshotId>.json`: weights of the recursive least squares at a snapshot. */
export type SnapshotWeights = Record<Variable, WeightMatrix>;

/** `/api/<key>/model.json`: the history of a station's model. */
export interface StationModel {
  schemaVersion: 4;
  station: StationSummary;
  model: ModelName;
  /** Settings of the station's model. */
  options: ForecasterOptions;
  /** The place for which the model sees the network, see `/api/network.json`; null outside the network. */
  place: { latitude: number; longitude: number } | null;
  /** What the model's regressions started with, `/api/prior.bin`; null when they started with nothing. */
  prior: StationPrior | null;
  /** Number of runs of guidance it has seen; `learnedGuidance.parquet` exists when there are any. */
  guidanceRuns: number;
  /** Snapshots in the chain. */
  chainLength: number;
  /** The first snapshot, those at the end of a month, those with a kept state and the newest; oldest first. */
  snapshots: Omit<SnapshotRow, "stationId">[];
  /** Weights of the experts in the mixture at the reported leads. */
  expertWeights: ExpertWeightSeries[];
  /** Drift alarms, oldest first. */
  alarms: Omit<AlarmRow, "stationId">[];
}

/** What other stations had learned before. */
export interface StationPrior {
  /** SHA-256 of the file. */
  digest: string;
  stations: string[];
  /** First and last hour that they learned. */
  firstTime: number;
  lastTime: number;
}

export interface ExpertWeightSeries {
  variable: Variable;
  leadHours: number;
  time: number[];
  /** Thousandths; one list per expert, one number per time. */
  weights: Record<ExpertName, number[]>;
}
