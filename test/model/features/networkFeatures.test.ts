import { expect, test } from "vitest";
import {
  hourlyNetworkFeatureNames,
  NetworkFeatures,
  networkFeatureNames,
} from "../../../src/model/features/networkFeatures.js";
import { fieldCount } from "../../../src/model/network/anomalies.js";
import { fieldValueCount } from "../../../src/model/network/fields.js";
import { bearingTurns, pointCount, ringRadiiKm } from "../../../src/model/network/points.js";

/** Fields that rise steadily towards east and north: a value per field and km. */
function slope(toEast: readonly number[], toNorth: readonly number[], level = 0): Float32Array {
  const out = new Float32Array(fieldValueCount).fill(level);
  ringRadiiKm.forEach((radius, ring) => {
    bearingTurns.forEach((turns, p) => {
      const [east, north] = [radius * Math.sin(2 * Math.PI * turns), radius * Math.cos(2 * Math.PI * turns)];
      for (let field = 0; field < fieldCount; field++)
        out[(1 + ring * 6 + p) * fieldCount + field]! += toEast[field]! * east + toNorth[field]! * north;
    });
  });
  return out;
}

function featuresOf(fields: Float32Array, cosDay = 1, sinDay = 0) {
  const features = new NetworkFeatures();
  features.compute(fields, cosDay, sinDay);
  const named = (names: readonly string[], values: Float64Array) => {
    const map = new Map(names.map((name, i) => [name, values[i]!]));
    return (name: string) => {
      const value = map.get(name);
      if (value === undefined) throw new Error(`no ${name}`);
      return value;
    };
  };
  return {
    features,
    full: named(networkFeatureNames, features.full),
    hourly: named(hourlyNetworkFeatureNames, features.hourly),
  };
}

test("there are 188 features of the network, 65 for one hour of the day, and each has a name of its own", () => {
  expect([networkFeatureNames.length, hourlyNetworkFeatureNames.length]).toEqual([188, 65]);
  expect(new Set([...networkFeatureNames, ...hourlyNetworkFeatureNames]).size).toBe(188 + 65 - fieldCount);
  expect(pointCount * fieldCount).toBe(125);
});

test("the gradient of a ring is the slope times its radius, and the mean is the level", () => {
  const { hourly, full } = featuresOf(slope([1e-3, 0, 0, 0, 0], [0, 0, 2e-3, 0, 0], 0.25), 0.5, 0.25);
  for (const km of ringRadiiKm) {
    expect(hourly(`T′ mean at ${km} km`)).toBeCloseTo(0.25 * 0.45, 6);
    expect(hourly(`T′ gradient to E at ${km} km`)).toBeCloseTo(1e-3 * km * 0.45, 6);
    expect(hourly(`T′ gradient to N at ${km} km`)).toBeCloseTo(0, 6);
    expect(hourly(`Td′ gradient to N at ${km} km`)).toBeCloseTo(2e-3 * km * 0.45, 6);
  }
  expect(full("T′ gradient to E at 500 km × cos day")).toBeCloseTo(0.5 * 0.5 * 0.5, 6);
  expect(full("T′ gradient to E at 500 km × sin day")).toBeCloseTo(0.25 * 0.5 * 0.5, 6);
  expect(full("T′ here")).toBeCloseTo(0.25 * 0.5, 6);
});

test("advection is positive where the wind along the isobars comes from the warm side", () => {
  // High pressure in the east and warm air in the south: the wind in the northern hemisphere blows from the south.
  const southerly = featuresOf(slope([0, 0, 0, 1e-3, 0], [-1e-3, 0, 0, 0, 0])).full;
  expect(southerly("advection of T′ at 200 km by p′ at 500 km")).toBeCloseTo(4 * 0.5 * 0.2 * 0.5, 5);
  const along = featuresOf(slope([1e-3, 0, 0, 1e-3, 0], [0, 0, 0, 0, 0])).full;
  expect(along("advection of T′ at 200 km by p′ at 500 km")).toBeCloseTo(0, 6);
});
