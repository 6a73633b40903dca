import type { Dictionary, Field } from "../../shared/published/dictionary.js";
import { tick } from "../ui/clock.js";
import { formatAge } from "../ui/dataAge.js";
import { html } from "../ui/html.js";
import { selectInput, textInput } from "../ui/inputs.js";
import { clockTime, dateName } from "../ui/timeZone.js";
import { formatBytes, formatCount } from "../ui/units.js";

/** A table, or files of one kind, and those of its columns or fields that were asked for. */
export type Found<Entry> = Entry & { found: Field[]; isWhole: boolean };

export type DictionaryTable = Dictionary["tables"][number];
export type DictionaryFile = Dictionary["files"][number];

export interface FoundEntries {
  tables: Found<DictionaryTable>[];
  files: Found<DictionaryFile>[];
}

/**
 * What of the dictionary has every one of some words. An entry whose name or description has them all is found whole;
 * otherwise its columns have to have the rest, and those that have any of that are found.
 * @param only name of a table or address of files that alone is looked at; "" for all
 */
export function findInDictionary(
  { tables, files }: Dictionary,
  { words = "", only = "" }: { words?: string; only?: string } = {},
): FoundEntries {
  const wanted = words.toLowerCase().split(/\s+/).filter(Boolean);
  const find = <Entry extends { holds: string }>(entry: Entry, name: string, fields: readonly Field[]) => {
    if (only !== "" && only !== name) return [];
    const rest = wanted.filter((word) => !`${name} ${entry.holds}`.toLowerCase().includes(word));
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

/** The choices of the data dictionary: words to find, and a table or files to look at alone. */
export function dictionaryInputs({ tables, files }: Dictionary) {
  const names = [...tables.map(({ name }) => name), ...files.map(({ address }) => address)];
  return {
    names,
    words: textInput("Find tables and columns", { placeholder: "a word, a unit, a name" }),
    only: selectInput("Table or file", [["", "All"], ...names.map((name) => [name, name] as const)]),
  };
}

/** How many tables, rows and bytes were found, as of when they are and how old that is. */
export function dictionaryTotals({ asOf }: Dictionary, { tables, files }: FoundEntries): HTMLElement {
  if (tables.length + files.length === 0)
    return html`<p role="status">Nothing has all of these words. Try fewer, or part of one.</p>`;
  const sum = (values: number[]) => values.reduce((total, value) => total + value, 0);
  const counted = (n: number, one: string) => `${formatCount(n)} ${one}${n === 1 ? "" : "s"}`;
  const age = html`<span></span>`;
  tick(age, (now) => {
    age.textContent = `${formatAge(now - asOf)} old`;
  });
  const columns = counted(sum(tables.map(({ found }) => found.length)), "column");
  const rows = counted(sum(tables.map((table) => table.rows)), "row");
  const size = formatBytes(sum(tables.map(({ bytes }) => bytes)));
  const parts = [
    ...(tables.length === 0
      ? []
      : [html`<span><b>${counted(tables.length, "table")}</b> (${columns}, ${rows}, ${size})</span>`]),
    ...(files.length === 0 ? [] : [html`<b>${counted(files.length, "other kind")} of file</b>`]),
  ];
  return html`<p role="status">${parts.flatMap((part, i) => (i === 0 ? [part] : [" and ", part]))},
    all published at once as of ${dateName(asOf, "UTC")} ${clockTime(asOf, "UTC")} UTC, ${age}.</p>`;
}
