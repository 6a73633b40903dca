import { sum } from "d3";
import type { Dictionary, Field } from "../../shared/published/dictionary.js";
import { tick } from "../ui/clock.js";
import { formatAge } from "../ui/dataAge.js";
import { dataTable, textColumn } from "../ui/dataTable.js";
import { siteAddress } from "../ui/fetchApi.js";
import { html, svg } from "../ui/html.js";
import { selectInput, textInput } from "../ui/inputs.js";
import { utcHour } from "../ui/timeZone.js";
import { formatBytes, formatCount } from "../ui/units.js";

/** The tables found. An entry is open if only some of its columns match or if few tables match. */
export function tableList({ tables }: FoundEntries, { maxOpen = 2 }: { maxOpen?: number } = {}): HTMLElement {
  if (tables.length === 0) return html`<p class="muted">None found.</p>`;
  return html`<div class="dictionary">${tables.map((table) => {
    const { name, rows, bytes, address, isWhole } = table;
    return dictionaryEntry(table, {
      name,
      size: `${formatCount(rows)} ${rows === 1 ? "row" : "rows"}, ${formatBytes(bytes)}`,
      facts: tableLinks(table),
      line: address === null ? null : duckdbLine(siteAddress(address)),
      isOpen: !isWhole || tables.length <= maxOpen,
    });
  })}</div>`;
}

function tableLinks({ address, stationFiles, sha256 }: DictionaryTable): HTMLElement {
  const rows = stationFiles === null ? null : html`<span>per station: <code>${stationFiles}</code></span>`;
  const place =
    address === null
      ? html`<span>too large for the site</span>`
      : html`<span><a href=${siteAddress(address)} download>${address}</a></span>`;
  return html`<span>${place}${rows}<span>SHA-256 <code title=${sha256}>${sha256.slice(0, 10)}</code></span></span>`;
}

/** The other files found. An entry is open if only some of its fields match or if few files match. */
export function fileList({ files }: FoundEntries, { maxOpen = 2 }: { maxOpen?: number } = {}): HTMLElement {
  if (files.length === 0) return html`<p class="muted">None found.</p>`;
  return html`<div class="dictionary">${files.map((file) => {
    const { address, example, isWhole } = file;
    return dictionaryEntry(file, {
      name: address,
      size: sizeOf(file),
      facts: fileLinks(file),
      line: example?.endsWith(".parquet") ? duckdbLine(siteAddress(example)) : null,
      isOpen: !isWhole || files.length <= maxOpen,
    });
  })}</div>`;
}

function sizeOf({ count, bytes }: DictionaryFile): string {
  if (count === null || bytes === null) return "";
  return `${count === 1 ? "" : `${formatCount(count)} files, `}${formatBytes(bytes)}`;
}

function fileLinks({ address, example, schema }: DictionaryFile): HTMLElement {
  const link = (path: string, text: string) => html`<a href=${siteAddress(path)}>${text}</a>`;
  const isOne = !address.includes("<");
  return html`<span>${isOne ? link(address, address) : example === null ? null : html`<span>for example ${link(example, example)}</span>`}${
    schema === null ? null : link(schema, "JSON Schema")
  }</span>`;
}

/** The dictionary entry of a table or of one kind of file, folded under its name and description. */
function dictionaryEntry(
  { holds, found, isWhole }: { holds: string; found: readonly Field[]; isWhole: boolean },
  { name, size, facts, line, isOpen }: EntryParts,
): HTMLElement {
  return html`<details class="entry" open=${isOpen}>
    <summary><code>${name}</code><span class="holds">${inCode(holds)}</span><span class="size">${size}</span></summary>
    <p class="where">${facts}</p>
    ${found.length > 0 ? fieldTable(found, { label: `${isWhole ? "" : "Found in "}${name}` }) : null}
    ${line}
  </details>`;
}

interface EntryParts {
  name: string;
  size: string;
  /** Links, digest and the like. */
  facts: unknown;
  /** A command that opens it in another program. */
  line: HTMLElement | null;
  isOpen: boolean;
}

/** Columns of a table or fields of a file: type, unit and meaning. On a phone, type and unit are below the name. */
function fieldTable(fields: readonly Field[], { label }: { label: string }): HTMLElement {
  const table = dataTable(label, fields, [
    textColumn("Name", (field) => html`<span><code>${field.name}</code><small>${kindOf(field)}</small></span>`),
    textColumn("Type", ({ type, nullable }) => (nullable ? `${type} or null` : type)),
    textColumn("Unit", ({ unit }) => unit ?? ""),
    textColumn("Meaning", meaningOf),
  ]);
  table.classList.add("fields");
  return table;
}

function kindOf({ type, unit, nullable }: Field): string {
  return [type, unit, nullable ? "or null" : null].filter((part) => part !== null).join(", ");
}

function meaningOf({ meaning, values }: Field): HTMLElement {
  return html`<span>${inCode(meaning)}${values === null ? "" : html`<small>${values.join(", ")}</small>`}</span>`;
}

/** Text with code between backticks. */
function inCode(text: string): (string | HTMLElement)[] {
  return text.split("`").map((part, i) => (i % 2 === 1 ? html`<code>${part}</code>` : part));
}

/** A table or one kind of file, with the columns or fields that match. */
export type Found<Entry> = Entry & { found: Field[]; isWhole: boolean };

export type DictionaryTable = Dictionary["tables"][number];
export type DictionaryFile = Dictionary["files"][number];

export interface FoundEntries {
  tables: Found<DictionaryTable>[];
  files: Found<DictionaryFile>[];
}

/**
 * The entries that contain all words. If the name and description contain them all, all columns match; otherwise the
 * columns must contain the remaining words, and those with any of them match.
 * @param only name of the one table or address of the one kind of file to search; "" for all
 */
export function findInDictionary(
  { tables, files }: Dictionary,
  { words = "", only = "" }: { words?: string; only?: string } = {},
): FoundEntries {
  const terms = words.toLowerCase().split(/\s+/).filter(Boolean);
  const find = <Entry extends { holds: string }>(entry: Entry, name: string, fields: readonly Field[]) => {
    if (only !== "" && only !== name) return [];
    const rest = terms.filter((word) => !`${name} ${entry.holds}`.toLowerCase().includes(word));
    if (rest.length === 0) return [{ ...entry, found: [...fields], isWhole: true }];
    const texts = fields.map(({ name: own, type, unit, values, meaning }) =>
      [own, type, unit, values, meaning].flat().join(" ").toLowerCase(),
    );
    if (!rest.every((word) => texts.some((text) => text.includes(word)))) return [];
    const found = fields.filter((_, i) => rest.some((word) => texts[i]!.includes(word)));
    return [{ ...entry, found, isWhole: false }];
  };
  return {
    tables: tables.flatMap((table) => find(table, table.name, table.columns)),
    files: files.flatMap((file) => find(file, file.address, file.fields)),
  };
}

/** Inputs of the data dictionary: words to find, and one table or kind of file. */
export function dictionaryInputs({ tables, files }: Dictionary) {
  const names = [...tables.map(({ name }) => name), ...files.map(({ address }) => address)];
  return {
    words: textInput("Find tables and columns", { placeholder: "a word, a unit, a name" }),
    only: selectInput("Table or file", [["", "All"], ...names.map((name) => [name, name] as const)]),
  };
}

/** Numbers of tables, rows and bytes found, and the time of the data. */
export function dictionaryTotals({ asOf }: Dictionary, { tables, files }: FoundEntries): HTMLElement {
  if (tables.length + files.length === 0)
    return html`<p role="status">No entry contains all these words. Try fewer words, or part of a word.</p>`;
  const counted = (n: number, one: string) => `${formatCount(n)} ${one}${n === 1 ? "" : "s"}`;
  const age = html`<span></span>`;
  tick(age, (now) => {
    age.textContent = `${formatAge(now - asOf)} old`;
  });
  const columns = counted(
    sum(tables, ({ found }) => found.length),
    "column",
  );
  const rows = counted(
    sum(tables, (table) => table.rows),
    "row",
  );
  const size = formatBytes(sum(tables, ({ bytes }) => bytes));
  const parts = [
    ...(tables.length === 0
      ? []
      : [html`<span><b>${counted(tables.length, "table")}</b> (${columns}, ${rows}, ${size})</span>`]),
    ...(files.length === 0 ? [] : [html`<b>${counted(files.length, "other kind")} of file</b>`]),
  ];
  return html`<p role="status">${parts.flatMap((part, i) => (i === 0 ? [part] : [" and ", part]))},
    as of ${utcHour(asOf)} UTC, ${age}.</p>`;
}

/** Trimmed code in Framework's style, with a copy button; the corner names `language`. */
export function codeBlock(code: string, { language }: { language: string }): HTMLElement {
  const text = code.trim();
  const button = html`<button type="button" title="Copy code" class="observablehq-pre-copy">${copyIcon()}</button>`;
  button.addEventListener("click", async () => {
    await navigator.clipboard.writeText(text);
    button.classList.add("observablehq-pre-copied");
  });
  button.addEventListener("animationend", () => button.classList.remove("observablehq-pre-copied"));
  return html`<div class="observablehq-pre-container" data-language=${language}>${button}<pre><code>${text}</code></pre></div>`;
}

function copyIcon(): SVGElement {
  return svg`<svg width="16" height="16" viewBox="0 0 16 16" fill="none" stroke="currentColor" stroke-width="2" aria-hidden="true">
    <path d="M2 6C2 5.44772 2.44772 5 3 5H10C10.5523 5 11 5.44772 11 6V13C11 13.5523 10.5523 14 10 14H3C2.44772 14 2 13.5523 2 13V6Z M4 2.00004L12 2.00001C13.1046 2 14 2.89544 14 4.00001V12"></path>
  </svg>`;
}

/** A shell command that opens a Parquet file, given by URL or path, in DuckDB. */
export function duckdbLine(file: string): HTMLElement {
  return codeBlock(`duckdb -c "FROM '${file}' LIMIT 10"`, { language: "sh" });
}
