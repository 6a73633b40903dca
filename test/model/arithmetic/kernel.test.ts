import { readFileSync } from "node:fs";
import fc from "fast-check";
import { expect, test } from "vitest";
import wabt from "wabt";
import { normal } from "../../../src/model/arithmetic/deterministicMath.js";
import { createKernel, type Kernel, padded } from "../../../src/model/arithmetic/kernel.js";

const size = fc.integer({ min: 1, max: 70 });
/** Usual numbers, and signed zeros, denormals, huge and infinite ones. */
const value = fc.oneof(
  { weight: 4, arbitrary: fc.double({ min: -100, max: 100, noNaN: true }) },
  { weight: 1, arbitrary: fc.double({ noNaN: true }) },
);

/** Calls `work` on both kernels with the same memory, and compares every number afterwards. */
function both(arrays: readonly (readonly number[])[], work: (kernel: Kernel, at: number[]) => number): void {
  const [wasm, script] = [true, false].map((simd) => {
    const kernel = createKernel(
      arrays.reduce((sum, array) => sum + padded(array.length), 0),
      simd,
    );
    const places = arrays.map((array) => {
      const place = kernel.allocate(padded(array.length));
      place.set(array);
      return place;
    });
    const result = work(
      kernel,
      places.map((place) => place.byteOffset),
    );
    return [Float64Array.of(result ?? 0), ...places];
  });
  // Object.is distinguishes signed zeros; payloads of NaN do not matter.
  wasm.forEach((array, i) => {
    array.forEach((number, k) => {
      if (!Object.is(number, script[i][k])) expect.fail(`array ${i}, place ${k}: ${number} and ${script[i][k]}`);
    });
  });
}

const numbers = (length: number) => fc.array(value, { minLength: length, maxLength: length });
const four = size.map((n) => padded(n));

test("kernelModule.ts is compiled from kernel.wat (`npx vitest run kernel -u` compiles it again)", async () => {
  const source = readFileSync(new URL("../../../src/model/arithmetic/kernel.wat", import.meta.url));
  const { buffer } = (await wabt()).parseWat("kernel.wat", source).toBinary({});
  const lines = Buffer.from(buffer)
    .toString("base64")
    .match(/.{1,118}/g)!;
  const compiled = `/** kernel.wat in the binary format of WebAssembly, as base64. Written by the test of the kernel. */
export const kernelModule = \`
${lines.join("\n")}
\`;
`;
  await expect(compiled).toMatchFileSnapshot("../../../src/model/arithmetic/kernelModule.ts");
});

test("WebAssembly runs here, so the comparisons below are not trivial", () => {
  expect(createKernel(4).allocate(4).buffer.constructor.name).toBe("ArrayBuffer");
  expect(createKernel(4).dot.toString()).toContain("native code");
  expect(createKernel(4, false).dot.toString()).not.toContain("native code");
});

test("dot and dots give the same bits in WebAssembly and JavaScript", () => {
  fc.assert(
    fc.property(
      four.chain((n) => fc.tuple(numbers(n), numbers(3 * n))),
      ([x, w]) => {
        both([x, w], (kernel, [x8, w8]) => kernel.dot(x8, w8, x.length));
        both([x, w, [0, 0, 0]], (kernel, [x8, w8, out8]) => {
          kernel.dots(x8, w8, x.length, out8, 3);
          return 0;
        });
      },
    ),
  );
});

test("addScaled gives the same bits", () => {
  fc.assert(
    fc.property(
      four.chain((n) => fc.tuple(numbers(n), numbers(n), value)),
      ([g, w, step]) => {
        both([g, w], (kernel, [g8, w8]) => {
          kernel.addScaled(g8, w8, g.length, step);
          return 0;
        });
      },
    ),
  );
});

test("a hundred updates of the covariance give the same bits, in every dimension", () => {
  fc.assert(
    fc.property(size, fc.nat(), (d, seed) => {
      const triangle = Array.from({ length: (d * (d + 1)) / 2 }, () => 0);
      for (let a = 0, k = 0; a < d; a++, k += a + 1) triangle[k] = 0.1;
      const next = normal(seed);
      const inputs = Array.from({ length: 100 }, () => Array.from({ length: d }, next));
      const n = padded(d);
      const zeros = Array.from({ length: n }, () => 0);
      both([triangle, inputs.flatMap((x) => [...x, ...zeros.slice(d)]), zeros, zeros], (kernel, [p, x, px, gain]) => {
        let leverage = 0;
        for (let i = 0; i < inputs.length; i++) leverage += kernel.update(p, x + 8 * n * i, px, gain, d, n);
        return leverage;
      });
    }),
    { numRuns: 30 },
  );
});

test("px is zeros again after an update, and the padding of the gain stays zero", () => {
  for (const simd of [true, false]) {
    const kernel = createKernel(padded(15) + 3 * 8, simd);
    const [p, x, px, gain] = [padded(15), 8, 8, 8].map((length) => kernel.allocate(length));
    for (let a = 0, k = 0; a < 5; a++, k += a + 1) p[k] = 1;
    x.set([1, 2, 3, 4, 5]);
    kernel.update(p.byteOffset, x.byteOffset, px.byteOffset, gain.byteOffset, 5, 8);
    expect(Array.from(px)).toEqual([0, 0, 0, 0, 0, 0, 0, 0]);
    expect(Array.from(gain)).toEqual([1 / 56, 2 / 56, 3 / 56, 4 / 56, 5 / 56, 0, 0, 0]);
  }
});

test("lengths that do not fit or are not multiples of 4 are rejected", () => {
  for (const simd of [true, false]) {
    expect(() => createKernel(8, simd).allocate(6)).toThrow("length 6 is not a multiple of 4");
    const kernel = createKernel(8, simd);
    kernel.allocate(8);
    expect(() => kernel.allocate(4)).toThrow("kernel memory is full");
  }
});
