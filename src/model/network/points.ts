import { cosTurns, exp, sinTurns } from "../arithmetic/deterministicMath.js";

/** A place on Earth, degrees. */
export interface Place {
  latitude: number;
  longitude: number;
}

/** Radii of the rings of points around a station, km. */
export const ringRadiiKm = [200, 500, 1000, 1800] as const;
export const pointsOfRing = 6;
/** The centre, then the points of each ring at bearings of 0, 60 … 300°. */
export const pointCount = 1 + ringRadiiKm.length * pointsOfRing;
/** Bearings of the points of a ring as fractions of a turn, clockwise from north. */
export const bearingTurns: readonly number[] = Array.from({ length: pointsOfRing }, (_, i) => i / pointsOfRing);

/** Standard deviation of the weights around the centre, km. Around other points it is half their radius. */
const centreSpreadKm = 60;
const smallestWeight = 0.001;
const earthRadiusKm = 6371;

/** Distance east and north of the station, km, and standard deviation of the weights, km. */
const points = [
  { east: 0, north: 0, spread: centreSpreadKm },
  ...ringRadiiKm.flatMap((radius) =>
    bearingTurns.map((turns) => ({
      east: radius * sinTurns(turns),
      north: radius * cosTurns(turns),
      spread: radius / 2,
    })),
  ),
];

/**
 * The weights of another station at each point around a station: exp(-d²/2σ²), 0 below 0.001, with d the distance in
 * the plane that shows great-circle distance and initial bearing as they are. Single precision.
 */
export function pointWeights(centre: Place, other: Place): Float32Array {
  const [east, north] = positionKm(centre, other);
  return Float32Array.from(points, (point) => {
    const x = (east - point.east) / point.spread;
    const y = (north - point.north) / point.spread;
    const weight = exp(-(x * x + y * y) / 2);
    return weight < smallestWeight ? 0 : weight;
  });
}

/** Kilometres east and north of the centre: great-circle distance (haversine formula) in the initial bearing. */
export function positionKm(centre: Place, other: Place): [number, number] {
  const latitudes = [centre.latitude / 360, other.latitude / 360] as const;
  const [sin1, sin2] = latitudes.map(sinTurns) as [number, number];
  const [cos1, cos2] = latitudes.map(cosTurns) as [number, number];
  const across = (other.longitude - centre.longitude) / 360;
  const up = sinTurns((latitudes[1] - latitudes[0]) / 2);
  const along = sinTurns(across / 2);
  const half = Math.sqrt(Math.min(1, up * up + cos1 * cos2 * along * along));
  // Rounded to the metre, because engines differ in the last bit of the arcsine.
  const distance = Math.round(2000 * earthRadiusKm * Math.asin(half)) / 1000;
  const east = sinTurns(across) * cos2;
  const north = cos1 * sin2 - sin1 * cos2 * cosTurns(across);
  const length = Math.sqrt(east * east + north * north);
  return length === 0 ? [0, distance] : [(distance * east) / length, (distance * north) / length];
}
