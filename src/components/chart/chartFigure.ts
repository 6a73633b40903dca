import { html, svg } from "../ui/html.js";

export interface KeyEntry {
  label: string;
  colour: string;
  /** For lines only. */
  dash?: string;
  /** For areas only, which then have an outline. */
  opacity?: number;
}

/**
 * A chart with its key and caption as text.
 * @param label description for screen readers: what the chart shows, with its main numbers
 */
export function chartFigure(
  chart: Element,
  { label, key = [], caption }: { label: string; key?: KeyEntry[]; caption?: unknown },
): HTMLElement {
  chart.setAttribute("role", "img");
  chart.setAttribute("aria-label", label);
  for (const part of chart.querySelectorAll("[aria-label], [aria-hidden], [aria-description]")) {
    for (const name of ["aria-label", "aria-hidden", "aria-description"]) part.removeAttribute(name);
  }
  return html`<figure class="chart">
    ${key.length > 0 ? html`<ul class="key">${key.map((entry) => html`<li>${swatch(entry)}${entry.label}</li>`)}</ul>` : null}
    ${chart}
    ${caption ? html`<figcaption>${caption}</figcaption>` : null}
  </figure>`;
}

function swatch({ colour, dash, opacity }: KeyEntry): SVGElement {
  const mark =
    dash === undefined
      ? opacity === undefined
        ? svg`<rect width="22" height="10" y="1" fill=${colour}></rect>`
        : svg`<rect width="21" height="10" x="0.5" y="1" fill=${colour} fill-opacity=${opacity} stroke="var(--chart-frame)"></rect>`
      : svg`<line x2="22" y1="6" y2="6" stroke=${colour} stroke-width="2" stroke-dasharray=${dash}></line>`;
  return svg`<svg width="22" height="12" aria-hidden="true">${mark}</svg>`;
}
