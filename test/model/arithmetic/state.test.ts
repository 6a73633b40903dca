import fc from "fast-check";
import { expect, test } from "vitest";
import { packState, type StateArray, stateLength, unpackState } from "../../../src/model/arithmetic/state.js";

const array: fc.Arbitrary<StateArray> = fc.oneof(fc.float64Array(), fc.float32Array(), fc.uint32Array());

test("packed arrays of any kind and length are restored to the bit", () => {
  fc.assert(
    fc.property(fc.array(array), (arrays) => {
      const bytes = packState(arrays);
      expect(bytes.byteLength).toBe(stateLength(arrays));
      const restored = arrays.map((a) => a.slice().fill(0));
      unpackState(restored, bytes);
      expect(restored).toEqual(arrays);
      expect(Buffer.compare(packState(restored), bytes)).toBe(0);
    }),
  );
});

test("bytes are little-endian and follow the order of the arrays", () => {
  expect(Array.from(packState([Uint32Array.of(1), Float32Array.of(1), Float64Array.of(-2)]))).toEqual([
    1, 0, 0, 0, 0, 0, 0x80, 0x3f, 0, 0, 0, 0, 0, 0, 0, 0xc0,
  ]);
});

test("packing and restoring copy: later changes affect neither", () => {
  const array = Float64Array.of(1, 2);
  const bytes = packState([array]);
  array.fill(9);
  unpackState([array], bytes);
  expect(Array.from(array)).toEqual([1, 2]);
  bytes.fill(0);
  expect(Array.from(array)).toEqual([1, 2]);
});

test("a view into a larger buffer packs its own part", () => {
  const whole = Float64Array.of(1, 2, 3);
  expect(packState([whole.subarray(1, 2)])).toEqual(packState([Float64Array.of(2)]));
});

test("a state of another length is rejected and changes nothing", () => {
  const array = Float64Array.of(1, 2);
  expect(() => unpackState([array], new Uint8Array(8))).toThrow("state has 8 bytes, expected 16");
  expect(Array.from(array)).toEqual([1, 2]);
});
