import { ascending } from "d3";
import { type Column, tableRow } from "./dataTable.js";
import { html } from "./html.js";
import type { ValueElement } from "./pageState.js";

/** A column with the name of the order that its heading sets. */
export interface SortableColumn<Row> extends Column<Row> {
  order: string;
}

export interface SortableTableOptions<Row> {
  label: string;
  /** What the rows are, as "stations". */
  noun: string;
  orders: Record<string, RowOrder<Row>>;
  /** Name of an order, with a minus before it where it is turned round; the heading of a column sets it. */
  order?: ValueElement<string> | undefined;
  /** Words of which a row must contain each. */
  find?: ValueElement<string> | undefined;
  /** Where a row's words are looked for. */
  textOf: (row: Row) => string;
}

/** A table that its reader puts in order and sifts; rows are made once, and then moved and hidden. */
export function sortableTable<Row>(
  rows: readonly Row[],
  columns: readonly SortableColumn<Row>[],
  { label, noun, orders, order, find, textOf }: SortableTableOptions<Row>,
): HTMLElement {
  const lines = new Map(rows.map((row) => [row, tableRow(row, columns)]));
  const headings = columns.map(
    (column) =>
      html`<th scope="col" class=${column.numeric ? "number" : null}>${order ? html`<button type="button">${column.heading}</button>` : column.heading}</th>`,
  );
  const body = html`<tbody>${[...lines.values()]}</tbody>`;
  const count = html`<p class="small muted" role="status"></p>`;
  const table = html`<div>
    <section class="table" tabindex="0" aria-label=${label}>
      <table><thead><tr>${headings}</tr></thead>${body}</table>
    </section>
    ${find ? count : null}
  </div>`;

  const arrange = () => {
    if (!order) return;
    const { by, turned } = readOrder(order.value);
    body.append(...orders[by]!.sorted(rows, turned).map((row) => lines.get(row)!));
    for (const [i, column] of columns.entries()) {
      if (column.order !== by) headings[i]!.removeAttribute("aria-sort");
      else headings[i]!.setAttribute("aria-sort", turned ? "descending" : "ascending");
    }
  };
  const sift = () => {
    const words = (find?.value ?? "").toLowerCase().split(/\s+/);
    const shown = rows.filter((row) => {
      const text = textOf(row).toLowerCase();
      const isShown = words.every((word) => text.includes(word));
      lines.get(row)!.hidden = !isShown;
      return isShown;
    });
    count.textContent = shown.length < rows.length ? `${shown.length} of ${rows.length} ${noun}` : "";
  };
  for (const [i, column] of columns.entries()) {
    headings[i]!.querySelector("button")?.addEventListener("click", () => {
      const { by, turned } = readOrder(order!.value);
      order!.value = by === column.order && !turned ? `-${column.order}` : column.order;
      order!.dispatchEvent(new Event("input", { bubbles: true }));
    });
  }
  follow(order, table, arrange);
  follow(find, table, sift);
  return table;
}

/** Does as an input says, now and whenever it changes, until the table is replaced by another. */
function follow(input: ValueElement<string> | undefined, table: Element, act: () => void): void {
  if (!input) return;
  let shown = false;
  const listener = () => {
    shown ||= table.isConnected;
    if (shown && !table.isConnected) input.removeEventListener("input", listener);
    else act();
  };
  input.addEventListener("input", listener);
  act();
}

function readOrder(value: string): { by: string; turned: boolean } {
  return { by: value.replace(/^-/, ""), turned: value.startsWith("-") };
}

/** A way to put the rows of a table in order. */
export interface RowOrder<Row> {
  label: string;
  /** Rows without a value come last either way. */
  sorted(rows: readonly Row[], turned?: boolean): Row[];
}

export function rowOrder<Row>(label: string, field: (row: Row) => string | number | null): RowOrder<Row> {
  return {
    label,
    sorted: (rows, turned = false) =>
      [...rows].sort((a, b) => {
        const [x, y] = [field(a), field(b)];
        if (x === null || y === null) return Number(x === null) - Number(y === null);
        return (turned ? -1 : 1) * ascending(x, y);
      }),
  };
}

/** Orders and their reverses, as a list to choose from. */
export function orderChoicesOf(orders: Record<string, { label: string }>): [string, string][] {
  return Object.entries(orders).flatMap(([name, { label }]): [string, string][] => [
    [name, `${label}, ascending`],
    [`-${name}`, `${label}, descending`],
  ]);
}
