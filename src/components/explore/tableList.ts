import { siteAddress } from "../ui/fetchApi.js";
import { html } from "../ui/html.js";
import { formatBytes, formatCount } from "../ui/units.js";
import { dictionaryEntry } from "./dictionaryEntry.js";
import { duckdbLine } from "./duckdbLine.js";
import type { DictionaryTable, FoundEntries } from "./findInDictionary.js";

/** The tables found; those of which only columns were, or that are few, are unfolded. */
export function tableList({ tables }: FoundEntries, { mostOpen = 2 }: { mostOpen?: number } = {}): HTMLElement {
  if (tables.length === 0) return html`<p class="muted">None found.</p>`;
  return html`<div class="dictionary">${tables.map((table) => {
    const { name, rows, bytes, address, isWhole } = table;
    return dictionaryEntry(table, {
      name,
      size: `${formatCount(rows)} ${rows === 1 ? "row" : "rows"}, ${formatBytes(bytes)}`,
      facts: factsOf(table),
      line: address === null ? null : duckdbLine(siteAddress(address)),
      isOpen: !isWhole || tables.length <= mostOpen,
    });
  })}</div>`;
}

function factsOf({ address, stationFiles, sha256 }: DictionaryTable): HTMLElement {
  const rows = stationFiles === null ? null : html`<span>rows also in <code>${stationFiles}</code></span>`;
  const place =
    address === null
      ? html`<span>too large for the site</span>`
      : html`<span><a href=${siteAddress(address)} download>${address}</a></span>`;
  return html`<span>${place}${rows}<span>SHA-256 <code title=${sha256}>${sha256.slice(0, 10)}</code></span></span>`;
}
