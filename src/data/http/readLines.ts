import { createReadStream } from "node:fs";
import { pipeline } from "node:stream";
import { createGunzip } from "node:zlib";
import { FileError } from "./fileError.js";

/** No file, unpacked, is larger than this; a year of an airport has 12 MB. */
const largestFile = 1 << 28;
/** A server may pack a file that is gzip already; more layers are not meant to be read. */
const mostLayers = 3;
const longestLine = 1 << 20;
/** What is given of a longer line: enough to name it, too little to be taken for a row. */
const shownOfLonger = 200;

/**
 * The bytes of a file on disk, unpacked when it is gzip, whatever its name.
 * Throws `FileError` when it is larger than allowed, and zlib's error when its gzip is cut off or damaged.
 * @param file its name in errors
 */
export async function* readBytes(path: string, file: string, largestBytes = largestFile): AsyncGenerator<Buffer> {
  let layer = limited(createReadStream(path), file, largestBytes);
  for (let layers = 0; ; layers++) {
    const { head, all } = await peek(layer);
    if (!isGzip(head)) return yield* all;
    if (layers === mostLayers) {
      await layer.return(undefined);
      throw new FileError(file, `is gzip within gzip, more than ${mostLayers} times`);
    }
    // Whoever reads the result is told of an error.
    layer = limited(
      pipeline(all, createGunzip(), () => {}),
      file,
      largestBytes,
    );
  }
}

export function isGzip(bytes: Buffer): boolean {
  return bytes[0] === 0x1f && bytes[1] === 0x8b;
}

/** The first bytes, two at least where there are as many, and all of them. */
async function peek(bytes: AsyncGenerator<Buffer>): Promise<{ head: Buffer; all: AsyncGenerator<Buffer> }> {
  let head: Buffer = Buffer.alloc(0);
  for (let next = await bytes.next(); !next.done; next = await bytes.next()) {
    head = head.length === 0 ? next.value : Buffer.concat([head, next.value]);
    if (head.length >= 2) break;
  }
  async function* all() {
    if (head.length > 0) yield head;
    yield* bytes;
  }
  return { head, all: all() };
}

async function* limited(bytes: AsyncIterable<unknown>, file: string, largestBytes: number): AsyncGenerator<Buffer> {
  let count = 0;
  for await (const chunk of bytes) {
    count += (chunk as Buffer).length;
    if (count > largestBytes) throw tooLarge(file, largestBytes);
    yield chunk as Buffer;
  }
}

export function tooLarge(file: string, largestBytes: number): FileError {
  return new FileError(file, `is larger than ${Math.round(largestBytes / 2 ** 20)} MB`);
}

/** All of a file as text, which is UTF-8; otherwise as `readWhole`. */
export async function readText(path: string, file: string, largestBytes?: number): Promise<string> {
  return (await readWhole(path, file, largestBytes)).toString("utf8");
}

/**
 * All of a file, unpacked.
 * Throws `FileError` when its gzip is cut off or damaged, or it is larger than allowed.
 * @param file its name in errors
 */
export async function readWhole(path: string, file: string, largestBytes?: number): Promise<Buffer> {
  const chunks: Buffer[] = [];
  try {
    for await (const chunk of readBytes(path, file, largestBytes)) chunks.push(chunk);
  } catch (error) {
    throw isDamage(error) ? new FileError(file, "gzip is cut off or damaged", { cause: error }) : error;
  }
  return Buffer.concat(chunks);
}

/** Whether an error is zlib's of what it was given. */
export function isDamage(error: unknown): boolean {
  return error instanceof Error && "code" in error && /^(Z_|ERR__ERROR_)/.test(String(error.code));
}

/**
 * The lines of a file, one after another; plain or gzip. Of a line longer than a megabyte only the beginning is given.
 * Throws `FileError` as `readText` does.
 * @param file its name in errors
 */
export async function* readLines(path: string, file: string): AsyncGenerator<string> {
  const decoder = new TextDecoder();
  let line = "";
  let count = 0;
  try {
    for await (const chunk of readBytes(path, file)) {
      const text = decoder.decode(chunk, { stream: true });
      let start = 0;
      for (let end = text.indexOf("\n"); end >= 0; end = text.indexOf("\n", start)) {
        count++;
        yield shortened(line + text.slice(start, end)).replace(/\r$/, "");
        line = "";
        start = end + 1;
      }
      // The end of a line that is too long is not kept.
      if (line.length <= longestLine) line += text.slice(start);
    }
  } catch (error) {
    throw isDamage(error)
      ? new FileError(file, `gzip is cut off or damaged after line ${count}`, { cause: error })
      : error;
  }
  line += decoder.decode();
  if (line) yield shortened(line);
}

function shortened(line: string): string {
  return line.length > longestLine ? line.slice(0, shownOfLonger) : line;
}
