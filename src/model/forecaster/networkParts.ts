import type { Contribution } from "../experts/expert.js";
import { linearTerms, networkFeatureNames } from "../features/networkFeatures.js";
import { fieldCount } from "../network/anomalies.js";
import { fieldValueCount } from "../network/fields.js";
import { pointsOfRing, ringRadiiKm } from "../network/points.js";

/** What a positive and a negative value of each field mean, in the order of `fieldNames`. */
const fieldWords = [
  ["warmer air", "colder air"],
  ["warming", "cooling"],
  ["moister air", "drier air"],
  ["higher pressure", "lower pressure"],
  ["pressure rising", "pressure falling"],
] as const;
const bearingWords = ["north", "east-northeast", "east-southeast", "south", "west-southwest", "west-northwest"];

/** The place of each point around a station, in words. */
export const pointPlaces: readonly string[] = [
  "nearby",
  ...ringRadiiKm.flatMap((km) => bearingWords.map((bearing) => `${km} km to the ${bearing}`)),
];

/** The part of all features that multiply gradients of pressure and temperature. */
export const advectionPart = "air carried by the wind";

/** The point of each part of the network, by the part's name. */
const pointOfPart = new Map<string, number>(
  pointPlaces.flatMap((place, point) =>
    fieldWords.flat().map((words): [string, number] => [`${words} ${place}`, point]),
  ),
);

/** The index of the point around the station that a part is about; undefined for parts that are not about one. */
export function pointOf(part: string): number | undefined {
  return pointOfPart.get(part);
}

/** Degrees clockwise from north and km of a point around the station, given by its index. */
export function positionOfPoint(point: number): { bearing: number; km: number } {
  if (point === 0) return { bearing: 0, km: 0 };
  const ring = Math.floor((point - 1) / pointsOfRing);
  return { bearing: (((point - 1) % pointsOfRing) * 360) / pointsOfRing, km: ringRadiiKm[ring]! };
}

/**
 * Replaces the contributions of the network's features by those of the values that they are made of: one part for each
 * field at each point, named by what is there now, such as "warmer air 500 km to the west-northwest". They add up to the same.
 * @param fields of the hour of issue, point × field; empty outside a network
 */
export function byPoint(contributions: readonly Contribution[], fields: ArrayLike<number>): Contribution[] {
  const others: Contribution[] = [];
  const ofValues = new Float64Array(fieldValueCount);
  let advectionC = 0;
  for (const contribution of contributions) {
    const { feature, contributionC } = contribution;
    const terms = linearTerms.get(feature);
    if (terms) {
      // In the order of the feature itself, so that this is the number that was multiplied by the weight.
      let sum = 0;
      for (const { at, factor } of terms) sum += fields[at]! * factor;
      const perUnit = sum === 0 ? 0 : contributionC / sum;
      for (const { at, factor } of terms) ofValues[at] += perUnit * fields[at]! * factor;
    } else if (networkFeatures.has(feature)) advectionC += contributionC;
    else others.push(contribution);
  }
  if (fields.length === 0) return others;
  const parts = Array.from(ofValues, (contributionC, at) => ({ feature: partName(at, fields[at]!), contributionC }));
  return [...others, ...parts, { feature: advectionPart, contributionC: advectionC }];
}

const networkFeatures = new Set(networkFeatureNames);

function partName(at: number, value: number): string {
  const words = fieldWords[at % fieldCount]![value < 0 ? 1 : 0];
  return `${words} ${pointPlaces[Math.floor(at / fieldCount)]}`;
}
