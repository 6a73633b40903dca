import Papa from "papaparse";
import { cleanName } from "../../shared/identifiers.js";
import { FileError } from "../http/fileError.js";
import type { RawReport } from "./schemas.js";
import { type BrokenRow, isPlace, type OpenedFile, type Place } from "./source.js";

type Cells = readonly string[];

/** The cells of one line of CSV. */
export function splitCsv(line: string): string[] {
  return Papa.parse<string[]>(line, { delimiter: "," }).data[0] ?? [];
}

/** How a source reads the cells of one row. */
export interface RowReader {
  stationId(cells: Cells): string;
  place(cells: Cells): Place | null;
  report(cells: Cells, row: number): RawReport;
}

/** Finds columns by name, in upper or lower case. */
export class Header {
  readonly #positions: Map<string, number>;
  constructor(
    names: Cells,
    private readonly file: string,
  ) {
    this.#positions = new Map(names.map((name, index) => [name.trim().toLowerCase(), index]));
  }

  has(name: string): boolean {
    return this.#positions.has(name.toLowerCase());
  }

  /** Reads the first of `names` that the file has; empty text if it has none. */
  column(...names: string[]): (cells: Cells) => string {
    const index = names.map((name) => this.#positions.get(name.toLowerCase())).find((found) => found !== undefined);
    return index === undefined ? () => "" : (cells) => cells[index]!;
  }

  /** Like `column`, but throws if the file has none of them. */
  required(...names: string[]): (cells: Cells) => string {
    if (!names.some((name) => this.has(name))) {
      throw new FileError(this.file, `missing column ${names[0]}`);
    }
    return this.column(...names);
  }
}

/**
 * Opens a delimited text table with a header line. Throws `FileError` if there is none, and while reading if the last line
 * lacks columns, because then the rest of the file is missing too.
 */
export async function openTable(
  lines: AsyncIterable<string>,
  file: string,
  split: (line: string) => string[],
  readerOf: (header: Header) => RowReader,
): Promise<OpenedFile> {
  const iterator = lines[Symbol.asyncIterator]();
  const first = await iterator.next();
  if (first.done || first.value.trim() === "") throw new FileError(file, "is empty");
  const headerLine = first.value.replace(/^\uFEFF/, "");
  if (/^\s*</.test(headerLine)) throw new FileError(file, "is a web page, not data");
  const names = split(headerLine);
  const reader = readerOf(new Header(names, file));

  let row = 2;
  let next = await iterator.next();
  const firstCells = next.done || next.value === "" ? null : split(next.value);
  const isWhole = firstCells?.length === names.length;
  const places = new Map<string, Place>();

  async function* rows(): AsyncGenerator<RawReport | BrokenRow> {
    let isMangled = false;
    while (!next.done) {
      const line = next.value;
      next = await iterator.next();
      if (!isMangled && line.includes("\uFFFD")) {
        isMangled = true; // and probably all rows are, by the same name
        yield { row, problem: "not all is UTF-8", check: "encoding" };
      }
      if (line !== "") {
        const cells = split(line);
        if (cells.length === names.length) {
          const stationId = reader.stationId(cells);
          const place = places.has(stationId) ? null : reader.place(cells);
          if (place) places.set(stationId, place);
          yield reader.report(cells, row);
        } else if (next.done && cells.length < names.length) throw new FileError(file, `is cut off at line ${row}`);
        else yield { row, problem: `${cells.length} columns, expected ${names.length}` };
      }
      row++;
    }
  }
  return {
    stationId: isWhole ? reader.stationId(firstCells) : null,
    placeOf: (stationId) => places.get(stationId) ?? null,
    rows: rows(),
  };
}

/** Reads the place of a row from these columns; null if the coordinates are missing or invalid. */
export function placeReader(header: Header, nameColumn: string): (cells: Cells) => Place | null {
  const columns = [nameColumn, "LATITUDE", "LONGITUDE", "ELEVATION"].map((column) => header.column(column));
  return (cells) => {
    const [name = "", ...numbers] = columns.map((read) => read(cells));
    const values = numbers.map((text) => (text.trim() ? Number(text) : Number.NaN));
    const [latitude, longitude, elevationM] = values as [number, number, number];
    if (!isPlace(latitude, longitude)) return null;
    const isKnown = elevationM > -999 && elevationM < 9000;
    const shownName = name.includes("\uFFFD") ? "" : cleanName(name);
    return { name: shownName, latitude, longitude, elevationM: isKnown ? elevationM : null };
  };
}
