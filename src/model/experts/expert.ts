import type { Stateful } from "../arithmetic/state.js";
import type { HourFeatures } from "../features/features.js";
import type { History } from "../features/history.js";
import type { ModelName } from "../vocabulary.js";

/** One named part of a forecast, °C. */
export interface Contribution {
  feature: string;
  contributionC: number;
  /** Change of the part per °C of its feature; absent when the feature is not a temperature. */
  perDegree?: number;
}

/** One way to forecast every variable at every lead. Forecasting never changes the learned state. */
export interface Expert extends Stateful {
  readonly name: ModelName;

  /** Makes room for a state that the expert has only after its guidance was known for the first time. */
  wake?(): void;

  /** Reads the inputs of an hour with an observed temperature, from which the next forecast is made. */
  observe(hour: number, history: History, features: HourFeatures): void;

  /** Reads the inputs of one of the last 72 hours again after a restore; the state leaves them out to stay small. */
  recall?(hour: number, history: History, features: HourFeatures): void;

  /** Rounds the learned state to fewer digits, which take half the space and are precise enough. */
  roundOff?(): void;

  /** Marks an hour without an observed temperature: no forecast is issued from it. */
  skip?(hour: number): void;

  /** Writes the forecasts from the hour last observed to `out`, by column; NaN where it has none. */
  forecast(out: Float32Array): void;

  /**
   * Learns that `variable` was `y` °C at `hour`, for which it issued a forecast at each lead. Writes to `trained`, by
   * column, the forecasts it would make for this hour after learning it; NaN where it has none or where learning
   * changes nothing.
   * @param dueGuidance by source and column: the earlier guidance for this hour, NaN where there was none
   */
  learn(
    hour: number,
    variable: number,
    y: number,
    trained: Float32Array,
    dueGuidance: readonly ArrayLike<number>[],
  ): void;

  /** Splits the forecast of a column from the hour last observed into parts that add up to it. */
  explain(column: number): Contribution[];
}
