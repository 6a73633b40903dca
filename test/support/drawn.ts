import { join } from "node:path";

/** A figure as a file to look at: one element a line. */
export function drawn(figure: HTMLElement): string {
  return `${figure.outerHTML.replaceAll("><", ">\n<").replace(/<style>[\s\S]*?<\/style>\n/, "")}\n`;
}

/** Path of the golden file of a component's drawing, the same from every folder of tests. */
export function golden(name: string): string {
  return join(import.meta.dirname, `../output/components/${name}.html`);
}

/** What an element says, its white space as one sees it. */
export function words(element: Element): string {
  return element.textContent!.replace(/\s+/g, " ").trim();
}
