import { rename, writeFile } from "node:fs/promises";
import { gzipSync } from "node:zlib";
import { parseTime } from "../clock.js";
import { FileError } from "../fileError.js";
import type { Answer, Http } from "../http.js";
import { readText } from "../readLines.js";
import type { Found } from "../tree.js";
import type { FileRecord } from "./fileRecord.js";

/** The end of a file, with its header before it. */
export interface Tail extends Found {
  /** When its first row was observed, epoch milliseconds. */
  from: number;
}

/** A part that came and can't be read. */
export interface BrokenPart extends Found {
  error: FileError;
}

/** Holds the header of any GHCNh file, which has 8 kB. */
const headBytes = 32_768;
/** Rows may be longer towards the end of a year than at its beginning. */
const margin = 1.25;

/**
 * Asks a server for the rows of a yearly psv file from a time on, by two requests for bytes: where a file has changed,
 * most of it is what it was. Gives the whole file where the server sends no parts or others than those asked for, or
 * where its rows are not in order.
 * @param record the version known, and where it was found
 * @param since epoch milliseconds
 * @param end when the file's last row can have been observed, epoch milliseconds
 */
export async function askTail(
  http: Http,
  record: FileRecord,
  { to, since, end }: { to: string; since: number; end: number },
): Promise<Found | Tail | BrokenPart> {
  const { url } = record;
  const whole = async (before: Found["before"]): Promise<Found> => {
    const answer = await http.get(url, to);
    return { ...answer, path: answer.outcome === "fetched" ? to : null, before };
  };
  const head = await http.get(url, to, record, `0-${headBytes - 1}`);
  if (head.outcome !== "fetched" || !head.part || head.part.last + 1 >= head.part.total) {
    return { ...head, path: head.outcome === "fetched" ? to : null, before: [] };
  }
  const headText = await readPart(to, head.url);
  if (headText instanceof FileError) return { ...head, path: null, before: [], error: headText };
  const header = headText.slice(0, headText.indexOf("\n"));
  const first = timeOfRow(header, headText.split("\n")[1] ?? "");
  if (header === "" || first === null || first >= since) return whole([head]);
  const { total } = head.part;
  const share = Math.min(1, ((end - since) / (end - first)) * margin);
  const start = Math.floor(total * (1 - share));
  const tail = await http.get(url, to, undefined, `${start}-`);
  // Between the two requests another version may have come; and what came must be what was asked for.
  const isSame = tail.etag === head.etag && tail.lastModified === head.lastModified && tail.part?.total === total;
  const isAsked = tail.part?.first === start && tail.part.last === total - 1 && isWhole(tail);
  if (tail.outcome !== "fetched" || !tail.part)
    return { ...tail, path: tail.outcome === "fetched" ? to : null, before: [head] };
  const text = await readPart(to, tail.url);
  if (text instanceof FileError) return { ...tail, path: null, before: [head], error: text };
  const rows = text.slice(text.indexOf("\n") + 1);
  const from = timeOfRow(header, rows.slice(0, rows.indexOf("\n")));
  if (!isSame || !isAsked || from === null || from > since) return whole([head, tail]);
  await writeFile(`${to}.tail`, gzipSync(`${header}\n${rows}`));
  await rename(`${to}.tail`, to);
  return { ...tail, path: to, before: [head], from };
}

/** The text of a part; the reason where it is no text. */
async function readPart(path: string, url: string): Promise<string | FileError> {
  return readText(path, url).catch((error: unknown) => {
    if (error instanceof FileError) return error;
    throw error;
  });
}

/** Whether as much came as the server said. */
function isWhole({ part, bytes }: Answer): boolean {
  return part !== null && bytes === part.last - part.first + 1;
}

/** When a row was observed by its column DATE, epoch milliseconds; null when it has none. */
function timeOfRow(header: string, row: string): number | null {
  const column = header.split("|").findIndex((name) => name.trim().toUpperCase() === "DATE");
  try {
    return parseTime(row.split("|")[column] ?? "");
  } catch {
    return null;
  }
}
