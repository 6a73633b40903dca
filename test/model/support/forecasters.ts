import type { ForecasterOptions } from "../../../src/model/experts/modelOptions.js";
import { Forecaster } from "../../../src/model/forecaster/forecaster.js";
import { expertNames } from "../../../src/model/vocabulary.js";
import { firstHour } from "./series.js";

/** The experts of a station that is not in a network. */
export const expertsAlone = expertNames.filter((name) => name !== "ownHistory");

/** Steps a forecaster through hours, the first of which is `from`; returns it. */
export function stepAll(
  forecaster: Forecaster,
  rows: readonly ArrayLike<number>[],
  { officials, from = firstHour }: { officials?: readonly (Float32Array | undefined)[]; from?: number } = {},
): Forecaster {
  rows.forEach((row, t) => {
    forecaster.step(from + t, row, officials?.[t]);
  });
  return forecaster;
}

/** A new forecaster with the stored state of another. */
export function restored(forecaster: Forecaster, options?: ForecasterOptions): Forecaster {
  const copy = new Forecaster(options);
  copy.restore(Uint8Array.from(forecaster.serialize()));
  return copy;
}
