import { kernelModule } from "./kernelModule.js";

/**
 * The inner loops of recursive least squares, as a small WebAssembly module with 128-bit SIMD (kernel.wat), and the same
 * loops in JavaScript for engines without it. Both add in the same order and neither fuses a multiplication with an addition,
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
  const exported = new WebAssembly.Instance(wasm, { kernel: { memory } }).exports;
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
  const bytes = Uint8Array.from(atob(kernelModule), (character) => character.charCodeAt(0));
  return WebAssembly.validate(bytes) ? new WebAssembly.Module(bytes) : null;
}
