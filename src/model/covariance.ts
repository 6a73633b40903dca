import type { Stateful } from "./state.js";

/**
 * The covariance P of recursive least squares without forgetting, as a packed lower triangle.
 * P starts as δI; after x₁…xₙ it is (I/δ + Σ x xᵀ)⁻¹. Only one half of it exists, so it is symmetric to the bit
 * (the textbook P - k·Px on a full matrix does not stay so, and diverges).
 * Ljung & Söderström, Theory and Practice of Recursive Identification, 1983.
 */
export class Covariance implements Stateful {
  readonly state: readonly [Float64Array];
  private readonly packed: Float64Array;
  private readonly px: Float64Array;

  /** @param dimension length of x  @param delta δ, the prior variance of a weight over that of the noise */
  constructor(
    readonly dimension: number,
    delta: number,
  ) {
    if (!(delta > 0)) throw new Error("delta must be positive");
    this.packed = new Float64Array((dimension * (dimension + 1)) / 2);
    this.px = new Float64Array(dimension);
    for (let a = 0, k = 0; a < dimension; a++, k += a + 1) this.packed[k] = delta;
    this.state = [this.packed];
  }

  /** P as it stands at row a, column b. */
  at(a: number, b: number): number {
    return a >= b ? this.packed[(a * (a + 1)) / 2 + b] : this.at(b, a);
  }

  /** Takes x in, and writes the gain K = Px / (1 + xᵀPx) to `gain[offset…]`. Returns xᵀK, the leverage of x. */
  update(x: Float64Array, gain: Float64Array, offset: number): number {
    const d = this.dimension;
    const p = this.packed;
    const px = this.px;
    // One pass over the triangle serves both halves of the product.
    for (let a = 0, k = 0; a < d; a++) {
      const xa = x[a];
      let sum = 0;
      for (let b = 0; b < a; b++, k++) {
        const pab = p[k];
        sum += pab * x[b];
        px[b] += pab * xa;
      }
      px[a] = sum + p[k++] * xa;
    }
    let quadratic = 0;
    for (let a = 0; a < d; a++) quadratic += x[a] * px[a];
    const denominator = 1 + quadratic;
    for (let a = 0, k = 0; a < d; a++) {
      const ka = px[a] / denominator;
      gain[offset + a] = ka;
      for (let b = 0; b <= a; b++, k++) p[k] -= ka * px[b];
    }
    px.fill(0);
    return quadratic / denominator;
  }
}
