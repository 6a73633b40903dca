/**
 * Rows as aligned text under a header of column names; numbers are right-aligned, null is "-".
 * @param columns names in order, each a key of the rows
 */
export function textTable<Row extends object>(rows: readonly Row[], columns: readonly (keyof Row & string)[]): string {
  const cells = rows.map((row) => columns.map((column) => String(row[column] ?? "-")));
  const widths = columns.map((column, i) => Math.max(column.length, ...cells.map((cell) => cell[i]!.length)));
  const toRight = columns.map((column) => rows.some((row) => isNumeric(row[column])));
  const line = (texts: readonly string[]) =>
    texts
      .map((text, i) => (toRight[i] ? text.padStart(widths[i]!) : text.padEnd(widths[i]!)))
      .join("  ")
      .trimEnd();
  return [line(columns), ...cells.map(line)].map((text) => `${text}\n`).join("");
}

function isNumeric(value: unknown): boolean {
  return typeof value === "number" || (typeof value === "string" && /^-?\d+(\.\d+)?$/.test(value));
}
