import { forecastChart, forecastFrame } from "../../components/forecast/forecastChart.js";
import { extremeName, lowerCase, oddsWords } from "../../components/forecast/forecastSentence.js";
import { newestObserved, nextExtremes } from "../../components/forecast/issuedForecast.js";
import { svg } from "../../components/ui/html.js";
import { placeName } from "../../components/ui/station.js";
import { clockTime, dateTimeName, weekday } from "../../components/ui/timeZone.js";
import { formatTemperature } from "../../components/ui/units.js";
import type { StationForecast } from "../../shared/published/stationForecast.js";

const margin = 24;
const headHeight = 108;
const footHeight = 40;

interface StationCardOptions {
  /** Pixels; the height follows. */
  width: number;
  /** A style sheet to include. */
  style?: string;
  /** A warning above the chart. */
  warning?: string | null;
}

/** Height of a card with a chart as high as on the page. */
export function cardHeight(width: number): number {
  return headHeight + forecastFrame(0, width - 2 * margin).height + footHeight;
}

/**
 * A station's forecast as one self-contained drawing: place, newest observation, next low and high, chart, time of issue
 * and source. For other websites and link previews.
 * Needs `openDocument`; temperatures in °C, times in the station's own.
 */
export function stationCard(
  data: StationForecast,
  { width, style = "", warning = null }: StationCardOptions,
): SVGElement {
  const { station, issuedTime } = data;
  const zone = station.timeZone;
  const height = cardHeight(width);
  const now = newestObserved(data.observed, "temperature");
  const observed = now
    ? `${formatTemperature(now.value, "C")} °C at ${clockTime(now.time, zone)} ${weekday(now.time, zone)}`
    : "no observations";
  const expected = nextExtremes(data.forecast.temperature, data).map(({ kind, hour, valueC, window }) => {
    const degrees = (celsius: number) => formatTemperature(celsius, "C", 0);
    if (!window)
      return `${kind} around ${degrees(valueC)} °C at ${clockTime(hour.validTime, zone)} ${weekday(hour.validTime, zone)}`;
    const name = lowerCase(extremeName(window, issuedTime!, zone));
    return `${name} ${degrees(valueC)} °C (80 %: ${degrees(window.p10)} to ${degrees(window.p90)})${oddsWords(window, "C")}`;
  });
  const issued = issuedTime === null ? "no forecast issued" : `issued ${dateTimeName(issuedTime, zone)}`;
  const title = `${placeName(station.name)} (${station.key})`;
  const chart = data.observed.length > 0 ? chartOf(data, width - 2 * margin) : null;
  return svg`<svg xmlns="http://www.w3.org/2000/svg" viewBox=${`0 0 ${width} ${height}`} width=${width} height=${height}
    role="img" aria-label=${`${title}: ${[observed, ...expected].join(", ")}; ${issued}`} font-family="'Public Sans', Verdana, sans-serif" font-size="12">
    ${style ? svg`<style>${style}</style>` : null}
    <rect width=${width} height=${height} fill="var(--paper)"></rect>
    <text x=${margin} y="38" font-size="22" font-weight="700" fill="var(--ink)">${title}</text>
    <text x=${margin} y="61" font-size="15" fill="var(--ink)">${observed}</text>
    <text x=${margin} y="81" font-size="14" fill="var(--ink)">${capitalised(expected.join(" · "))}</text>
    ${warning ? svg`<text x=${margin} y="99" font-size="12" font-weight="700" fill="var(--alert)">${warning}</text>` : null}
    <rect x=${margin} y=${headHeight} width=${width - 2 * margin} height=${height - headHeight - footHeight} fill="var(--panel)"></rect>
    ${chart}
    <text x=${margin} y=${height - 15} fill="var(--ink-soft)">${`isotherm · ${issued} · local time`}</text>
    <text x=${width - margin} y=${height - 15} text-anchor="end" fill="var(--ink-soft)">Observations: NOAA</text>
  </svg>`;
}

function capitalised(text: string): string {
  return text.slice(0, 1).toUpperCase() + text.slice(1);
}

function chartOf(data: StationForecast, width: number): Element {
  const chart = forecastChart(data, { width }).querySelector("svg[role=img]")!;
  for (const name of ["role", "aria-label", "class"]) chart.removeAttribute(name);
  for (const sheet of chart.querySelectorAll("style")) sheet.remove();
  chart.setAttribute("x", String(margin));
  chart.setAttribute("y", String(headHeight));
  chart.setAttribute("color", "var(--ink-soft)");
  chart.setAttribute("overflow", "visible");
  return chart;
}
