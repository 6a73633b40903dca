/**
 * The inner loops of recursive least squares, as a small WebAssembly module with 128-bit SIMD, and the same loops in
 * JavaScript for engines without it. Both add in the same order and neither fuses a multiplication with an addition,
 * so they give the same bits; the module is about three times as fast (`npm run bench`).
 */
export interface Kernel {
  /** A Float64Array of zeros in the memory of the kernel. `length` must be a multiple of 4. */
  allocate(length: number): Float64Array;
  /** Σ aᵢbᵢ over n, a multiple of 4; a and b are byte offsets into the kernel's memory. */
  dot(a: number, b: number, n: number): number;
  /** w ← w + step·g over n, a multiple of 4. */
  addScaled(g: number, w: number, n: number, step: number): void;
  /** out_c = Σ xᵢ w_cᵢ for `columns` rows w_c of n. */
  dots(x: number, w: number, n: number, out: number, columns: number): void;
  /**
   * With P a packed lower triangle of dimension d: px ← Px (from zeros), gain ← px / (1 + xᵀpx), P ← P - gain·pxᵀ.
   * Returns xᵀgain. px is zeros again afterwards. x, px and gain are padded with zeros to n, a multiple of 4.
   */
  update(p: number, x: number, px: number, gain: number, d: number, n: number): number;
}

/** The next multiple of 4. */
export function padded(length: number): number {
  return Math.ceil(length / 4) * 4;
}

/** A kernel with room for `doubles` numbers. @param simd false forces the JavaScript version */
export function createKernel(doubles: number, simd = true): Kernel {
  const bytes = 8 * doubles;
  if (!simd || !wasm) return scriptKernel(new Float64Array(doubles));
  const memory = new WebAssembly.Memory({ initial: Math.ceil(bytes / 65536) });
  const exported = new WebAssembly.Instance(wasm, { m: { m: memory } }).exports;
  return { allocate: allocator(memory.buffer, bytes), ...(exported as unknown as Omit<Kernel, "allocate">) };
}

function allocator(buffer: ArrayBufferLike, bytes: number): Kernel["allocate"] {
  let next = 0;
  return (length) => {
    if (length % 4 !== 0) throw new Error(`length ${length} is not a multiple of 4`);
    const start = next;
    next += 8 * length;
    if (next > bytes) throw new Error("kernel memory is full");
    return new Float64Array(buffer, start, length);
  };
}

function scriptKernel(m: Float64Array): Kernel {
  const dot = (a8: number, b8: number, n: number): number => {
    const a = a8 / 8;
    const b = b8 / 8;
    let s0 = 0;
    let s1 = 0;
    let s2 = 0;
    let s3 = 0;
    for (let i = 0; i < n; i += 4) {
      s0 += m[a + i] * m[b + i];
      s1 += m[a + i + 1] * m[b + i + 1];
      s2 += m[a + i + 2] * m[b + i + 2];
      s3 += m[a + i + 3] * m[b + i + 3];
    }
    return s0 + s1 + (s2 + s3);
  };
  return {
    allocate: allocator(m.buffer, m.byteLength),
    dot,
    addScaled(g8, w8, n, step) {
      const g = g8 / 8;
      const w = w8 / 8;
      for (let i = 0; i < n; i++) m[w + i] += m[g + i] * step;
    },
    dots(x, w, n, out8, columns) {
      for (let c = 0; c < columns; c++) m[out8 / 8 + c] = dot(x, w + 8 * n * c, n);
    },
    update(p8, x8, px8, gain8, d, n) {
      const p = p8 / 8;
      const x = x8 / 8;
      const px = px8 / 8;
      const gain = gain8 / 8;
      // One pass over the triangle serves both halves of the product.
      for (let a = 0, k = p; a < d; a++) {
        const xa = m[x + a];
        let even = 0;
        let odd = 0;
        let b = 0;
        for (; b + 1 < a; b += 2, k += 2) {
          even += m[k] * m[x + b];
          odd += m[k + 1] * m[x + b + 1];
          m[px + b] += m[k] * xa;
          m[px + b + 1] += m[k + 1] * xa;
        }
        if (b < a) {
          even += m[k] * m[x + b];
          m[px + b] += m[k] * xa;
          k++;
        }
        m[px + a] = even + odd + m[k++] * xa;
      }
      const quadratic = dot(x8, px8, n);
      const denominator = 1 + quadratic;
      for (let a = 0, k = p; a < d; a++) {
        const ka = m[px + a] / denominator;
        m[gain + a] = ka;
        for (let b = 0; b <= a; b++, k++) m[k] -= ka * m[px + b];
      }
      m.fill(0, px, px + n);
      return quadratic / denominator;
    },
  };
}

const wasm = compile();

function compile(): WebAssembly.Module | null {
  if (typeof WebAssembly === "undefined") return null;
  const bytes = assemble();
  return WebAssembly.validate(bytes) ? new WebAssembly.Module(bytes) : null;
}

/** Assembles the module by hand, because a toolchain would be larger. Names follow the WebAssembly specification. */
function assemble(): Uint8Array<ArrayBuffer> {
  const i32 = 0x7f;
  const f64 = 0x7c;
  const v128 = 0x7b;
  const leb = (n: number): number[] => (n < 128 ? [n] : [(n & 127) | 128, ...leb(n >>> 7)]);
  const signed = (n: number): number[] => (n < 64 ? [n] : [(n & 127) | 128, ...signed(n >>> 7)]);
  const vector = (items: number[][]) => [...leb(items.length), ...items.flat()];
  const section = (id: number, content: number[]) => [id, ...leb(content.length), ...content];
  const text = (s: string) => [...leb(s.length), ...Array.from(s, (c) => c.charCodeAt(0))];

  const get = (local: number) => [0x20, ...leb(local)];
  const set = (local: number, ...value: number[][]) => [...value.flat(), 0x21, ...leb(local)];
  const constant = (n: number) => [0x41, ...signed(n)];
  const one = [0x44, 0, 0, 0, 0, 0, 0, 0xf0, 0x3f]; // f64.const 1
  const zero = [0x44, 0, 0, 0, 0, 0, 0, 0, 0];
  const binary =
    (...opcode: number[]) =>
    (a: number[], b: number[]) => [...a, ...b, ...opcode];
  const iAdd = binary(0x6a);
  const iShl = binary(0x74);
  const iLess = binary(0x49); // unsigned
  const fAdd = binary(0xa0);
  const fSub = binary(0xa1);
  const fMul = binary(0xa2);
  const fDiv = binary(0xa3);
  const vAdd = binary(0xfd, 0xf0, 0x01);
  const vSub = binary(0xfd, 0xf1, 0x01);
  const vMul = binary(0xfd, 0xf2, 0x01);
  const vLoad = (address: number[], offset = 0) => [...address, 0xfd, 0, 3, offset];
  const vStore = (address: number[], value: number[], offset = 0) => [...address, ...value, 0xfd, 11, 3, offset];
  const load = (address: number[]) => [...address, 0x2b, 3, 0];
  const store = (address: number[], value: number[]) => [...address, ...value, 0x39, 3, 0];
  const splat = (value: number[]) => [...value, 0xfd, 20];
  const lane = (value: number[], i: number) => [...value, 0xfd, 33, i];
  const advance = (local: number, by: number) => set(local, iAdd(get(local), constant(by)));
  /** Runs `body` while `condition` holds. */
  const whileLoop = (condition: number[], ...body: number[][]) => [
    ...[0x02, 0x40, 0x03, 0x40], // block, loop
    ...[...condition, 0x45, 0x0d, 1], // i32.eqz, br_if out
    ...body.flat(),
    ...[0x0c, 0, 0x0b, 0x0b], // br again, end, end
  ];
  const when = (condition: number[], ...body: number[][]) => [...condition, 0x04, 0x40, ...body.flat(), 0x0b];
  const code = (locals: number[][], ...body: number[][]) => {
    const content = [...vector(locals.map(([n, type]) => [...leb(n), type])), ...body.flat(), 0x0b];
    return [...leb(content.length), ...content];
  };

  // dot(0 a, 1 b, 2 n): 3 end, 4 and 5 two pairs of sums
  const dotLoop = (a: number, b: number, end: number, sums: number) =>
    whileLoop(
      iLess(get(a), get(end)),
      set(sums, vAdd(get(sums), vMul(vLoad(get(a)), vLoad(get(b))))),
      set(sums + 1, vAdd(get(sums + 1), vMul(vLoad(get(a), 16), vLoad(get(b), 16)))),
      advance(a, 32),
      advance(b, 32),
    );
  const sumOf = (sums: number) =>
    fAdd(fAdd(lane(get(sums), 0), lane(get(sums), 1)), fAdd(lane(get(sums + 1), 0), lane(get(sums + 1), 1)));
  const dot = code(
    [
      [1, i32],
      [2, v128],
    ],
    set(3, iAdd(get(0), iShl(get(2), constant(3)))),
    dotLoop(0, 1, 3, 4),
    sumOf(4),
  );
  // addScaled(0 g, 1 w, 2 n, 3 step): 4 end, 5 step twice
  const addScaled = code(
    [
      [1, i32],
      [1, v128],
    ],
    set(4, iAdd(get(0), iShl(get(2), constant(3)))),
    set(5, splat(get(3))),
    whileLoop(
      iLess(get(0), get(4)),
      vStore(get(1), vAdd(vLoad(get(1)), vMul(vLoad(get(0)), get(5)))),
      vStore(get(1), vAdd(vLoad(get(1), 16), vMul(vLoad(get(0), 16), get(5))), 16),
      advance(0, 32),
      advance(1, 32),
    ),
  );
  // dots(0 x, 1 w, 2 n, 3 out, 4 columns): 5 end of x, 6 end of out, 7 place in x, 8 and 9 sums
  const dots = code(
    [
      [3, i32],
      [2, v128],
    ],
    set(5, iAdd(get(0), iShl(get(2), constant(3)))),
    set(6, iAdd(get(3), iShl(get(4), constant(3)))),
    whileLoop(
      iLess(get(3), get(6)),
      set(7, get(0)),
      set(8, splat(zero)),
      set(9, splat(zero)),
      dotLoop(7, 1, 5, 8),
      store(get(3), sumOf(8)),
      advance(3, 8),
    ),
  );
  // update(0 p, 1 x, 2 px, 3 gain, 4 d, 5 n): 6 p moving, 7 a·8, 8 b·8, 9 d·8, 10 a·8 rounded down to a pair,
  // 11 xₐ or the gain, 12 a sum, 13 denominator, 14 quadratic, 15 pair of sums, 16 and 17 pairs
  const at = (base: number, local: number) => iAdd(get(base), get(local));
  const pairsOf = (bytes: number[]) => set(10, [...bytes, 0x41, 0x70, 0x71]); // i32.const -16, i32.and
  const update = code(
    [
      [5, i32],
      [4, f64],
      [3, v128],
    ],
    set(9, iShl(get(4), constant(3))),
    set(6, get(0)),
    set(7, constant(0)),
    whileLoop(
      iLess(get(7), get(9)),
      set(11, load(at(1, 7))),
      set(16, splat(get(11))),
      set(15, splat(zero)),
      pairsOf(get(7)),
      set(8, constant(0)),
      whileLoop(
        iLess(get(8), get(10)),
        set(17, vLoad(get(6))),
        set(15, vAdd(get(15), vMul(get(17), vLoad(at(1, 8))))),
        vStore(at(2, 8), vAdd(vLoad(at(2, 8)), vMul(get(17), get(16)))),
        advance(6, 16),
        advance(8, 16),
      ),
      set(12, lane(get(15), 0)),
      when(
        iLess(get(8), get(7)),
        set(12, fAdd(get(12), fMul(load(get(6)), load(at(1, 8))))),
        store(at(2, 8), fAdd(load(at(2, 8)), fMul(load(get(6)), get(11)))),
        advance(6, 8),
      ),
      store(at(2, 7), fAdd(fAdd(get(12), lane(get(15), 1)), fMul(load(get(6)), get(11)))),
      advance(6, 8),
      advance(7, 8),
    ),
    set(14, [...get(1), ...get(2), ...get(5), 0x10, 0]), // call dot
    set(13, fAdd(one, get(14))),
    set(6, get(0)),
    set(7, constant(0)),
    whileLoop(
      iLess(get(7), get(9)),
      set(11, fDiv(load(at(2, 7)), get(13))),
      store(at(3, 7), get(11)),
      set(16, splat(get(11))),
      pairsOf(iAdd(get(7), constant(8))),
      set(8, constant(0)),
      whileLoop(
        iLess(get(8), get(10)),
        vStore(get(6), vSub(vLoad(get(6)), vMul(get(16), vLoad(at(2, 8))))),
        advance(6, 16),
        advance(8, 16),
      ),
      when(
        iLess(get(8), iAdd(get(7), constant(8))),
        store(get(6), fSub(load(get(6)), fMul(get(11), load(at(2, 8))))),
        advance(6, 8),
      ),
      advance(7, 8),
    ),
    set(7, constant(0)),
    whileLoop(iLess(get(7), get(9)), store(at(2, 7), zero), advance(7, 8)),
    fDiv(get(14), get(13)),
  );
  const type = (params: number[], results: number[]) => [
    0x60,
    ...vector(params.map((p) => [p])),
    ...vector(results.map((r) => [r])),
  ];
  return new Uint8Array([
    ...[0, 0x61, 0x73, 0x6d, 1, 0, 0, 0],
    ...section(
      1,
      vector([
        type([i32, i32, i32], [f64]),
        type([i32, i32, i32, f64], []),
        type([i32, i32, i32, i32, i32], []),
        type([i32, i32, i32, i32, i32, i32], [f64]),
      ]),
    ),
    ...section(2, vector([[...text("m"), ...text("m"), 2, 0, 1]])),
    ...section(3, vector([[0], [1], [2], [3]])),
    ...section(7, vector(["dot", "addScaled", "dots", "update"].map((name, i) => [...text(name), 0, i]))),
    ...section(10, vector([dot, addScaled, dots, update])),
  ]);
}
