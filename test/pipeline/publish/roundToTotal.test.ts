import fc from "fast-check";
import { expect, test } from "vitest";
import { roundToTotal } from "../../../src/pipeline/publish/publishStates.js";

const values = fc.array(fc.double({ min: -1000, max: 1000, noNaN: true }), { minLength: 1, maxLength: 40 });

test("adds up to the rounded sum, and changes each value by less than 1.5", () => {
  fc.assert(
    fc.property(values, (values) => {
      const total = Math.round(values.reduce((sum, value) => sum + value, 0)) + 0; // never -0
      const rounded = roundToTotal(values, total);
      expect(rounded.reduce((sum, value) => sum + value, 0)).toBe(total);
      for (const [i, value] of values.entries()) {
        expect(Number.isInteger(rounded[i])).toBe(true);
        if (!(Math.abs(rounded[i]! - value) < 1.5)) expect.fail(`${value} became ${rounded[i]}`);
      }
    }),
  );
});

test("adds up to a total that differs by more than one per value", () => {
  expect(roundToTotal([0.2, 0.4], 5)).toEqual([2, 3]);
  expect(roundToTotal([1.2, 1.4], -3)).toEqual([-2, -1]);
  expect(roundToTotal([2], 2)).toEqual([2]);
});
