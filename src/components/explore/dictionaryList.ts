import { sum } from "d3";
import type { Dictionary, DictionaryFile, DictionaryTable, Field } from "../../shared/published/dictionary.js";
import { tick } from "../ui/clock.js";
import { formatAge } from "../ui/dataAge.js";
import { dataTable, textColumn } from "../ui/dataTable.js";
import { siteAddress } from "../ui/fetchApi.js";
import { html } from "../ui/html.js";
import { selectInput, textInput } from "../ui/inputs.js";
import { utcHour } from "../ui/timeZone.js";
import { counted, formatBytes } from "../ui/units.js";
import { duckdbLine } from "./codeBlock.js";

/** Entries are open if there are at most this many. */
const mostOpen = 2;

/** The tables or kinds of files found, folded. An entry is open if only some of its columns match or if there are few. */
export function entryList(entries: readonly (Found<DictionaryTable> | Found<DictionaryFile>)[]): HTMLElement {
  if (entries.length === 0) return html`<p class="muted">None found.</p>`;
  return html`<div class="dictionary">${entries.map((entry) => {
    const { name, size, links, file } = "columns" in entry ? tableParts(entry) : fileParts(entry);
    const { holds, found, isWhole } = entry;
    return html`<details class="entry" open=${!isWhole || entries.length <= mostOpen}>
      <summary><code>${name}</code><span class="holds">${inCode(holds)}</span><span class="size">${size}</span></summary>
      <p class="where"><span>${links}</span></p>
      ${found.length > 0 ? fieldTable(found, { label: `${isWhole ? "" : "Found in "}${name}` }) : null}
      ${file?.endsWith(".parquet") ? duckdbLine(siteAddress(file)) : null}
    </details>`;
  })}</div>`;
}

function tableParts({ name, rows, bytes, address, stationFiles, sha256 }: DictionaryTable) {
  const links = [
    address === null ? "too large for the site" : html`<a href=${siteAddress(address)} download>${address}</a>`,
    ...(stationFiles === null ? [] : [html`<span>per station: <code>${stationFiles}</code></span>`]),
    html`<span>SHA-256 <code title=${sha256}>${sha256.slice(0, 10)}</code></span>`,
  ];
  return { name, size: `${counted(rows, "row")}, ${formatBytes(bytes)}`, links, file: address };
}

function fileParts({ address, count, bytes, example, schema }: DictionaryFile) {
  const link = (path: string, text: string) => html`<a href=${siteAddress(path)}>${text}</a>`;
  const isOne = !address.includes("<");
  const links = [
    isOne ? link(address, address) : example === null ? "" : html`<span>for example ${link(example, example)}</span>`,
    ...(schema === null ? [] : [link(schema, "JSON Schema")]),
  ];
  const files = count === null || count === 1 ? "" : `${counted(count, "file")}, `;
  return { name: address, size: bytes === null ? "" : `${files}${formatBytes(bytes)}`, links, file: example };
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
type Found<Entry> = Entry & { found: Field[]; isWhole: boolean };

interface FoundEntries {
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
  const ofTables = html`<span><b>${counted(tables.length, "table")}</b> (${columns}, ${rows}, ${size})</span>`;
  const ofFiles = html`<b>${counted(files.length, "other kind")} of file</b>`;
  const parts = tables.length === 0 ? [ofFiles] : files.length === 0 ? [ofTables] : [ofTables, " and ", ofFiles];
  return html`<p role="status">${parts},
    as of ${utcHour(asOf)} UTC, ${age}.</p>`;
}
