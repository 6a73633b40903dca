import type { ExpertPriors } from "./createExperts.js";
import { decodePrior, encodedLength } from "./prior.js";

/** The experts of a prior file, in its order. */
type PriorParts = readonly { name: keyof ExpertPriors; dimension: number }[];

/**
 * Splits a prior file into its header and the half-precision numbers of its experts.
 * @param bytes the length of the header (32 bits, little-endian), the header as JSON, the numbers
 */
export function splitPrior(bytes: Uint8Array): { header: unknown; numbers: Uint16Array } {
  const start = 4 + new DataView(bytes.buffer, bytes.byteOffset, bytes.byteLength).getUint32(0, true);
  const header: unknown = JSON.parse(new TextDecoder().decode(bytes.subarray(4, start)));
  const numbers = bytes.slice(start);
  return { header, numbers: new Uint16Array(numbers.buffer, 0, Math.floor(numbers.length / 2)) };
}

/** Where the experts of a prior file start. Throws when there are more or fewer numbers than the experts have. */
export function decodePriors(numbers: Uint16Array, parts: PriorParts): ExpertPriors {
  const lengths = parts.map(({ dimension }) => encodedLength(dimension));
  if (numbers.length !== lengths.reduce((sum, length) => sum + length, 0)) throw new Error("it is cut off");
  const experts: ExpertPriors = {};
  let from = 0;
  for (const [i, { name, dimension }] of parts.entries()) {
    experts[name] = decodePrior(numbers.subarray(from, from + lengths[i]), dimension);
    from += lengths[i];
  }
  return experts;
}
