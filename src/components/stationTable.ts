import type { StationSummary } from "../data/stations.js";
import { formatAge, staleAfterHours } from "./age.js";
import { dataTable } from "./dataTable.js";
import { html } from "./html.js";
import { placeName } from "./placeName.js";
import { clockTime, type TimeChoice, zoneOf } from "./timeZone.js";
import { formatDifference, formatNumber, formatTemperature, type TemperatureUnit } from "./units.js";

export interface StationTableOptions {
  unit?: TemperatureUnit;
  time?: TimeChoice;
  /** Epoch milliseconds in the browser. */
  now: number;
  /** Key of the station shown. */
  selected?: string;
  onSelect?: (key: string) => void;
}

/** All stations: now, the next 24 hours, how right the forecasts have been and how new the data are. */
export function stationTable(
  stations: readonly StationSummary[],
  { unit = "C", time = "station", now, selected, onSelect }: StationTableOptions,
): HTMLElement {
  const extreme = (value: number | null, when: number | null, station: StationSummary) =>
    value === null || when === null
      ? "–"
      : html`<span>${formatTemperature(value, unit, 0)} <small>${clockTime(when, zoneOf(time, station.timeZone))}</small></span>`;
  return dataTable(
    stations,
    [
      { heading: "Station", cell: (station) => stationLink(station, station.key === selected, onSelect) },
      { heading: `Now, °${unit}`, cell: ({ temperatureC }) => formatTemperature(temperatureC, unit), numeric: true },
      { heading: "Low, 24 h", cell: (station) => extreme(station.lowC, station.lowTime, station), numeric: true },
      { heading: "High, 24 h", cell: (station) => extreme(station.highC, station.highTime, station), numeric: true },
      { heading: "Mean error 24 h ahead", cell: ({ mae24C }) => formatDifference(mae24C, unit), numeric: true },
      {
        heading: "Skill",
        cell: ({ skill24 }) => (skill24 === null ? "–" : `${formatNumber(skill24 * 100, 0)} %`),
        numeric: true,
      },
      { heading: "Data", cell: (station) => freshness(station, now), numeric: true },
    ],
    { label: "All stations" },
  );
}

function stationLink(station: StationSummary, current: boolean, onSelect?: (key: string) => void): HTMLElement {
  const select = (event: MouseEvent) => {
    if (!onSelect || event.ctrlKey || event.metaKey || event.shiftKey) return;
    event.preventDefault();
    onSelect(station.key);
  };
  return html`<a href=${`?station=${station.key}`} aria-current=${current ? "true" : null} onclick=${select}>
    <span class="code">${station.key}</span> ${placeName(station.name)}</a>`;
}

function freshness(station: StationSummary, now: number): unknown {
  if (station.newestObservedTime === null) return html`<span class="lamp off">none yet</span>`;
  const age = now - station.newestObservedTime;
  const stale = age > staleAfterHours * 3_600_000;
  return html`<span class=${stale ? "lamp stale" : "lamp"}>${formatAge(age)} old</span>`;
}
