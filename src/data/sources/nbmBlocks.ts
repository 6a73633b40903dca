import { type NbmHeader, parseNbmHeader } from "./nbm.js";

/** A block in a bulletin or in a part of it. */
export interface FoundBlock {
  header: NbmHeader;
  /** Offset of its first line, bytes. */
  start: number;
  /** Up to the next block. */
  text: string;
  /** Whether the blank line that ends it follows. */
  isWhole: boolean;
}

const firstLines = /^ ?\S+ +NBM +V.*$/gm;

/**
 * The blocks that begin in a part of a bulletin, whose characters are single bytes.
 * @param first offset of the part
 * @param isLine whether the part begins with a whole line; defaults to whether it begins the file
 */
export function blocksIn(text: string, first: number, isLine = first === 0): FoundBlock[] {
  firstLines.lastIndex = isLine ? 0 : `${text}\n`.indexOf("\n") + 1;
  const heads: { header: NbmHeader; start: number }[] = [];
  for (let match = firstLines.exec(text); match; match = firstLines.exec(text)) {
    const header = parseNbmHeader(match[0]);
    if (header) heads.push({ header, start: match.index });
  }
  return heads.map(({ header, start }, index) => {
    const block = text.slice(start, heads[index + 1]?.start);
    const isWhole = index < heads.length - 1 || /\n *\r?\n/.test(block);
    return { header, start: first + start, text: block, isWhole };
  });
}

/** The blocks of a whole bulletin, one after the other, with little of it in memory. */
export async function* readBlocks(chunks: AsyncIterable<Buffer>): AsyncGenerator<FoundBlock> {
  let text = "";
  let first = 0;
  for await (const chunk of chunks) {
    text += chunk.toString("latin1");
    const blocks = blocksIn(text, first, true);
    const last = blocks.pop();
    yield* blocks;
    // The last one may go on, and before the first there is nothing to read.
    const kept = last ? last.start - first : Math.max(0, text.lastIndexOf("\n") + 1);
    text = text.slice(kept);
    first += kept;
  }
  yield* blocksIn(text, first, true);
}
