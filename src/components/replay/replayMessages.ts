import type { ForecasterOptions } from "../../model/experts/modelOptions.js";
import type { SnapshotWeights, StationModel } from "../../shared/published/stationModel.js";
import { apiAddress } from "../ui/fetchApi.js";

/** What a replay is asked for. */
export interface ReplayRequest {
  /** Address of the station's learned hours. */
  address: string;
  /** Address of the official forecasts that its model saw; null where it saw none. */
  officialAddress: string | null;
  options: ForecasterOptions;
  /** First and last hour, epoch milliseconds. */
  firstTime: number;
  lastTime: number;
}

/** What a model issued at one hour, as `Forecaster` has it: °C by column, and column × quantile; NaN where nothing. */
export interface Issued {
  values: Float32Array;
  quantiles: Float32Array;
  /** What the official forecast said that it saw, °C by column, NaN where nothing; null where there was none. */
  official: Float32Array | null;
}

/**
 * What it tells: first the hours there are, then errors as they come, then the state that all ended in, its weights, and
 * what it issued.
 */
export type ReplayMessage =
  | { kind: "hours"; hours: number }
  | { kind: "errors"; done: number; errors: Float64Array }
  | { kind: "end"; seconds: number; stateDigest: string | null; weights: SnapshotWeights | null; issued: Issued }
  | { kind: "failed"; message: string };

/** What to ask for to replay a station's hours from the first up to the last time. */
export function replayRequest(
  { station, officialForecasts }: StationModel,
  options: ForecasterOptions,
  period: { firstTime: number; lastTime: number },
): ReplayRequest {
  const address = apiAddress(`${station.key}/learnedHours.parquet`);
  const officialAddress = officialForecasts > 0 ? apiAddress(`${station.key}/learnedOfficial.parquet`) : null;
  return { address, officialAddress, options, ...period };
}
