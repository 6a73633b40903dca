import { writeFile } from "node:fs/promises";
import { gzipSync } from "node:zlib";
import type { Found } from "../http/askBase.js";
import { FileError } from "../http/fileError.js";
import type { Http } from "../http/http.js";
import { readText } from "../http/readLines.js";
import { timeOf } from "../sources/schemas.js";
import type { FileRecord } from "./fileRecord.js";

/** The last rows of a file, after its header. */
export interface Tail extends Found {
  /** Time of its first row, epoch milliseconds. */
  from: number;
}

/** More than the header of a GHCNh file, which has 8 kB. */
const headBytes = 32_768;
/** Rows may be longer towards the end of a year than at its beginning. */
const margin = 1.25;

/**
 * Downloads the rows of a yearly psv file since a time, with two range requests, because most of a changed file stays
 * the same. Downloads the whole file if the server does not send the requested parts, if a part can't be read, or if the
 * rows are not in order.
 * @param record the address and the known version of the file
 * @param isKept whether the answer "unchanged" can be used
 * @param since epoch milliseconds
 * @param end the latest possible time of the last row, epoch milliseconds
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
  // The file may change between the two requests.
  const isSame = tail.etag === head.etag && tail.lastModified === head.lastModified && tail.part.total === total;
  if (!isSame || from === null || from > since) return whole([head, tail]);
  await writeFile(to, gzipSync(`${header}\n${rows}`));
  return { ...tail, path: to, before: [head], from };
}

/** The text of a part; empty if it can't be read. */
async function readPart(path: string, url: string): Promise<string> {
  return readText(path, url).catch((error: unknown) => {
    if (error instanceof FileError) return "";
    throw error;
  });
}

/** The time in column DATE of a row, epoch milliseconds; null if it has none. */
function timeOfRow(header: string, row: string): number | null {
  const column = header.split("|").findIndex((name) => name.trim().toUpperCase() === "DATE");
  return timeOf(row.split("|")[column] ?? "");
}
