import type * as Plot from "@observablehq/plot";
import { html, svg } from "../ui/html.js";

/** A value with its name and the colour of its line or area. */
export interface ReadValue {
  label: string;
  text: string;
  colour?: string;
}

/** A point of a chart and the values there. */
export interface ReadPoint {
  /** Pixels in the chart. Without y, the point stands for everything above and below it. */
  x: number;
  y?: number;
  title: string;
  values: readonly ReadValue[];
}

/** Where a chart draws a value of its scale, pixels: the middle of a band. */
export function placeOf(chart: Element, scale: "x" | "y", value: unknown): number {
  const { apply, bandwidth = 0 } = (chart as Element & Plot.Plot).scale(scale)!;
  return (apply(value) as number) + bandwidth / 2;
}

/**
 * Lets a chart be read point by point: the values of the point nearest to the pointer appear next to it. By keyboard, the
 * chart is a slider over its points, which also tells screen readers their values.
 * @param columns points in a row of a grid: the up and down keys move by a row
 */
export function readablePoints(
  figure: HTMLElement,
  points: readonly ReadPoint[],
  { columns = 1 }: { columns?: number } = {},
): HTMLElement {
  const chart = figure.querySelector<SVGSVGElement>("svg[role=img]");
  if (!chart || points.length === 0) return figure;
  const [width, height] = ["width", "height"].map((name) => Number(chart.getAttribute(name))) as [number, number];
  const cursor = svg`<g visibility="hidden"></g>`;
  chart.append(cursor);
  const tip = html`<div class="point-tip" aria-hidden="true" hidden></div>`;
  const textOf = ({ title, values }: ReadPoint) =>
    [title, ...values.map(({ label, text }) => `${label} ${text}`)].join(", ");
  const slider = html`<input type="range" class="point-slider" aria-label="Point of the chart" min="0" step="1"
    max=${points.length - 1} value="0" aria-valuetext=${textOf(points[0]!)}>` as HTMLInputElement;
  const frame = html`<div class="readable"></div>`;
  chart.replaceWith(frame);
  frame.append(chart, slider, tip);

  const show = () => {
    const point = points[Number(slider.value)]!;
    const { x, y, title, values } = point;
    slider.setAttribute("aria-valuetext", textOf(point));
    cursor.replaceChildren(
      y === undefined
        ? svg`<line x1=${x} x2=${x} y1="4" y2=${height - 30} stroke="var(--ink)"></line>`
        : svg`<circle cx=${x} cy=${y} r="7" fill="none" stroke="var(--ink)" stroke-width="2"></circle>`,
    );
    cursor.setAttribute("visibility", "visible");
    tip.replaceChildren(
      html`<strong>${title}</strong>`,
      ...values.map(
        ({ label, text, colour }) =>
          html`<span>${colour ? html`<i style=${`background:${colour}`}></i>` : null}${label} <b>${text}</b></span>`,
      ),
    );
    tip.style.left = `${(100 * x) / width}%`;
    tip.style.top = `${(100 * (y ?? 0)) / height}%`;
    tip.dataset.side = x > width / 2 ? "left" : "right";
    tip.hidden = false;
  };
  const hide = () => {
    cursor.setAttribute("visibility", "hidden");
    tip.hidden = true;
  };
  slider.addEventListener("input", show);
  slider.addEventListener("focus", show);
  slider.addEventListener("blur", hide);
  slider.addEventListener("keydown", (event) => {
    const step = columns === 1 ? 0 : event.key === "ArrowDown" ? columns : event.key === "ArrowUp" ? -columns : 0;
    if (step === 0) return;
    event.preventDefault();
    const next = Number(slider.value) + step;
    if (next >= 0 && next < points.length) slider.value = String(next);
    show();
  });
  const point = (event: PointerEvent) => {
    const box = chart.getBoundingClientRect();
    const [left, top] = [
      ((event.clientX - box.left) / box.width) * width,
      ((event.clientY - box.top) / box.height) * height,
    ];
    let nearest = Number.POSITIVE_INFINITY;
    for (const [i, { x, y }] of points.entries()) {
      const distance = (x - left) ** 2 + (y === undefined ? 0 : (y - top) ** 2);
      if (distance >= nearest) continue;
      nearest = distance;
      slider.value = String(i);
    }
    show();
  };
  chart.addEventListener("pointermove", point);
  chart.addEventListener("pointerdown", point);
  chart.addEventListener("pointerleave", hide);
  return figure;
}
