import type { NetworkNow } from "../../shared/published/networkNow.js";
import type { StationMap } from "../../shared/published/stationMap.js";
import { foldedTable, numberColumn, textColumn } from "../ui/dataTable.js";
import { html, svg } from "../ui/html.js";
import { placeName } from "../ui/station.js";
import { differenceInUnit, formatNumber, formatSigned, formatTemperature, type TemperatureUnit } from "../ui/units.js";
import { calmMs, directionName, formatWindSpeed, windUnit } from "../ui/wind.js";
import { classColour } from "./classScale.js";
import type { ColourLayer } from "./mapLayers.js";

type StationNow = NetworkNow["stations"][number];

/** A station of the network on the map, pixels; `north` is where north is there, degrees clockwise from up. */
export interface NetworkPlace {
  station: StationNow;
  x: number;
  y: number;
  north: number;
}

/**
 * The places of the network that are on the map.
 * @param scale pixels per unit of the map
 */
export function networkPlaces(map: StationMap, network: NetworkNow, scale: number): NetworkPlace[] {
  const places = new Map((map.network ?? []).map((place) => [place.stationId, place]));
  return network.stations.flatMap((station) => {
    const place = places.get(station.stationId);
    return place ? [{ station, x: place.x * scale, y: place.y * scale, north: place.north }] : [];
  });
}

interface MarksOptions {
  unit: TemperatureUnit;
  /** What the dots show; null for wind, which has arrows. */
  layer: ColourLayer | null;
  /** Identifiers of the stations that have marks of their own, and so need no dot. */
  linked: ReadonlySet<string>;
  /** Radius of a dot, pixels. */
  radius: number;
}

/** The network on the map: a dot for each station, coloured by its value, or an arrow for its wind. */
export function networkMarks(
  places: readonly NetworkPlace[],
  { unit, layer, linked, radius }: MarksOptions,
): SVGElement | null {
  const shown = layer === null ? places : places.filter(({ station }) => !linked.has(station.stationId));
  if (places.length === 0 || (layer !== null && !layer.ofNetwork)) return null;
  const marks = shown.map(({ station, x, y, north }) => {
    const start = linked.has(station.stationId) ? markRadius : null;
    const value = layer?.ofNetwork?.(station) ?? null;
    const fill = layer === null || value === null ? "none" : classColour(value, layer.scale);
    return svg`<g transform=${`translate(${x.toFixed(1)},${y.toFixed(1)})`}><title>${wordsOf(station, unit)}</title>${
      layer === null ? arrow(station, north, start) : svg`<circle r=${radius} fill=${fill}></circle>`
    }</g>`;
  });
  return svg`<g class="network" role="img" aria-label=${summary(places, layer, unit)}>${marks}</g>`;
}

/** Radius of the mark of a linked station with some room, pixels. */
const markRadius = 7;

/**
 * An arrow along the wind, longer in strong wind; a ring where it is calm or its direction is not known.
 * @param start pixels from the station at which it starts; null for an arrow centred on it
 */
function arrow({ windSpeedMs, windDirectionDeg }: StationNow, north: number, start: number | null): SVGElement | null {
  if (windSpeedMs === null) return null;
  if (windDirectionDeg === null || windSpeedMs < calmMs) return svg`<circle r=${start ?? 2.5} fill="none"></circle>`;
  const turn = `rotate(${windDirectionDeg + 180 + north})`;
  return svg`<path d=${arrowPath(windSpeedMs, start)} transform=${turn}></path>`;
}

function arrowPath(windSpeedMs: number, start: number | null = null): string {
  const length = Math.min(28, 6 + windSpeedMs * 1.4);
  const from = -(start ?? -length / 2);
  const to = from - length;
  return `M0,${from}V${to}M-3,${to + 4}L0,${to}L3,${to + 4}`;
}

/** "W 3.6": where the wind comes from, and its speed. */
export function windWords({ windSpeedMs, windDirectionDeg }: StationNow, unit: TemperatureUnit): string {
  if (windSpeedMs === null) return "–";
  const from = windDirectionDeg === null || windSpeedMs < calmMs ? "" : directionName(windDirectionDeg, "short");
  return `${from} ${formatWindSpeed(windSpeedMs, unit)}`.trim();
}

function nameOf({ stationId, icao, name }: StationNow): string {
  return `${icao ?? stationId} ${placeName(name)}`;
}

function temperatureAnomaly({ temperatureAnomalyC }: StationNow, unit: TemperatureUnit): number | null {
  return temperatureAnomalyC === null ? null : differenceInUnit(temperatureAnomalyC, unit);
}

function wordsOf(station: StationNow, unit: TemperatureUnit): string {
  const { temperatureC, pressureAnomalyHpa } = station;
  if (temperatureC === null) return `${nameOf(station)}: no report in the last three hours`;
  const anomaly = temperatureAnomaly(station, unit);
  const parts = [
    `${formatTemperature(temperatureC, unit)} °${unit} now`,
    ...(anomaly === null ? [] : [`${formatSigned(anomaly, 1)} °${unit} from usual`]),
    ...(pressureAnomalyHpa === null ? [] : [`pressure ${formatSigned(pressureAnomalyHpa, 1)} hPa from usual`]),
    ...(station.windSpeedMs === null ? [] : [`wind ${windWords(station, unit)} ${windUnit(unit)}`]),
  ];
  return `${nameOf(station)}: ${parts.join(", ")}`;
}

/** What the layer shows, with its range, for screen readers. */
function summary(places: readonly NetworkPlace[], layer: ColourLayer | null, unit: TemperatureUnit): string {
  if (layer === null) {
    const speeds = places.flatMap(({ station }) => station.windSpeedMs ?? []);
    return `Wind at ${speeds.length} stations of the network, up to ${formatWindSpeed(Math.max(0, ...speeds), unit)} ${windUnit(unit)}.`;
  }
  const values = places.flatMap(({ station }) => layer.ofNetwork?.(station) ?? []);
  if (values.length === 0) return "No station of the network reports.";
  const [low, high] = [Math.min(...values), Math.max(...values)];
  return `${values.length} stations of the network, from ${layer.words(low)} to ${layer.words(high)}.`;
}

/** The lengths of the arrows of some speeds. */
export function windScale(unit: TemperatureUnit): SVGElement {
  const entries = [2, 5, 10].map(
    (speed, i) =>
      svg`<g transform=${`translate(${i * 90 + 16},12)`}><path d=${arrowPath(speed)} transform="rotate(90)"></path><text x="20" y="4">${formatNumber(Number(formatWindSpeed(speed, unit)), 0)} ${windUnit(unit)}</text></g>`,
  );
  return svg`<svg width="270" height="24" viewBox="0 0 270 24">${entries}</svg>`;
}

/** The numbers of the map of the network as a folded table; empty without a network. */
export function networkTable(network: NetworkNow, { unit = "C" }: { unit?: TemperatureUnit } = {}): HTMLElement {
  if (network.stations.length === 0) return html`<div></div>`;
  const signed = (value: number | null) => (value === null ? "–" : formatSigned(value, 1));
  return foldedTable("The network now", network.stations, [
    textColumn("Station", nameOf),
    numberColumn(`Now, °${unit}`, ({ temperatureC }) => formatTemperature(temperatureC, unit)),
    numberColumn("From usual", (station) => signed(temperatureAnomaly(station, unit))),
    numberColumn("Pressure from usual, hPa", ({ pressureAnomalyHpa }) => signed(pressureAnomalyHpa)),
    numberColumn("Change in 3 h, hPa", ({ pressureChangeHpa }) => signed(pressureChangeHpa)),
    numberColumn(`Wind, ${windUnit(unit)}`, (station) => windWords(station, unit)),
  ]);
}
