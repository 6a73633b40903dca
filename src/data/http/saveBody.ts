import { createWriteStream, type WriteStream } from "node:fs";
import { mkdir } from "node:fs/promises";
import { dirname } from "node:path";
import { Readable, Transform } from "node:stream";
import { pipeline } from "node:stream/promises";
import { createBrotliDecompress, createGzip, createInflate, createInflateRaw } from "node:zlib";
import type { Dispatcher } from "undici";
import { withoutCredentials } from "./address.js";
import { FileError } from "./fileError.js";
import { codeOf } from "./pace.js";
import { isDamage, isGzip, tooLarge } from "./readLines.js";

/** Writes a body to disk as gzip, which it may already be. Returns the number of bytes received. */
export async function saveBody(
  body: Dispatcher.ResponseData["body"],
  { url, to, encodings, largestBytes }: { url: string; to: string; encodings: readonly string[]; largestBytes: number },
): Promise<number> {
  const file = withoutCredentials(url);
  const counted = countBytes(file, largestBytes);
  let written: WriteStream | undefined;
  try {
    await mkdir(dirname(to), { recursive: true });
    const iterator = body[Symbol.asyncIterator]() as AsyncIterableIterator<Buffer>;
    const first = await iterator.next();
    async function* chunks() {
      if (first.done) return;
      yield first.value;
      yield* iterator;
    }
    const isAsItIs = first.done || isGzip(first.value);
    const unpacking = isAsItIs ? [] : encodings.toReversed().flatMap((name) => unpackers(name, first.value, file));
    const unpacked = unpacking.length > 0 ? [...unpacking, countBytes(file, largestBytes).stream] : [];
    const packing = !first.done && isGzip(first.value) ? [] : [createGzip()];
    written = createWriteStream(to);
    await pipeline([Readable.from(chunks()), counted.stream, ...unpacked, ...packing, written]);
  } catch (error) {
    body.on("error", () => {}).destroy();
    // A file that is still being opened would reappear after its removal.
    if (written && !written.closed) await new Promise<void>((resolve) => written!.once("close", resolve));
    if (isDamage(error)) throw new FileError(file, `is incomplete, or not ${encodings.join(", ")}`, { cause: error });
    throw error;
  }
  return counted.bytes();
}

/** A stream that counts the bytes it passes on, up to a limit. */
function countBytes(file: string, largestBytes: number): { stream: Transform; bytes(): number } {
  let bytes = 0;
  const stream = new Transform({
    transform(chunk: Buffer, _, done) {
      bytes += chunk.length;
      done(bytes > largestBytes ? tooLarge(file, largestBytes) : null, chunk);
    },
  });
  return { stream, bytes: () => bytes };
}

/** Streams that unpack a content encoding; gzip is recognised by its first bytes when the file is read. */
function unpackers(name: string, start: Buffer, file: string): Transform[] {
  if (["", "identity", "gzip", "x-gzip"].includes(name)) return [];
  if (name === "br") return [createBrotliDecompress()];
  // Some servers leave out the zlib header; its first byte ends with the number of the method.
  if (name === "deflate") return [(start[0]! & 0x0f) === 8 ? createInflate() : createInflateRaw()];
  throw new FileError(file, `has the content encoding ${name.slice(0, 40)}, which is not supported`);
}

/** Errors of the local file system. */
const localCodes =
  /^(EACCES|EPERM|EROFS|ENOENT|ENOTDIR|EISDIR|EEXIST|ELOOP|ENAMETOOLONG|ENOSPC|EDQUOT|EMFILE|ENFILE|EIO)$/;

export function isLocal(error: unknown): boolean {
  return localCodes.test(codeOf(error));
}
