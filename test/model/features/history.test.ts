import fc from "fast-check";
import { expect, test } from "vitest";
import { coverageHours, History } from "../../../src/model/features/history.js";
import { firstHour, missing, observed, weather, withGaps } from "../support/series.js";

function filled(rows: readonly ArrayLike<number>[]): History {
  const history = new History();
  rows.forEach((row, t) => {
    history.push(firstHour + t, row);
  });
  return history;
}

test("a gap is filled with the last value before it, never with one after it", () => {
  fc.assert(
    fc.property(fc.nat(), fc.integer({ min: 1, max: 250 }), (seed, hours) => {
      const rows = withGaps(weather(hours, 3), seed);
      const history = filled(rows);
      const last = rows.findLast((row) => !Number.isNaN(row[0]))?.[0] ?? Number.NaN;
      expect(history.temperatureAt(0)).toBe(last);
    }),
    { numRuns: 30 },
  );
});

test("the first value fills the past; before it there is none", () => {
  const history = filled([observed(Number.NaN), observed(Number.NaN)]);
  expect(history.temperatureAt(0)).toBeNaN();
  expect(history.dewPointAt(0)).toBeNaN();
  history.push(firstHour + 2, observed(7, 3));
  for (const lag of [0, 1, 95, 168]) {
    expect(history.temperatureAt(lag)).toBe(7);
    expect(history.dewPointAt(lag)).toBe(3);
  }
});

test("a carried dew point does not stay above a temperature that has fallen below it", () => {
  const history = filled([observed(10, 8), observed(5)]);
  expect(history.dewPointAt(0)).toBe(5);
  expect(history.dewPointAt(1)).toBe(8);
});

test("lags are trusted once half a week was observed", () => {
  const history = new History();
  let hour = firstHour;
  for (let n = 1; n <= coverageHours / 2; n++) {
    expect(history.covered).toBe(false);
    history.push(hour++, observed(5, 1));
  }
  expect(history.covered).toBe(true);
  for (let n = 0; n < coverageHours / 2; n++) {
    history.push(hour++, missing);
    expect(history.covered).toBe(true);
  }
  history.push(hour++, missing);
  expect(history.covered).toBe(false);
});

test("a gap of more than a week clears the past", () => {
  const history = filled(weather(300, 4));
  let hour = firstHour + 300;
  for (let n = 0; n < 400; n++) history.push(hour++, missing);
  history.push(hour, observed(-20, -25));
  expect(history.covered).toBe(false);
  expect(history.temperatureMean(0, 168)).toBe(-20);
  expect(history.dewPointMean(24)).toBe(-25);
  expect(history.slowMean).toBe(-20);
});

test("pressure, wind and cloud are carried over gaps of up to six hours", () => {
  const history = new History();
  history.push(firstHour, Float64Array.of(10, 5, 1009, 4, 270, 8));
  for (let silent = 1; silent <= 8; silent++) {
    history.push(firstHour + silent, observed(10, 5));
    const carried = silent <= 6;
    expect(history.helperAt("pressure", 0)).toBe(carried ? 1009 : Number.NaN);
    expect(history.helperAt("cloud", 0)).toBe(carried ? 8 : Number.NaN);
    expect(history.helperAt("windSpeed", 0)).toBe(carried ? 4 : Number.NaN);
    expect(history.helperAt("pressure", silent)).toBe(1009);
  }
});

test("wind is split into components towards east and north, 0 without a direction", () => {
  const history = new History();
  let hour = firstHour;
  const wind = (speed: number, direction: number) => {
    hour++;
    history.push(hour, Float64Array.of(10, 5, 1013, speed, direction, 0));
    return [history.helperAt("windEast", 0), history.helperAt("windNorth", 0), history.helperAt("windSpeed", 0)];
  };
  const close = (actual: number[], expected: number[]) => {
    for (const [i, value] of expected.entries()) expect(actual[i]).toBeCloseTo(value, 12);
  };
  close(wind(5, 270), [5, 0, 5]); // a west wind blows towards the east
  close(wind(5, 180), [0, 5, 5]);
  close(wind(5, 360), [0, -5, 5]);
  close(wind(0, 0), [0, 0, 0]);
  close(wind(3, Number.NaN), [0, 0, 3]);
});

test("a row may end after the dew point", () => {
  const [short, long] = [new History(), new History()];
  short.push(firstHour, [10, 5]);
  long.push(firstHour, observed(10, 5));
  expect(short.state).toEqual(long.state);
});
