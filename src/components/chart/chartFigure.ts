import * as Plot from "@observablehq/plot";
import { reportedLeads } from "../../model/vocabulary.js";
import { html, svg } from "../ui/html.js";

interface KeyEntry {
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
 * @param code address of the module that draws it, `import.meta.url`: a page links the code of each of its charts
 */
export function chartFigure(
  chart: Element,
  { label, key = [], caption, code }: { label: string; key?: KeyEntry[]; caption?: unknown; code?: string },
): HTMLElement {
  chart.setAttribute("role", "img");
  chart.setAttribute("aria-label", label);
  for (const part of chart.querySelectorAll("[aria-label], [aria-hidden], [aria-description]")) {
    for (const name of ["aria-label", "aria-hidden", "aria-description"]) part.removeAttribute(name);
  }
  return html`<figure class="chart">
    ${key.length > 0 ? html`<ul class="key">${key.map((entry) => html`<li>${swatch(entry)}${entry.label}</li>`)}</ul>` : null}
    ${chart}
    ${caption || isServed(code) ? html`<figcaption>${caption}${isServed(code) ? [" ", html`<a class="code-link" href=${code}>Code of this chart</a>`] : null}</figcaption>` : null}
  </figure>`;
}

/** Whether a page can link a module; one that draws without a browser is a file. */
function isServed(code: string | undefined): boolean {
  return code?.startsWith("http") ?? false;
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

type FittedOptions = Plot.PlotOptions & Required<Pick<Plot.PlotOptions, "width" | "marginLeft">>;

/** Options of an axis with its label in the middle. */
export const centred = { labelArrow: "none", labelAnchor: "center" } as const;

/** The x-axis of a chart by lead. */
export function leadAxis(width: number): Plot.ScaleOptions {
  const ticks = width < 600 ? [1, 12, 24, 48, 72] : [...reportedLeads];
  return { domain: [0, 72], ticks, label: "hours ahead", ...centred };
}

/** Horizontal grid lines. */
export const gridY = Plot.gridY({ stroke: "var(--chart-grid)", strokeOpacity: 1 });

/** A plot is drawn at most this often: a wider margin moves labels, so another label may stick out. */
const mostDrawings = 4;

/**
 * A plot with a frame. Its side margins grow until every label fits, except where nothing is laid out, as when the site
 * is built.
 */
export function fittedPlot({ marks = [], ...options }: FittedOptions): ReturnType<typeof Plot.plot> {
  let { marginLeft, marginRight = 14 } = options;
  const framed = [...marks, Plot.frame({ stroke: "var(--chart-frame)" })];
  for (let drawing = 1; ; drawing++) {
    const chart = Plot.plot({ ...options, marks: framed, marginLeft, marginRight });
    const beyond = beyondEdges(chart, options.width);
    if (drawing === mostDrawings || (beyond.left === 0 && beyond.right === 0)) return chart;
    marginLeft += beyond.left;
    marginRight += beyond.right;
  }
}

/** How far labels stick out of a chart on each side, pixels. */
function beyondEdges(chart: Element, width: number): { left: number; right: number } {
  chart.setAttribute("role", "img"); // the style sheet sets the font of charts by it
  const frame = html`<figure class="chart" style=${`width:${width}px`}>${chart}</figure>`;
  const labels = measureInPage(frame, () => {
    const sheet = chart.getBoundingClientRect();
    return [...chart.querySelectorAll("text")].map((label) => {
      const { left, right } = label.getBoundingClientRect();
      return { left: Math.ceil(sheet.left - left), right: Math.ceil(right - sheet.right) };
    });
  });
  const most = (side: "left" | "right") => Math.max(0, ...(labels ?? []).map((label) => label[side]));
  return { left: most("left"), right: most("right") };
}

/** Width of a letter in a wide font, pixels: the estimate where nothing is laid out. */
const widestLetter = 9;

/** Lengths of texts in bold in an SVG of a class, pixels. */
export function textWidths(texts: readonly string[], className: string): number[] {
  const labels = texts.map((text) => svg`<text font-weight="700">${text}</text>` as SVGTextElement);
  const frame = html`<div>${svg`<svg class=${className}>${labels}</svg>`}</div>`;
  return (
    measureInPage(frame, () => labels.map((label) => label.getComputedTextLength())) ??
    texts.map((text) => text.length * widestLetter)
  );
}

/**
 * Puts an element into the page, invisibly, and measures it. Elements outside the page have no size.
 * @returns null where nothing is laid out, as when the site is built
 */
function measureInPage<T>(element: HTMLElement, measure: () => T): T | null {
  const { fonts, body } = document;
  if (!fonts) return null;
  element.style.cssText += ";position:fixed;top:0;left:0;margin:0;visibility:hidden";
  body.append(element);
  const measured = measure();
  element.remove();
  return measured;
}

/** A plot with one row per station and values along x. */
export function stationRowPlot({
  width,
  keys,
  label,
  x,
  marks,
}: {
  width: number;
  /** Stations from top to bottom. */
  keys: readonly string[];
  /** Label of the x-axis. */
  label: string;
  x: Plot.ScaleOptions;
  marks: Plot.Markish[];
}): ReturnType<typeof Plot.plot> {
  return fittedPlot({
    width,
    height: 40 + keys.length * 20,
    marginLeft: 48,
    marginTop: 6,
    marginBottom: 34,
    x: { ...x, nice: true, label: null },
    y: { type: "band", domain: keys, label: null, padding: 0.2 },
    marks: [
      Plot.gridX({ stroke: "var(--chart-grid)", strokeOpacity: 1 }),
      Plot.axisX({ tickSize: 0, ticks: width < 600 ? 5 : 10, label, ...centred }),
      Plot.axisY({ tickSize: 0, fontSize: 12 }),
      marks,
    ],
  });
}
