import type { StationSummary } from "../data/stations.js";
import { dataAge } from "./dataAge.js";
import { html } from "./html.js";
import type { ValueElement } from "./pageState.js";
import { placeName } from "./placeName.js";
import { stationLink } from "./stationLink.js";
import { type StationOrder, stationOrders } from "./stationOrders.js";
import { clockTime, type TimeChoice, weekday, zoneOf } from "./timeZone.js";
import { formatDifference, formatNumber, formatTemperature, type TemperatureUnit } from "./units.js";

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

interface Column {
  order: StationOrder;
  heading: string;
  cell: (station: StationSummary) => unknown;
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
  const columns: Column[] = [
    { order: "station", heading: "Station", cell: (station) => stationLink(station, onSelect) },
    { order: "now", heading: `Now, °${unit}`, cell: ({ temperatureC }) => formatTemperature(temperatureC, unit) },
    { order: "low", heading: "Next low", cell: (station) => extreme(station.lowC, station.lowTime, station) },
    { order: "high", heading: "Next high", cell: (station) => extreme(station.highC, station.highTime, station) },
    { order: "spread", heading: "Spread", cell: ({ spread24C }) => formatDifference(spread24C, unit) },
    { order: "ewmae", heading: "EWMAE", cell: ({ ewmae24C }) => formatDifference(ewmae24C, unit) },
    {
      order: "skill",
      heading: "Skill",
      cell: ({ skill24 }) => (skill24 === null ? "–" : `${formatNumber(skill24 * 100, 0)} %`),
    },
    { order: "age", heading: "Data", cell: (station) => dataAge(station, { zone: zone(station), asOf }) },
  ];
  const rows = new Map(
    stations.map((station) => [
      station.key,
      html`<tr>${columns.map(({ cell }, i) => (i === 0 ? html`<th scope="row">${cell(station)}</th>` : html`<td class="number">${cell(station)}</td>`))}</tr>`,
    ]),
  );
  const headings = columns.map(
    ({ heading }, i) =>
      html`<th scope="col" class=${i === 0 ? null : "number"}>${order ? html`<button type="button">${heading}</button>` : heading}</th>`,
  );
  const body = html`<tbody>${[...rows.values()]}</tbody>`;
  const told = html`<p class="small muted" role="status"></p>`;
  const table = html`<div>
    <section class="table" tabindex="0" aria-label="All stations">
      <table><thead><tr>${headings}</tr></thead>${body}</table>
    </section>
    ${find ? told : null}
  </div>`;

  const arrange = () => {
    if (!order) return;
    const { by, turned } = readOrder(order.value);
    body.append(...stationOrders[by].sorted(stations, turned).map(({ key }) => rows.get(key)!));
    for (const [i, column] of columns.entries()) {
      if (column.order !== by) headings[i]!.removeAttribute("aria-sort");
      else headings[i]!.setAttribute("aria-sort", turned ? "descending" : "ascending");
    }
  };
  const sift = () => {
    const words = (find?.value ?? "").toLowerCase().split(/\s+/);
    const shown = stations.filter((station) => {
      const text = `${station.key} ${station.name} ${placeName(station.name)}`.toLowerCase();
      const isShown = words.every((word) => text.includes(word));
      rows.get(station.key)!.hidden = !isShown;
      return isShown;
    });
    told.textContent = shown.length < stations.length ? `${shown.length} of ${stations.length} stations` : "";
  };
  for (const [i, column] of columns.entries()) {
    headings[i]!.querySelector("button")?.addEventListener("click", () => {
      const { by, turned } = readOrder(order!.value);
      order!.value = by === column.order && !turned ? `-${column.order}` : column.order;
      order!.dispatchEvent(new Event("input", { bubbles: true }));
    });
  }
  follow(order, table, arrange);
  follow(find, table, sift);
  return table;
}

/** Does as an input says, now and whenever it changes, until the table is replaced by another. */
function follow(input: ValueElement<string> | undefined, table: Element, act: () => void): void {
  if (!input) return;
  let shown = false;
  const listener = () => {
    shown ||= table.isConnected;
    if (shown && !table.isConnected) input.removeEventListener("input", listener);
    else act();
  };
  input.addEventListener("input", listener);
  act();
}

function readOrder(value: string): { by: StationOrder; turned: boolean } {
  return { by: value.replace(/^-/, "") as StationOrder, turned: value.startsWith("-") };
}
