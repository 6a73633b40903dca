import type { Stateful } from "../arithmetic/state.js";
import { hourOfDay, yearTurns } from "../calendar.js";
import {
  coldestAirC,
  columnCount,
  leadOf,
  levels,
  maxLeadHours,
  medianIndex,
  quantileCount,
  warmestAirC,
} from "../vocabulary.js";

/** Initial quantiles of the scaled residuals: a little wider than those of a normal distribution. */
const start = [-2.2, -1.5, -0.75, 0, 0.75, 1.5, 2.2];
/** Residuals needed before intervals are issued. */
const warmUp = 24;

/** Fields of the scale of a column: mean square residual, count, recent ratio, factors by hour and by month. */
const meanSquare = 0;
const count = 1;
const recent = 2;
const byHour = 3;
const byMonth = byHour + 24;
const scaleLength = byMonth + 12;

const hourRate = 0.003;
const monthRate = 0.002;
const recentRate = 1 / 720;
/** Bounds are rounded to 1/64 °C, finer than any thermometer, so that pending forecasts take less space. */
export const boundsPerDegree = 64;
/** Squared residuals are clipped at this many variances, so that one bad value can't widen a month of intervals. */
const largestRatio = 25;
/**
 * Intervals need at least this variance, (0.1 °C)². Smaller errors come from repeated values, not from weather, and say
 * nothing about future errors; quantiles tracked meanwhile would run away, because they would not move the bounds.
 */
const smallestVariance = 0.01;

/**
 * Quantiles of the issued forecast: forecast + scale × tracked quantile. The squared scale is the mean square
 * residual times a factor for the hour of day, one for the time of year (twelve knots, linear between them), and the
 * fourth root of the recent ratio, which follows the last month a little. Each factor tracks the ratio of squared
 * residual to squared scale. The quantiles of the scaled residual are tracked by q += η(level - 1[y < bound]), η =
 * 0.01/√lead, with the bounds as they were at issue (Gibbs & Candès 2021; Angelopoulos et al. 2023). The forecast
 * itself is the median. Bounds stay within possible temperatures.
 */
export class Intervals implements Stateful {
  private readonly scales = new Float32Array(columnCount * scaleLength);
  private readonly quantiles = new Float64Array(columnCount * quantileCount);
  readonly state = [this.scales, this.quantiles];

  constructor() {
    for (let c = 0; c < columnCount; c++) {
      this.scales.fill(1, c * scaleLength + recent, (c + 1) * scaleLength);
      this.quantiles.set(start, c * quantileCount);
    }
  }

  /**
   * Takes over the scale and quantiles of other intervals at a column, as if they came from few errors: they follow new
   * errors quickly.
   */
  startFrom({ scales, quantiles }: Intervals, column: number): void {
    const at = column * scaleLength;
    this.scales.set(scales.subarray(at, at + scaleLength), at);
    this.scales[at + count] = Math.min(this.scales[at + count], warmUp);
    const [from, to] = [column * quantileCount, (column + 1) * quantileCount];
    this.quantiles.set(quantiles.subarray(from, to), from);
  }

  /** Writes the bounds around `forecastC` for a column and valid hour to `out`; NaN until enough errors are known. */
  bounds(column: number, validHour: number, forecastC: number, out: Float64Array): void {
    const variance = this.variance(column, validHour);
    if (this.scales[column * scaleLength + count] < warmUp || variance < smallestVariance) {
      out.fill(Number.NaN);
      return;
    }
    const scale = Math.sqrt(variance);
    const at = column * quantileCount;
    for (let q = 0; q < quantileCount; q++) {
      const bound = Math.round((forecastC + scale * this.quantiles[at + q]) * boundsPerDegree) / boundsPerDegree;
      out[q] = Math.max(coldestAirC, Math.min(warmestAirC, bound));
    }
    out[medianIndex] = forecastC;
    // From the median outwards, so that quantiles never cross.
    for (let q = medianIndex - 1; q >= 0; q--) if (out[q] > out[q + 1]) out[q] = out[q + 1];
    for (let q = medianIndex + 1; q < quantileCount; q++) if (out[q] < out[q - 1]) out[q] = out[q - 1];
  }

  /** Learns from the observation `y` of a forecast that was issued with these bounds, NaN when it had none. */
  learn(column: number, validHour: number, forecastC: number, bounds: ArrayLike<number>, y: number): void {
    const s = this.scales;
    const at = column * scaleLength;
    const square = (y - forecastC) * (y - forecastC);
    if (s[at + count] >= warmUp) {
      const variance = this.variance(column, validHour) / Math.sqrt(Math.sqrt(s[at + recent]));
      if (variance >= smallestVariance) {
        if (!Number.isNaN(bounds[0])) this.trackQuantiles(column, bounds, y);
        this.trackFactors(column, validHour, Math.min(square / variance, largestRatio) - 1);
      } else {
        // After such a period the factors start again.
        s.fill(1, at + recent, at + scaleLength);
        s[at + count] = warmUp;
      }
    }
    s[at + meanSquare] += (square - s[at + meanSquare]) * Math.max(0.0005, 1 / (s[at + count] + 1));
    s[at + count] += 1;
  }

  private variance(column: number, validHour: number): number {
    const s = this.scales;
    const at = column * scaleLength;
    const position = yearPosition(validHour);
    const month = Math.floor(position);
    const share = position - month;
    const factor = s[at + byMonth + month] * (1 - share) + s[at + byMonth + ((month + 1) % 12)] * share;
    const hourly = s[at + byHour + hourOfDay(validHour)];
    return s[at + meanSquare] * hourly * factor * Math.sqrt(Math.sqrt(s[at + recent]));
  }

  private trackQuantiles(column: number, bounds: ArrayLike<number>, y: number): void {
    const at = column * quantileCount;
    const rate = quantileRates[leadOf(column)];
    for (let q = 0; q < quantileCount; q++)
      if (q !== medianIndex) this.quantiles[at + q] += rate * (levels[q] - (y < bounds[q] ? 1 : 0));
  }

  private trackFactors(column: number, validHour: number, surprise: number): void {
    const s = this.scales;
    const at = column * scaleLength;
    const position = yearPosition(validHour);
    const month = Math.floor(position);
    const share = position - month;
    s[at + recent] += recentRate * (surprise + 1 - s[at + recent]);
    s[at + byHour + hourOfDay(validHour)] *= 1 + hourRate * surprise;
    s[at + byMonth + month] *= 1 + monthRate * (1 - share) * surprise;
    s[at + byMonth + ((month + 1) % 12)] *= 1 + monthRate * share * surprise;
  }
}

const quantileRates = Array.from({ length: maxLeadHours + 1 }, (_, lead) => 0.01 / Math.sqrt(Math.max(1, lead)));

/** Position of an hour in the year, in twelfths from the middle of January: 0 to below 12. */
function yearPosition(validHour: number): number {
  const turns = yearTurns(validHour) - 1 / 24;
  const position = 12 * (turns - Math.floor(turns));
  return position < 12 ? position : 0;
}
