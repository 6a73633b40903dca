import { createReadStream } from "node:fs";
import { pipeline } from "node:stream";
import { createGunzip } from "node:zlib";
import { FileError } from "./fileError.js";

/** The largest unpacked file, bytes; a year of an airport has 12 MB. */
const largestFile = 1 << 28;
/** A server may compress a file that is already gzip; more layers are not legitimate. */
const mostLayers = 3;
const longestLine = 1 << 20;
/** Characters kept of a longer line: enough to identify it, too few to be a row. */
const shownOfLonger = 200;

/**
 * The bytes of a file on disk, unpacked if they are gzip, whatever the file's name.
 * Throws `FileError` if it is too large, and zlib's error if its gzip is cut off or damaged.
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
    // The reader of the result gets the error.
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

/** The first bytes, at least two if there are as many, and a generator of all bytes. */
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

/** A whole file as UTF-8 text; see `readWhole`. */
export async function readText(path: string, file: string, largestBytes?: number): Promise<string> {
  return (await readWhole(path, file, largestBytes)).toString("utf8");
}

/**
 * A whole file, unpacked.
 * Throws `FileError` if it is too large or its gzip is cut off or damaged.
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

/** Whether an error is zlib's, about its input. */
export function isDamage(error: unknown): boolean {
  return error instanceof Error && "code" in error && /^(Z_|ERR__ERROR_)/.test(String(error.code));
}

/**
 * The lines of a file, plain or gzip. A line longer than a megabyte is shortened.
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
      // The end of a line that is too long is dropped.
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
