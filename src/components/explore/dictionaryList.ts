import type { Field } from "../../shared/published/dictionary.js";
import { dataTable, textColumn } from "../ui/dataTable.js";
import { siteAddress } from "../ui/fetchApi.js";
import { html } from "../ui/html.js";
import { formatBytes, formatCount } from "../ui/units.js";
import { duckdbLine } from "./codeBlock.js";
import type { DictionaryFile, DictionaryTable, FoundEntries } from "./dictionarySearch.js";

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
export function dictionaryEntry(
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
export function fieldTable(fields: readonly Field[], { label }: { label: string }): HTMLElement {
  const table = dataTable(
    fields,
    [
      textColumn("Name", (field) => html`<span><code>${field.name}</code><small>${kindOf(field)}</small></span>`),
      textColumn("Type", ({ type, nullable }) => (nullable ? `${type} or null` : type)),
      textColumn("Unit", ({ unit }) => unit ?? ""),
      textColumn("Meaning", meaningOf),
    ],
    { label },
  );
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
export function inCode(text: string): (string | HTMLElement)[] {
  return text.split("`").map((part, i) => (i % 2 === 1 ? html`<code>${part}</code>` : part));
}
