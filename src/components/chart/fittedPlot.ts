import * as Plot from "@observablehq/plot";
import { html } from "../ui/html.js";
import { measureInPage } from "./textWidths.js";

type FittedOptions = Plot.PlotOptions & Required<Pick<Plot.PlotOptions, "width" | "marginLeft" | "marginRight">>;

/** A wider margin leaves less room for the rest, which can push another label over the other edge. */
const mostDrawings = 4;

/**
 * A plot with every label whole on its sheet: its left and right margins grow by what the reader's font needs beyond those
 * given. Where nothing is laid out, as when the site is built, they stay as given.
 */
export function fittedPlot(options: FittedOptions): ReturnType<typeof Plot.plot> {
  let { marginLeft, marginRight } = options;
  for (let drawing = 1; ; drawing++) {
    const chart = Plot.plot({ ...options, marginLeft, marginRight });
    const beyond = beyondEdges(chart, options.width);
    if (drawing === mostDrawings || (beyond.left === 0 && beyond.right === 0)) return chart;
    marginLeft += beyond.left;
    marginRight += beyond.right;
  }
}

/** How far labels stand out of a chart on each side, pixels. */
function beyondEdges(chart: Element, width: number): { left: number; right: number } {
  chart.setAttribute("role", "img"); // the style sheet gives charts their font by it
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
