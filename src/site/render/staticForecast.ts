import { scorecard } from "../../components/evaluation/scorecard.js";
import { eveningCard } from "../../components/evening/eveningCard.js";
import { eveningInput } from "../../components/evening/eveningInput.js";
import { downloadLinks } from "../../components/forecast/downloadLinks.js";
import { forecastInputs, forecastTimeInput } from "../../components/forecast/forecastInputs.js";
import { forecastSentence } from "../../components/forecast/forecastSentence.js";
import { forecastTable } from "../../components/forecast/forecastTable.js";
import { freshnessLine } from "../../components/forecast/freshnessLine.js";
import { newestForecast } from "../../components/forecast/issuedForecast.js";
import { readableChart } from "../../components/forecast/readableChart.js";
import { readouts } from "../../components/forecast/readouts.js";
import { severalDays } from "../../components/forecast/severalDays.js";
import { thresholdInput } from "../../components/forecast/threshold.js";
import { thresholdOdds } from "../../components/forecast/thresholdOdds.js";
import { type StationTableOptions, stationTable } from "../../components/stations/stationTable.js";
import { pastTime } from "../../components/ui/clock.js";
import { html } from "../../components/ui/html.js";
import { markStation, placeName } from "../../components/ui/station.js";
import type { StationForecast } from "../../shared/published/stationForecast.js";
import type { StationSummary } from "../../shared/published/stationSummary.js";

/** Widths of the chart for desktop and phone, pixels; style.css shows one of them. */
const widths = { wide: 1152, narrow: 328 };

/** Static content of the cells of each part of a page, in order. */
export type StaticParts = Record<string, (Element | string)[]>;

/**
 * The forecast page before its code runs, and without JavaScript: drawn by the same components with the default
 * choices. Needs `openDocument`.
 * @param stations all stations on the page that lists them; null on a station's page, which links to the list
 * @param asOf time from which the age of data counts, epoch milliseconds
 * @param home relative path to the page with the list
 */
export function staticForecast(
  data: StationForecast,
  stations: readonly StationSummary[] | null,
  { asOf, home }: { asOf: number; home: string },
): StaticParts {
  const zone = data.station.timeZone;
  const inputs = forecastInputs(stations ?? [data.station]);
  inputs.station.value = data.station.key;
  const choices = { unit: "C", zone, variable: "temperature" } as const;
  const list = stations
    ? staticTable(stations, data.station.key, { asOf, order: inputs.order, find: inputs.find })
    : html`<p><a href=${`${home}#all-stations`}>The list of all stations</a></p>`;
  const threshold = thresholdInput({ unit: "C", startC: 0 });
  const charts = Object.entries(widths).map(([name, width]) => {
    const figure = readableChart(data, { width, ...choices });
    figure.classList.add(name);
    return figure;
  });
  return {
    freshness: [freshnessLine(data.station, { now: asOf, showAge: false })],
    choices: [inputs.station, inputs.variable, inputs.unit, inputs.time, threshold].map(inert),
    name: [placeName(data.station.name)],
    sentence: [forecastSentence(data, { ...choices, isPast: pastTime() !== null })],
    evening: [eveningCard(data)].map(inert),
    evenings: [data.evenings.length === 0 ? "" : inert(eveningInput(data))],
    scorecard: [scorecard(data)],
    readouts: [readouts(data)],
    answers: [severalDays(data)],
    chart: [
      data.observed.length > 0
        ? html`<div class="static-charts">${charts.map(inert)}</div>`
        : html`<p class="empty">Nothing to draw yet.</p>`,
    ],
    threshold: [thresholdOdds(data, newestForecast(data), data, { ...choices, input: threshold })],
    overlays: [inputs.show, forecastTimeInput(data.issues, { zone, genesisTime: data.station.genesisTime })].map(inert),
    numbers: [data.issuedTime === null ? "" : forecastTable(data)],
    downloads: [downloadLinks(data.station.key)],
    arrangement: [inputs.find, inputs.order].map(inert),
    stations: [list],
  };
}

/** The table of all stations without sorting. */
function staticTable(stations: readonly StationSummary[], key: string, options: StationTableOptions): HTMLElement {
  const table = stationTable(stations, options);
  markStation([table], key);
  for (const button of table.querySelectorAll("thead button"))
    button.replaceWith(html`<span class="sorter">${button.textContent}</span>`);
  return table;
}

/** Writes the values of inputs to their attributes, and disables them until the page's code runs. */
function inert<Part extends HTMLElement>(part: Part): Part {
  for (const input of part.querySelectorAll("input")) input.toggleAttribute("checked", input.checked);
  for (const option of part.querySelectorAll("option")) option.toggleAttribute("selected", option.selected);
  for (const input of part.querySelectorAll("input, select, button")) input.setAttribute("inert", "");
  return part;
}
