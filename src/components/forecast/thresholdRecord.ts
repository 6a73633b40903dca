import { probabilityBelow } from "../../model/extremes/quantiles.js";

/** A past forecast of an hour, or of a low or high, and what came; °C. */
export interface PastForecast {
  /** Hour of the value, or the end of the night or day, epoch milliseconds. */
  validTime: number;
  leadHours: number;
  /** At the seven issued levels, lowest first. */
  quantiles: ArrayLike<number>;
  observed: number;
}

/** How the odds of a value below a threshold compare with what came. */
export interface ThresholdRecord {
  /** Forecasts that can be checked. */
  n: number;
  /** Mean of their odds, share of them that came, and Brier score; NaN without any. */
  meanOdds: number;
  share: number;
  brier: number;
  /** The same by tenth of the odds, from 0 to 0.1 up. */
  tenths: { n: number; meanOdds: number; share: number }[];
}

/**
 * The record of the odds of a value below a threshold, °C, by the quantiles of past forecasts. The odds of a value above it are
 * one minus these, with the same Brier score. Forecasts without quantiles or observation are left out.
 */
export function thresholdRecord(past: readonly PastForecast[], thresholdC: number): ThresholdRecord {
  const tenths = Array.from({ length: 10 }, () => ({ n: 0, sum: 0, came: 0 }));
  let squares = 0;
  for (const { quantiles, observed } of past) {
    if (Number.isNaN(observed) || Array.from(quantiles).some(Number.isNaN)) continue;
    const odds = probabilityBelow(quantiles, thresholdC);
    const came = observed < thresholdC ? 1 : 0;
    squares += (odds - came) ** 2;
    const tenth = tenths[Math.min(9, Math.floor(odds * 10))]!;
    tenth.n += 1;
    tenth.sum += odds;
    tenth.came += came;
  }
  const shares = ({ n, sum, came }: { n: number; sum: number; came: number }) => {
    return { n, meanOdds: sum / n, share: came / n };
  };
  const total = tenths.reduce((all, { n, sum, came }) => {
    return { n: all.n + n, sum: all.sum + sum, came: all.came + came };
  });
  return { ...shares(total), brier: squares / total.n, tenths: tenths.map(shares) };
}
