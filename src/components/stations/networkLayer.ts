import type { NetworkNow } from "../../shared/published/networkNow.js";
import type { StationMap } from "../../shared/published/stationMap.js";
import { foldedTable, numberColumn, textColumn } from "../ui/dataTable.js";
import { html, svg } from "../ui/html.js";
import { segmented, type ValueElement } from "../ui/inputs.js";
import { placeName } from "../ui/station.js";
import { fullTime } from "../ui/timeZone.js";
import { differenceInUnit, formatNumber, formatSigned, formatTemperature, type TemperatureUnit } from "../ui/units.js";
import { classColour, classScale } from "./classScale.js";

type StationNow = NetworkNow["stations"][number];

const layerNames = { temperature: "Warm or cold", pressure: "Pressure", wind: "Wind" };
/** What the map shows of the network. */
export type NetworkLayer = keyof typeof layerNames;

/** Input for what the map shows: the network, if there is one, and each station's skill against guidance, if any has one. */
export function mapLayerInput({
  hasNetwork,
  hasGuidance,
}: {
  hasNetwork: boolean;
  hasGuidance: boolean;
}): ValueElement<string> {
  return segmented("On the map", {
    ...(hasNetwork ? layerNames : { stations: "Newest data" }),
    ...(hasGuidance ? { skill: "Against guidance" } : {}),
  });
}

/** Bounds of the classes of anomalies, above and below 0. */
const bounds = { C: [1, 3, 6], F: [2, 5, 10], hPa: [2, 5, 10] };

/** The anomaly that a layer shows, in its unit; null if it is not known. */
function anomalyOf(station: StationNow, layer: "temperature" | "pressure", unit: TemperatureUnit): number | null {
  if (layer === "pressure") return station.pressureAnomalyHpa;
  return station.temperatureAnomalyC === null ? null : differenceInUnit(station.temperatureAnomalyC, unit);
}

export interface NetworkLayerOptions {
  layer?: NetworkLayer | undefined;
  unit?: TemperatureUnit;
}

/**
 * The network on the map: a dot for each station, coloured by how unusual its temperature or pressure is, or an arrow
 * for its wind. Stations that the map links to have a wide dot, because their own mark is on it.
 * @param linked identifiers of those stations
 * @param scale pixels per unit of the map
 */
export function networkMarks(
  map: StationMap,
  network: NetworkNow,
  { layer = "temperature", unit = "C", linked, scale }: NetworkLayerOptions & { linked: Set<string>; scale: number },
): SVGElement | null {
  if (!map.network || network.stations.length === 0) return null;
  const places = new Map(map.network.map((place) => [place.stationId, place]));
  const shown = network.stations.flatMap((station) => {
    const place = places.get(station.stationId);
    return place ? [{ station, place }] : [];
  });
  const smallest = scale < 0.6 ? 2.75 : 4;
  const marks = shown.map(({ station, place }) => {
    const isLinked = linked.has(station.stationId);
    const radius = isLinked ? 2.25 * smallest : smallest;
    const at = `translate(${(place.x * scale).toFixed(1)},${(place.y * scale).toFixed(1)})`;
    return svg`<g transform=${at}><title>${wordsOf(station, unit)}</title>${
      layer === "wind"
        ? arrow(station, place.north, isLinked ? markRadius : null)
        : dot(anomalyOf(station, layer, unit), radius, layer, unit)
    }</g>`;
  });
  return svg`<g class="network" role="img" aria-label=${summary(network, layer, unit)}>${marks}</g>`;
}

function dot(value: number | null, radius: number, layer: "temperature" | "pressure", unit: TemperatureUnit) {
  const fill = value === null ? "none" : classColour(value, bounds[layer === "pressure" ? "hPa" : unit]);
  return svg`<circle r=${radius} fill=${fill}></circle>`;
}

/** Radius of the mark of a linked station with some room, pixels. */
const markRadius = 7;

/**
 * An arrow along the wind, longer in strong wind; a ring where it is calm or its direction is not known.
 * @param start pixels from the station at which it starts; null for an arrow centred on it
 */
function arrow({ windSpeedMs, windDirectionDeg }: StationNow, north: number, start: number | null): SVGElement | null {
  if (windSpeedMs === null) return null;
  if (windDirectionDeg === null || windSpeedMs < 0.5) return svg`<circle r=${start ?? 2.5} fill="none"></circle>`;
  const turn = `rotate(${windDirectionDeg + 180 + north})`;
  return svg`<path d=${arrowPath(windSpeedMs, start)} transform=${turn}></path>`;
}

function arrowPath(windSpeedMs: number, start: number | null = null): string {
  const length = Math.min(28, 6 + windSpeedMs * 1.4);
  const from = -(start ?? -length / 2);
  const to = from - length;
  return `M0,${from}V${to}M-3,${to + 4}L0,${to}L3,${to + 4}`;
}

const compass = ["N", "NE", "E", "SE", "S", "SW", "W", "NW"];

/** "W 3.6": where the wind comes from, and its speed in m/s. */
function windWords({ windSpeedMs, windDirectionDeg }: StationNow): string {
  if (windSpeedMs === null) return "–";
  const from = windDirectionDeg === null || windSpeedMs < 0.5 ? "" : compass[Math.round(windDirectionDeg / 45) % 8];
  return `${from} ${formatNumber(windSpeedMs, 1)}`.trim();
}

function nameOf({ stationId, icao, name }: StationNow): string {
  return `${icao ?? stationId} ${placeName(name)}`;
}

function wordsOf(station: StationNow, unit: TemperatureUnit): string {
  const { temperatureC, pressureAnomalyHpa } = station;
  if (temperatureC === null) return `${nameOf(station)}: no report in the last three hours`;
  const anomaly = anomalyOf(station, "temperature", unit);
  const parts = [
    `${formatTemperature(temperatureC, unit)} °${unit} now`,
    ...(anomaly === null ? [] : [`${formatSigned(anomaly, 1)} °${unit} from usual`]),
    ...(pressureAnomalyHpa === null ? [] : [`pressure ${formatSigned(pressureAnomalyHpa, 1)} hPa from usual`]),
    ...(station.windSpeedMs === null ? [] : [`wind ${windWords(station)} m/s`]),
  ];
  return `${nameOf(station)}: ${parts.join(", ")}`;
}

/** What the layer shows, with its range, for screen readers. */
function summary({ stations }: NetworkNow, layer: NetworkLayer, unit: TemperatureUnit): string {
  if (layer === "wind") {
    const speeds = stations.flatMap(({ windSpeedMs }) => windSpeedMs ?? []);
    return `Wind at ${speeds.length} stations of the network, up to ${formatNumber(Math.max(0, ...speeds), 1)} m/s.`;
  }
  const values = stations.flatMap((station) => anomalyOf(station, layer, unit) ?? []);
  const [low, high] = [Math.min(0, ...values), Math.max(0, ...values)].map((value) => formatSigned(value, 1));
  const name = layer === "pressure" ? "Pressure" : "Temperature";
  return `${name} at ${values.length} stations of the network, from ${low} to ${high} ${layer === "pressure" ? "hPa" : `°${unit}`} of the usual value.`;
}

/** The legend of a layer, and what it shows in words; empty without a network. */
export function networkLegend(
  network: NetworkNow,
  { layer = "temperature", unit = "C" }: NetworkLayerOptions = {},
): HTMLElement {
  if (network.time === null) return html`<div></div>`;
  const when = fullTime(network.time, "UTC");
  const what =
    layer === "wind"
      ? "Wind in m/s: an arrow points where the wind blows to, a ring means calm or a variable direction"
      : `${layer === "pressure" ? "Air pressure" : "Temperature"} now minus the usual value of that hour of the day, an average over past weeks`;
  return html`<div class="network-legend">
    ${layer === "wind" ? windScale() : colourScale(layer, unit)}
    <p class="small muted">${what}. ${network.stations.length} stations of the network, ${when}. The model forecasts from what they report.</p>
  </div>`;
}

function colourScale(layer: "temperature" | "pressure", unit: TemperatureUnit): SVGElement {
  const name = layer === "pressure" ? "hPa" : `°${unit}`;
  const format = (limit: number) => formatSigned(limit, 0);
  return classScale(bounds[layer === "pressure" ? "hPa" : unit], { unit: name, format });
}

function windScale(): SVGElement {
  const speeds = [2, 5, 10];
  const entries = speeds.map(
    (speed, i) =>
      svg`<g transform=${`translate(${i * 90 + 16},12)`}><path d=${arrowPath(speed)} transform="rotate(90)"></path><text x="20" y="4">${speed} m/s</text></g>`,
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
    numberColumn("From usual", (station) => signed(anomalyOf(station, "temperature", unit))),
    numberColumn("Pressure from usual, hPa", ({ pressureAnomalyHpa }) => signed(pressureAnomalyHpa)),
    numberColumn("Change in 3 h, hPa", ({ pressureChangeHpa }) => signed(pressureChangeHpa)),
    numberColumn("Wind, m/s", windWords),
  ]);
}
