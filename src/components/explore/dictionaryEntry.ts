import type { Field } from "../../shared/published/dictionary.js";
import { html } from "../ui/html.js";
import { fieldTable } from "./fieldTable.js";
import { inCode } from "./inCode.js";

/** What the data dictionary says of a table or of files of one kind, folded under its name and what it holds. */
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
  /** Where it is, its digest and the like. */
  facts: unknown;
  /** A line that opens it elsewhere. */
  line: HTMLElement | null;
  isOpen: boolean;
}
