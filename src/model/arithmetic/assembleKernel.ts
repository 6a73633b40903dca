/**
 * The WebAssembly module of `Kernel`, assembled by hand because a toolchain would be larger. Names follow the WebAssembly
 * specification.
 */
export function assembleKernel(): Uint8Array<ArrayBuffer> {
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
