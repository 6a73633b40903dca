import type { Part } from "../http/download.js";
import type { FoundBlock } from "../sources/nbmBlocks.js";

type Bytes = Pick<Part, "first" | "last">;

/** What is known of a bulletin, whose blocks are in the order of their codes. */
export interface Seen {
  /** Size of the bulletin, bytes; null before the first answer. */
  total: number | null;
  /** The parts read so far. */
  parts: Bytes[];
  /** The blocks that begin in them, by code. */
  blocks: Map<string, FoundBlock>;
}

/** A block, and around it as much as blocks move from run to run. */
const partBytes = 32_768;
/** How much of that is before the place where the block was. */
const beforeBytes = 14_336;
/** Holds the first line of some block. */
const probeBytes = 8_192;
/** A block that has moved further is looked for within this distance, before the bulletin is bisected. */
const nearBytes = 4 * partBytes;

/**
 * The part of a bulletin in which to look next for the block of a station; null if there is no such block. Throws if the
 * blocks are not in order.
 * @param place where the block began in an earlier run
 * @param attempt 0 at first
 */
export function nextPart(
  { total, parts, blocks }: Seen,
  code: string,
  place: number | null,
  attempt: number,
): Bytes | null {
  const end = total ?? Number.POSITIVE_INFINITY;
  const part = (first: number, bytes: number): Bytes => {
    return { first: Math.max(0, first), last: Math.min(first + bytes, end) - 1 };
  };
  const found = blocks.get(code);
  // The line break before it shows that its first line is whole.
  if (found) return part(found.start - 1, partBytes);
  let [low, high] = [0, end];
  for (const { header, start } of blocks.values()) {
    if (header.code < code) low = Math.max(low, start);
    else high = Math.min(high, start);
  }
  if (low >= high) throw new Error("its blocks are not in order");
  if (parts.some(({ first, last }) => first <= low && last >= high - 1)) return null;
  if (attempt === 0 && place !== null && place > low && place < high) return part(place - beforeBytes, partBytes);
  if (total === null) return part(0, probeBytes);
  if (high - low <= partBytes) return part(low, high - low);
  const near = Math.min(nearBytes, high - low);
  if (attempt === 1 && place !== null) return part(low > place - beforeBytes ? low : high - near, near);
  return part(Math.floor((low + high) / 2), probeBytes);
}
