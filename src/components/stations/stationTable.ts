import type { StationSummary } from "../../shared/published/stationSummary.js";
import { dataAge } from "../ui/dataAge.js";
import { type Column, numberColumn, orderChoicesOf, rowOrder, sortableTable, textColumn } from "../ui/dataTable.js";
import { html } from "../ui/html.js";
import type { ValueElement } from "../ui/inputs.js";
import { placeName, stationLink } from "../ui/station.js";
import { clockTime, shortDay, type TimeChoice, weekday, zoneOf } from "../ui/timeZone.js";
import { formatDifference, formatPercent, formatTemperature, type TemperatureUnit } from "../ui/units.js";

const by = rowOrder<StationSummary>;

const orders = {
  station: by("Station", ({ key }) => key),
  now: by("Temperature now", ({ temperatureC }) => temperatureC),
  low: by("Next low", ({ lowC }) => lowC),
  high: by("Next high", ({ highC }) => highC),
  spread: by("Spread", ({ spread24C }) => spread24C),
  ewmae: by("EWMAE", ({ ewmae24C }) => ewmae24C),
  skill: by("Skill", ({ skill24 }) => skill24),
  guidance: by("Skill against guidance", ({ guidanceSkill24 }) => guidanceSkill24),
  age: by("Newest data", ({ newestObservedTime }) => newestObservedTime),
};

export const orderChoices = orderChoicesOf(orders);

export interface StationTableOptions {
  unit?: TemperatureUnit;
  time?: TimeChoice;
  /** Name of the order, with a minus sign for its reverse; headings set it. */
  order?: ValueElement<string>;
  /** Words that the code or name of a station must contain. */
  find?: ValueElement<string>;
  onSelect?: (key: string) => void;
  /** The current time where no clock runs. */
  asOf?: number;
}

/** All stations with the newest observation, the forecast of the next 24 hours, its spread, its skill and its age. */
export function stationTable(
  stations: readonly StationSummary[],
  { unit = "C", time = "station", order, find, onSelect, asOf }: StationTableOptions = {},
): HTMLElement {
  const zone = (station: StationSummary) => zoneOf(time, station.timeZone);
  const extreme = (value: number | null, when: number | null, station: StationSummary) =>
    value === null || when === null
      ? "–"
      : html`<span>${formatTemperature(value, unit, 0)} <small>${weekday(when, zone(station))} ${clockTime(when, zone(station))}</small></span>`;
  const ewmae = (station: StationSummary) => {
    const { ewmae24C, ewmae24Time } = station;
    if (ewmae24C === null || ewmae24Time === null) return "–";
    const when = `${shortDay(ewmae24Time, zone(station))} ${clockTime(ewmae24Time, zone(station))}`;
    return html`<span>${formatDifference(ewmae24C, unit)} <small>${when}</small></span>`;
  };
  const share = (skill: number | null) => (skill === null ? "–" : formatPercent(skill));
  const columns: Record<keyof typeof orders, Column<StationSummary>> = {
    station: textColumn("Station", (station) => stationLink(station, onSelect)),
    now: numberColumn(`Now, °${unit}`, ({ temperatureC }) => formatTemperature(temperatureC, unit)),
    low: numberColumn("Next low", (station) => extreme(station.lowC, station.lowTime, station)),
    high: numberColumn("Next high", (station) => extreme(station.highC, station.highTime, station)),
    spread: extra(numberColumn("Spread", ({ spread24C }) => formatDifference(spread24C, unit))),
    ewmae: extra(numberColumn("EWMAE", ewmae)),
    skill: extra(numberColumn("Skill", ({ skill24 }) => share(skill24))),
    guidance: extra(numberColumn("Against guidance", ({ guidanceSkill24 }) => share(guidanceSkill24))),
    age: numberColumn("Data", (station) => dataAge(station, { zone: zone(station), asOf })),
  };
  return sortableTable(stations, columns, {
    label: "All stations",
    noun: "stations",
    orders,
    order,
    find,
    textOf: stationWords,
  });
}

/** A column that a phone shows only when the stations are in its order. */
function extra(column: Column<StationSummary>): Column<StationSummary> {
  return { ...column, isExtra: true };
}

/** The text of a station in which words are searched. */
export function stationWords({ key, name }: Pick<StationSummary, "key" | "name">): string {
  return `${key} ${name} ${placeName(name)}`;
}
