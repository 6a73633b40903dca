import type { Dictionary } from "../../shared/published/dictionary.js";
import { formatAge } from "../ui/age.js";
import { tick } from "../ui/clock.js";
import { html } from "../ui/html.js";
import { clockTime, dateName } from "../ui/timeZone.js";
import { formatBytes, formatCount } from "../ui/units.js";
import type { FoundEntries } from "./findInDictionary.js";

/** How many tables, rows and bytes were found, as of when they are and how old that is. */
export function dictionaryTotals({ asOf }: Dictionary, { tables, files }: FoundEntries): HTMLElement {
  if (tables.length + files.length === 0)
    return html`<p role="status">Nothing has all of these words. Try fewer, or part of one.</p>`;
  const sum = (values: number[]) => values.reduce((total, value) => total + value, 0);
  const counted = (n: number, one: string) => `${formatCount(n)} ${one}${n === 1 ? "" : "s"}`;
  const age = html`<span></span>`;
  tick(age, (now) => {
    age.textContent = `${formatAge(now - asOf)} old`;
  });
  const columns = counted(sum(tables.map(({ found }) => found.length)), "column");
  const rows = counted(sum(tables.map((table) => table.rows)), "row");
  const size = formatBytes(sum(tables.map(({ bytes }) => bytes)));
  const parts = [
    ...(tables.length === 0
      ? []
      : [html`<span><b>${counted(tables.length, "table")}</b> (${columns}, ${rows}, ${size})</span>`]),
    ...(files.length === 0 ? [] : [html`<b>${counted(files.length, "other kind")} of file</b>`]),
  ];
  return html`<p role="status">${parts.flatMap((part, i) => (i === 0 ? [part] : [" and ", part]))},
    all published at once as of ${dateName(asOf, "UTC")} ${clockTime(asOf, "UTC")} UTC, ${age}.</p>`;
}
