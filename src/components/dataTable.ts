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
  const kind = (column: Column<Row>) => (column.numeric ? "number" : null);
  return html`<section class="table" tabindex="0" aria-label=${label}>
    <table>
      <thead><tr>${columns.map((column) => html`<th scope="col" class=${kind(column)}>${column.heading}</th>`)}</tr></thead>
      <tbody>${rows.map(
        (row) =>
          html`<tr>${columns.map((column, i) =>
            i === 0
              ? html`<th scope="row">${column.cell(row)}</th>`
              : html`<td class=${kind(column)}>${column.cell(row)}</td>`,
          )}</tr>`,
      )}</tbody>
    </table>
  </section>`;
}

/** The numbers of a chart, folded away below it. */
export function foldedTable<Row>(
  rows: readonly Row[],
  columns: Column<Row>[],
  { label }: { label: string },
): HTMLElement {
  return html`<details><summary>${label} as a table</summary>${dataTable(rows, columns, { label })}</details>`;
}
