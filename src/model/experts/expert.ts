import type { Stateful } from "../arithmetic/state.js";
import type { HourFeatures } from "../features/features.js";
import type { History } from "../features/history.js";
import type { ModelName } from "../vocabulary.js";

/** One named part of a forecast, °C. */
export interface Contribution {
  feature: string;
  contributionC: number;
  /** What it changes with one °C of its feature; absent where that is not a temperature. */
  perDegree?: number;
}

/** One way to forecast every variable at every lead. Forecasting never changes what was learned. */
export interface Expert extends Stateful {
  readonly name: ModelName;

  /** Takes an hour in whose newest temperature was observed: what it looks at now is what it forecasts from. */
  observe(hour: number, history: History, features: HourFeatures): void;

  /**
   * Takes up again what it looked at at one of the last 72 hours, which its state leaves out, being what the history
   * gives back.
   */
  recall(hour: number, history: History, features: HourFeatures): void;

  /** Rounds what it has learned to single precision: far finer than what it knows, and half as large to keep. */
  roundOff(): void;

  /** Notes an hour without a newest temperature, from which nothing is issued. */
  skip(hour: number): void;

  /** Writes the forecasts issued at the hour last observed to `out`, by column; NaN where it has none. */
  forecast(out: Float32Array): void;

  /**
   * Learns that `variable` was `y` °C at `hour`, which is what it forecast for it at each lead has waited for.
   * Writes what it would have said now for each of those pairs to `trained`, by column; NaN where it can't say or
   * nothing has changed.
   * @param dueOfficial by column, what the official forecast had said for this hour at each lead; NaN where nothing
   */
  learn(hour: number, variable: number, y: number, trained: Float32Array, dueOfficial: ArrayLike<number>): void;

  /** Breaks the forecast of the hour last observed into parts that add up to it. */
  explain(column: number): Contribution[];
}
