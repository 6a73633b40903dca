import fc from "fast-check";
import { expect, test } from "vitest";
import { fromHalf, toHalf } from "../../../src/model/arithmetic/halfPrecision.js";

test("every half-precision number comes back with the same bits", () => {
  for (let half = 0; half < 65536; half++) {
    if (((half >>> 10) & 0x1f) === 31) continue; // infinities and NaN
    if (toHalf(fromHalf(half)) !== half) expect.fail(`${half} became ${toHalf(fromHalf(half))}`);
  }
});

test("known numbers have the bits of IEEE 754", () => {
  const known = { 0: 0x0000, 1: 0x3c00, "-2": 0xc000, 65504: 0x7bff, 0.5: 0x3800, 5.960464477539063e-8: 0x0001 };
  for (const [value, half] of Object.entries(known)) expect([value, toHalf(Number(value))]).toEqual([value, half]);
});

test("a number becomes one of the two nearest, within half of their distance", () => {
  fc.assert(
    fc.property(fc.double({ min: -65504, max: 65504, noNaN: true }), (value) => {
      const step = Math.max(2 ** -24, 2 ** (Math.floor(Math.log2(Math.abs(value))) - 10));
      expect(Math.abs(fromHalf(toHalf(value)) - value)).toBeLessThanOrEqual(step * 0.5001);
    }),
  );
});

test("a number that does not fit is an error", () => {
  for (const value of [65520, -1e9, Number.NaN, Number.POSITIVE_INFINITY])
    expect(() => toHalf(value)).toThrow("does not fit into half precision");
});
