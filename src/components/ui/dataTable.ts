import { html } from "./html.js";

export interface Column<Row> {
  heading: unknown;
  /** Text, an element or a list of both. */
  cell: (row: Row) => unknown;
  isNumeric: boolean;
}

export function textColumn<Row>(heading: unknown, cell: (row: Row) => unknown): Column<Row> {
  return { heading, cell, isNumeric: false };
}

/** A column aligned right. */
export function numberColumn<Row>(heading: unknown, cell: (row: Row) => unknown): Column<Row> {
  return { heading, cell, isNumeric: true };
}

/** A table with the name of each row in its first column. A wide table scrolls sideways, also by keyboard. */
export function dataTable<Row>(label: string, rows: readonly Row[], columns: readonly Column<Row>[]): HTMLElement {
  return tableOf(columns.map(headingCell), html`<tbody>${rows.map((row) => tableRow(row, columns))}</tbody>`, label);
}

/** The frame of a table. */
export function tableOf(headings: readonly HTMLElement[], body: HTMLElement, label: string): HTMLElement {
  return html`<section class="table" tabindex="0" aria-label=${label}>
    <table><thead><tr>${headings}</tr></thead>${body}</table>
  </section>`;
}

export function headingCell({ heading, isNumeric }: Column<never>): HTMLElement {
  return html`<th scope="col" class=${isNumeric ? "number" : null}>${heading}</th>`;
}

/** A row of the body, built without a template because tables can have thousands of cells. */
export function tableRow<Row>(row: Row, columns: readonly Column<Row>[]): HTMLTableRowElement {
  const line = document.createElement("tr");
  for (const [i, { cell, isNumeric }] of columns.entries()) {
    const element = document.createElement(i === 0 ? "th" : "td");
    if (i === 0) element.setAttribute("scope", "row");
    if (isNumeric) element.className = "number";
    for (const part of [cell(row)].flat()) if (part != null) element.append(part instanceof Node ? part : String(part));
    line.append(element);
  }
  return line;
}

/** A table below a chart, folded. */
export function foldedTable<Row>(label: string, rows: readonly Row[], columns: readonly Column<Row>[]): HTMLElement {
  return html`<details><summary>${label} as a table</summary>${dataTable(label, rows, columns)}</details>`;
}
