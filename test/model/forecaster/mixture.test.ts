import fc from "fast-check";
import { expect, test } from "vitest";
import { normal, uniform } from "../../../src/model/arithmetic/deterministicMath.js";
import { Mixture } from "../../../src/model/forecaster/mixture.js";
import { Regimes } from "../../../src/model/forecaster/regimes.js";
import { columnOf, expertNames } from "../../../src/model/vocabulary.js";

/** Forecasts of the experts, and the observation. */
interface Round {
  forecasts: number[];
  y: number;
}

/** Plays the rounds, each with the weights before it. Returns the losses of the mixture and of the experts. */
function play(mixture: Mixture, rounds: readonly Round[], column = 0): { mixed: number; experts: number[] } {
  const weights = new Float64Array(mixture.experts);
  const loss = { mixed: 0, experts: Array.from({ length: mixture.experts }, () => 0) };
  for (const { forecasts, y } of rounds) {
    mixture.weights(column, forecasts, weights);
    const mixed = combine(weights, forecasts);
    loss.mixed += Math.abs(mixed - y);
    for (const k of forecasts.keys()) loss.experts[k] += Math.abs(forecasts[k] - y);
    mixture.learn(column, mixed, forecasts, y);
  }
  return loss;
}

/** In single precision, as forecasts are issued. */
function combine(weights: ArrayLike<number>, forecasts: readonly number[]): number {
  return Math.fround(forecasts.reduce((sum, forecast, k) => (weights[k] > 0 ? sum + weights[k] * forecast : sum), 0));
}

const value = fc.float({ min: -60, max: 60, noNaN: true });
const sleeper = fc.option(value, { nil: Number.NaN, freq: 4 });

test("weights lie on the simplex, and sleeping experts have none", () => {
  const rounds = fc.array(
    fc.record({
      forecasts: fc
        .array(sleeper, { minLength: 5, maxLength: 5 })
        .filter((forecasts) => forecasts.some((forecast) => !Number.isNaN(forecast))),
      y: value,
    }),
    { minLength: 1, maxLength: 60 },
  );
  fc.assert(
    fc.property(rounds, (played) => {
      const mixture = new Mixture(1, 5);
      const weights = new Float64Array(5);
      for (const { forecasts, y } of played) {
        mixture.weights(0, forecasts, weights);
        expect(weights.reduce((sum, w) => sum + w)).toBeCloseTo(1, 12);
        for (const k of forecasts.keys()) {
          expect(weights[k]).toBeGreaterThanOrEqual(0);
          if (Number.isNaN(forecasts[k])) expect(weights[k]).toBe(0);
        }
        mixture.learn(0, combine(weights, forecasts), forecasts, y);
      }
    }),
  );
});

test("without regret, all awake experts have equal weights", () => {
  const weights = new Float64Array(4);
  new Mixture(1, 4).weights(0, [1, Number.NaN, 3, 5], weights);
  expect(Array.from(weights)).toEqual([1 / 3, 0, 1 / 3, 1 / 3]);
});

test("equal experts give their forecast, and so does a single expert", () => {
  fc.assert(
    fc.property(
      fc.array(fc.tuple(value, value), { maxLength: 100 }),
      fc.integer({ min: 1, max: 6 }),
      (played, count) => {
        const mixture = new Mixture(1, count);
        const weights = new Float64Array(count);
        for (const [forecast, y] of played) {
          const forecasts = Array.from({ length: count }, () => forecast);
          mixture.weights(0, forecasts, weights);
          const mixed = combine(weights, forecasts);
          if (count === 1) expect(mixed - forecast).toBe(0);
          expect(mixed).toBeCloseTo(forecast, 4);
          mixture.learn(0, mixed, forecasts, y);
        }
      },
    ),
  );
});

test("an expert that sleeps keeps its regret", () => {
  const mixture = new Mixture(1, 2);
  const weights = new Float64Array(2);
  const next = normal(1);
  play(
    mixture,
    Array.from({ length: 50 }, () => ({ forecasts: [0, 5 + next()], y: 0 })),
  );
  mixture.weights(0, [0, 5], weights);
  const before = Array.from(weights);
  expect(before[0]).toBeGreaterThan(0.9);
  for (let i = 0; i < 100; i++) mixture.learn(0, 5, [Number.NaN, 5], 0);
  mixture.weights(0, [0, 5], weights);
  expect(Array.from(weights)).toEqual(before);
});

test("columns are independent", () => {
  const mixture = new Mixture(3, 2);
  const weights = new Float64Array(2);
  play(
    mixture,
    [
      { forecasts: [1, 9], y: 0 },
      { forecasts: [1, 9], y: 0 },
    ],
    1,
  );
  for (const column of [0, 2]) {
    mixture.weights(column, [1, 9], weights);
    expect(Array.from(weights)).toEqual([0.5, 0.5]);
  }
});

/**
 * Theorem 5 of Gaillard, Stoltz and van Erven bounds the regret by √(K (1 + ln(1+T)) (1 + Σr²)) for |r| ≤ 1; here |r|
 * is at most the spread of the experts, D, and so the bound √(K (1 + ln(1+T)) (D² + D²T)). Absolute loss is convex,
 * so the regret is at most the linearised one.
 */
function regretBound(experts: number, rounds: number, spread: number): number {
  return spread * Math.sqrt(experts * (1 + Math.log(1 + rounds)) * (1 + rounds));
}

test("regret against the best expert stays below the bound for any series", () => {
  const round = fc.record({ forecasts: fc.array(value, { minLength: 4, maxLength: 4 }), y: value });
  fc.assert(
    fc.property(fc.array(round, { minLength: 1, maxLength: 300 }), (rounds) => {
      const { mixed, experts } = play(new Mixture(1, 4), rounds);
      const spread = Math.max(...rounds.map(({ forecasts }) => Math.max(...forecasts) - Math.min(...forecasts)));
      expect(mixed - Math.min(...experts)).toBeLessThanOrEqual(regretBound(4, rounds.length, spread) + 1e-9);
    }),
  );
});

test("an adversary that always lands away from the heaviest expert gains no more than the bound", () => {
  const mixture = new Mixture(1, 3);
  const weights = new Float64Array(3);
  const loss = { mixed: 0, experts: [0, 0, 0] };
  const rounds = 20_000;
  const next = uniform(2);
  for (let t = 0; t < rounds; t++) {
    const forecasts = [0, 1, next()];
    mixture.weights(0, forecasts, weights);
    const mixed = combine(weights, forecasts);
    const y = mixed > 0.5 ? 0 : 1;
    loss.mixed += Math.abs(mixed - y);
    for (const k of forecasts.keys()) loss.experts[k] += Math.abs(forecasts[k] - y);
    mixture.learn(0, mixed, forecasts, y);
  }
  expect(loss.mixed - Math.min(...loss.experts)).toBeLessThan(regretBound(3, rounds, 1));
});

test("average regret against the best of eight goes to zero, and the mixture of two beats either", () => {
  const next = normal(3);
  const rounds = (count: number) =>
    Array.from({ length: count }, () => {
      const y = 10 * next();
      // The first two err independently, so their mean beats both; the rest are worse.
      return { forecasts: Array.from({ length: 8 }, (_, k) => y + (1 + (k < 2 ? 0 : k)) * next()), y };
    });
  const mixture = new Mixture(1, 8);
  play(mixture, rounds(3000));
  const { mixed, experts } = play(mixture, rounds(3000));
  expect(mixed).toBeLessThan(0.8 * Math.min(...experts)); // 1/√2 is the optimum of two experts
});

test("experts with a prior begin with all the weight, beyond 12 hours together with the blend", () => {
  const experts = ["persistence", "blend", "rls", "rlsTanh"].map((name) => expertNames.indexOf(name as "rls"));
  const withPrior = experts.slice(2);
  const forecasts = expertNames.map((_, k) => (experts.includes(k) ? 1 : Number.NaN));
  const weights = new Float64Array(expertNames.length);
  const startOf = (leadHours: number, favoured: readonly number[]) => {
    const column = columnOf(0, leadHours);
    const { mixture } = new Regimes(experts, favoured).of(column, forecasts);
    mixture.weights(column, forecasts, weights);
    return experts.map((k) => weights[k]);
  };
  expect(startOf(12, withPrior)).toEqual([0, 0, 1 / 2, 1 / 2]);
  for (const leadHours of [13, 24, 72]) expect(startOf(leadHours, withPrior)).toEqual([0, 1 / 3, 1 / 3, 1 / 3]);
  expect(startOf(24, [])).toEqual([1 / 4, 1 / 4, 1 / 4, 1 / 4]);
});
