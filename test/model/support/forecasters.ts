import type { ForecasterOptions } from "../../../src/model/experts/modelOptions.js";
import { Forecaster } from "../../../src/model/forecaster/forecaster.js";
import { expertNames } from "../../../src/model/vocabulary.js";
import { firstHour, guidanceFrom } from "./series.js";

/** The experts of a station that is not in a network. */
export const expertsAlone = expertNames.filter((name) => name !== "ownHistory");
/** Those that forecast when only nws has guidance. */
export const expertsUsed = expertsAlone.filter((name) => !/^(nbm|other)/.test(name));

/**
 * Steps a forecaster through hours, the first of which is `from`; returns it.
 * @param guidance of the source nws, by hour
 */
export function stepAll(
  forecaster: Forecaster,
  rows: readonly ArrayLike<number>[],
  { guidance, from = firstHour }: { guidance?: readonly (Float32Array | undefined)[]; from?: number } = {},
): Forecaster {
  rows.forEach((row, t) => {
    forecaster.step(from + t, row, guidanceFrom("nws", guidance?.[t]));
  });
  return forecaster;
}

/** A new forecaster with the stored state of another. */
export function restored(forecaster: Forecaster, options?: ForecasterOptions): Forecaster {
  const copy = new Forecaster(options);
  copy.restore(Uint8Array.from(forecaster.serialize()));
  return copy;
}
