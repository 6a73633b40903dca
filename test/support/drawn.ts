/** A figure as a file to look at: one element a line. */
export function drawn(figure: HTMLElement): string {
  return `${figure.outerHTML.replaceAll("><", ">\n<").replace(/<style>[\s\S]*?<\/style>\n/, "")}\n`;
}

/** Where the drawing of a component lies, for tests in test/components. */
export function golden(name: string): string {
  return `../output/components/${name}.html`;
}

/** What an element says, its white space as one sees it. */
export function words(element: Element): string {
  return element.textContent!.replace(/\s+/g, " ").trim();
}
