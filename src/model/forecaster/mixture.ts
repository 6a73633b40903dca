import type { Stateful } from "../arithmetic/state.js";

/** A head start, as if an expert had gained so much over the mixture, °C, and half of it squared. */
const headStart = 100;

/**
 * Weights of the experts by ML-Poly with the gradient trick on the absolute loss, one set per column (Gaillard,
 * Stoltz, van Erven, A second-order bound with excess losses, COLT 2014; the R package opera). An expert without a
 * forecast sleeps: it keeps its regret and gets no weight.
 */
export class Mixture implements Stateful {
  private readonly regret: Float64Array;
  private readonly variance: Float64Array;
  private readonly largest: Float64Array;
  readonly state: readonly Float64Array[];

  /** @param active indices of the experts that take part, the others get no weight; defaults to all */
  constructor(
    readonly columns: number,
    readonly experts: number,
    private readonly active: readonly number[] = Array.from({ length: experts }, (_, k) => k),
  ) {
    this.regret = new Float64Array(columns * experts);
    this.variance = new Float64Array(columns * experts);
    this.largest = new Float64Array(columns);
    this.state = [this.regret, this.variance, this.largest];
  }

  /**
   * Gives experts a head start over the others at a column, because they begin with what other stations or models know.
   * @param share of the usual head start
   */
  favour(column: number, experts: readonly number[], share = 1): void {
    for (const k of experts) {
      this.regret[column * this.experts + k] = share * headStart;
      this.variance[column * this.experts + k] = (share * headStart) / 2;
    }
  }

  /** Takes over what another mixture has learned at a column. */
  startFrom({ regret, variance, largest }: Mixture, column: number): void {
    const [from, to] = [column * this.experts, (column + 1) * this.experts];
    this.regret.set(regret.subarray(from, to), from);
    this.variance.set(variance.subarray(from, to), from);
    this.largest[column] = largest[column];
  }

  /** Writes the weights of a column to `out`: at least 0, with sum 1, and 0 where `forecasts[k]` is NaN. */
  weights(column: number, forecasts: ArrayLike<number>, out: Float64Array): void {
    const { active, regret, variance } = this;
    const k0 = column * this.experts;
    const largest = this.largest[column] * this.largest[column];
    let sum = 0;
    let awake = 0;
    for (const k of active) {
      const asleep = Number.isNaN(forecasts[k]);
      const r = regret[k0 + k];
      const weight = asleep || !(r > 0) ? 0 : r / (largest + variance[k0 + k]);
      if (!asleep) awake++;
      out[k] = weight;
      sum += weight;
    }
    for (const k of active) {
      if (sum > 0) out[k] /= sum;
      else out[k] = Number.isNaN(forecasts[k]) ? 0 : 1 / awake;
    }
  }

  /** Learns from the observation `y` of a mixture that was `mixed` and experts that were `forecasts`. */
  learn(column: number, mixed: number, forecasts: ArrayLike<number>, y: number): void {
    const { active, regret, variance, largest } = this;
    const sign = Math.sign(mixed - y);
    const k0 = column * this.experts;
    for (const k of active) {
      const forecast = forecasts[k];
      if (Number.isNaN(forecast)) continue;
      const r = sign * (mixed - forecast);
      regret[k0 + k] += r;
      variance[k0 + k] += r * r;
      if (Math.abs(r) > largest[column]) largest[column] = Math.abs(r);
    }
  }
}
