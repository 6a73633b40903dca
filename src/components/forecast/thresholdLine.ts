import type * as Plot from "@observablehq/plot";
import type { ForecastHour } from "../../shared/published/stationForecast.js";
import { hourMs } from "../../shared/time.js";
import { svg, whileInPage } from "../ui/html.js";
import { choose, type ValueElement } from "../ui/inputs.js";
import { inUnit, type TemperatureUnit, toCelsius } from "../ui/units.js";
import { oddsBelow, thresholdName } from "./threshold.js";

interface ThresholdOptions {
  /** A `thresholdInput`. */
  input: ValueElement<string>;
  unit: TemperatureUnit;
  /** Edges of the plot, pixels. */
  frame: { left: number; right: number; top: number; bottom: number };
  /** Width of the whole drawing, pixels. */
  width: number;
}

const colour = "var(--alert)";

/**
 * A line across a chart at the threshold, with its value on the temperature axis. The reader drags it by whole degrees; where
 * the chart does not reach the threshold, it lies on the edge.
 */
export function thresholdLine(
  chart: SVGSVGElement & Plot.Plot,
  { input, unit, frame, height, onDrag }: ThresholdOptions & { height: number; onDrag: () => void },
): SVGElement {
  const { apply, invert } = chart.scale("y")! as { apply: (value: number) => number; invert: (y: number) => number };
  const { left, right, top, bottom } = frame;
  const value = svg`<text x=${left - 4} dy="0.35em" text-anchor="end" font-weight="700" fill="var(--panel)"></text>`;
  const grip = svg`<rect class="grip" x="0" y="-14" width=${right} height="28" fill="none" pointer-events="all"></rect>`;
  const parts = [
    svg`<line x1=${left} x2=${right} stroke=${colour} stroke-width="2"></line>`,
    svg`<rect x="0" y="-9" width=${left} height="18" rx="2" fill=${colour}></rect>`,
    value,
    grip,
  ];
  const line = svg`<g class="threshold-line"></g>`;
  const place = () => {
    if (input.value === "") return line.replaceChildren();
    if (!grip.isConnected) line.replaceChildren(...parts);
    const celsius = Number(input.value);
    const y = Math.min(bottom, Math.max(top, apply(inUnit(celsius, unit))));
    line.setAttribute("transform", `translate(0,${y})`);
    value.textContent = thresholdName(celsius, unit).replace(/ .*/, "");
  };
  const drag = (event: PointerEvent) => {
    event.stopPropagation();
    onDrag();
    if (!grip.hasPointerCapture(event.pointerId)) return;
    const box = chart.getBoundingClientRect();
    const y = ((event.clientY - box.top) / box.height) * height;
    const degrees = Math.round(invert(Math.min(bottom, Math.max(top, y))));
    const celsius = String(Math.round(toCelsius(degrees, unit) * 100) / 100);
    if (celsius !== input.value) choose(input, celsius);
  };
  grip.addEventListener("pointerdown", (event) => {
    event.preventDefault();
    grip.setPointerCapture(event.pointerId);
  });
  grip.addEventListener("pointermove", drag);
  grip.addEventListener("click", (event) => event.stopPropagation());
  place();
  whileInPage(line, input, "input", place);
  return line;
}

/** Height of the strip of odds, and of its bars, pixels. */
const [stripHeight, barHeight] = [64, 44];

/** The odds of a value below the threshold, an hour a bar, as wide as the chart above it; absent while the threshold is off. */
export function oddsStrip(
  hours: readonly ForecastHour[],
  { input, unit, frame, width, xOf }: ThresholdOptions & { xOf: (time: number) => number },
): SVGElement {
  const { left, right } = frame;
  const narrow = width < 600;
  const base = stripHeight - 8;
  const bars = svg`<g fill=${colour} fill-opacity="0.75"></g>`;
  const title = svg`<text x=${left + 6} y="26" font-size="11" fill="var(--ink)"></text>`;
  const parts = [
    svg`<rect x=${left} y=${base - barHeight} width=${right - left} height=${barHeight} fill="var(--panel)" stroke="var(--chart-frame)"></rect>`,
    svg`<line x1=${left} x2=${right} y1=${base - barHeight / 2} y2=${base - barHeight / 2} stroke="var(--chart-grid)"></line>`,
    ...[0, 50, 100].map(
      (percent) =>
        svg`<text x=${right + 3} y=${base - (percent / 100) * barHeight} dy="0.35em" fill="var(--ink-soft)">${percent} %</text>`,
    ),
    bars,
    title,
  ];
  const strip = svg`<svg class="odds" width=${width} viewBox=${`0 0 ${width} ${stripHeight}`} aria-hidden="true"></svg>`;
  const draw = () => {
    strip.setAttribute("height", input.value === "" ? "0" : String(stripHeight));
    strip.replaceChildren(...(input.value === "" ? [] : parts));
    if (input.value === "") return;
    const thresholdC = Number(input.value);
    const name = thresholdName(thresholdC, unit);
    title.textContent = narrow ? `below ${name}` : `Odds below ${name}, hour by hour`;
    bars.replaceChildren(
      ...hours.flatMap((hour) => {
        const odds = oddsBelow(hour, thresholdC);
        if (odds === null) return [];
        const [from, to] = [xOf(hour.validTime - hourMs / 2), Math.min(right, xOf(hour.validTime + hourMs / 2))];
        const high = odds * barHeight;
        return [svg`<rect x=${from} width=${to - from} y=${base - high} height=${high}></rect>`];
      }),
    );
  };
  draw();
  whileInPage(strip, input, "input", draw);
  return strip;
}
