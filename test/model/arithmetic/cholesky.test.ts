import { expect, test } from "vitest";
import {
  cholesky,
  inverse,
  packedLength,
  solve,
  times,
  timesTranspose,
} from "../../../src/model/arithmetic/cholesky.js";
import { normal } from "../../../src/model/arithmetic/deterministicMath.js";

const dimension = 23;
const next = normal(8);

/** I + Σ x xᵀ, packed. */
function randomMatrix(): Float64Array {
  const a = new Float64Array(packedLength(dimension));
  for (let i = 0; i < dimension; i++) a[packedLength(i + 1) - 1] = 1;
  for (let n = 0; n < 60; n++) {
    const x = Array.from({ length: dimension }, next);
    for (let i = 0, at = 0; i < dimension; i++) for (let j = 0; j <= i; j++, at++) a[at] += x[i] * x[j];
  }
  return a;
}

function expectClose(values: Float64Array, expected: Float64Array) {
  for (const [i, value] of values.entries()) expect(value).toBeCloseTo(expected[i], 9);
}

test("the factor times its transpose is the matrix again", () => {
  const a = randomMatrix();
  expectClose(timesTranspose(cholesky(a, dimension), dimension), a);
});

test("the solution and the inverse undo the matrix", () => {
  const a = randomMatrix();
  const l = cholesky(a, dimension);
  const x = Float64Array.from({ length: dimension }, next);
  const [b, back] = [new Float64Array(dimension), new Float64Array(dimension)];
  times(a, x, b);
  times(inverse(l, dimension), b, back);
  expectClose(back, x);
  solve(l, b);
  expectClose(b, x);
});

test("a matrix that is not positive definite is an error", () => {
  expect(() => cholesky(Float64Array.of(1, 2, 1), 2)).toThrow("not positive definite at 1");
});
