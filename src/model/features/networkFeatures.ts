import { cosTurns, sinTurns } from "../arithmetic/deterministicMath.js";
import { fieldCount, fieldNames } from "../network/anomalies.js";
import { fieldValueCount } from "../network/fields.js";
import { bearingTurns, pointsOfRing, ringRadiiKm } from "../network/points.js";

const [temperature, , dewPoint, pressure] = [0, 1, 2, 3];
/** Rings whose means and gradients enter products. */
const nearRings = [0, 1, 2];
const dailyFields = [temperature, dewPoint, pressure];
/** The prior variance of weights on the network is smaller than that of the station's own features. */
export const networkScale = 0.5;
const hourlyScale = 0.45;
/** Points of the random features: the centre and the two inner rings, with the fields they see and their scales. */
const weatherPoints = 1 + 2 * pointsOfRing;
const weatherFields = [
  { field: temperature, scale: 2 },
  { field: 1, scale: 2 },
  { field: pressure, scale: 2 },
  { field: 4, scale: 1.5 },
];

export const bearingNames = ["N", "ENE", "ESE", "S", "WSW", "WNW"];
const pointNames = ["here", ...ringRadiiKm.flatMap((km) => bearingNames.map((bearing) => `${km} km ${bearing}`))];
const shapes = ["mean", "gradient to E", "gradient to N"] as const;
const shapeName = (field: number, ring: number, shape: number) =>
  `${fieldNames[field]} ${shapes[shape]} at ${ringRadiiKm[ring]} km`;

/** Names of the values of the fields at the points: point × field. */
export const pointFeatureNames: readonly string[] = pointNames.flatMap((point) =>
  fieldNames.map((field) => `${field} ${point}`),
);
/** Names of the network's features in the regressions, in order. */
export const networkFeatureNames: readonly string[] = [
  ...pointFeatureNames,
  ...nearRings.flatMap((ring) =>
    dailyFields.flatMap((field) =>
      shapes.flatMap((_, shape) => ["cos day", "sin day"].map((day) => `${shapeName(field, ring, shape)} × ${day}`)),
    ),
  ),
  ...nearRings.flatMap((from) =>
    nearRings.map((to) => `advection of T′ at ${ringRadiiKm[to]} km by p′ at ${ringRadiiKm[from]} km`),
  ),
];
/** The same for the regressions of one hour of the day. */
export const hourlyNetworkFeatureNames: readonly string[] = [
  ...fieldNames.map((field) => `${field} here`),
  ...ringRadiiKm.flatMap((_, ring) =>
    shapes.flatMap((_, shape) => fieldNames.map((_, field) => shapeName(field, ring, shape))),
  ),
];
/** Number of inputs that random features take from the network. */
export const networkWeatherCount = weatherPoints * weatherFields.length;

const east = bearingTurns.map(sinTurns);
const north = bearingTurns.map(cosTurns);

/** A sum of values at points, each times its factor. `at` is the index of a value, point × field. */
type Terms = readonly { at: number; factor: number }[];

/** The sum that each feature of the network is proportional to, by name; advection is not linear and has none. */
export const linearTerms: ReadonlyMap<string, Terms> = new Map([
  ...pointNames.flatMap((name, point) =>
    fieldNames.map((field, f): [string, Terms] => [`${field} ${name}`, [{ at: point * fieldCount + f, factor: 1 }]]),
  ),
  ...ringRadiiKm.flatMap((_, ring) =>
    shapes.flatMap((_, shape) =>
      fieldNames.flatMap((_, field) => {
        const factors = [east.map(() => 1), east, north][shape]!;
        const terms = factors.map((factor, p) => ({ at: ringIndex(ring, p) * fieldCount + field, factor }));
        const name = shapeName(field, ring, shape);
        return [name, `${name} × cos day`, `${name} × sin day`].map((feature): [string, Terms] => [feature, terms]);
      }),
    ),
  ),
]);

/** The index of a point of a ring among all points. */
function ringIndex(ring: number, point: number): number {
  return 1 + ring * pointsOfRing + point;
}

/** The features that experts take from the fields around the station, computed once an hour. */
export class NetworkFeatures {
  /** Values at the points, products with the time of day, and advection: scaled. */
  readonly full = new Float64Array(networkFeatureNames.length);
  /** Values here, then means and gradients of the rings: scaled. */
  readonly hourly = new Float64Array(hourlyNetworkFeatureNames.length);
  /** Inputs of the random features: field × point. */
  readonly weather = new Float64Array(networkWeatherCount);
  /** ring × shape × field */
  private readonly shapes = new Float64Array(ringRadiiKm.length * shapes.length * fieldCount);

  /**
   * @param fields point × field
   * @param cosDay cosine of the hour of the day
   */
  compute(fields: ArrayLike<number>, cosDay: number, sinDay: number): void {
    this.computeShapes(fields);
    const shape = (ring: number, which: number, field: number) =>
      this.shapes[(ring * shapes.length + which) * fieldCount + field];
    let i = 0;
    for (; i < fieldValueCount; i++) this.full[i] = fields[i] * networkScale;
    for (const ring of nearRings)
      for (const field of dailyFields)
        for (let which = 0; which < shapes.length; which++) {
          const value = shape(ring, which, field) * networkScale;
          this.full[i++] = value * cosDay;
          this.full[i++] = value * sinDay;
        }
    // The wind blows along the lines of equal pressure, so it carries warmth where the gradients of both cross.
    for (const from of nearRings)
      for (const to of nearRings) {
        const [pressureE, pressureN] = [shape(from, 1, pressure), shape(from, 2, pressure)];
        const [warmthE, warmthN] = [shape(to, 1, temperature), shape(to, 2, temperature)];
        this.full[i++] = 4 * (pressureN * warmthE - pressureE * warmthN) * networkScale;
      }
    for (let field = 0; field < fieldCount; field++) this.hourly[field] = fields[field] * hourlyScale;
    for (let k = 0; k < this.shapes.length; k++) this.hourly[fieldCount + k] = this.shapes[k] * hourlyScale;
    let w = 0;
    for (const { field, scale } of weatherFields)
      for (let point = 0; point < weatherPoints; point++)
        this.weather[w++] = fields[point * fieldCount + field] * scale;
  }

  private computeShapes(fields: ArrayLike<number>): void {
    for (let ring = 0; ring < ringRadiiKm.length; ring++)
      for (let field = 0; field < fieldCount; field++) {
        let [sum, toEast, toNorth] = [0, 0, 0];
        for (let p = 0; p < pointsOfRing; p++) {
          const value = fields[ringIndex(ring, p) * fieldCount + field];
          sum += value;
          toEast += value * east[p];
          toNorth += value * north[p];
        }
        const at = ring * shapes.length * fieldCount + field;
        this.shapes[at] = sum / pointsOfRing;
        this.shapes[at + fieldCount] = toEast / 3;
        this.shapes[at + 2 * fieldCount] = toNorth / 3;
      }
  }
}
