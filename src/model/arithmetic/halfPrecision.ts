/** Numbers in 16 bits (IEEE 754 binary16): eleven significant bits, from 6e-8 to 65504. */

const single = new Float32Array(1);
const bits = new Uint32Array(single.buffer);

/** The nearest half-precision number, ties to even. Throws for numbers that are too large or not finite. */
export function toHalf(value: number): number {
  single[0] = value;
  const sign = (bits[0] >>> 16) & 0x8000;
  const size = Math.abs(value);
  if (!(size < 65520)) throw new Error(`${value} does not fit into half precision`);
  // Below 2⁻¹⁴ numbers are multiples of 2⁻²⁴; a carry into the exponent gives the right bits.
  if (size < 2 ** -14) return sign | roundEven(size * 2 ** 24);
  const exponent = ((bits[0] >>> 23) & 0xff) - 127;
  return sign | ((exponent + 15) * 1024 + roundEven((size / 2 ** exponent - 1) * 1024));
}

export function fromHalf(half: number): number {
  const exponent = (half >>> 10) & 0x1f;
  const fraction = half & 0x3ff;
  const size = exponent === 0 ? fraction * 2 ** -24 : (1 + fraction / 1024) * 2 ** (exponent - 15);
  return half & 0x8000 ? -size : size;
}

function roundEven(value: number): number {
  const floor = Math.floor(value);
  const rest = value - floor;
  return rest > 0.5 || (rest === 0.5 && floor % 2 === 1) ? floor + 1 : floor;
}
