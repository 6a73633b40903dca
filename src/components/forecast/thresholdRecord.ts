import { probabilityBelow } from "../../model/extremes/quantiles.js";
import { type ExtremeKind, extremeKinds, mayBeMissing, windowLengths } from "../../model/extremes/windows.js";
import { type QuantileName, quantileNames } from "../../model/vocabulary.js";
import type { ObservedHour } from "../../shared/published/stationForecast.js";
import { hourMs } from "../../shared/time.js";

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

/** Groups of leads, hours, whose records are told apart: odds are surer the nearer the hour. */
const leadGroups = [
  [1, 6],
  [7, 24],
  [25, 48],
  [49, 72],
] as const;

/** The record of the odds of a threshold by group of leads, without groups that have no forecast. */
export function recordsByLead(
  past: readonly PastForecast[],
  thresholdC: number,
): { fromHours: number; toHours: number; record: ThresholdRecord }[] {
  return leadGroups
    .map(([fromHours, toHours]) => {
      const own = past.filter(({ leadHours }) => leadHours >= fromHours && leadHours <= toHours);
      return { fromHours, toHours, record: thresholdRecord(own, thresholdC) };
    })
    .filter(({ record }) => record.n > 0);
}

/** A row of `/api/<key>/extremes.parquet`, as hyparquet reads it. */
export interface StoredExtremeRow extends Record<QuantileName, number> {
  kind: ExtremeKind;
  issuedTime: Date;
  endTime: Date;
}

/**
 * Stored forecasts of the lows of nights or the highs of days that had not begun when they were issued and have ended since, with
 * what came. Windows with more than one hour missing are left out.
 */
export function pastWindows(
  rows: readonly StoredExtremeRow[],
  observed: readonly ObservedHour[],
  kind: ExtremeKind,
): PastForecast[] {
  const temperatures = new Map(observed.map(({ validTime, temperature }) => [validTime, temperature]));
  const length = windowLengths[extremeKinds.indexOf(kind)]!;
  const truths = new Map<number, number | null>();
  const truthOf = (endTime: number) => {
    const known = Array.from({ length: length + 1 }, (_, i) => temperatures.get(endTime - i * hourMs) ?? null);
    const values = known.filter((value) => value !== null);
    if (values.length < known.length - mayBeMissing) return null;
    return kind === "low" ? Math.min(...values) : Math.max(...values);
  };
  return rows.flatMap((row) => {
    const validTime = row.endTime.getTime();
    const leadHours = (validTime - row.issuedTime.getTime()) / hourMs;
    if (row.kind !== kind || leadHours <= length) return [];
    if (!truths.has(validTime)) truths.set(validTime, truthOf(validTime));
    const truth = truths.get(validTime)!;
    return truth === null
      ? []
      : [{ validTime, leadHours, quantiles: quantileNames.map((name) => row[name]), observed: truth }];
  });
}
