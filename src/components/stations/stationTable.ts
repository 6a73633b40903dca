import type { StationSummary } from "../../shared/published/stationSummary.js";
import { dataAge } from "../ui/dataAge.js";
import { html } from "../ui/html.js";
import type { ValueElement } from "../ui/inputs.js";
import { orderChoicesOf, rowOrder, type SortableColumn, sortableTable } from "../ui/sortableTable.js";
import { placeName, stationLink } from "../ui/station.js";
import { clockTime, shortDay, type TimeChoice, weekday, zoneOf } from "../ui/timeZone.js";
import { formatDifference, formatNumber, formatTemperature, type TemperatureUnit } from "../ui/units.js";

const by = rowOrder<StationSummary>;

/** By what stations can be put in order. */
export const stationOrders = {
  station: by("Station", ({ key }) => key),
  now: by("Temperature now", ({ temperatureC }) => temperatureC),
  low: by("Next low", ({ lowC }) => lowC),
  high: by("Next high", ({ highC }) => highC),
  spread: by("Spread", ({ spread24C }) => spread24C),
  ewmae: by("EWMAE", ({ ewmae24C }) => ewmae24C),
  skill: by("Skill", ({ skill24 }) => skill24),
  age: by("Newest data", ({ newestObservedTime }) => newestObservedTime),
};

export const orderChoices = orderChoicesOf(stationOrders);

export interface StationTableOptions {
  unit?: TemperatureUnit;
  time?: TimeChoice;
  /** Name of an order, with a minus before it where it is turned round; the heading of a column sets it. */
  order?: ValueElement<string>;
  /** What code or name of a station must contain. */
  find?: ValueElement<string>;
  onSelect?: (key: string) => void;
  /** Where no clock runs, the time as of which data are stale. */
  asOf?: number;
}

/** All stations: now, the next 24 hours, how sure and how right the forecasts are, and how new the data are. */
export function stationTable(
  stations: readonly StationSummary[],
  { unit = "C", time = "station", order, find, onSelect, asOf }: StationTableOptions = {},
): HTMLElement {
  const zone = (station: StationSummary) => zoneOf(time, station.timeZone);
  const extreme = (value: number | null, when: number | null, station: StationSummary) =>
    value === null || when === null
      ? "–"
      : html`<span>${formatTemperature(value, unit, 0)} <small>${weekday(when, zone(station))} ${clockTime(when, zone(station))}</small></span>`;
  const numeric = true;
  const ewmae = (station: StationSummary) => {
    const { ewmae24C, ewmae24Time } = station;
    if (ewmae24C === null || ewmae24Time === null) return "–";
    const when = `${shortDay(ewmae24Time, zone(station))} ${clockTime(ewmae24Time, zone(station))}`;
    return html`<span>${formatDifference(ewmae24C, unit)} <small>${when}</small></span>`;
  };
  const columns: (SortableColumn<StationSummary> & { order: keyof typeof stationOrders })[] = [
    { order: "station", heading: "Station", cell: (station) => stationLink(station, onSelect) },
    {
      order: "now",
      heading: `Now, °${unit}`,
      cell: ({ temperatureC }) => formatTemperature(temperatureC, unit),
      numeric,
    },
    { order: "low", heading: "Next low", cell: (station) => extreme(station.lowC, station.lowTime, station), numeric },
    {
      order: "high",
      heading: "Next high",
      cell: (station) => extreme(station.highC, station.highTime, station),
      numeric,
    },
    { order: "spread", heading: "Spread", cell: ({ spread24C }) => formatDifference(spread24C, unit), numeric },
    { order: "ewmae", heading: "EWMAE", cell: ewmae, numeric },
    {
      order: "skill",
      heading: "Skill",
      cell: ({ skill24 }) => (skill24 === null ? "–" : `${formatNumber(skill24 * 100, 0)} %`),
      numeric,
    },
    { order: "age", heading: "Data", cell: (station) => dataAge(station, { zone: zone(station), asOf }), numeric },
  ];
  return sortableTable(stations, columns, {
    label: "All stations",
    noun: "stations",
    orders: stationOrders,
    order,
    find,
    textOf: stationWords,
  });
}

/** What a station is found by. */
export function stationWords({ key, name }: Pick<StationSummary, "key" | "name">): string {
  return `${key} ${name} ${placeName(name)}`;
}
