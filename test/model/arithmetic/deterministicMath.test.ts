import fc from "fast-check";
import { expect, test } from "vitest";
import { cosTurns, exp, normal, sinTurns, tanh, uniform } from "../../../src/model/arithmetic/deterministicMath.js";

const turns = fc.double({ min: -(2 ** 20), max: 2 ** 20, noNaN: true });

test("sin and cos of turns are those of Math, to 1e-15", () => {
  fc.assert(
    fc.property(turns, (t) => {
      // Exact reduction first: rounding 2πt would cost more than 1e-15.
      const reduced = t - Math.round(t);
      expect(Math.abs(sinTurns(t) - Math.sin(2 * Math.PI * reduced))).toBeLessThan(1e-15);
      // A quarter turn added to a large number rounds it.
      expect(Math.abs(cosTurns(reduced) - Math.cos(2 * Math.PI * reduced))).toBeLessThan(1e-15);
    }),
    { numRuns: 2000 },
  );
});

test("quarter turns are exact", () => {
  for (const whole of [-3, 0, 1, 500_000]) {
    expect(sinTurns(whole)).toBeCloseTo(0, 15);
    expect(sinTurns(whole + 0.25)).toBeCloseTo(1, 15);
    expect(sinTurns(whole + 0.75)).toBeCloseTo(-1, 15);
    expect(cosTurns(whole)).toBeCloseTo(1, 15);
    expect(cosTurns(whole + 0.5)).toBeCloseTo(-1, 15);
  }
});

test("sin has the period of a turn to the bit, and is odd", () => {
  fc.assert(
    fc.property(fc.integer({ min: 0, max: 2048 }), fc.integer({ min: 0, max: 20_000 }), (part, days) => {
      const turn = part / 2048; // exact in binary, and so is the sum with whole days
      expect(sinTurns(turn + days)).toBe(sinTurns(turn));
      expect(sinTurns(-turn) + sinTurns(turn)).toBe(0);
    }),
  );
});

test("exp is that of Math, to 1e-15 of its size", () => {
  fc.assert(
    fc.property(fc.double({ min: -699, max: 699, noNaN: true }), (x) => {
      expect(Math.abs(exp(x) / Math.exp(x) - 1)).toBeLessThan(1e-15);
    }),
    { numRuns: 2000 },
  );
  expect(exp(0)).toBe(1);
  expect(exp(-1000)).toBe(0);
  expect(exp(1000)).toBe(Number.POSITIVE_INFINITY);
  expect(exp(Number.NaN)).toBeNaN();
});

test("tanh is that of Math, to 1e-15, and never leaves [-1, 1]", () => {
  fc.assert(
    fc.property(fc.double({ min: -50, max: 50, noNaN: true }), (x) => {
      expect(Math.abs(tanh(x) - Math.tanh(x))).toBeLessThan(1e-15);
      expect(Math.abs(tanh(x))).toBeLessThanOrEqual(1);
    }),
    { numRuns: 2000 },
  );
  expect(tanh(Number.POSITIVE_INFINITY)).toBe(1);
  expect(tanh(Number.NEGATIVE_INFINITY)).toBe(-1);
  expect(tanh(Number.NaN)).toBeNaN();
});

test("uniform is mulberry32, as published", () => {
  const next = uniform(0);
  // First outputs of the author's C for seed 0.
  expect([next(), next(), next(), next()].map((u) => u * 2 ** 32)).toEqual([1144304738, 1416247, 958946056, 627933444]);
});

test("the same seed gives the same numbers, another seed different ones", () => {
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
