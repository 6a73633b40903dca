import fc from "fast-check";
import { describe, expect, test } from "vitest";
import { middleLongitude, stationMap } from "../../../src/pipeline/api/stationMap.js";

const nashville = { key: "KBNA", longitude: -86.69, latitude: 36.12 };
const denver = { key: "KDEN", longitude: -104.66, latitude: 39.83 };
const mumbai = { key: "VABB", longitude: 72.87, latitude: 19.09 };
const pole = { key: "AYM00089009", longitude: 0, latitude: -90 };
const fiji = { key: "NFFN", longitude: 177.44, latitude: -17.76 };

const placeOf = (map: ReturnType<typeof stationMap>, key: string) => map.places.find((place) => place.key === key)!;

/** Degrees. */
const offset = () => fc.oneof(fc.constant(0), fc.double({ min: -8, max: 8, noNaN: true }));

/** All points of a path with relative coordinates after the first point. */
function pointsOf(path: string): [number, number][] {
  let [x, y] = [0, 0];
  let start: [number, number] = [0, 0];
  return [...path.matchAll(/([Mmlz])([^Mmlz]*)/g)].flatMap(([, command, text = ""]): [number, number][] => {
    if (command === "z") {
      [x, y] = start;
      return [];
    }
    const [dx, dy] = (text.match(/-?\d*\.?\d+/g) ?? []).map(Number) as [number, number];
    [x, y] = command === "M" ? [dx, dy] : [x + dx, y + dy];
    if (command !== "l") start = [x, y];
    return [[x, y]];
  });
}

describe("the map of the stations", () => {
  test("shows a region with borders when the stations are near each other", () => {
    const map = stationMap([nashville, denver]);
    expect(placeOf(map, "KDEN").x).toBeLessThan(placeOf(map, "KBNA").x - 500);
    expect(placeOf(map, "KDEN").y).toBeLessThan(placeOf(map, "KBNA").y);
    expect(map.borders).toMatch(/^M[\d.]/);
    expect(map.land).not.toContain("NaN");
  });

  test("keeps all outlines within the map, and shows the borders of states", () => {
    const map = stationMap([nashville, denver, { key: "KDFW", longitude: -97.04, latitude: 32.9 }]);
    const points = [map.land, map.borders, map.graticule].flatMap(pointsOf);
    expect(points.every(([x, y]) => -1 <= x && x <= map.width + 1 && -1 <= y && y <= map.height + 1)).toBe(true);
    // The borders of Colorado and its neighbours run through the middle of the left half.
    const near = pointsOf(map.borders).filter(([x, y]) => x < map.width / 2 && Math.abs(y - map.height / 2) < 100);
    expect(near.length).toBeGreaterThan(20);
  });

  test("has room for the network within reach, and leaves out what is not on the map", () => {
    const network = [
      { stationId: "near", longitude: -71, latitude: 42.4 },
      { stationId: "far", longitude: -157.9, latitude: 21.3 },
    ];
    const map = stationMap([nashville, denver], network);
    const [near, ...others] = map.network!;
    expect([near!.stationId, others]).toEqual(["near", []]);
    expect(near!.x).toBeLessThan(map.width);
    expect(near!.x).toBeGreaterThan(placeOf(map, "KBNA").x + 100);
    // East of the middle of the map, north is to the left of up.
    expect(near!.north).toBeLessThan(-5);
    expect(stationMap([nashville, denver])).not.toHaveProperty("network");
  });

  test("shows the world when the stations are far apart, north up and east to the right", () => {
    const map = stationMap([nashville, mumbai, pole]);
    expect(placeOf(map, "KBNA").x).toBeLessThan(placeOf(map, "VABB").x);
    expect(placeOf(map, "AYM00089009").y).toBeGreaterThan(placeOf(map, "VABB").y);
    expect(map.borders).toBe("");
  });

  test("zooms to a few degrees around a single station, in the middle", () => {
    const map = stationMap([nashville]);
    expect(placeOf(map, "KBNA")).toEqual({ key: "KBNA", x: map.width / 2, y: map.height / 2 });
    const near = stationMap([nashville, { key: "near", longitude: -86.6, latitude: 36.12 }]);
    expect(placeOf(near, "near").x - placeOf(near, "KBNA").x).toBeLessThan(30);
  });

  test("does not cut the Pacific between stations on both of its sides", () => {
    const map = stationMap([fiji, { key: "PHNL", longitude: -157.9, latitude: 21.3 }, nashville]);
    expect(placeOf(map, "NFFN").x).toBeLessThan(placeOf(map, "PHNL").x);
    expect(placeOf(map, "PHNL").x).toBeLessThan(placeOf(map, "KBNA").x);
  });

  test("has every station within the map when all but one are at the same place", () => {
    const equator = { longitude: 0, latitude: 0 };
    const map = stationMap([
      { key: "south", longitude: 0, latitude: -2.7 },
      ...["a", "b", "c"].map((key) => ({ key, ...equator })),
    ]);
    const [south, north] = [placeOf(map, "south"), placeOf(map, "a")];
    expect(south.y).toBeLessThan(map.height);
    expect(north.y).toBeGreaterThan(0);
    expect(south.y + north.y).toBeCloseTo(map.height, 0);
  });

  const anywhere = fc.record({
    longitude: fc.double({ min: -180, max: 180, noNaN: true }),
    latitude: fc.double({ min: -90, max: 90, noNaN: true }),
  });
  /** Places within a few degrees of each other, also across poles and the date line. */
  const near = fc
    .tuple(anywhere, fc.array(fc.record({ east: offset(), north: offset() }), { minLength: 1, maxLength: 6 }))
    .map(([{ longitude, latitude }, offsets]) =>
      offsets.map(({ east, north }) => ({
        longitude: ((longitude + east + 540) % 360) - 180,
        latitude: Math.max(-90, Math.min(90, latitude + north)),
      })),
    );
  test.each([
    ["anywhere", fc.array(anywhere, { minLength: 1, maxLength: 5 })],
    ["near each other", near],
  ])("has every station within the map: %s", (_, places) => {
    fc.assert(
      fc.property(places, (places) => {
        const map = stationMap(places.map((other, i) => ({ ...other, key: String(i) })));
        for (const { x, y } of map.places) {
          expect(0 <= x && x <= map.width && 0 <= y && y <= map.height).toBe(true);
        }
      }),
      { numRuns: 15 },
    );
  });
});

test("the middle longitude is opposite the widest gap, with a preference for the Pacific", () => {
  expect(middleLongitude([10, 50])).toBeCloseTo(30);
  expect(middleLongitude([170, -170])).toBeCloseTo(180 - 360);
  expect(middleLongitude([-100, 73])).toBeCloseTo(-13.5);
  expect(middleLongitude([-150, -71, 72, 78])).toBeCloseTo(-36);
});
