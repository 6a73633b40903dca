import type * as Plot from "@observablehq/plot";
import type { StationForecast } from "../../shared/published/stationForecast.js";
import { hourMs } from "../../shared/time.js";
import { html, svg } from "../ui/html.js";
import type { ValueElement } from "../ui/inputs.js";
import { inUnit } from "../ui/units.js";
import { type ForecastChartOptions, forecastChart, forecastFrame } from "./forecastChart.js";
import { chartInset } from "./forecastMarks.js";
import { hourReading } from "./hourReading.js";
import { newestForecast } from "./issuedForecast.js";
import { oddsStrip, thresholdLine } from "./thresholdLine.js";

/** Pixels. */
const leastWidth = 240;

/** What a `choosehour` event of the chart carries. */
export interface ChosenHour {
  /** Hours after the forecast was issued, from 1. */
  leadHours: number;
}

interface ReadableChartOptions extends ForecastChartOptions {
  /** A `thresholdInput`, whose line the reader can drag. */
  threshold?: ValueElement<string>;
}

/**
 * The forecast chart with the values of one hour beside the pointer. A slider reads the same by keyboard and touch. A
 * click on an hour ahead dispatches `choosehour`, a bubbling `CustomEvent<ChosenHour>`.
 */
export function readableChart(data: StationForecast, options: ReadableChartOptions): HTMLElement {
  const {
    unit = "C",
    zone = data.station.timeZone,
    variable = "temperature",
    show = ["guidance"],
    threshold,
  } = options;
  const forecast = options.forecast === undefined ? newestForecast(data) : options.forecast;
  // A hidden page has no width.
  const width = Math.max(leastWidth, options.width);
  const figure = forecastChart(data, { ...options, width });
  if (!forecast) return figure;
  const chart = figure.querySelector("svg[role=img]") as SVGSVGElement & Plot.Plot;
  const { from, to, height } = forecastFrame(forecast.issuedTime, width);
  const { apply, range } = chart.scale("x")!;
  const [left, right] = range as [number, number];
  const xOf = apply as (time: number) => number;
  const yOf = chart.scale("y")!.apply as (value: number) => number;
  const frame = { left, right, top: chartInset.top, bottom: height - chartInset.bottom };

  const area = html`<div class="chart-area"></div>`;
  chart.replaceWith(area);
  const cursor = svg`<g visibility="hidden"></g>`;
  chart.append(cursor);
  const tip = html`<div class="reading" aria-hidden="true"></div>`;
  const slider = html`<input type="range" aria-label="Hour to read" min="0" step="1" max=${(to - from) / hourMs}
    value=${(forecast.issuedTime - from) / hourMs} aria-valuetext="the hour of issue">` as HTMLInputElement;

  const read = () => {
    const time = from + Number(slider.value) * hourMs;
    const thresholdC = threshold?.value ? Number(threshold.value) : null;
    const reading = hourReading(data, forecast, time, { unit, zone, variable, show, thresholdC });
    const { when, ahead, values, observedC, forecastC } = reading;
    tip.replaceChildren(
      html`<p><strong>${when}</strong> ${ahead && html`<span>${ahead}</span>`}</p>`,
      html`<dl>${values.map(({ label, text }) => html`<div><dt>${label}</dt> <dd>${text}</dd></div>`)}</dl>`,
    );
    const words = [when, ahead, ...values.map(({ label, text }) => `${label} ${text}`)];
    slider.setAttribute("aria-valuetext", words.filter((part) => part !== null).join(", "));
    const dot = (celsius: number | null, colour: string) =>
      celsius === null
        ? null
        : svg`<circle r="4.5" cy=${yOf(inUnit(celsius, unit))} fill="none" stroke=${colour} stroke-width="2"></circle>`;
    cursor.replaceChildren(
      svg`<line y1=${frame.top} y2=${frame.bottom} stroke="var(--ink)"></line>`,
      ...[dot(observedC, "var(--observed)"), dot(forecastC, "var(--forecast)")].filter((part) => part !== null),
    );
    cursor.setAttribute("transform", `translate(${xOf(time)})`);
    cursor.setAttribute("visibility", "visible");
    tip.classList.add("shown");
    // On the side with more room, and inside the chart, which can be drawn wider than its place.
    const [place, size] = [area.clientWidth, tip.offsetWidth];
    const x = (xOf(time) / width) * place;
    const beside = x > place / 2 ? x - size - 12 : x + 12;
    tip.style.left = `${Math.max(0, Math.min(place - size, beside))}px`;
  };
  const hide = () => {
    if (slider.matches(":focus-visible")) return;
    tip.classList.remove("shown");
    cursor.setAttribute("visibility", "hidden");
  };
  const follow = ({ clientX }: MouseEvent) => {
    const box = chart.getBoundingClientRect();
    const x = ((clientX - box.left) / box.width) * width;
    slider.value = String(Math.round((((x - left) / (right - left)) * (to - from)) / hourMs));
    read();
  };
  const choose = () => {
    const leadHours = (from - forecast.issuedTime) / hourMs + Number(slider.value);
    if (leadHours > 0)
      figure.dispatchEvent(new CustomEvent<ChosenHour>("choosehour", { bubbles: true, detail: { leadHours } }));
  };
  slider.addEventListener("input", read);
  slider.addEventListener("focus", read);
  slider.addEventListener("blur", hide);
  slider.addEventListener("keydown", ({ key }) => {
    if (key === "Escape") tip.classList.remove("shown");
  });
  chart.addEventListener("pointermove", follow);
  chart.addEventListener("pointerleave", ({ pointerType }) => {
    if (pointerType === "mouse") hide();
  });
  chart.addEventListener("click", (event) => {
    follow(event);
    choose();
    // A finger leaves nothing to point with: the reading stays until another part of the page is touched.
    if ((event as PointerEvent).pointerType === "touch") slider.focus({ preventScroll: true });
  });

  area.append(chart, tip);
  if (threshold) {
    const shared = { input: threshold, unit, frame, width };
    chart.append(thresholdLine(chart, { ...shared, height, onDrag: hide }));
    area.after(oddsStrip(forecast.hours[variable], { ...shared, xOf }));
  }
  const reader = html`<div class="reader" style=${`--chart-left:${left}px;--chart-right:${width - right}px`}>${slider}</div>`;
  const caption = figure.querySelector("figcaption")!;
  caption.before(reader);
  caption.prepend("Point at an hour, or move the slider, to read it. ");
  return figure;
}
