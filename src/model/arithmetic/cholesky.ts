/**
 * Symmetric positive definite matrices as packed lower triangles: row by row, each up to its diagonal.
 */

/** Length of a packed triangle of this dimension. */
export function packedLength(dimension: number): number {
  return (dimension * (dimension + 1)) / 2;
}

/** Start of a row in a packed triangle. */
const rowAt = (row: number) => packedLength(row);

/** The lower triangle L of A = LLᵀ. Throws when A is not positive definite. */
export function cholesky(a: Float64Array, dimension: number): Float64Array {
  const l = new Float64Array(a.length);
  for (let i = 0; i < dimension; i++) {
    const row = rowAt(i);
    for (let j = 0; j <= i; j++) {
      const other = rowAt(j);
      let sum = a[row + j];
      for (let k = 0; k < j; k++) sum -= l[row + k] * l[other + k];
      if (i === j && !(sum > 0)) throw new Error(`the matrix is not positive definite at ${i}`);
      l[row + j] = i === j ? Math.sqrt(sum) : sum / l[other + j];
    }
  }
  return l;
}

/** Solves LLᵀz = b, in place. */
export function solve(l: Float64Array, b: Float64Array): void {
  for (let i = 0; i < b.length; i++) {
    const row = rowAt(i);
    let sum = b[i];
    for (let k = 0; k < i; k++) sum -= l[row + k] * b[k];
    b[i] = sum / l[row + i];
  }
  for (let i = b.length - 1; i >= 0; i--) {
    const row = rowAt(i);
    b[i] /= l[row + i];
    for (let k = 0; k < i; k++) b[k] -= l[row + k] * b[i];
  }
}

/** The inverse of A = LLᵀ. */
export function inverse(l: Float64Array, dimension: number): Float64Array {
  const inverseL = new Float64Array(l.length);
  for (let j = 0; j < dimension; j++) {
    inverseL[rowAt(j) + j] = 1 / l[rowAt(j) + j];
    for (let i = j + 1; i < dimension; i++) {
      const row = rowAt(i);
      let sum = 0;
      for (let k = j; k < i; k++) sum -= l[row + k] * inverseL[rowAt(k) + j];
      inverseL[row + j] = sum / l[row + i];
    }
  }
  return transposeTimes(inverseL, dimension);
}

/** LLᵀ. */
export function timesTranspose(l: Float64Array, dimension: number): Float64Array {
  const a = new Float64Array(l.length);
  for (let i = 0; i < dimension; i++)
    for (let j = 0; j <= i; j++) {
      let sum = 0;
      for (let k = 0; k <= j; k++) sum += l[rowAt(i) + k] * l[rowAt(j) + k];
      a[rowAt(i) + j] = sum;
    }
  return a;
}

/** LᵀL. */
function transposeTimes(l: Float64Array, dimension: number): Float64Array {
  const a = new Float64Array(l.length);
  for (let k = 0; k < dimension; k++) {
    const row = rowAt(k);
    for (let i = 0; i <= k; i++) for (let j = 0; j <= i; j++) a[rowAt(i) + j] += l[row + i] * l[row + j];
  }
  return a;
}

/** A times a vector. */
export function times(a: Float64Array, x: ArrayLike<number>, out: Float64Array): void {
  out.fill(0);
  for (let i = 0; i < out.length; i++) {
    const row = rowAt(i);
    for (let j = 0; j < i; j++) {
      out[i] += a[row + j] * x[j];
      out[j] += a[row + j] * x[i];
    }
    out[i] += a[row + i] * x[i];
  }
}
