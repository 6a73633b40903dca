/**
 * Lower triangle L of a = LLᵀ. Throws when the symmetric matrix is not positive definite.
 * @param a rows of the matrix
 */
export function cholesky(a: readonly (readonly number[])[]): number[][] {
  const l = a.map((row) => row.map(() => 0));
  for (let i = 0; i < a.length; i++)
    for (let j = 0; j <= i; j++) {
      let sum = a[i][j];
      for (let k = 0; k < j; k++) sum -= l[i][k] * l[j][k];
      if (i === j && !(sum > 0)) throw new Error(`not positive definite at ${i}`);
      l[i][j] = i === j ? Math.sqrt(sum) : sum / l[j][j];
    }
  return l;
}

/** Solves LLᵀz = b. */
export function solveCholesky(l: readonly (readonly number[])[], b: readonly number[]): number[] {
  const z = [...b];
  for (let i = 0; i < z.length; i++) {
    for (let k = 0; k < i; k++) z[i] -= l[i][k] * z[k];
    z[i] /= l[i][i];
  }
  for (let i = z.length - 1; i >= 0; i--) {
    for (let k = i + 1; k < z.length; k++) z[i] -= l[k][i] * z[k];
    z[i] /= l[i][i];
  }
  return z;
}

export function dot(a: ArrayLike<number>, b: ArrayLike<number>): number {
  let sum = 0;
  for (let i = 0; i < a.length; i++) sum += a[i] * b[i];
  return sum;
}

/** I/δ + Σ x xᵀ. */
export function information(xs: readonly ArrayLike<number>[], delta: number, dimension: number): number[][] {
  const a = Array.from({ length: dimension }, (_, i) =>
    Array.from({ length: dimension }, (_, j) => (i === j ? 1 / delta : 0)),
  );
  for (const x of xs) for (let i = 0; i < dimension; i++) for (let j = 0; j <= i; j++) a[i][j] += x[i] * x[j];
  for (let i = 0; i < dimension; i++) for (let j = 0; j < i; j++) a[j][i] = a[i][j];
  return a;
}

/** argmin Σ(y - xᵀθ)² + |θ-θ₀|²/δ, in one batch. */
export function batchRidge(
  xs: readonly ArrayLike<number>[],
  ys: readonly number[],
  delta: number,
  theta0: ArrayLike<number>,
): number[] {
  const b = Array.from(theta0, () => 0);
  xs.forEach((x, s) => {
    const residual = ys[s] - dot(x, theta0);
    for (let i = 0; i < b.length; i++) b[i] += x[i] * residual;
  });
  const change = solveCholesky(cholesky(information(xs, delta, b.length)), b);
  return change.map((value, i) => theta0[i] + value);
}

/** Textbook recursive least squares of one target, with a full covariance and forgetting λ. */
export class TextbookRls {
  readonly theta: Float64Array;
  private readonly p: Float64Array[];

  constructor(
    theta0: ArrayLike<number>,
    delta: number,
    private readonly lambda = 1,
  ) {
    this.theta = Float64Array.from(theta0);
    this.p = Array.from(theta0, (_, i) => {
      const row = new Float64Array(theta0.length);
      row[i] = delta;
      return row;
    });
  }

  predict(x: ArrayLike<number>): number {
    return dot(x, this.theta);
  }

  learn(x: ArrayLike<number>, y: number): void {
    this.correct(x, y, this.gain(x));
  }

  /** Updates the covariance with x. Returns the gain of x. */
  gain(x: ArrayLike<number>): number[] {
    const px = this.p.map((row) => dot(row, x));
    const denominator = this.lambda + dot(x, px);
    for (let i = 0; i < px.length; i++) {
      const row = this.p[i];
      for (let j = 0; j < px.length; j++) row[j] = (row[j] - (px[i] * px[j]) / denominator) / this.lambda;
    }
    return px.map((value) => value / denominator);
  }

  /** Moves θ along the gain of x. */
  correct(x: ArrayLike<number>, y: number, gain: readonly number[]): void {
    const error = y - this.predict(x);
    gain.forEach((value, i) => {
      this.theta[i] += value * error;
    });
  }
}
