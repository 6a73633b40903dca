import fc from "fast-check";
import { expect, test } from "vitest";
import {
  firstHourOfMonth,
  hourOf,
  hourOfDay,
  monthOf,
  monthOfYear,
  positionIn,
  yearTurns,
} from "../../src/model/calendar.js";

const milliseconds = 3_600_000;
const hour = fc.integer({ min: Date.UTC(1900, 0) / milliseconds, max: Date.UTC(2200, 0) / milliseconds });

test("positions in a period follow each other, also before 1970", () => {
  fc.assert(
    fc.property(hour, fc.integer({ min: 1, max: 128 }), (h, period) => {
      const place = positionIn(period, h);
      expect(place >= 0 && place < period && Number.isInteger((h - place) / period)).toBe(true);
    }),
  );
});

test("a month begins after the last hour of the month before, from 1900 to 2200", () => {
  for (let month = -840; month <= 2760; month++) {
    const first = firstHourOfMonth(month);
    expect([monthOf(first), monthOf(first - 1)]).toEqual([month, month - 1]);
    expect([monthOfYear(first), hourOfDay(first), hourOfDay(first - 1)]).toEqual([positionIn(12, month), 0, 23]);
  }
});

test("moments within an hour belong to it, also before 1970", () => {
  fc.assert(
    fc.property(hour, fc.integer({ min: 0, max: milliseconds - 1 }), (h, past) => {
      expect(hourOf(h * milliseconds + past)).toBe(h);
    }),
  );
});

test("a year has 365.2425 days, to 1 in 100,000", () => {
  const years = yearTurns(Date.UTC(2370, 0) / milliseconds) - yearTurns(Date.UTC(1970, 0) / milliseconds);
  expect(Math.abs(years / 400 - 1)).toBeLessThan(1e-5);
});
