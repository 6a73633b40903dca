import { html, svg } from "../ui/html.js";

/** Of a letter in the widest of usual fonts, pixels: what is taken where nothing is laid out. */
const widestLetter = 9;

/** How long texts are when written bold in an SVG of a class, pixels; 0 where there is none. */
export function textWidths(texts: readonly string[], className: string): number[] {
  const labels = texts.map((text) => svg`<text font-weight="700">${text}</text>` as SVGTextElement);
  const frame = html`<div>${svg`<svg class=${className}>${labels}</svg>`}</div>`;
  return (
    measureInPage(frame, () => labels.map((label) => label.getComputedTextLength())) ??
    texts.map((text) => text.length * widestLetter)
  );
}

/**
 * Puts an element into the page, unseen, for as long as `measure` runs: only there have its parts a size.
 * @returns null where nothing is laid out, as when the site is built
 */
export function measureInPage<T>(element: HTMLElement, measure: () => T): T | null {
  const { fonts, body } = document;
  if (!fonts) return null;
  element.style.cssText += ";position:fixed;top:0;left:0;margin:0;visibility:hidden";
  body.append(element);
  const measured = measure();
  element.remove();
  return measured;
}
