import { greatest } from "d3";
import { cosTurns, sinTurns } from "../../model/arithmetic/deterministicMath.js";
import { bearingNames, networkScale, pointFeatureNames } from "../../model/features/networkFeatures.js";
import { fieldCount } from "../../model/network/anomalies.js";
import { pointCount, pointsOfRing, ringRadiiKm } from "../../model/network/points.js";
import type { Variable } from "../../model/vocabulary.js";
import type { SnapshotWeights } from "../../shared/published/stationModel.js";
import { chartFigure } from "../chart/chartFigure.js";
import { foldedTable, numberColumn, textColumn } from "../ui/dataTable.js";
import { html, svg } from "../ui/html.js";
import { formatSigned } from "../ui/units.js";
import { densityKey, densityOf } from "./weightMap.js";

/** What each field has to be for its weight to count, in the order of the fields. */
const conditions = [
  "temperature 5 °C above usual",
  "temperature up 5 °C in 6 h",
  "dew point 5 °C above usual",
  "pressure 8 hPa above usual",
  "pressure up 3 hPa in 3 h",
] as const;
const places = ["at the station", ...ringRadiiKm.flatMap((km) => bearingNames.map((bearing) => `${km} km ${bearing}`))];

interface NetworkWeightOptions {
  variable: Variable;
  leadHours: number;
}

/** °C that the forecast changes when a field at a point is as in `conditions`: point × field; null outside a network. */
function effects(weights: SnapshotWeights | null, { variable, leadHours }: NetworkWeightOptions): number[][] | null {
  if (!weights) return null;
  const { features, leads, rows } = weights[variable];
  const first = features.indexOf(pointFeatureNames[0]!);
  const column = leads.indexOf(leadHours);
  if (first < 0 || column < 0) return null;
  return places.map((_, point) =>
    conditions.map((_, field) => rows[first + point * fieldCount + field]![column]! * networkScale),
  );
}

/**
 * A wheel for each field of the network: the station in the middle, around it the rings of points, north above. Colour
 * shows the sign of the weight, density the square root of its size. Empty outside a network.
 */
export function networkWheels(weights: SnapshotWeights | null, options: NetworkWeightOptions): HTMLElement {
  const values = effects(weights, options);
  if (!values) return html`<div></div>`;
  const all = values.flatMap((ofPoint, point) => ofPoint.map((value, field) => ({ value, point, field })));
  const largest = greatest(all, ({ value }) => Math.abs(value))!;
  const scale = Math.abs(largest.value) || 1;
  const wheels = html`<div class="wheels">${conditions.map(
    (condition, field) => html`<div>
      ${wheel(
        values.map((ofPoint) => ofPoint[field]!),
        scale,
      )}
      <span>${condition}</span>
    </div>`,
  )}</div>`;
  return chartFigure(wheels, {
    code: import.meta.url,
    label: `Weights of the network ${options.leadHours} hours ahead, at ${pointCount} points. The largest is ${formatSigned(largest.value, 2)} °C for ${conditions[largest.field]} ${places[largest.point]}.`,
    caption: html`<span>${densityKey(scale)} °C that the forecast changes when the field at a point is as written; density goes with the square root</span>`,
  });
}

/** Radius of a wheel, pixels; each ring has the same width, whatever its distance. */
const radius = 64;
const ringWidth = radius / (ringRadiiKm.length + 0.5);

function wheel(values: readonly number[], scale: number): SVGElement {
  const size = radius + 14;
  const paths = values.map((value, point) => {
    const density = densityOf(value, scale);
    const fill = value < 0 ? "var(--forecast)" : "var(--persistence)";
    return svg`<path d=${sector(point)} fill=${fill} fill-opacity=${density} stroke="var(--chart-frame)" stroke-width="0.5"></path>`;
  });
  return svg`<svg viewBox=${`${-size} ${-size} ${2 * size} ${2 * size}`}>${paths}
    <text y=${-radius - 3} text-anchor="middle">N</text></svg>`;
}

/** The outline of a point's part of the wheel: a disc, or a sector of a ring around its bearing. */
function sector(point: number): string {
  const inner = ringWidth / 2;
  if (point === 0) return `M0,${-inner}A${inner},${inner} 0 1 1 0,${inner}A${inner},${inner} 0 1 1 0,${-inner}z`;
  const ring = Math.floor((point - 1) / pointsOfRing);
  const bearing = ((point - 1) % pointsOfRing) / pointsOfRing;
  const [from, to] = [inner + ring * ringWidth, inner + (ring + 1) * ringWidth];
  const [start, end] = [bearing - 0.5 / pointsOfRing, bearing + 0.5 / pointsOfRing];
  const at = (turns: number, distance: number) =>
    `${(sinTurns(turns) * distance).toFixed(1)},${(-cosTurns(turns) * distance).toFixed(1)}`;
  return `M${at(start, from)}A${from},${from} 0 0 1 ${at(end, from)}L${at(end, to)}A${to},${to} 0 0 0 ${at(start, to)}z`;
}

/** The same numbers as a table; empty outside a network. */
export function networkWeightTable(weights: SnapshotWeights | null, options: NetworkWeightOptions): HTMLElement {
  const values = effects(weights, options);
  if (!values) return html`<div></div>`;
  return foldedTable(
    "The weights of the network",
    places.map((place, point) => ({ place, ofPoint: values[point]! })),
    [
      textColumn("°C of the forecast for", ({ place }) => place),
      ...conditions.map((condition, field) =>
        numberColumn(condition, ({ ofPoint }: { ofPoint: number[] }) => formatSigned(ofPoint[field]!, 3)),
      ),
    ],
  );
}
