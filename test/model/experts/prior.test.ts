import { describe, expect, test } from "vitest";
import { cholesky, packedLength } from "../../../src/model/arithmetic/cholesky.js";
import { normal } from "../../../src/model/arithmetic/deterministicMath.js";
import { addSums, decodePrior, encodePrior, priorOf, sumsOf } from "../../../src/model/experts/prior.js";
import { RecursiveLeastSquares } from "../../../src/model/experts/recursiveLeastSquares.js";
import { columnCount, columnOf } from "../../../src/model/vocabulary.js";
import { batchRidge, dot } from "../support/linearAlgebra.js";

const dimension = 5;
const hours = 600;
const delta = 0.5;
const persistence = { features: [1, 2], scale: 10 };
const options = { dimension, delta, persistence };
const truth = [0.5, 6, -1, 2, 0.3];

/** Trains a regression on a linear truth with noise; the x and y that its lead of 1 h learned. */
function trained(seed: number, start: Partial<ConstructorParameters<typeof RecursiveLeastSquares>[0]> = {}) {
  const next = normal(seed);
  const model = new RecursiveLeastSquares({ ...options, ...start });
  const xs: Float64Array[] = [];
  const ys: number[] = [];
  const trainedForecasts = new Float32Array(columnCount);
  for (let hour = 0; hour <= hours; hour++) {
    if (hour > 0) {
      const y = dot(truth, xs[hour - 1]!) + next();
      ys.push(y);
      for (const variable of [0, 1]) model.learn(hour, variable, y, trainedForecasts);
    }
    const x = Float64Array.from({ length: dimension }, (_, i) => (i === 0 ? 1 : next()));
    if (hour < hours) {
      model.observe(hour, x);
      xs.push(x);
    }
  }
  return { model, xs, ys, sums: sumsOf(model, { rows: hours, delta }) };
}

describe("the sums of a regression", () => {
  test("are those of the x that it has seen", () => {
    const { xs, sums } = trained(1);
    for (let i = 0, at = 0; i < dimension; i++)
      for (let j = 0; j <= i; j++, at++)
        expect(sums.information[at]).toBeCloseTo(
          xs.reduce((sum, x) => sum + x[i] * x[j], 0),
          6,
        );
    expect([sums.rows, sums.dimension]).toEqual([hours, dimension]);
  });

  test("add up in any order, and only for the same features", () => {
    const [a, b] = [trained(1).sums, trained(2).sums];
    expect(addSums(a, b)).toEqual(addSums(b, a));
    expect(() => addSums(a, { ...b, dimension: 6 })).toThrow("regressions of 5 and 6 features");
  });
});

describe("a prior", () => {
  const pooled = addSums(trained(1).sums, trained(2).sums);
  const prior = priorOf(pooled, { delta, persistence });

  test("has the weights of one ridge regression over all stations, shrunk to persistence", () => {
    const [a, b] = [trained(1), trained(2)];
    const theta0 = [0, 10, 0, 0, 0];
    const expected = batchRidge([...a.xs, ...b.xs], [...a.ys, ...b.ys], 0.1, theta0);
    const weights = prior.weights.subarray(columnOf(0, 1) * dimension, (columnOf(0, 1) + 1) * dimension);
    // The sums know each station's own ridge weights instead of its observations.
    for (const [i, weight] of weights.entries()) expect(weight).toBeCloseTo(expected[i]!, 1);
  });

  test("trusts as much as 2400 average hours", () => {
    const average = pooled.information.map((value) => (2400 * value) / pooled.rows);
    for (let i = 0; i < dimension; i++) average[packedLength(i + 1) - 1] += 1 / delta;
    const [expected, own] = [cholesky(average, dimension), cholesky(prior.covariance, dimension)];
    // det(A⁻¹) = 1 / det(A)
    const determinant = (l: Float64Array) => {
      let product = 1;
      for (let i = 0; i < dimension; i++) product *= l[packedLength(i + 1) - 1] ** 2;
      return product;
    };
    expect(determinant(own) * determinant(expected)).toBeCloseTo(1, 6);
  });

  test("keeps its weights to a thousandth and stays positive definite in half precision", () => {
    const back = decodePrior(encodePrior(prior), dimension);
    for (const [i, weight] of back.weights.entries()) expect(Math.abs(weight - prior.weights[i])).toBeLessThan(0.006);
    for (const [i, value] of back.covariance.entries()) {
      const scale = Math.abs(prior.covariance[i]) + 1e-5;
      expect(Math.abs(value - prior.covariance[i]) / scale).toBeLessThan(0.02);
    }
    expect(() => cholesky(back.covariance, dimension)).not.toThrow();
    expect(() => decodePrior(encodePrior(prior), 6)).toThrow("a prior of 6 features has another length");
  });

  test("makes a new station's first forecasts as good as those of an old one", () => {
    const errorOf = (model: RecursiveLeastSquares) => {
      const next = normal(9);
      const out = new Float32Array(columnCount);
      let sum = 0;
      for (let hour = 0; hour < 50; hour++) {
        const x = Float64Array.from({ length: dimension }, (_, i) => (i === 0 ? 1 : next()));
        model.recall(hour, x);
        model.predict(hour, out);
        sum += Math.abs(out[0] - dot(truth, x));
      }
      return sum / 50;
    };
    expect(errorOf(new RecursiveLeastSquares({ ...options, prior }))).toBeLessThan(0.3);
    expect(errorOf(new RecursiveLeastSquares(options))).toBeGreaterThan(2);
  });

  test("is refused by a regression of other features, and by one for each hour of the day", () => {
    for (const wrong of [{ dimension: 6 }, { groups: 24 }])
      expect(() => new RecursiveLeastSquares({ ...options, ...wrong, prior })).toThrow(
        "a prior of 5 features does not fit",
      );
  });
});
