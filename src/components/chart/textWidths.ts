import { html, svg } from "../ui/html.js";
import { laidOut } from "../ui/laidOut.js";

/** Of a letter in the widest of usual fonts, pixels: what is taken where nothing is laid out. */
const widestLetter = 9;

/** How long texts are when written bold in an SVG of a class, pixels; 0 where there is none. */
export function textWidths(texts: readonly string[], className: string): number[] {
  const labels = texts.map((text) => svg`<text font-weight="700">${text}</text>` as SVGTextElement);
  const frame = html`<div>${svg`<svg class=${className}>${labels}</svg>`}</div>`;
  return (
    laidOut(frame, () => labels.map((label) => label.getComputedTextLength())) ??
    texts.map((text) => text.length * widestLetter)
  );
}
