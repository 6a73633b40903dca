import { html } from "./html.js";

export interface Column<Row> {
  heading: unknown;
  cell: (row: Row) => unknown;
  /** Numbers align right. */
  numeric?: boolean;
}

/** A table that scrolls sideways, by keyboard too, where it is wider than the page; the first column names the row. */
export function dataTable<Row>(
  rows: readonly Row[],
  columns: Column<Row>[],
  { label }: { label: string },
): HTMLElement {
  return html`<section class="table" tabindex="0" aria-label=${label}>
    <table>
      <thead><tr>${columns.map(({ heading, numeric }) => html`<th scope="col" class=${numeric ? "number" : null}>${heading}</th>`)}</tr></thead>
      <tbody>${rows.map((row) => tableRow(row, columns))}</tbody>
    </table>
  </section>`;
}

/** A row of a table's body, made without a template, which would be parsed again for each of thousands of cells. */
export function tableRow<Row>(row: Row, columns: readonly Column<Row>[]): HTMLTableRowElement {
  const line = document.createElement("tr");
  for (const [i, { cell, numeric }] of columns.entries()) {
    const place = document.createElement(i === 0 ? "th" : "td");
    if (i === 0) place.setAttribute("scope", "row");
    if (numeric) place.className = "number";
    for (const part of [cell(row)].flat()) if (part != null) place.append(part instanceof Node ? part : String(part));
    line.append(place);
  }
  return line;
}

/** The numbers of a chart, folded away below it. */
export function foldedTable<Row>(
  rows: readonly Row[],
  columns: Column<Row>[],
  { label }: { label: string },
): HTMLElement {
  return html`<details><summary>${label} as a table</summary>${dataTable(rows, columns, { label })}</details>`;
}
