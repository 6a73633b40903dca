/** State is kept in typed arrays of fixed length, in a fixed order. */
export type StateArray = Float64Array | Float32Array | Uint32Array | Int16Array | Int8Array;
export interface Stateful {
  readonly state: readonly StateArray[];
}

/** Concatenates the bytes of the arrays, little-endian. Their lengths follow from the model options. */
export function packState(arrays: readonly StateArray[]): Uint8Array {
  const bytes = new Uint8Array(stateLength(arrays));
  let offset = 0;
  for (const array of arrays) {
    bytes.set(new Uint8Array(array.buffer, array.byteOffset, array.byteLength), offset);
    offset += array.byteLength;
  }
  return bytes;
}

/** Restores the arrays from the bytes of `packState`. Throws when the length differs. */
export function unpackState(arrays: readonly StateArray[], bytes: Uint8Array): void {
  const expected = stateLength(arrays);
  if (bytes.byteLength !== expected) throw new Error(`state has ${bytes.byteLength} bytes, expected ${expected}`);
  let offset = 0;
  for (const array of arrays) {
    new Uint8Array(array.buffer, array.byteOffset, array.byteLength).set(
      bytes.subarray(offset, offset + array.byteLength),
    );
    offset += array.byteLength;
  }
}

/** Rounds every number to single precision. */
export function roundToSingle(numbers: Float64Array): void {
  for (let i = 0; i < numbers.length; i++) numbers[i] = Math.fround(numbers[i]);
}

const single = new Float32Array(1);
const bits = new Uint32Array(single.buffer);

/**
 * Rounds every number to 16 binary digits, by at most one part in 65,000: finer than weights are known, and smaller than
 * single precision when compressed.
 */
export function roundTo16Digits(numbers: Float64Array): void {
  for (let i = 0; i < numbers.length; i++) {
    single[0] = numbers[i];
    bits[0] = (bits[0] + 0x80) & 0xffffff00;
    numbers[i] = single[0];
  }
}

export function stateLength(arrays: readonly StateArray[]): number {
  let length = 0;
  for (const array of arrays) length += array.byteLength;
  return length;
}
