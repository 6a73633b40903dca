import { sum } from "d3";
import type { Dictionary, Field } from "../../shared/published/dictionary.js";
import { tick } from "../ui/clock.js";
import { formatAge } from "../ui/dataAge.js";
import { html } from "../ui/html.js";
import { selectInput, textInput } from "../ui/inputs.js";
import { utcHour } from "../ui/timeZone.js";
import { formatBytes, formatCount } from "../ui/units.js";

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
