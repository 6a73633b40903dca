import { hourOfDay, yearTurns } from "./calendar.js";
import { columnCount } from "./expert.js";
import type { Stateful } from "./state.js";
import { maxLeadHours, type QuantileName, quantileLevels } from "./vocabulary.js";

const levels = Object.values(quantileLevels);
/** Names of the quantiles, lowest first. */
export const quantileNames = Object.keys(quantileLevels) as QuantileName[];
export const quantileCount = levels.length;
const median = quantileNames.indexOf("p50");

/** Where the tracked quantiles of the scaled residuals start: about those of a normal distribution, a little wide. */
const start = [-2.2, -1.5, -0.75, 0, 0.75, 1.5, 2.2];
const cells = 24 * 4;
/** Residuals needed before a scale is believed. */
const warmUp = 24;

/**
 * Quantiles of the issued forecast: forecast + scale × tracked quantile.
 * The scale is the root mean square residual of the hour of day and season (three months) of the valid time, pooled
 * with one of all hours; the quantiles of the scaled residual are tracked by q += η(level - 1[y < bound]), with the
 * bounds as they were at issue (Gibbs & Candès 2021; Angelopoulos et al. 2023). The forecast itself is the median.
 */
export class Intervals implements Stateful {
  /** Mean square residual and count, by column and cell (hour × season), the last cell pooling all hours. */
  private readonly squares = new Float32Array(columnCount * (cells + 1));
  private readonly counts = new Float32Array(columnCount * (cells + 1));
  private readonly quantiles = new Float64Array(columnCount * quantileCount);
  readonly state = [this.squares, this.counts, this.quantiles];

  constructor() {
    for (let c = 0; c < columnCount; c++) this.quantiles.set(start, c * quantileCount);
  }

  /** Writes the bounds around `forecastC` for a column and valid hour to `out`; NaN while nothing is known of errors. */
  bounds(column: number, validHour: number, forecastC: number, out: Float64Array): void {
    const scale = this.scale(column, validHour);
    const at = column * quantileCount;
    if (Number.isNaN(scale)) {
      out.fill(Number.NaN);
      return;
    }
    for (let q = 0; q < quantileCount; q++) out[q] = forecastC + scale * this.quantiles[at + q];
    out[median] = forecastC;
    // Outwards from the forecast, so that quantiles never cross.
    for (let q = median - 1; q >= 0; q--) if (out[q] > out[q + 1]) out[q] = out[q + 1];
    for (let q = median + 1; q < quantileCount; q++) if (out[q] < out[q - 1]) out[q] = out[q - 1];
  }

  /** Learns that `y` came for a forecast whose bounds, as issued, are `issued(quantile)`. */
  learn(column: number, validHour: number, forecastC: number, bounds: Float32Array | Float64Array, y: number): void {
    const at = column * quantileCount;
    // The tails move by the rate of their level, so that coverage of a long run is exact whatever the rate.
    const rate = 0.01;
    if (!Number.isNaN(bounds[0]))
      for (let q = 0; q < quantileCount; q++)
        if (q !== median) this.quantiles[at + q] += rate * (levels[q] - (y < bounds[q] ? 1 : 0));
    const square = (y - forecastC) * (y - forecastC);
    this.track(column, cellOf(validHour), square, 0.01);
    this.track(column, cells, square, 0.001);
  }

  private scale(column: number, validHour: number): number {
    const at = column * (cells + 1);
    if (this.counts[at + cells] < warmUp) return Number.NaN;
    const cell = at + cellOf(validHour);
    const weight = this.counts[cell] / (this.counts[cell] + 20);
    return Math.sqrt(weight * this.squares[cell] + (1 - weight) * this.squares[at + cells]);
  }

  private track(column: number, cell: number, square: number, leastRate: number): void {
    const i = column * (cells + 1) + cell;
    this.squares[i] += (square - this.squares[i]) * Math.max(leastRate, 1 / (this.counts[i] + 1));
    this.counts[i] += 1;
  }
}

/** The cell of a valid hour: its hour of the day and the quarter of the year, the first around mid-January. */
function cellOf(validHour: number): number {
  const turns = yearTurns(validHour) + 1 / 12;
  return hourOfDay(validHour) * 4 + Math.floor(4 * (turns - Math.floor(turns)));
}

/** Quadrature weights of the levels: each stands for the levels nearer to it than to its neighbours. */
const quadrature = levels.map(
  (level, i) => (i + 1 < levels.length ? (level + levels[i + 1]) / 2 : 1) - (i > 0 ? (levels[i - 1] + level) / 2 : 0),
);

/**
 * Continuous ranked probability score from the issued quantiles: twice the integral of the pinball loss over the
 * levels, by midpoint quadrature on them (Gneiting & Raftery 2007, eq. 49). °C.
 */
export function crps(bounds: ArrayLike<number>, y: number): number {
  let sum = 0;
  for (let q = 0; q < quantileCount; q++) sum += quadrature[q] * pinball(levels[q], bounds[q], y);
  return 2 * sum;
}

/** Pinball loss of a quantile, °C. */
export function pinball(level: number, quantile: number, y: number): number {
  return y < quantile ? (1 - level) * (quantile - y) : level * (y - quantile);
}

/** In which of the eight bins between the quantiles y fell, 0 lowest. */
export function pitBin(bounds: ArrayLike<number>, y: number): number {
  let bin = 0;
  while (bin < quantileCount && y >= bounds[bin]) bin++;
  return bin;
}

/** Columns of dew point start here. */
export const dewPointColumn = maxLeadHours;
