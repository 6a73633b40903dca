import { expect, test } from "vitest";
import { normal } from "../../../src/model/arithmetic/deterministicMath.js";
import { DriftAlarm } from "../../../src/model/scores/driftAlarm.js";

/** Number of errors until the first alarm, and its side; null without an alarm within `limit`. */
function firstAlarm(alarm: DriftAlarm, error: () => number, limit: number): { after: number; side: number } | null {
  for (let after = 1; after <= limit; after++) {
    const side = alarm.add(error());
    if (side !== 0) return { after, side };
  }
  return null;
}

test.each([1, 2, 3])("twenty-five years of white noise raise no alarm (seed %i)", (seed) => {
  expect(firstAlarm(new DriftAlarm(), normal(seed), 220_000)).toBeNull();
});

test("a constant bias is not a drift", () => {
  const next = normal(4);
  expect(firstAlarm(new DriftAlarm(), () => 3 + next(), 50_000)).toBeNull();
});

test.each([
  [2, 1],
  [-2, -1],
  [5, 1],
  [-5, -1],
])("a sensor moved by %f standard deviations alarms within days, on its side", (shift, side) => {
  const next = normal(5);
  const alarm = new DriftAlarm();
  expect(firstAlarm(alarm, next, 2000)).toBeNull();
  const found = firstAlarm(alarm, () => shift + next(), 72);
  expect(found?.side).toBe(side);
});

test("Fahrenheit instead of Celsius raises an alarm within hours", () => {
  const next = normal(6);
  const alarm = new DriftAlarm();
  expect(firstAlarm(alarm, next, 2000)).toBeNull();
  // At 15 °C the thermometer shows 59: with errors of 2 °C the forecast is 22 standard deviations too low.
  expect(firstAlarm(alarm, () => -22 + 1.8 * next(), 6)?.side).toBe(-1);
});

test("with a limit a single error raises no alarm, but a series does", () => {
  const next = normal(9);
  const alarm = new DriftAlarm(40, 4);
  expect(firstAlarm(alarm, next, 2000)).toBeNull();
  expect(alarm.add(1000)).toBe(0);
  expect(firstAlarm(alarm, next, 2000)).toBeNull();
  expect(firstAlarm(alarm, () => 1000, 20)?.side).toBe(1);
});

test("after an alarm it restarts: the new level becomes normal, and a return raises another alarm", () => {
  const next = normal(7);
  const alarm = new DriftAlarm();
  firstAlarm(alarm, next, 2000);
  expect(firstAlarm(alarm, () => 3 + next(), 100)?.side).toBe(1);
  expect(Array.from(alarm.state[0])).toEqual([0, 0, 0, 0]);
  expect(firstAlarm(alarm, () => 3 + next(), 5000)).toBeNull();
  expect(firstAlarm(alarm, next, 100)?.side).toBe(-1);
});
