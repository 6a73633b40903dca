import { minIndex } from "d3";
import type { NetworkNow } from "../../shared/published/networkNow.js";
import type { StationMap } from "../../shared/published/stationMap.js";
import type { StationSummary } from "../../shared/published/stationSummary.js";
import { textWidths } from "../chart/chartFigure.js";
import { tick } from "../ui/clock.js";
import { isStale } from "../ui/dataAge.js";
import { html, svg } from "../ui/html.js";
import { onPlainClick, placeName, stationAddress } from "../ui/station.js";
import { formatTemperature } from "../ui/units.js";
import { type NetworkLayer, type NetworkLayerOptions, networkMarks } from "./networkLayer.js";
import { signedPercent, skillColour, skillWords } from "./skillLayer.js";

/** What the map shows: the network, the newest data alone, or the skill against guidance. */
type MapLayer = NetworkLayer | "stations" | "skill";

interface MapChartOptions extends Omit<NetworkLayerOptions, "layer"> {
  layer?: MapLayer;
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
 * A map of the stations with their newest temperatures: a circle for fresh data, a square for stale, a ring for none; or with
 * their skill against guidance. Each is a link. One of them takes the focus, and arrow keys move it.
 */
export function mapChart(
  map: StationMap,
  stations: readonly StationSummary[],
  { width, unit = "C", network, layer, onSelect, asOf }: MapChartOptions,
): HTMLElement {
  const scale = width / map.width;
  const height = Math.round(map.height * scale);
  const byKey = new Map(stations.map((station) => [station.key, station]));
  const places = map.places.flatMap(({ key, x, y }) => {
    const station = byKey.get(key);
    if (!station) return [];
    const now = station.temperatureC === null ? "" : `${formatTemperature(station.temperatureC, unit, 0)}°`;
    const skill = station.guidanceSkill24 === null ? "" : signedPercent(station.guidanceSkill24);
    const value = layer === "skill" ? skill : now;
    return [{ station, x: x * scale, y: y * scale, text: width < 600 ? value : `${key} ${value}`.trim(), now }];
  });
  const lengths = textWidths(
    places.map(({ text }) => text),
    "map",
  );
  const points = places.map(({ x, y }, i) => ({ x, y, length: lengths[i]! }));
  const labels = placeLabels(points, { width, height });
  const marks = places.map(({ station, x, y, text, now }, i) => {
    const label = labels[i];
    const words = layer === "skill" ? `, ${skillWords(station)}` : now ? `, ${now}${unit} now` : "";
    const name = `${station.key} ${placeName(station.name)}${words}`;
    const size = station.guidanceSkill24 === null ? 0.8 : 1.4;
    const style =
      layer === "skill" ? `fill:${skillColour(station)};stroke:var(--ink-soft);transform:scale(${size})` : null;
    return svg`<a href=${stationAddress(station.key)} tabindex=${i === 0 ? 0 : -1} data-station=${station.key} aria-label=${name}
      transform=${`translate(${x},${y})`} onclick=${onPlainClick(() => onSelect?.(station.key), onSelect !== undefined)}>
      <title>${name}</title>
      <circle class="target" r="12"></circle>
      <path class="mark" d=${pointOf.fresh} style=${style}></path>
      ${label ? svg`<text x=${label.dx} y=${label.dy} text-anchor=${label.anchor}>${text}</text>` : null}
    </a>` as unknown as SVGAElement;
  });
  const linked = new Set(stations.map(({ stationId }) => stationId));
  const around =
    network && layer !== "skill" && layer !== "stations"
      ? networkMarks(map, network, { layer, unit, scale, linked })
      : null;
  const root = svg`<svg class="map" viewBox=${`0 0 ${width} ${height}`} width=${width} height=${height} role="group"
    aria-label="Map of the stations. Arrow keys move between stations." onkeydown=${(event: KeyboardEvent) => move(event, marks, places)}>
    <g transform=${`scale(${scale})`}>
      <path class="graticule" d=${map.graticule}></path>
      <path class="land" d=${map.land}></path>
      <path class="borders" d=${map.borders}></path>
    </g>
    ${around ? [around, ...marks] : marks}
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
  return html`<figure class="chart">${root}</figure>`;
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

/** A point with a label; length 0 for none. Pixels. */
interface LabelledPoint {
  x: number;
  y: number;
  length: number;
}

interface Label {
  dx: number;
  dy: number;
  anchor: "start" | "end" | "middle";
}

interface Box {
  left: number;
  top: number;
  right: number;
  bottom: number;
}

/** Pixels. */
const line = 13;

const positions: Label[] = [
  { dx: 8, dy: 4, anchor: "start" },
  { dx: -8, dy: 4, anchor: "end" },
  { dx: 0, dy: -9, anchor: "middle" },
  { dx: 0, dy: 17, anchor: "middle" },
];

/**
 * Finds a position for each label where it covers no other label or point and stays on the map; undefined if there is
 * none. Earlier points have priority.
 */
export function placeLabels(
  points: readonly LabelledPoint[],
  { width, height }: { width: number; height: number },
): (Label | undefined)[] {
  const taken: Box[] = points.map(({ x, y }) => ({ left: x - 5, right: x + 5, top: y - 5, bottom: y + 5 }));
  return points.map(({ x, y, length }, own) => {
    if (length === 0) return undefined;
    for (const position of positions) {
      const box = boxOf(x + position.dx, y + position.dy, length, position.anchor);
      const inside = box.left >= 0 && box.top >= 0 && box.right <= width && box.bottom <= height;
      if (inside && !taken.some((other, i) => i !== own && overlap(box, other))) {
        taken.push(box);
        return position;
      }
    }
    return undefined;
  });
}

function boxOf(x: number, baseline: number, length: number, anchor: Label["anchor"]): Box {
  const left = anchor === "start" ? x : anchor === "end" ? x - length : x - length / 2;
  return { left, right: left + length, top: baseline - line + 2, bottom: baseline + 2 };
}

function overlap(a: Box, b: Box): boolean {
  return a.left < b.right && b.left < a.right && a.top < b.bottom && b.top < a.bottom;
}
