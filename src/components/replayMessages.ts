import type { SnapshotWeights } from "../data/snapshotWeights.js";
import type { ForecasterOptions } from "../model/modelOptions.js";

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

/** What it tells: first the hours there are, then errors as they come, then the state that all ended in and its weights. */
export type ReplayMessage =
  | { kind: "hours"; hours: number }
  | { kind: "errors"; done: number; errors: Float64Array }
  | { kind: "end"; seconds: number; stateDigest: string | null; weights: SnapshotWeights | null }
  | { kind: "failed"; message: string };
