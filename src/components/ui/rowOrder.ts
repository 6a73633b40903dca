import { ascending } from "d3";

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
