import fc from "fast-check";
import { expect, test } from "vitest";
import { Covariance } from "../../../src/model/arithmetic/covariance.js";
import { normal } from "../../../src/model/arithmetic/deterministicMath.js";
import { cholesky, dot, information, solveCholesky } from "../support/linearAlgebra.js";

function matrix(covariance: Covariance): number[][] {
  const indices = Array.from({ length: covariance.dimension }, (_, i) => i);
  return indices.map((a) => indices.map((b) => covariance.at(a, b)));
}

const cases = fc.record({
  seed: fc.nat(),
  dimension: fc.integer({ min: 1, max: 12 }),
  hours: fc.integer({ min: 0, max: 200 }),
  delta: fc.constantFrom(0.1, 0.3, 1),
});

function inputs(seed: number, dimension: number, hours: number): Float64Array[] {
  const next = normal(seed);
  return Array.from({ length: hours }, () => Float64Array.from({ length: dimension }, next));
}

test("P⁻¹ = I/δ + Σxxᵀ", () => {
  fc.assert(
    fc.property(cases, ({ seed, dimension, hours, delta }) => {
      const xs = inputs(seed, dimension, hours);
      const covariance = new Covariance(dimension, delta);
      const gain = new Float64Array(dimension);
      for (const x of xs) covariance.update(x, gain, 0);
      const inverse = information(xs, delta, dimension);
      const p = matrix(covariance);
      for (let a = 0; a < dimension; a++)
        for (let b = 0; b < dimension; b++)
          if (!(Math.abs(dot(p[a], inverse[b]) - (a === b ? 1 : 0)) < 1e-9)) expect.fail(`differs at ${a}, ${b}`);
    }),
  );
});

test("P is symmetric to the bit, positive definite, and shrinks", () => {
  fc.assert(
    fc.property(cases, ({ seed, dimension, hours, delta }) => {
      const covariance = new Covariance(dimension, delta);
      const gain = new Float64Array(dimension);
      let before = matrix(covariance);
      for (const x of inputs(seed, dimension, Math.min(hours, 30))) {
        covariance.update(x, gain, 0);
        const p = matrix(covariance);
        cholesky(p);
        for (let a = 0; a < dimension; a++) {
          if (p[a][a] > before[a][a]) expect.fail(`grew from ${before[a][a]} to ${p[a][a]}`);
          for (let b = 0; b < a; b++) if (p[a][b] !== p[b][a]) expect.fail(`${p[a][b]} is not ${p[b][a]}`);
        }
        before = p;
      }
    }),
  );
});

test("the gain is P x after the update, and the leverage xᵀK lies in [0, 1)", () => {
  fc.assert(
    fc.property(cases, ({ seed, dimension, hours, delta }) => {
      const covariance = new Covariance(dimension, delta);
      const offset = 3;
      const gain = new Float64Array(dimension + offset + 1).fill(7);
      const xs = inputs(seed, dimension, hours + 1);
      let leverage = 0;
      for (const x of xs) leverage = covariance.update(x, gain, offset);
      const x = xs[hours];
      // P after x is (I/δ + Σxxᵀ)⁻¹, and K = P_before x / (1 + xᵀ P_before x) = P_after x.
      const expected = solveCholesky(cholesky(information(xs, delta, dimension)), Array.from(x));
      for (let i = 0; i < dimension; i++) expect(gain[offset + i]).toBeCloseTo(expected[i], 9);
      expect(leverage).toBeCloseTo(dot(x, expected), 9);
      expect(leverage).toBeGreaterThanOrEqual(0);
      expect(leverage).toBeLessThan(1);
      expect([...gain.subarray(0, offset), gain[offset + dimension]]).toEqual([7, 7, 7, 7]);
    }),
  );
});

test("constant and collinear features keep the diagonal positive", () => {
  const covariance = new Covariance(6, 0.1);
  const gain = new Float64Array(6);
  const next = normal(1);
  for (let hour = 0; hour < 100_000; hour++) {
    const a = 3 * next();
    const leverage = covariance.update(Float64Array.of(1, a, 2 * a, a + 1, 0, 1e-3 * next()), gain, 0);
    if (!(leverage >= 0 && leverage < 1)) expect.fail(`leverage ${leverage} at hour ${hour}`);
  }
  for (let a = 0; a < 6; a++) expect(covariance.at(a, a)).toBeGreaterThan(0);
  expect(covariance.at(4, 4)).toBe(0.1); // never excited: keeps its prior variance
  cholesky(matrix(covariance));
});

test("a prior variance that is not positive is rejected", () => {
  for (const delta of [0, -1, Number.NaN]) expect(() => new Covariance(2, delta)).toThrow("delta must be positive");
});

test("with forgetting P⁻¹ ← λP⁻¹ + xxᵀ, and d(1-λ)/δ on one coordinate after another", () => {
  fc.assert(
    fc.property(cases, fc.constantFrom(0.9, 0.99, 0.999), ({ seed, dimension, hours, delta }, forgetting) => {
      const covariance = new Covariance(dimension, delta, undefined, forgetting);
      const inverse = information([], delta, dimension);
      const gain = new Float64Array(dimension);
      for (const [n, x] of inputs(seed, dimension, hours).entries()) {
        covariance.update(x, gain, 0);
        for (let a = 0; a < dimension; a++)
          for (let b = 0; b < dimension; b++) inverse[a][b] = forgetting * inverse[a][b] + x[a] * x[b];
        inverse[n % dimension][n % dimension] += (dimension * (1 - forgetting)) / delta;
      }
      const p = matrix(covariance);
      for (let a = 0; a < dimension; a++)
        for (let b = 0; b < dimension; b++)
          if (!(Math.abs(dot(p[a], inverse[b]) - (a === b ? 1 : 0)) < 1e-9)) expect.fail(`differs at ${a}, ${b}`);
    }),
  );
});

test("with forgetting, unexcited directions keep about their prior variance, and P stays positive", () => {
  const covariance = new Covariance(4, 0.1, undefined, 0.99);
  const gain = new Float64Array(4);
  const next = normal(3);
  for (let hour = 0; hour < 50_000; hour++) {
    // The third feature is always 0; the fourth becomes 0 later.
    covariance.update(Float64Array.of(1, next(), 0, hour < 1000 ? next() : 0), gain, 0);
    if (!(Math.abs(covariance.at(2, 2) - 0.1) < 0.005)) expect.fail(`${covariance.at(2, 2)} at hour ${hour}`);
  }
  expect(covariance.at(3, 3)).toBeCloseTo(0.1, 2);
  expect(covariance.at(1, 1)).toBeLessThan(0.02);
  cholesky(matrix(covariance));
});

test("a forgetting factor outside (0, 1] is rejected", () => {
  for (const forgetting of [0, -1, 1.01, Number.NaN])
    expect(() => new Covariance(2, 1, undefined, forgetting)).toThrow("forgetting must be above 0 and at most 1");
});
