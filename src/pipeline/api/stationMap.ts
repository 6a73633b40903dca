import { createRequire } from "node:module";
import {
  type GeoPermissibleObjects,
  type GeoProjection,
  geoAzimuthalEqualArea,
  geoCentroid,
  geoDistance,
  geoEqualEarth,
  geoGraticule,
  geoPath,
} from "d3";
import type { MultiPoint } from "geojson";
import { feature, mesh } from "topojson-client";
import type { GeometryCollection, Topology } from "topojson-specification";
import type { StationMap } from "../../shared/published/stationMap.js";
import type { StationSummary } from "../../shared/published/stationSummary.js";
import { compactPath } from "./compactPath.js";

type Atlas = Topology<Record<string, GeometryCollection>>;

const require = createRequire(import.meta.url);
const atlas = (name: string) => require(name) as Atlas;

const size = { width: 1000, height: 460 };
const radians = Math.PI / 180;

/** Stations farther than this from their centre need a world map. */
const regionRadius = 35 * radians;

/** Points of outlines are at least so many pixels apart: a third of the file, hardly seen at the width of a page. */
const coarseness = 2;

/** Smallest width of a regional map, degrees. */
const smallestRegion = 8;

/** Stations of the network within this distance of another one widen the map: the model sees no farther. */
const aroundRadius = 1800 / 6371;

/** A place of a map, degrees. */
type Located<Name extends string> = Record<Name, string> & Pick<StationSummary, "longitude" | "latitude">;

/**
 * The map of these stations: an equal-area map of their region, or a world map when they are far apart. Outlines are
 * from Natural Earth, through world-atlas and us-atlas.
 * @param network stations that are shown too, if they are on the map
 */
export function stationMap(
  stations: readonly Located<"key">[],
  network: readonly Located<"stationId">[] = [],
): StationMap {
  const own = stations.map(coordinatesOf);
  const around = network.map(coordinatesOf).filter((place) => own.some((s) => geoDistance(s, place) <= aroundRadius));
  const points: MultiPoint = { type: "MultiPoint", coordinates: [...own, ...around] };
  const middle = geoCentroid(points);
  const radius = Math.max(...points.coordinates.map((point) => geoDistance(middle, point as [number, number])));
  const isRegion = radius <= regionRadius;
  const projection = isRegion ? region(points, middle) : world(points);
  const exact = geoPath(projection).digits(1);
  const path = (shape: GeoPermissibleObjects) => compactPath(exact(shape) ?? "", coarseness);
  const land = atlas(isRegion ? "world-atlas/land-50m.json" : "world-atlas/land-110m.json");
  const borders = isRegion
    ? ["world-atlas/countries-50m.json", "us-atlas/states-10m.json"].map((name) => {
        const topology = atlas(name);
        return path(mesh(topology, topology.objects.countries ?? topology.objects.states, (a, b) => a !== b));
      })
    : [];
  return {
    schemaVersion: 1,
    ...size,
    land: path(feature(land, land.objects.land!)),
    borders: borders.join(""),
    graticule: path(geoGraticule().step(isRegion ? [5, 5] : [20, 20])()),
    places: stations.map((station) => ({ key: station.key, ...positionOn(projection, station) })),
    ...(network.length > 0 && {
      network: network.flatMap((station) => {
        const { stationId, longitude, latitude } = station;
        const position = positionOn(projection, station);
        if (!(0 <= position.x && position.x <= size.width && 0 <= position.y && position.y <= size.height)) return [];
        // Towards the equator where the pole is near, because beyond a pole the other direction is north.
        const step = latitude > 0 ? -0.5 : 0.5;
        const [x, y] = projection([longitude, latitude + step])!;
        const turned = Math.atan2((x - position.x) * step, (position.y - y) * step);
        return { stationId, ...position, north: Math.round(turned / radians) };
      }),
    }),
  };
}

function coordinatesOf({ longitude, latitude }: Located<never>): [number, number] {
  return [longitude, latitude];
}

function positionOn(projection: GeoProjection, { longitude, latitude }: Located<never>): { x: number; y: number } {
  const [x, y] = projection([longitude, latitude])!;
  return { x: Math.round(x * 10) / 10, y: Math.round(y * 10) / 10 };
}

/** A world map, cropped to the stations. */
function world(points: MultiPoint): GeoProjection {
  const projection = geoEqualEarth().rotate([-middleLongitude(points.coordinates.map((point) => point[0]!)), 0]);
  const whole = projection.fitSize([size.width, size.height], { type: "Sphere" }).scale();
  fitTo(projection, points);
  if (!(projection.scale() >= whole)) projection.fitSize([size.width, size.height], { type: "Sphere" });
  return clipped(projection);
}

/**
 * The longitude opposite the middle of the widest gap between the given ones, degrees east. The Pacific, where maps are
 * usually cut, is preferred to slightly wider gaps.
 */
export function middleLongitude(longitudes: readonly number[]): number {
  const sorted = [...longitudes].sort((a, b) => a - b);
  const preference = (i: number) => (i === sorted.length - 1 ? 30 : 0);
  const gaps = sorted.map((longitude, i) => {
    const width = (sorted[i + 1] ?? sorted[0]! + 360) - longitude;
    return { middle: longitude + width / 2, rank: width + preference(i) };
  });
  const widest = gaps.reduce((best, gap) => (gap.rank > best.rank ? gap : best));
  return ((widest.middle + 360) % 360) - 180;
}

/** A map of the region, centred on the stations. */
function region(points: MultiPoint, middle: [number, number]): GeoProjection {
  const projection = geoAzimuthalEqualArea().rotate([-middle[0], -middle[1]]);
  fitTo(projection, points);
  const largest = size.width / (smallestRegion * radians);
  if (!(projection.scale() <= largest)) {
    projection.scale(largest).translate([0, 0]);
    // The centre is near most stations, so a single distant one could be off the map.
    const [[left, top], [right, bottom]] = geoPath(projection).bounds(points);
    projection.translate([(size.width - left - right) / 2, (size.height - top - bottom) / 2]);
  }
  return clipped(projection);
}

/** Fits the map to the stations, with room for labels at the edges. */
function fitTo(projection: GeoProjection, points: MultiPoint): void {
  const room = { x: size.width * 0.1, y: size.height * 0.12 };
  const corners: [[number, number], [number, number]] = [
    [room.x, room.y],
    [size.width - room.x, size.height - room.y],
  ];
  projection.fitExtent(corners, points);
}

function clipped(projection: GeoProjection): GeoProjection {
  return projection.clipExtent([
    [0, 0],
    [size.width, size.height],
  ]);
}
