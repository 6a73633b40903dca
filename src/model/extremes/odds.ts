import { probabilityBelow } from "./quantiles.js";

/** What odds are given of, by kind of extreme: a low below 0 °C, and a high of at least the station's threshold. */
export const extremeEvents = ["frost", "heat"] as const;
export type ExtremeEvent = (typeof extremeEvents)[number];

/** Frost is a low below this, °C. */
export const frostC = 0;

/**
 * The odds of the event of a kind of extreme, from the quantiles of the low or high; NaN without a threshold.
 * @param thresholdC `frostC`, or the threshold of heat
 */
export function eventOdds(kind: number, quantiles: ArrayLike<number>, thresholdC: number): number {
  if (Number.isNaN(thresholdC)) return Number.NaN;
  const below = probabilityBelow(quantiles, thresholdC);
  return kind === 0 ? below : 1 - below;
}

/** Whether the event came, 1 or 0; NaN without a threshold or a low or high. */
export function eventCame(kind: number, extremeC: number, thresholdC: number): number {
  if (Number.isNaN(thresholdC) || Number.isNaN(extremeC)) return Number.NaN;
  return extremeC < thresholdC === (kind === 0) ? 1 : 0;
}
