import fc from "fast-check";
import { describe, expect, test } from "vitest";
import { isothermPath, isotherms, labelPlaces, levelsBetween } from "../../../src/components/stations/isotherms.js";

/** Places on a grid of 7 × 5, 10 pixels apart. */
const grid = (degrees: number, valueAt: (x: number, y: number) => number) =>
  Array.from({ length: 35 }, (_, i) => {
    const [x, y] = [i % 7, Math.floor(i / 7)];
    const place = { longitude: -90 + x * degrees, latitude: 40 - y * degrees };
    return { x: 10 * x, y: 10 * y, ...place, value: valueAt(x, y) };
  });

describe("isotherms", () => {
  test("of values that rise to the east run from north to south, each once, in order", () => {
    const lines = isotherms(
      grid(3, (x) => 4 * x),
      [6, 12, 18],
    );
    expect(lines.map(({ level, isClosed }) => [level, isClosed])).toEqual([6, 12, 18].map((level) => [level, false]));
    for (const { level, points } of lines) {
      for (const [x] of points) expect(Math.abs(x - (10 * level) / 4)).toBeLessThan(3);
      const rows = points.map(([, y]) => y);
      expect([Math.min(...rows), Math.max(...rows)]).toEqual([0, 40]);
    }
    // A straight line along the middle column, and its label: not near an end, where the rest would look like a minus sign.
    expect(isothermPath(lines[1]!)).toMatch(/^M30,/);
    const long = { ...lines[1]!, points: lines[1]!.points.map(([x, y]): [number, number] => [x, 10 * y]) };
    const places = labelPlaces(long, 20);
    expect(Math.abs(places[0]![1] - 200)).toBeLessThan(30);
    for (const [, y] of places) expect(Math.abs(y - 200)).toBeLessThan(200 - 10);
    expect(labelPlaces(lines[1]!, 20)).toEqual([]);
  });

  test("close around a warm place", () => {
    const lines = isotherms(
      grid(3, (x, y) => (x === 3 && y === 2 ? 20 : 0)),
      [8],
    );
    expect(lines.map(({ isClosed }) => isClosed)).toEqual([true]);
  });

  test("are not drawn between sparse places, nor where all values are equal", () => {
    const rising = (x: number) => 4 * x;
    expect(isotherms(grid(12, rising), [6, 12])).toEqual([]);
    expect(isotherms(grid(3, rising).slice(0, 7), [6, 12])).toEqual([]);
    expect(
      isotherms(
        grid(3, () => 5),
        [5],
      ),
    ).toEqual([]);
    expect(isotherms([], [5])).toEqual([]);
  });
});

test("levels are between the values, at the widest step that gives three", () => {
  expect(levelsBetween([16, 41], { steps: [5, 2], bold: 0 })).toEqual([20, 25, 30, 35, 40]);
  expect(levelsBetween([16, 23], { steps: [5, 2], bold: 0 })).toEqual([18, 20, 22]);
  expect(levelsBetween([15, 55], { steps: [10, 5], bold: 32 })).toEqual([20, 40, 50, 32]);
  expect(levelsBetween([], { steps: [5, 2], bold: 0 })).toEqual([]);
  const values = fc.array(fc.double({ min: -50, max: 50, noNaN: true }), { minLength: 1, maxLength: 9 });
  fc.assert(
    fc.property(values, (some) => {
      for (const level of levelsBetween(some, { steps: [10, 5], bold: 32 }))
        expect(level > Math.min(...some) && level < Math.max(...some)).toBe(true);
    }),
  );
});
