import { siteAddress } from "../ui/fetchApi.js";
import { html } from "../ui/html.js";
import { formatBytes, formatCount } from "../ui/units.js";
import { dictionaryEntry } from "./dictionaryEntry.js";
import { duckdbLine } from "./duckdbLine.js";
import type { DictionaryFile, FoundEntries } from "./findInDictionary.js";

/** The files found beside the tables; those of which only fields were, or that are few, are unfolded. */
export function fileList({ files }: FoundEntries, { mostOpen = 2 }: { mostOpen?: number } = {}): HTMLElement {
  if (files.length === 0) return html`<p class="muted">None found.</p>`;
  return html`<div class="dictionary">${files.map((file) => {
    const { address, example, isWhole } = file;
    return dictionaryEntry(file, {
      name: address,
      size: sizeOf(file),
      facts: factsOf(file),
      line: example?.endsWith(".parquet") ? duckdbLine(siteAddress(example)) : null,
      isOpen: !isWhole || files.length <= mostOpen,
    });
  })}</div>`;
}

function sizeOf({ count, bytes }: DictionaryFile): string {
  if (count === null || bytes === null) return "";
  return `${count === 1 ? "" : `${formatCount(count)} files, `}${formatBytes(bytes)}`;
}

function factsOf({ address, example, schema }: DictionaryFile): HTMLElement {
  const link = (path: string, text: string) => html`<a href=${siteAddress(path)}>${text}</a>`;
  const isOne = !address.includes("<");
  return html`<span>${isOne ? link(address, address) : example === null ? null : html`<span>for instance ${link(example, example)}</span>`}${
    schema === null ? null : link(schema, "JSON Schema")
  }</span>`;
}
