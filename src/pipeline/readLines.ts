import { createReadStream } from "node:fs";
import { open } from "node:fs/promises";
import type { Readable } from "node:stream";
import { createGunzip } from "node:zlib";
import { FileError } from "./fileError.js";

const longestLine = 1 << 20;
/** What is given of a longer line: enough to name it, too little to be taken for a row. */
const shownOfLonger = 200;

/** The bytes of a file on disk, unpacked when it is gzip whatever its name. */
export async function readBytes(path: string): Promise<Readable> {
  const handle = await open(path);
  const { buffer, bytesRead } = await handle.read(Buffer.alloc(2), 0, 2, 0);
  await handle.close();
  const stream = createReadStream(path);
  const isGzip = bytesRead === 2 && buffer[0] === 0x1f && buffer[1] === 0x8b;
  if (!isGzip) return stream;
  const gunzip = createGunzip();
  stream.on("error", (error) => gunzip.destroy(error));
  return stream.pipe(gunzip);
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
export async function readWhole(path: string, file: string, largestBytes = Number.POSITIVE_INFINITY): Promise<Buffer> {
  const chunks: Buffer[] = [];
  let bytes = 0;
  try {
    for await (const chunk of await readBytes(path)) {
      chunks.push(chunk as Buffer);
      bytes += (chunk as Buffer).length;
      if (bytes > largestBytes) throw new FileError(file, `is larger than ${largestBytes / 2 ** 20} MB`);
    }
  } catch (error) {
    throw isDamage(error) ? new FileError(file, "gzip is cut off or damaged", { cause: error }) : error;
  }
  return Buffer.concat(chunks);
}

/** Whether an error is zlib's of what it was given. */
function isDamage(error: unknown): boolean {
  return error instanceof Error && "code" in error && /^Z_/.test(String(error.code));
}

/**
 * The lines of a file, one after another, whatever its size; plain or gzip. Of a line longer than a megabyte only the
 * beginning is given.
 * @param file its name in errors
 */
export async function* readLines(path: string, file: string): AsyncGenerator<string> {
  const stream = await readBytes(path);
  const decoder = new TextDecoder();
  let rest = "";
  let count = 0;
  try {
    for await (const chunk of stream) {
      const text = rest + decoder.decode(chunk as Buffer, { stream: true });
      let start = 0;
      for (let end = text.indexOf("\n"); end >= 0; end = text.indexOf("\n", start)) {
        count++;
        yield shortened(text.slice(start, text[end - 1] === "\r" && end > start ? end - 1 : end));
        start = end + 1;
      }
      // The end of a line that is too long is not kept.
      rest = text.slice(start, start + longestLine + 1);
    }
  } catch (error) {
    throw isDamage(error)
      ? new FileError(file, `gzip is cut off or damaged after line ${count}`, { cause: error })
      : error;
  } finally {
    stream.destroy();
  }
  if (rest) yield shortened(rest);
}

function shortened(line: string): string {
  return line.length > longestLine ? line.slice(0, shownOfLonger) : line;
}
