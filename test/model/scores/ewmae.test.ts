import fc from "fast-check";
import { expect, test } from "vitest";
import { ewmaeCorrected, ewmaeStep, fastRate, slowRate } from "../../../src/model/scores/ewmae.js";

test("EWMAE of ten errors of 1 is 0.651, and 1 when corrected", () => {
  let e = 0;
  for (let n = 1; n <= 10; n++) {
    e = ewmaeStep(e, 1, fastRate);
    expect(ewmaeCorrected(e, n, fastRate)).toBeCloseTo(1, 12);
  }
  expect(e).toBeCloseTo(0.6513215599, 10); // 1 - 0.9¹⁰
});

test("EWMAE is the sum of errors weighted by ε(1-ε)^age; corrected, it is their weighted mean", () => {
  const errors = fc.array(fc.double({ min: 0, max: 50, noNaN: true }), { minLength: 1, maxLength: 300 });
  fc.assert(
    fc.property(errors, fc.constantFrom(fastRate, slowRate), (sizes, rate) => {
      const e = sizes.reduce((before, size) => ewmaeStep(before, size, rate), 0);
      const weights = sizes.map((_, i) => rate * (1 - rate) ** (sizes.length - 1 - i));
      const sum = sizes.reduce((total, size, i) => total + size * weights[i], 0);
      const weight = weights.reduce((total, w) => total + w);
      expect(e).toBeCloseTo(sum, 9);
      expect(ewmaeCorrected(e, sizes.length, rate)).toBeCloseTo(sum / weight, 9);
    }),
  );
});

test("corrected EWMAE is NaN before the first error", () => {
  expect(ewmaeCorrected(0, 0, fastRate)).toBeNaN();
});

test("the correction vanishes after many errors", () => {
  expect(ewmaeCorrected(0.5, 1_000_000, slowRate)).toBeCloseTo(0.5, 12);
});
