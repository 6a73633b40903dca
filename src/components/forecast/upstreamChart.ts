import { sum } from "d3";
import { groupOf } from "../../model/forecaster/explanation.js";
import { pointOf, pointPlaces, positionOfPoint } from "../../model/forecaster/networkParts.js";
import { ringRadiiKm } from "../../model/network/points.js";
import type { Variable } from "../../model/vocabulary.js";
import type { StationExplanation } from "../../shared/published/stationExplanation.js";
import { chartFigure } from "../chart/chartFigure.js";
import { foldedTable, numberColumn, textColumn } from "../ui/dataTable.js";
import { html, svg } from "../ui/html.js";
import { differenceInUnit, formatSigned, type TemperatureUnit } from "../ui/units.js";

/** The largest parts are listed, the others summed. */
const mostListed = 5;

interface Part {
  part: string;
  hundredths: number;
}

/** What other stations add to a forecast, in hundredths of °C. */
export interface Upstream {
  variable: Variable;
  leadHours: number;
  /** Of every field at every point, the largest first. */
  parts: Part[];
  /** By point, in the order of the model's points. */
  points: { point: number; air: number; pressure: number }[];
}

/** What other stations add to the newest forecast at a lead; null outside a network or without a forecast. */
export function upstreamOf(data: StationExplanation, variable: Variable, leadHours: number): Upstream | null {
  const { leads, parts } = data.variables[variable];
  const index = leads.indexOf(leadHours);
  if (index < 0) return null;
  const around = parts
    .map(({ part, hundredths }) => ({ part, hundredths: hundredths[index]! }))
    .filter(({ part, hundredths }) => hundredths !== 0 && / around$/.test(groupOf(part)))
    .sort((a, b) => Math.abs(b.hundredths) - Math.abs(a.hundredths));
  if (around.length === 0) return null;
  const totalAt = (point: number, group: string) =>
    sum(around, ({ part, hundredths }) => (pointOf(part) === point && groupOf(part) === group ? hundredths : 0));
  const points = pointPlaces.map((_, point) => {
    return { point, air: totalAt(point, "air around"), pressure: totalAt(point, "pressure around") };
  });
  return { variable, leadHours, parts: around, points };
}

interface UpstreamOptions {
  unit?: TemperatureUnit;
}

/** The parts that count most, in words; the others as a sum. */
export function upstreamList(upstream: Upstream, { unit = "C" }: UpstreamOptions = {}): HTMLElement {
  const { variable, leadHours, parts } = upstream;
  const degrees = (hundredths: number) => `${formatSigned(differenceInUnit(hundredths / 100, unit), 2)} °${unit}`;
  const rest = parts.slice(mostListed);
  const quantity = variable === "temperature" ? "temperature" : "dew point";
  return html`<div>
    <p>What other stations report changes the ${quantity} forecast ${leadHours} h ahead by
    <strong>${degrees(sum(parts, ({ hundredths }) => hundredths))}</strong>. The parts that count most:</p>
    <ul>${parts.slice(0, mostListed).map(({ part, hundredths }) => html`<li>${part}: ${degrees(hundredths)}</li>`)}
      ${rest.length > 0 ? html`<li>${rest.length} smaller parts: ${degrees(sum(rest, ({ hundredths }) => hundredths))}</li>` : null}</ul>
    <p class="small muted">Warmer, moister and higher mean: than usual at that hour of the day. The model’s random
    features mix the network with the station’s own weather; they are not part of this sum.</p>
  </div>`;
}

/** Distances are written to the south-southwest, between two bearings of points. */
const [sin30, cos30] = [0.5, Math.sqrt(0.75)];

/** Radius of a circle of 1 °C, of the largest circle, and of the outermost ring, pixels. */
const degreeRadius = 26;
const largestRadius = 34;
const outerRadius = 128;

/**
 * The points around the station: the area of a circle is the size of the sum of its parts, its colour the sign. Distances are drawn
 * as their square roots, so that the inner points have room.
 */
export function upstreamChart({ points, leadHours }: Upstream, { unit = "C" }: UpstreamOptions = {}): HTMLElement {
  const size = 2 * (outerRadius + largestRadius);
  const totals = points.map(({ point, air, pressure }) => ({ point, hundredths: air + pressure }));
  const radiusOf = (km: number) => outerRadius * Math.sqrt(km / ringRadiiKm.at(-1)!);
  const bySize = [...totals].sort((a, b) => Math.abs(b.hundredths) - Math.abs(a.hundredths));
  const largest = bySize[0]!;
  const scale = Math.min(degreeRadius, largestRadius / Math.sqrt(Math.abs(largest.hundredths) / 100));
  const circles = bySize.map(({ point, hundredths }) => {
    const { bearing, km } = positionOfPoint(point);
    const angle = (bearing * Math.PI) / 180;
    const [x, y] = [radiusOf(km) * Math.sin(angle), -radiusOf(km) * Math.cos(angle)];
    const radius = scale * Math.sqrt(Math.abs(hundredths) / 100);
    return svg`<circle cx=${x.toFixed(1)} cy=${y.toFixed(1)} r=${Math.max(1, radius).toFixed(1)}
        fill=${hundredths < 0 ? "var(--forecast)" : "var(--persistence)"} fill-opacity="0.8" stroke="var(--panel)"></circle>`;
  });
  const rings = ringRadiiKm.map(
    (
      km,
    ) => svg`<g><circle r=${radiusOf(km).toFixed(1)} fill="none" stroke="var(--chart-frame)" stroke-dasharray="2 3"></circle>
      <text x=${(-radiusOf(km) * sin30).toFixed(1)} y=${(radiusOf(km) * cos30 + 4).toFixed(1)} text-anchor="end">${km} km</text></g>`,
  );
  const chart = svg`<svg width=${size} height=${size} viewBox=${`${-size / 2} ${-size / 2} ${size} ${size}`} class="upstream">
    ${circles}${rings}
    <text y=${-outerRadius - 8} text-anchor="middle">N</text>
  </svg>`;
  const degrees = `${formatSigned(differenceInUnit(largest.hundredths / 100, unit), 2)} °${unit}`;
  return chartFigure(chart, {
    code: import.meta.url,
    label: `Sums of the parts of 25 points around the station, ${leadHours} hours ahead. The largest: ${degrees}, ${pointPlaces[largest.point]}.`,
    key: [
      { label: "raises the forecast", colour: "var(--persistence)" },
      { label: "lowers it", colour: "var(--forecast)" },
    ],
    caption: `Area: the sum of the parts of a point. The largest is ${degrees}, ${pointPlaces[largest.point]}.`,
  });
}

/** The numbers of the chart: what the air and the pressure at each point add. */
export function upstreamTable({ points, parts }: Upstream, { unit = "C" }: UpstreamOptions = {}): HTMLElement {
  const degrees = (hundredths: number) => formatSigned(differenceInUnit(hundredths / 100, unit), 2);
  const elsewhere = sum(parts, ({ part, hundredths }) => (pointOf(part) === undefined ? hundredths : 0));
  const rows = [
    ...points.map(({ point, air, pressure }) => ({ place: pointPlaces[point]!, air, pressure })),
    { place: "air carried by the wind", air: elsewhere, pressure: 0 },
  ];
  return foldedTable(`Parts of the points, °${unit},`, rows, [
    textColumn("Point", ({ place }) => place),
    numberColumn("Air", ({ air }) => degrees(air)),
    numberColumn("Pressure", ({ pressure }) => degrees(pressure)),
    numberColumn("Both", ({ air, pressure }) => degrees(air + pressure)),
  ]);
}
