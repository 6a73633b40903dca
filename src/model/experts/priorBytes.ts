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

/** Throws when there are more or fewer numbers than the experts have. */
export function requireWholePriors(numbers: Uint16Array, parts: PriorParts): void {
  const length = parts.reduce((sum, { dimension }) => sum + encodedLength(dimension), 0);
  if (numbers.length !== length) throw new Error("it is cut off");
}

/** Where the experts of a prior file start. Throws when there are more or fewer numbers than the experts have. */
export function decodePriors(numbers: Uint16Array, parts: PriorParts): ExpertPriors {
  requireWholePriors(numbers, parts);
  const experts: ExpertPriors = {};
  let from = 0;
  for (const { name, dimension } of parts) {
    const end = from + encodedLength(dimension);
    experts[name] = decodePrior(numbers.subarray(from, end), dimension);
    from = end;
  }
  return experts;
}
