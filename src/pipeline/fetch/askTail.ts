import { rename, writeFile } from "node:fs/promises";
import { gzipSync } from "node:zlib";
import { parseTime } from "../clock.js";
import type { Http } from "../http.js";
import { readBytes } from "../readLines.js";
import type { Found } from "../tree.js";
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
 * most of it is what it was. Gives the whole file where the server sends no parts, or where its rows are not in order.
 * @param record the version known, and where it was found
 * @param since epoch milliseconds
 * @param end when the file's last row can have been observed, epoch milliseconds
 */
export async function askTail(
  http: Http,
  record: FileRecord,
  { to, since, end }: { to: string; since: number; end: number },
): Promise<Found | Tail> {
  const { url } = record;
  const whole = async (before: Found["before"]): Promise<Found> => {
    const answer = await http.get(url, to);
    return { ...answer, path: answer.outcome === "fetched" ? to : null, before };
  };
  const head = await http.get(url, to, record, `0-${headBytes - 1}`);
  if (head.outcome !== "fetched" || !head.part || head.part.last + 1 >= head.part.total) {
    return { ...head, path: head.outcome === "fetched" ? to : null, before: [] };
  }
  const headText = await readText(to);
  const header = headText.slice(0, headText.indexOf("\n"));
  const first = timeOfRow(header, headText.split("\n")[1] ?? "");
  if (header === "" || first === null || first >= since) return whole([head]);
  const { total } = head.part;
  const share = Math.min(1, ((end - since) / (end - first)) * margin);
  const start = Math.floor(total * (1 - share));
  const tail = await http.get(url, to, undefined, `${start}-`);
  // Between the two requests another version may have come.
  const isSame = tail.etag === head.etag && tail.lastModified === head.lastModified && tail.part?.total === total;
  if (tail.outcome !== "fetched" || !tail.part)
    return { ...tail, path: tail.outcome === "fetched" ? to : null, before: [head] };
  const text = await readText(to);
  const rows = text.slice(text.indexOf("\n") + 1);
  const from = timeOfRow(header, rows.slice(0, rows.indexOf("\n")));
  if (!isSame || from === null || from > since) return whole([head, tail]);
  await writeFile(`${to}.tail`, gzipSync(`${header}\n${rows}`));
  await rename(`${to}.tail`, to);
  return { ...tail, path: to, before: [head], from };
}

async function readText(path: string): Promise<string> {
  const chunks: Buffer[] = [];
  for await (const chunk of await readBytes(path)) chunks.push(chunk as Buffer);
  return Buffer.concat(chunks).toString("utf8");
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
