import type * as Plot from "@observablehq/plot";
import { naiveBaselines, type Variable } from "../../model/vocabulary.js";
import type { StationForecast } from "../../shared/published/stationForecast.js";
import { hourMs } from "../../shared/time.js";
import { dewPointStyle, modelStyle, officialStyle } from "../chart/modelStyle.js";
import { html, svg } from "../ui/html.js";
import { fullTime } from "../ui/timeZone.js";
import { formatTemperature, inUnit, type TemperatureUnit } from "../ui/units.js";
import { type ForecastChartOptions, forecastChart, forecastFrame, type Overlay } from "./forecastChart.js";
import { type IssuedForecast, newestForecast } from "./issuedForecast.js";

/** Pixels. */
const leastWidth = 240;

/**
 * The forecast chart with a slider below it that reads an hour: by pointer over the chart, by finger or by arrow keys.
 * What it reads is text, for everyone.
 */
export function readableChart(data: StationForecast, options: ForecastChartOptions): HTMLElement {
  const { unit = "C", zone = data.station.timeZone, variable = "temperature", show = ["official"] } = options;
  const issue = options.issue === undefined ? newestForecast(data) : options.issue;
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

const hint = "Move over the chart, or use the slider below it, to read one hour.";

export interface ReadingOptions {
  unit: TemperatureUnit;
  zone: string;
  variable: Variable;
  show: readonly Overlay[];
}

/** All that a forecast chart shows of one hour; °C. */
export interface HourReading {
  /** "Fri 1 Jan 15:00 CST, 22 h ahead" */
  when: string;
  /** "5.4 °C", "4.1 to 7.0" … each with what it is. */
  values: { label: string; text: string }[];
  observedC: number | null;
  forecastC: number | null;
}

export function hourReading(
  data: StationForecast,
  issue: IssuedForecast,
  time: number,
  { unit, zone, variable, show }: ReadingOptions,
): HourReading {
  const leadHours = (time - issue.issuedTime) / hourMs;
  const row = data.observed.find(({ validTime }) => validTime === time);
  const ahead = issue.forecast[variable].find(({ validTime }) => validTime === time);
  const values: HourReading["values"] = [];
  const add = (label: string, celsius: number | null | undefined) => {
    if (celsius != null) values.push({ label, text: `${formatTemperature(celsius, unit)} °${unit}` });
  };
  const between = (label: string, low: number | null | undefined, high: number | null | undefined) => {
    if (low != null && high != null)
      values.push({ label, text: `${formatTemperature(low, unit)} to ${formatTemperature(high, unit)}` });
  };
  add("observed", row?.[variable]);
  if (row && row[variable] === null) values.push({ label: "observed", text: "missing" });
  add("forecast", ahead?.valueC);
  between("50 %", ahead?.p25, ahead?.p75);
  between("80 %", ahead?.p10, ahead?.p90);
  between("95 %", ahead?.p025, ahead?.p975);
  if (show.includes("official"))
    add(officialStyle.label, issue.official?.hours.find(({ validTime }) => validTime === time)?.[variable]);
  if (show.includes("dewPoint") && variable === "temperature") {
    add(`${dewPointStyle.label} observed`, row?.dewPoint);
    add(`${dewPointStyle.label} forecast`, issue.forecast.dewPoint.find(({ validTime }) => validTime === time)?.valueC);
  }
  if (show.includes("naive")) {
    for (const model of naiveBaselines) {
      const naive = issue.baselines.find(
        (other) => other.model === model && other.variable === variable && other.validTime === time,
      );
      add(modelStyle(model).label, naive?.valueC);
    }
  }
  const when = leadHours > 0 ? `, ${leadHours} h ahead` : "";
  return {
    when: `${fullTime(time, zone)}${when}`,
    values,
    observedC: row?.[variable] ?? null,
    forecastC: ahead?.valueC ?? null,
  };
}
