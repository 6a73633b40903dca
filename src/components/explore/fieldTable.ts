import type { Field } from "../../shared/published/dictionary.js";
import { dataTable } from "../ui/dataTable.js";
import { html } from "../ui/html.js";
import { inCode } from "./inCode.js";

/** Columns of a table or fields of a file: type, unit and meaning. On a phone the first two stand below the name. */
export function fieldTable(fields: readonly Field[], { label }: { label: string }): HTMLElement {
  const table = dataTable(
    fields,
    [
      {
        heading: "Name",
        cell: (field) => html`<span><code>${field.name}</code><small>${kindOf(field)}</small></span>`,
      },
      { heading: "Type", cell: ({ type, nullable }) => (nullable ? `${type} or null` : type) },
      { heading: "Unit", cell: ({ unit }) => unit ?? "" },
      { heading: "Meaning", cell: meaningOf },
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
