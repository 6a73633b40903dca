import { expect, test } from "vitest";
import { nextExtremes } from "../../../src/components/forecast/issuedForecast.js";
import type { ForecastHour } from "../../../src/shared/published/stationForecast.js";
import { hourMs } from "../../../src/shared/time.js";

const none = { p025: null, p10: null, p25: null, p50: null, p75: null, p90: null, p975: null };
const forecast = (...values: number[]): ForecastHour[] =>
  values.map((valueC, i) => ({ leadHours: i + 1, validTime: (i + 1) * hourMs, valueC, ...none }));
const extremes = (...values: number[]) =>
  nextExtremes(forecast(...values)).map(({ kind, hour }) => [kind, hour.leadHours]);

test("extremes are the first hours with the lowest and the highest value of the next day, in order of time", () => {
  expect(extremes(5, 3, 3, 9, 9)).toEqual([
    ["low", 2],
    ["high", 4],
  ]);
  const later = Array.from({ length: 24 }, (_, i) => i);
  expect(extremes(...later, -50, 50)).toEqual([
    ["low", 1],
    ["high", 24],
  ]);
});

test("there are no extremes without a forecast or if all values are equal", () => {
  expect(extremes()).toEqual([]);
  expect(extremes(4, 4, 4)).toEqual([]);
});
