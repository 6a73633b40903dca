import type * as Plot from "@observablehq/plot";
import type { StationForecast } from "../../shared/published/stationForecast.js";
import { hourMs } from "../../shared/time.js";
import { html, svg } from "../ui/html.js";
import { inUnit } from "../ui/units.js";
import { type ForecastChartOptions, forecastChart, forecastFrame } from "./forecastChart.js";
import { hourReading } from "./hourReading.js";
import { newestIssue } from "./issue.js";

/** Pixels. */
const leastWidth = 240;

/**
 * The forecast chart with a slider below it that reads an hour: by pointer over the chart, by finger or by arrow keys.
 * What it reads is text, for everyone.
 */
export function readableChart(data: StationForecast, options: ForecastChartOptions): HTMLElement {
  const { unit = "C", zone = data.station.timeZone, variable = "temperature", show = ["official"] } = options;
  const issue = options.issue === undefined ? newestIssue(data) : options.issue;
  // A page that is not shown has no width, and no chart fits into none.
  const width = Math.max(leastWidth, options.width);
  const figure = forecastChart(data, { ...options, width });
  if (!issue) return figure;
  const chart = figure.querySelector("svg[role=img]") as SVGSVGElement & Plot.Plot;
  const { from, to, height } = forecastFrame(issue.issuedTime, width);
  const { apply, range } = chart.scale("x")!;
  const [left, end] = range as [number, number];
  const xOf = apply as (time: number) => number;
  const yOf = chart.scale("y")!.apply as (value: number) => number;

  const cursor = svg`<g class="cursor" visibility="hidden"></g>`;
  chart.append(cursor);
  const words = html`<p class="reading">${hint}</p>`;
  const slider = html`<input type="range" aria-label="Hour to read" min="0" step="1" max=${(to - from) / hourMs}
    value=${(issue.issuedTime - from) / hourMs} aria-valuetext=${hint}>` as HTMLInputElement;

  const read = () => {
    const time = from + Number(slider.value) * hourMs;
    const { when, values, observedC, forecastC } = hourReading(data, issue, time, { unit, zone, variable, show });
    words.replaceChildren(
      html`<strong>${when}</strong>`,
      ...values.map(({ label, text }) => html`<span>${label} <b>${text}</b></span>`),
    );
    slider.setAttribute("aria-valuetext", [when, ...values.map(({ label, text }) => `${label} ${text}`)].join(", "));
    const dot = (celsius: number | null, colour: string) =>
      celsius === null
        ? null
        : svg`<circle r="4.5" cy=${yOf(inUnit(celsius, unit))} fill="none" stroke=${colour} stroke-width="2"></circle>`;
    cursor.replaceChildren(
      svg`<line y1="30" y2=${height - 26} stroke="var(--ink)"></line>`,
      ...[dot(observedC, "var(--observed)"), dot(forecastC, "var(--forecast)")].filter((part) => part !== null),
    );
    cursor.setAttribute("transform", `translate(${xOf(time)})`);
    cursor.setAttribute("visibility", "visible");
  };
  slider.addEventListener("input", read);
  slider.addEventListener("focus", read);
  chart.addEventListener("pointermove", (event) => {
    const box = chart.getBoundingClientRect();
    const x = ((event.clientX - box.left) / box.width) * width;
    slider.value = String(Math.round((((x - left) / (end - left)) * (to - from)) / hourMs));
    read();
  });
  const reader = html`<div class="reader" style=${`--chart-left:${left}px;--chart-right:${width - end}px`}>${slider}${words}</div>`;
  chart.after(reader);
  return figure;
}

const hint = "To read an hour, move over the chart, or take the slider below it by its arrow keys.";
