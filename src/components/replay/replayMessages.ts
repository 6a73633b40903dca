import type { ForecasterOptions } from "../../model/experts/modelOptions.js";
import type { SnapshotWeights, StationModel } from "../../shared/published/stationModel.js";
import { apiAddress } from "../ui/fetchApi.js";

/** The message that starts a replay in the worker. */
export interface ReplayRequest {
  /** Address of the station's learned hours. */
  address: string;
  /** Address of the official forecasts that the model learned from; null when there are none. */
  officialAddress: string | null;
  options: ForecasterOptions;
  /** First and last hour, epoch milliseconds. */
  firstTime: number;
  lastTime: number;
}

/** The forecast of one hour in the columns of `Forecaster`, °C, NaN where missing. */
export interface ForecastColumns {
  values: Float32Array;
  /** By column and quantile. */
  quantiles: Float32Array;
  /** The official forecast known at that hour; null if there was none. */
  official: Float32Array | null;
}

/** What the worker sends: the number of hours, the errors of the hours replayed, and finally the results. */
export type ReplayMessage =
  | { kind: "hours"; hours: number }
  | { kind: "errors"; done: number; errors: Float64Array }
  | {
      kind: "end";
      seconds: number;
      stateDigest: string | null;
      weights: SnapshotWeights | null;
      forecast: ForecastColumns;
    }
  | { kind: "failed"; message: string };

/** The request for a replay of a station's hours from the first to the last time. */
export function replayRequest(
  { station, officialForecasts }: StationModel,
  options: ForecasterOptions,
  period: { firstTime: number; lastTime: number },
): ReplayRequest {
  const address = apiAddress(`${station.key}/learnedHours.parquet`);
  const officialAddress = officialForecasts > 0 ? apiAddress(`${station.key}/learnedOfficial.parquet`) : null;
  return { address, officialAddress, options, ...period };
}
