import { createKernel, type Kernel, padded } from "./kernel.js";
import { roundToSingle, type Stateful } from "./state.js";

/**
 * The covariance P of recursive least squares, as a packed lower triangle. P starts as δI; after x₁…xₙ it is (I/δ + Σ
 * x xᵀ)⁻¹. Storing one half keeps it exactly symmetric; the textbook P - k·Px on a full matrix loses its symmetry and
 * diverges. With forgetting, P⁻¹ ← λP⁻¹ + xxᵀ. Directions that x does not excite would be forgotten without end, so
 * each update also adds d(1-λ)/δ to one diagonal element of P⁻¹, in turn (a Levenberg-Marquardt regularisation:
 * Gunnarsson, Combining tracking and regularization in recursive least squares identification, CDC 1996). Ljung &
 * Söderström, Theory and Practice of Recursive Identification, 1983.
 */
export class Covariance implements Stateful {
  readonly state: readonly Float64Array[];
  private readonly packed: Float64Array;
  private readonly x: Float64Array;
  private readonly px: Float64Array;
  private readonly gain: Float64Array;
  private readonly kernel: Kernel;
  /** Number of updates, kept only with forgetting. */
  private readonly count = new Float64Array(1);

  /**
   * @param dimension length of x
   * @param delta δ, the prior variance of a weight relative to that of the noise
   * @param kernel memory with room for `Covariance.room(dimension)` numbers; defaults to its own
   * @param forgetting λ in (0, 1]; defaults to 1
   */
  constructor(
    readonly dimension: number,
    private readonly delta: number,
    kernel: Kernel = createKernel(Covariance.room(dimension)),
    private readonly forgetting = 1,
  ) {
    if (!(delta > 0)) throw new Error("delta must be positive");
    if (!(forgetting > 0 && forgetting <= 1)) throw new Error("forgetting must be above 0 and at most 1");
    this.kernel = kernel;
    this.packed = kernel.allocate(padded((dimension * (dimension + 1)) / 2));
    this.x = kernel.allocate(padded(dimension));
    this.px = kernel.allocate(padded(dimension));
    this.gain = kernel.allocate(padded(dimension));
    for (let a = 0, k = 0; a < dimension; a++, k += a + 1) this.packed[k] = delta;
    this.state = forgetting < 1 ? [this.packed, this.count] : [this.packed];
  }

  static room(dimension: number): number {
    return padded((dimension * (dimension + 1)) / 2) + 3 * padded(dimension);
  }

  /** Replaces P by another packed lower triangle. */
  set(packed: Float64Array): void {
    this.packed.set(packed);
  }

  /** P as a packed lower triangle. */
  packedCopy(): Float64Array {
    return this.packed.slice(0, (this.dimension * (this.dimension + 1)) / 2);
  }

  /** Rounds P to single precision. */
  roundOff(): void {
    roundToSingle(this.packed);
  }

  /** P at row a, column b. */
  at(a: number, b: number): number {
    return a >= b ? this.packed[(a * (a + 1)) / 2 + b] : this.at(b, a);
  }

  /** Adds x and writes the gain K = Px / (1 + xᵀPx) to `gain[offset…]`. Returns xᵀK, the leverage of x. */
  update(x: Float64Array, gain: Float64Array, offset: number): number {
    const d = this.dimension;
    if (this.forgetting < 1) this.forget();
    this.x.set(x);
    const leverage = this.kernel.update(
      this.packed.byteOffset,
      this.x.byteOffset,
      this.px.byteOffset,
      this.gain.byteOffset,
      d,
      this.x.length,
    );
    for (let i = 0; i < d; i++) gain[offset + i] = this.gain[i];
    return leverage;
  }

  private forget(): void {
    const { packed, x, px, gain, count, dimension: d, kernel } = this;
    kernel.addScaled(packed.byteOffset, packed.byteOffset, packed.length, 1 / this.forgetting - 1);
    x.fill(0);
    x[count[0] % d] = Math.sqrt((d * (1 - this.forgetting)) / this.delta);
    kernel.update(packed.byteOffset, x.byteOffset, px.byteOffset, gain.byteOffset, d, x.length);
    count[0] += 1;
  }
}
