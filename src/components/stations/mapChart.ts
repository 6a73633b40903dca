import { minIndex } from "d3";
import type { NetworkNow } from "../../shared/published/networkNow.js";
import type { StationMap } from "../../shared/published/stationMap.js";
import type { StationSummary } from "../../shared/published/stationSummary.js";
import { hourMs } from "../../shared/time.js";
import { textWidths } from "../chart/chartFigure.js";
import { tick } from "../ui/clock.js";
import { isStale } from "../ui/dataAge.js";
import { html, svg } from "../ui/html.js";
import { onPlainClick, placeName, stationAddress } from "../ui/station.js";
import { fullTime } from "../ui/timeZone.js";
import type { TemperatureUnit } from "../ui/units.js";
import { windUnit } from "../ui/wind.js";
import { classColour, scaleLegend } from "./classScale.js";
import { type Isotherm, isothermPath, isotherms, labelPlaces, levelsBetween, type Sample } from "./isotherms.js";
import { LabelSpace } from "./labelSpace.js";
import { type ColourLayer, colourLayer, type MapLayer } from "./mapLayers.js";
import { type NetworkPlace, networkMarks, networkPlaces, windScale, windWords } from "./networkLayer.js";

interface MapChartOptions {
  /** What it shows of the stations. */
  layer?: MapLayer;
  unit?: TemperatureUnit;
  /** Pixels. */
  width: number;
  /** Stations that are shown below the others. */
  network?: NetworkNow;
  onSelect?: (key: string) => void;
  /** The current time where no clock runs. */
  asOf?: number;
}

const pointOf = { fresh: "M-4.5,0a4.5,4.5,0,1,0,9,0a4.5,4.5,0,1,0,-9,0", stale: "M-4,-4h8v8h-8z" };

/**
 * A map of the stations, coloured by what a layer shows of them, with its legend: a circle for fresh data, a square for stale, a
 * ring for none. Each is a link. One of them takes the focus, and arrow keys move it. The network around is below them,
 * with lines of equal values where its stations are near each other.
 */
export function mapChart(
  map: StationMap,
  stations: readonly StationSummary[],
  { width, unit = "C", network, layer = "now", onSelect, asOf }: MapChartOptions,
): HTMLElement {
  const scale = width / map.width;
  const height = Math.round(map.height * scale);
  const byKey = new Map(stations.map((station) => [station.key, station]));
  const around = network ? networkPlaces(map, network, scale) : [];
  const inNetwork = new Map(around.map((place) => [place.station.stationId, place.station]));
  const shows = colourLayer(layer, unit, stations);
  const places = map.places.flatMap(({ key, x, y }) => {
    const station = byKey.get(key);
    if (!station) return [];
    const now = inNetwork.get(station.stationId);
    const value = shows?.ofStation(station, now) ?? null;
    const text = value !== null ? shows!.format(value) : layer === "wind" && now ? windWords(now, unit) : "";
    const words =
      value !== null ? `, ${shows!.words(value)}` : layer === "wind" && now ? `, wind ${text} ${windUnit(unit)}` : "";
    return [{ station, x: x * scale, y: y * scale, value, text: width < 600 ? text : `${key} ${text}`.trim(), words }];
  });
  const lengths = textWidths(
    places.map(({ text }) => text),
    "map",
  );
  const space = new LabelSpace({ width, height }, places);
  const marks = places.map(({ station, x, y, value, text, words }, i) => {
    const label = space.besidePoint({ x, y, length: lengths[i]! });
    const name = `${station.key} ${placeName(station.name)}${words}`;
    const fill = value === null ? "var(--panel)" : classColour(value, shows!.scale);
    const style =
      shows === null ? null : `fill:${fill};stroke:var(--ink);transform:scale(${value === null ? 0.8 : 1.4})`;
    return svg`<a href=${stationAddress(station.key)} tabindex=${i === 0 ? 0 : -1} data-station=${station.key} aria-label=${name}
      transform=${`translate(${x},${y})`} onclick=${onPlainClick(() => onSelect?.(station.key), onSelect !== undefined)}>
      <title>${name}</title>
      <circle class="target" r="12"></circle>
      <path class="mark" d=${pointOf.fresh} style=${style}></path>
      ${label ? svg`<text x=${label.dx} y=${label.dy} text-anchor=${label.anchor}>${text}</text>` : null}
    </a>` as unknown as SVGAElement;
  });
  const linked = new Set(places.map(({ station }) => station.stationId));
  const dots = networkMarks(around, { unit, layer: shows, linked, radius: scale < 0.6 ? 2.75 : 4 });
  const lines = shows ? linesOf(shows, places, around) : [];
  if (dots) space.avoid(around);
  const parts = [isothermLines(lines, shows, space), dots, ...marks].filter((part) => part !== null);
  const root = svg`<svg class="map" viewBox=${`0 0 ${width} ${height}`} width=${width} height=${height} role="group"
    aria-label="Map of the stations. Arrow keys move between stations." onkeydown=${(event: KeyboardEvent) => move(event, marks, places)}>
    <g transform=${`scale(${scale})`}>
      <path class="graticule" d=${map.graticule}></path>
      <path class="land" d=${map.land}></path>
      <path class="borders" d=${map.borders}></path>
    </g>
    ${parts}
  </svg>`;
  root.addEventListener("focusin", ({ target }) => {
    for (const mark of marks) mark.setAttribute("tabindex", mark === target ? "0" : "-1");
  });
  const light = (now: number) => {
    for (const [i, { station }] of places.entries()) {
      const stale = isStale(station, now);
      const mark = marks[i]!.querySelector(".mark")!;
      mark.setAttribute("class", station.newestObservedTime === null ? "mark off" : stale ? "mark stale" : "mark");
      mark.setAttribute("d", stale ? pointOf.stale : pointOf.fresh);
    }
  };
  if (asOf === undefined) tick(root, light);
  else light(asOf);
  const values = [
    ...places.flatMap(({ value }) => value ?? []),
    ...around.flatMap(({ station }) => shows?.ofNetwork?.(station) ?? []),
  ];
  const isAround = network !== undefined && network.time !== null && (shows === null || shows.ofNetwork !== undefined);
  return html`<figure class="chart">${root}<figcaption class="map-legend">
    ${shows ? scaleLegend(shows.scale, values) : windScale(unit)}
    <p>${shows?.meaning ?? "Wind now: an arrow points where it blows to; a ring means calm or no known direction"}${
      isAround ? `, at ${around.length} stations of the network, ${fullTime(network.time!, "UTC")}` : ""
    }.${lines.length > 0 ? " Lines join places with equal values." : ""}</p>
  </figcaption></figure>`;
}

interface Place {
  station: StationSummary;
  x: number;
  y: number;
  value: number | null;
}

/** A station that does not lend to the network takes part in the lines if its data are as new, milliseconds. */
const newestFor = 3 * hourMs;

/** The lines of equal values of a layer: of the network and the stations. */
function linesOf(layer: ColourLayer, places: readonly Place[], around: readonly NetworkPlace[]): Isotherm[] {
  const { lines, ofNetwork } = layer;
  if (!lines || !ofNetwork) return [];
  const lent = new Set(around.map(({ station }) => station.stationId));
  const newest = Math.max(...places.map(({ station }) => station.newestObservedTime ?? 0));
  const samples: Sample[] = [
    ...around.map(({ station, x, y }) => ({ ...station, x, y, value: ofNetwork(station) })),
    ...places
      .filter(({ station }) => !lent.has(station.stationId) && (station.newestObservedTime ?? 0) > newest - newestFor)
      .map(({ station, x, y, value }) => ({ ...station, x, y, value })),
  ].flatMap(({ x, y, longitude, latitude, value }) => (value === null ? [] : [{ x, y, longitude, latitude, value }]));
  return isotherms(
    samples,
    levelsBetween(
      samples.map(({ value }) => value),
      lines,
    ),
  );
}

function isothermLines(lines: readonly Isotherm[], layer: ColourLayer | null, space: LabelSpace): SVGElement | null {
  if (lines.length === 0) return null;
  const texts = lines.map(({ level }) => layer!.scale.format(level));
  const lengths = textWidths(texts, "map");
  const labels = lines.map((one, i) => {
    const at = space.centredAt(labelPlaces(one, lengths[i]!), lengths[i]!);
    return at && svg`<text x=${at[0].toFixed(1)} y=${(at[1] + 4).toFixed(1)} text-anchor="middle">${texts[i]}</text>`;
  });
  return svg`<g class="isotherms" aria-hidden="true">
    ${lines.map((one) => svg`<path class=${one.level === layer!.lines!.bold ? "bold" : null} d=${isothermPath(one)}></path>`)}${labels.filter((label) => label !== undefined)}
  </g>`;
}

const directions: Record<string, [number, number]> = {
  ArrowLeft: [-1, 0],
  ArrowRight: [1, 0],
  ArrowUp: [0, -1],
  ArrowDown: [0, 1],
};

/** Moves the focus to the nearest station within 60° of the arrow's direction. */
function move(event: KeyboardEvent, marks: readonly SVGAElement[], places: readonly { x: number; y: number }[]): void {
  const direction = directions[event.key];
  const from = marks.indexOf(event.target as SVGAElement);
  if (!direction || from < 0) return;
  event.preventDefault();
  const costs = places.map(({ x, y }) => {
    const [dx, dy] = [x - places[from]!.x, y - places[from]!.y];
    const distance = Math.hypot(dx, dy);
    const along = dx * direction[0] + dy * direction[1];
    return distance === 0 || along < distance / 2 ? null : distance * 2 - along;
  });
  marks[minIndex(costs)]?.focus();
}
