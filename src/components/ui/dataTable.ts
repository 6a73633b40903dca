import { ascending } from "d3";
import { html, whileInPage } from "./html.js";
import { choose, type ValueElement } from "./inputs.js";

export interface Column<Row> {
  heading: unknown;
  /** Text, an element or a list of both. */
  cell: (row: Row) => unknown;
  isNumeric: boolean;
  /** Whether a narrow screen shows it only in the order of its values. */
  isExtra?: boolean;
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
function tableOf(headings: readonly HTMLElement[], body: HTMLElement, label: string): HTMLElement {
  return html`<section class="table" tabindex="0" aria-label=${label}>
    <table><thead><tr>${headings}</tr></thead>${body}</table>
  </section>`;
}

function headingCell({ heading, isNumeric }: Column<never>): HTMLElement {
  return html`<th scope="col" class=${isNumeric ? "number" : null}>${heading}</th>`;
}

/** A row of the body, built without a template because tables can have thousands of cells. */
function tableRow<Row>(row: Row, columns: readonly Column<Row>[]): HTMLTableRowElement {
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

/** A table below a chart, folded, which can be downloaded as CSV. */
export function foldedTable<Row>(label: string, rows: readonly Row[], columns: readonly Column<Row>[]): HTMLElement {
  const table = dataTable(label, rows, columns);
  const download = () => {
    const file = new Blob([csvOf(table)], { type: "text/csv" });
    const link = html`<a href=${URL.createObjectURL(file)} download=${`${label}.csv`}></a>` as HTMLAnchorElement;
    link.click();
    URL.revokeObjectURL(link.href);
  };
  return html`<details><summary>${label} as a table</summary>${table}
    <p class="csv"><button type="button" onclick=${download}>Download CSV</button></p></details>`;
}

/** The cells of a table as CSV: numbers as programs read them, and a dash for a missing one as nothing. */
export function csvOf(table: HTMLElement): string {
  const field = (cell: Element) => {
    const text = (cell.textContent ?? "").replace(/\s+/g, " ").trim();
    const number = text.replaceAll(",", "").replace("−", "-").replace(/\s*%$/, "");
    if (cell.tagName === "TD" && (text === "–" || (number !== "" && !Number.isNaN(Number(number)))))
      return text === "–" ? "" : number;
    return /[",]/.test(text) ? `"${text.replaceAll('"', '""')}"` : text;
  };
  const lines = [...table.querySelectorAll("tr")].map((row) => [...row.children].map(field).join(","));
  return `${lines.join("\n")}\n`;
}

interface SortableTableOptions<Row> {
  label: string;
  /** What the rows are, such as "stations". */
  noun: string;
  orders: Record<string, RowOrder<Row>>;
  /** Name of the order, with a minus sign for its reverse; headings set it. Without it the table has no buttons. */
  order?: ValueElement<string> | undefined;
  /** Words that a row must contain. */
  find?: ValueElement<string> | undefined;
  /** The text of a row in which words are searched. */
  textOf: (row: Row) => string;
}

/**
 * A table that can be sorted and filtered. Its rows are created once, then moved and hidden.
 * @param columns by the name of the order that their heading sets
 */
export function sortableTable<Row>(
  rows: readonly Row[],
  columns: Readonly<Record<string, Column<Row>>>,
  { label, noun, orders, order, find, textOf }: SortableTableOptions<Row>,
): HTMLElement {
  const lines = new Map(rows.map((row) => [row, tableRow(row, Object.values(columns))]));
  const extra = Object.entries(columns).flatMap(([name, { isExtra }], i) => (isExtra ? [{ name, i }] : []));
  const headings = Object.entries(columns).map(([name, column]) => {
    if (!order) return headingCell(column);
    const press = () => {
      const { by, reversed } = readOrder(order.value);
      choose(order, by === name && !reversed ? `-${name}` : name);
    };
    return headingCell({ ...column, heading: html`<button type="button" onclick=${press}>${column.heading}</button>` });
  });
  const body = html`<tbody>${[...lines.values()]}</tbody>`;
  const count = html`<p class="small muted" role="status"></p>`;
  const table = html`<div>${tableOf(headings, body, label)}${find ? count : null}</div>`;

  const showExtra = (by: string) => {
    for (const cells of [headings, ...[...lines.values()].map(({ children }) => children)])
      for (const { name, i } of extra) {
        cells[i]!.classList.toggle("extra", name !== by);
        cells[i]!.classList.toggle("chosen", name === by);
      }
  };
  showExtra("");
  const sort = () => {
    const { by, reversed } = readOrder(order!.value);
    body.append(...orders[by]!.sorted(rows, reversed).map((row) => lines.get(row)!));
    for (const [i, name] of Object.keys(columns).entries()) {
      if (name !== by) headings[i]!.removeAttribute("aria-sort");
      else headings[i]!.setAttribute("aria-sort", reversed ? "descending" : "ascending");
    }
    showExtra(by);
  };
  const filter = () => {
    const words = find!.value.toLowerCase().split(/\s+/);
    const shown = rows.filter((row) => {
      const text = textOf(row).toLowerCase();
      const isShown = words.every((word) => text.includes(word));
      lines.get(row)!.hidden = !isShown;
      return isShown;
    });
    count.textContent = shown.length < rows.length ? `${shown.length} of ${rows.length} ${noun}` : "";
  };
  for (const [input, update] of [
    [order, sort],
    [find, filter],
  ] as const) {
    if (!input) continue;
    update();
    whileInPage(table, input, "input", update);
  }
  return table;
}

function readOrder(value: string): { by: string; reversed: boolean } {
  return { by: value.replace(/^-/, ""), reversed: value.startsWith("-") };
}

/** A way to sort the rows of a table. */
interface RowOrder<Row> {
  label: string;
  /** The rows in order; those without a value are always last. */
  sorted(rows: readonly Row[], reversed?: boolean): Row[];
}

export function rowOrder<Row>(label: string, field: (row: Row) => string | number | null): RowOrder<Row> {
  return {
    label,
    sorted: (rows, reversed = false) =>
      [...rows].sort((a, b) => {
        const [x, y] = [field(a), field(b)];
        if (x === null || y === null) return Number(x === null) - Number(y === null);
        return (reversed ? -1 : 1) * ascending(x, y);
      }),
  };
}

/** The orders and their reverses as options of an input. */
export function orderChoicesOf(orders: Record<string, { label: string }>): [string, string][] {
  return Object.entries(orders).flatMap(([name, { label }]): [string, string][] => [
    [name, `${label}, ascending`],
    [`-${name}`, `${label}, descending`],
  ]);
}
