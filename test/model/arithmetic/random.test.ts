import { expect, test } from "vitest";
import { normal, uniform } from "../../../src/model/arithmetic/random.js";

test("uniform is mulberry32, as published", () => {
  const next = uniform(0);
  // First outputs of the author's C for seed 0.
  expect([next(), next(), next(), next()].map((u) => u * 2 ** 32)).toEqual([1144304738, 1416247, 958946056, 627933444]);
});

test("the same seed gives the same numbers, another one others", () => {
  const draw = (seed: number) => Array.from({ length: 5 }, uniform(seed));
  expect(draw(1)).toEqual(draw(1));
  expect(draw(1)).not.toEqual(draw(2));
});

test("uniform numbers lie in [0, 1) and are even", () => {
  const next = uniform(3);
  const bins = new Array(10).fill(0);
  for (let i = 0; i < 100_000; i++) {
    const u = next();
    if (!(u >= 0 && u < 1)) expect.fail(`drew ${u}`);
    bins[Math.floor(10 * u)]++;
  }
  for (const n of bins) expect(Math.abs(n - 10_000)).toBeLessThan(400); // four standard deviations
});

test("normal numbers have mean 0 and variance 1, and stay within six", () => {
  const next = normal(4);
  const draws = Array.from({ length: 100_000 }, next);
  const mean = draws.reduce((sum, z) => sum + z) / draws.length;
  const variance = draws.reduce((sum, z) => sum + (z - mean) ** 2, 0) / draws.length;
  expect(Math.abs(mean)).toBeLessThan(0.013);
  expect(Math.abs(variance - 1)).toBeLessThan(0.02);
  expect(Math.max(...draws.map(Math.abs))).toBeLessThanOrEqual(6);
});
