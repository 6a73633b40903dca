/**
 * Elementary functions and random numbers that give the same bits in every engine, so a replay in a browser equals the
 * one in Node. ECMAScript leaves the accuracy of Math.sin, exp and tanh to the engine, and versions of V8 differ in the
 * last bit; these use only addition, multiplication, division and rounding.
 */

/** sin(2π·turns); absolute error below 1e-15 for |turns| < 2²⁰. */
export function sinTurns(turns: number): number {
  let r = turns - Math.round(turns); // [-½, ½]
  if (r > 0.25) r = 0.5 - r;
  else if (r < -0.25) r = -0.5 - r;
  const x = 2 * Math.PI * r;
  const z = x * x;
  // Taylor to x¹⁹: the next term is below 2e-16 at π/2.
  let p = -1 / 121645100408832000;
  p = p * z + 1 / 355687428096000;
  p = p * z - 1 / 1307674368000;
  p = p * z + 1 / 6227020800;
  p = p * z - 1 / 39916800;
  p = p * z + 1 / 362880;
  p = p * z - 1 / 5040;
  p = p * z + 1 / 120;
  p = p * z - 1 / 6;
  return x + x * z * p;
}

/** cos(2π·turns). */
export function cosTurns(turns: number): number {
  return sinTurns(turns + 0.25);
}

/** eˣ, relative error below 1e-15 for |x| < 700. */
export function exp(x: number): number {
  if (!(x > -700)) return Number.isNaN(x) ? x : 0;
  if (x > 700) return Number.POSITIVE_INFINITY;
  const k = Math.round(x / Math.LN2);
  const r = x - k * 0.6931471803691238 - k * 1.9082149292705877e-10; // ln 2 in two parts (fdlibm)
  let p = 1;
  for (let i = 14; i >= 1; i--) p = 1 + (r * p) / i;
  return p * powerOfTwo(k);
}

function powerOfTwo(k: number): number {
  let result = 1;
  let base = k < 0 ? 0.5 : 2;
  for (let n = Math.abs(k); n > 0; n = Math.floor(n / 2)) {
    if (n % 2 === 1) result *= base;
    base *= base;
  }
  return result;
}

/** Hyperbolic tangent. */
export function tanh(x: number): number {
  if (x > 20) return 1;
  if (x < -20) return -1;
  const e = exp(2 * x);
  return (e - 1) / (e + 1);
}

/** Seeded uniform numbers in [0, 1): Tommy Ettinger's mulberry32. */
export function uniform(seed: number): () => number {
  let a = seed >>> 0;
  return () => {
    a = (a + 0x6d2b79f5) >>> 0;
    let t = a;
    t = Math.imul(t ^ (t >>> 15), t | 1);
    t ^= t + Math.imul(t ^ (t >>> 7), t | 61);
    return ((t ^ (t >>> 14)) >>> 0) / 4294967296;
  };
}

/** Seeded, nearly normal numbers: the sum of twelve uniforms (Irwin-Hall), which needs no logarithm. */
export function normal(seed: number): () => number {
  const next = uniform(seed);
  return () => {
    let sum = -6;
    for (let i = 0; i < 12; i++) sum += next();
    return sum;
  };
}
