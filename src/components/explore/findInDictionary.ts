import type { Dictionary, Field } from "../../shared/published/dictionary.js";

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
