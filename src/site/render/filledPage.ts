import type { StaticParts } from "./staticForecast.js";

const cell = /<observablehq-loading><\/observablehq-loading>(?=<!--:\w+:-->)/g;

/**
 * Puts static parts into the places that Framework leaves for cells until they have run; the page's own code takes
 * them out again.
 * @throws where the page lacks a part or its cells are not as many
 */
export function filledPage(page: string, parts: StaticParts): string {
  return Object.entries(parts).reduce((filled, [name, contents]) => {
    const place = new RegExp(
      `(?<= data-part="${name}">)(?:<observablehq-loading></observablehq-loading><!--:\\w+:-->)+`,
    );
    const found = place.exec(filled);
    const cells = found?.[0].match(cell)?.length ?? 0;
    if (!found || cells !== contents.length)
      throw new Error(`the page has ${cells} cells of ${name}, for ${contents.length} parts`);
    let next = 0;
    const filling = found[0].replace(
      cell,
      () => `<observablehq-loading>${markup(contents[next++]!)}</observablehq-loading>`,
    );
    return filled.slice(0, found.index) + filling + filled.slice(found.index + found[0].length);
  }, page);
}

function markup(part: Element | string): string {
  if (typeof part !== "string") return part.outerHTML;
  return escaped(part);
}

/** Text as it stands in HTML, in attributes too. */
export function escaped(text: string): string {
  return text.replaceAll("&", "&amp;").replaceAll("<", "&lt;").replaceAll(">", "&gt;").replaceAll('"', "&quot;");
}
