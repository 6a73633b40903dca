import { writeFile } from "node:fs/promises";
import { gzipSync } from "node:zlib";
import { parseTime } from "../../shared/clock.js";
import type { Found } from "../http/askBase.js";
import { FileError } from "../http/fileError.js";
import type { Http } from "../http/http.js";
import { readText } from "../http/readLines.js";
import type { FileRecord } from "./fileRecord.js";

/** The end of a file, with its header before it. */
export interface Tail extends Found {
  /** When its first row was observed, epoch milliseconds. */
  from: number;
}

/** Holds the header of any GHCNh file, which has 8 kB. */
const headBytes = 32_768;
/** Rows may be longer towards the end of a year than at its beginning. */
const margin = 1.25;

/**
 * Asks a server for the rows of a yearly psv file from a time on, by two requests for bytes: where a file has changed,
 * most of it is what it was. Gives the whole file where the server sends no parts or others than those asked for, where
 * one can't be read, or where its rows are not in order.
 * @param record where the file was found, and the version known
 * @param isKept whether an answer that nothing has changed can be used
 * @param since epoch milliseconds
 * @param end when the file's last row can have been observed, epoch milliseconds
 */
export async function askTail(
  http: Http,
  record: FileRecord,
  { to, since, end, isKept }: { to: string; since: number; end: number; isKept: boolean },
): Promise<Found | Tail> {
  const { url } = record;
  const whole = async (before: Found["before"]): Promise<Found> => {
    const answer = await http.get(url, to);
    return { ...answer, path: answer.outcome === "fetched" ? to : null, before };
  };
  const head = await http.get(url, to, isKept ? record : undefined, `0-${headBytes - 1}`);
  if (head.outcome !== "fetched" || !head.part || head.part.last + 1 >= head.part.total) {
    return { ...head, path: head.outcome === "fetched" ? to : null, before: [] };
  }
  const headText = await readPart(to, head.url);
  const header = headText.slice(0, headText.indexOf("\n"));
  const first = timeOfRow(header, headText.split("\n")[1] ?? "");
  if (header === "" || first === null || first >= since) return whole([head]);
  const { total } = head.part;
  const share = Math.min(1, ((end - since) / (end - first)) * margin);
  const start = Math.floor(total * (1 - share));
  const tail = await http.get(url, to, undefined, `${start}-`);
  if (tail.outcome !== "fetched" || !tail.part)
    return { ...tail, path: tail.outcome === "fetched" ? to : null, before: [head] };
  const text = await readPart(to, tail.url);
  const rows = text.slice(text.indexOf("\n") + 1);
  const from = timeOfRow(header, rows.slice(0, rows.indexOf("\n")));
  // Between the two requests another version may have come.
  const isSame = tail.etag === head.etag && tail.lastModified === head.lastModified && tail.part.total === total;
  if (!isSame || from === null || from > since) return whole([head, tail]);
  await writeFile(to, gzipSync(`${header}\n${rows}`));
  return { ...tail, path: to, before: [head], from };
}

/** The text of a part, empty where it can't be read. */
async function readPart(path: string, url: string): Promise<string> {
  return readText(path, url).catch((error: unknown) => {
    if (error instanceof FileError) return "";
    throw error;
  });
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
