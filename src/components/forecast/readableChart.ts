import type * as Plot from "@observablehq/plot";
import { guidanceSources, naiveBaselines } from "../../model/vocabulary.js";
import type { StationForecast } from "../../shared/published/stationForecast.js";
import { hourMs } from "../../shared/time.js";
import { dewPointStyle, modelStyle } from "../chart/modelStyle.js";
import { html, svg } from "../ui/html.js";
import { fullTime } from "../ui/timeZone.js";
import { formatTemperature, inUnit } from "../ui/units.js";
import { type ForecastChartOptions, forecastChart, forecastFrame } from "./forecastChart.js";
import { type IssuedForecast, newestForecast } from "./issuedForecast.js";

/** Pixels. */
const leastWidth = 240;

/** What a `choosehour` event of the chart carries. */
export interface ChosenHour {
  /** Hours after the forecast was issued, from 1. */
  leadHours: number;
}

/**
 * The forecast chart with a slider that reads the values of one hour as text. The slider follows the pointer over the
 * chart and the arrow keys. A click on the chart and each move of the slider to an hour ahead dispatch `choosehour`, a
 * bubbling `CustomEvent<ChosenHour>`.
 */
export function readableChart(data: StationForecast, options: ForecastChartOptions): HTMLElement {
  const { unit = "C", zone = data.station.timeZone, variable = "temperature", show = ["guidance"] } = options;
  const forecast = options.forecast === undefined ? newestForecast(data) : options.forecast;
  // A hidden page has no width.
  const width = Math.max(leastWidth, options.width);
  const figure = forecastChart(data, { ...options, width });
  if (!forecast) return figure;
  const chart = figure.querySelector("svg[role=img]") as SVGSVGElement & Plot.Plot;
  const { from, to, height } = forecastFrame(forecast.issuedTime, width);
  const { apply, range } = chart.scale("x")!;
  const [left, end] = range as [number, number];
  const xOf = apply as (time: number) => number;
  const yOf = chart.scale("y")!.apply as (value: number) => number;

  const cursor = svg`<g class="cursor" visibility="hidden"></g>`;
  chart.append(cursor);
  const words = html`<p class="reading">${hint}</p>`;
  const slider = html`<input type="range" aria-label="Hour to read" min="0" step="1" max=${(to - from) / hourMs}
    value=${(forecast.issuedTime - from) / hourMs} aria-valuetext=${hint}>` as HTMLInputElement;

  const read = () => {
    const time = from + Number(slider.value) * hourMs;
    const { when, values, observedC, forecastC } = hourReading(data, forecast, time, { unit, zone, variable, show });
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
  const follow = ({ clientX }: MouseEvent) => {
    const box = chart.getBoundingClientRect();
    const x = ((clientX - box.left) / box.width) * width;
    slider.value = String(Math.round((((x - left) / (end - left)) * (to - from)) / hourMs));
    read();
  };
  const choose = () => {
    const leadHours = (from - forecast.issuedTime) / hourMs + Number(slider.value);
    if (leadHours > 0)
      figure.dispatchEvent(new CustomEvent<ChosenHour>("choosehour", { bubbles: true, detail: { leadHours } }));
  };
  slider.addEventListener("input", read);
  slider.addEventListener("focus", read);
  slider.addEventListener("change", choose);
  chart.addEventListener("pointermove", follow);
  chart.addEventListener("click", (event) => {
    follow(event);
    choose();
  });
  const reader = html`<div class="reader" style=${`--chart-left:${left}px;--chart-right:${width - end}px`}>${slider}${words}</div>`;
  chart.after(reader);
  return figure;
}

const hint = "Move over the chart, or use the slider below it, to read one hour.";

type ReadingOptions = Required<Pick<ForecastChartOptions, "unit" | "zone" | "variable" | "show">>;

/** The values of one hour in a forecast chart as text, such as "5.4 °C" or "4.1 to 7.0". */
function hourReading(
  data: StationForecast,
  forecast: IssuedForecast,
  time: number,
  { unit, zone, variable, show }: ReadingOptions,
) {
  const leadHours = (time - forecast.issuedTime) / hourMs;
  const row = data.observed.find(({ validTime }) => validTime === time);
  const ahead = forecast.hours[variable].find(({ validTime }) => validTime === time);
  const values: { label: string; text: string }[] = [];
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
  if (show.includes("dewPoint") && variable === "temperature") {
    add(`${dewPointStyle.label} observed`, row?.dewPoint);
    add(`${dewPointStyle.label} forecast`, forecast.hours.dewPoint.find(({ validTime }) => validTime === time)?.valueC);
  }
  for (const [choice, models] of [
    ["guidance", guidanceSources],
    ["naive", naiveBaselines],
  ] as const) {
    if (!show.includes(choice)) continue;
    for (const model of models) {
      const naive = forecast.baselines.find((other) => other.model === model && other.variable === variable);
      add(modelStyle(model).label, naive?.valueC[leadHours - 1]);
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
