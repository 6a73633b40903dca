import fc from "fast-check";
import { expect, test } from "vitest";
import { normal, uniform } from "../../../src/model/arithmetic/deterministicMath.js";
import {
  RecursiveLeastSquares,
  type RecursiveLeastSquaresOptions,
} from "../../../src/model/experts/recursiveLeastSquares.js";
import { maxLeadHours, variables } from "../../../src/model/vocabulary.js";
import { batchRidge, dot, TextbookRls } from "../support/linearAlgebra.js";

const columns = variables.length * maxLeadHours;
const firstHour = 438_000;

interface Hour {
  hour: number;
  /** null when the hour is skipped */
  x: Float64Array | null;
  /** one target per variable */
  y: [number, number];
}

/** A linear model with noise; x is missing in `missingShare` of the hours. */
function world(seed: number, dimension: number, hours: number, missingShare = 0): Hour[] {
  const next = normal(seed);
  const chance = uniform(seed + 1);
  const truth = Array.from({ length: dimension }, next);
  return Array.from({ length: hours }, (_, t) => {
    const x = Float64Array.from({ length: dimension }, (_, i) => (i === 0 ? 1 : next()));
    const y: [number, number] = [dot(x, truth) + next(), 10 + 3 * next()];
    return { hour: firstHour + t, x: chance() < missingShare ? null : x, y };
  });
}

const trained = new Float32Array(columns);

/** Learns, then observes, as the forecaster does at each hour. */
function take(model: RecursiveLeastSquares, { hour, x, y }: Hour): void {
  for (let variable = 0; variable < variables.length; variable++) model.learn(hour, variable, y[variable], trained);
  if (x) model.observe(hour, x);
  else model.skip(hour);
}

function run(options: RecursiveLeastSquaresOptions, hours: readonly Hour[]): RecursiveLeastSquares {
  const model = new RecursiveLeastSquares(options);
  for (const hour of hours) take(model, hour);
  return model;
}

/** The pairs (x of h hours before, y) of a lead that have come due, of one group. */
function pairs(hours: readonly Hour[], lead: number, variable: number, group = 0, groups = 1) {
  const xs: Float64Array[] = [];
  const ys: number[] = [];
  for (let t = lead; t < hours.length; t++) {
    const { hour, x } = hours[t - lead];
    if (!x || hour % groups !== group) continue;
    xs.push(x);
    ys.push(hours[t].y[variable]);
  }
  return { xs, ys };
}

function theta0({ dimension, persistence }: RecursiveLeastSquaresOptions, variable: number): Float64Array {
  const theta = new Float64Array(dimension);
  if (persistence) theta[persistence.features[variable]] = persistence.scale;
  return theta;
}

function expectClose(actual: ArrayLike<number>, expected: ArrayLike<number>, what: string): void {
  for (let i = 0; i < expected.length; i++)
    if (!(Math.abs(actual[i] - expected[i]) < 1e-9)) expect.fail(`${what}: ${actual[i]} is not ${expected[i]}`);
}

test("without forgetting or clipping, θ of every lead is the batch ridge solution, to 1e-9", () => {
  fc.assert(
    fc.property(
      fc.nat(),
      fc.integer({ min: 2, max: 6 }),
      fc.integer({ min: 0, max: 200 }),
      fc.constantFrom(0.1, 1),
      fc.constantFrom(0, 0.2),
      (seed, dimension, length, delta, missingShare) => {
        const hours = world(seed, dimension, length, missingShare);
        const options = { dimension, delta, persistence: { features: [1, 0], scale: 10 } };
        const model = run(options, hours);
        for (let variable = 0; variable < variables.length; variable++)
          for (let lead = 1; lead <= maxLeadHours; lead++) {
            const { xs, ys } = pairs(hours, lead, variable);
            const expected = batchRidge(xs, ys, delta, theta0(options, variable));
            expectClose(model.weightsOf(variable * maxLeadHours + lead - 1), expected, `lead ${lead}`);
          }
      },
    ),
    { numRuns: 25 },
  );
});

test("with one model per hour of the day, each is the batch ridge solution of its own hours of issue", () => {
  const hours = world(3, 4, 24 * 15);
  const options = { dimension: 4, delta: 0.3, groups: 24, persistence: { features: [1, 2], scale: 10 } };
  const model = run(options, hours);
  for (const lead of [1, 23, 24, 25, 48, 49, 72])
    for (let group = 0; group < 24; group++) {
      const { xs, ys } = pairs(hours, lead, 0, group, 24);
      const expected = batchRidge(xs, ys, 0.3, theta0(options, 0));
      expectClose(model.weightsOf(lead - 1, group), expected, `lead ${lead} from ${group} h`);
    }
});

test("the shared gain equals an independent delayed recursion for each lead, to 1e-9, at every hour", () => {
  const hours = world(4, 5, 400, 0.15);
  const options = { dimension: 5, delta: 0.1, persistence: { features: [1, 2], scale: 10 } };
  const model = new RecursiveLeastSquares(options);
  const independent = Array.from(
    { length: columns },
    (_, c) => new TextbookRls(theta0(options, Math.floor(c / maxLeadHours)), 0.1),
  );
  const out = new Float32Array(columns);
  for (let t = 0; t < hours.length; t++) {
    take(model, hours[t]);
    for (let c = 0; c < columns; c++) {
      const x = hours[t - (c % maxLeadHours) - 1]?.x;
      if (x) independent[c].learn(x, hours[t].y[Math.floor(c / maxLeadHours)]);
      if (t % 20 === 0 || t === hours.length - 1)
        expectClose(model.weightsOf(c), independent[c].theta, `column ${c} at hour ${t}`);
    }
    const x = hours[t].x;
    if (!x) continue;
    model.predict(hours[t].hour, out);
    for (let c = 0; c < columns; c += 7) expect(Math.abs(out[c] - independent[c].predict(x))).toBeLessThan(1e-4); // single precision
  }
});

test("nothing is learned before it is due: the newest h targets alone move the weights of lead h", () => {
  const hours = world(5, 3, 200);
  const model = run({ dimension: 3, delta: 0.1 }, hours.slice(0, 10));
  for (let lead = 1; lead <= maxLeadHours; lead++) {
    const untouched = model.weightsOf(lead - 1).every((w) => w === 0);
    expect(untouched).toBe(lead >= 10); // after ten hours there are pairs for leads up to 9
  }
});

test("a missing target skips only its own update", () => {
  const hours = world(6, 3, 120);
  const options = { dimension: 3, delta: 0.1 };
  const model = new RecursiveLeastSquares(options);
  for (const { hour, x, y } of hours) {
    if (hour % 3 !== 0) model.learn(hour, 0, y[0], trained);
    model.learn(hour, 1, y[1], trained);
    model.observe(hour, x!);
  }
  const whole = run(options, hours);
  expect(model.weightsOf(maxLeadHours)).toEqual(whole.weightsOf(maxLeadHours));
  expect(model.weightsOf(0)).not.toEqual(whole.weightsOf(0));
});

test("trained holds the forecasts of the updated weights, NaN where the hour was skipped", () => {
  const hours = world(7, 4, 250, 0.2);
  const model = run({ dimension: 4, delta: 0.1, huber: 2 }, hours.slice(0, -1));
  const { hour, y } = hours[hours.length - 1];
  model.learn(hour, 0, y[0], trained);
  let skipped = 0;
  for (let lead = 1; lead <= maxLeadHours; lead++) {
    const x = hours[hours.length - 1 - lead].x;
    if (x) expect(trained[lead - 1]).toBeCloseTo(dot(x, model.weightsOf(lead - 1)), 5);
    else expect(trained[lead - 1]).toBeNaN();
    if (!x) skipped++;
  }
  expect(skipped).toBeGreaterThan(0);
});

test("an innovation is clipped at a multiple of the mean error: beyond it only the sign counts", () => {
  const hours = world(8, 3, 300);
  const last = hours[hours.length - 1];
  const weightsAfter = (huber: number, y: number) => {
    const model = run({ dimension: 3, delta: 0.1, huber }, hours.slice(0, -1));
    const before = Float64Array.from(model.weightsOf(0));
    model.learn(last.hour, 0, y, trained);
    return Float64Array.from(model.weightsOf(0), (w, i) => w - before[i]);
  };
  expect(weightsAfter(2, 1e9)).toEqual(weightsAfter(2, 1e3));
  expectClose(
    weightsAfter(2, -1e3),
    weightsAfter(2, 1e3).map((w) => -w),
    "mirrored",
  );
  expectClose(weightsAfter(4, 1e3), weightsAfter(4, 1e9), "wider");
  expect(Math.abs(weightsAfter(4, 1e3)[0])).toBeGreaterThan(Math.abs(weightsAfter(2, 1e3)[0]));
  expect(Math.abs(weightsAfter(Number.POSITIVE_INFINITY, 1e9)[0])).toBeGreaterThan(1000);
});

test("the limit of an innovation is a multiple of the mean |e| before it, after the first 24 errors", () => {
  const hours = world(10, 3, 300);
  const model = run({ dimension: 3, delta: 0.1, huber: 1.5 }, hours);
  const expected = new TextbookRls(new Float64Array(3), 0.1);
  let sum = 0;
  let clipped = 0;
  for (let t = 1; t < hours.length; t++) {
    const x = hours[t - 1].x!;
    const forecast = expected.predict(x);
    const error = hours[t].y[0] - forecast;
    const limit = t <= 24 ? Number.POSITIVE_INFINITY : (1.5 * sum) / (t - 1);
    if (Math.abs(error) > limit) clipped++;
    expected.correct(x, forecast + Math.max(-limit, Math.min(limit, error)), expected.gain(x));
    sum += Math.abs(error);
  }
  expect(clipped).toBeGreaterThan(30);
  expectClose(model.weightsOf(0), expected.theta, "one hour ahead");
});
