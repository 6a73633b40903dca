import { describe, expect, test } from "vitest";
import { nightSpans, solarAltitude } from "../../../src/components/forecast/timeAxis.js";
import { dayMs, hourMs, minuteMs } from "../../../src/shared/time.js";

describe("solarAltitude", () => {
  test("is 90° minus the difference of latitude and declination at noon", () => {
    // June solstice 2026, declination 23.44°; noon at Greenwich is 12:02 UTC.
    expect(solarAltitude(Date.parse("2026-06-21T12:02:00Z"), 51.5, 0)).toBeCloseTo(90 - 51.5 + 23.44, 1);
    expect(solarAltitude(Date.parse("2026-12-21T11:58:00Z"), 51.5, 0)).toBeCloseTo(90 - 51.5 - 23.44, 1);
  });

  test("is about 0° all day at the pole at the equinox", () => {
    expect(Math.abs(solarAltitude(Date.parse("2026-03-20T14:46:00Z"), 90, 0))).toBeLessThan(0.1);
  });
});

describe("nightSpans", () => {
  test("end and begin at sunrise and sunset", () => {
    // Atlanta, 9 March 2026, by hand: declination -4.6°, equation of time -10.6 min, so noon 17:48 UTC, and the sun's
    // upper limb, refracted, stands on the horizon at an hour angle of 87.9°, 5 h 52 min before and after.
    const from = Date.parse("2026-03-09T06:00:00Z");
    const [night, next] = nightSpans(from, from + dayMs, 33.63, -84.44);
    expect(Math.abs(night![1] - Date.parse("2026-03-09T11:57:00Z"))).toBeLessThanOrEqual(5 * minuteMs);
    expect(Math.abs(next![0] - Date.parse("2026-03-09T23:40:00Z"))).toBeLessThanOrEqual(5 * minuteMs);
    expect(next![1]).toBe(from + dayMs);
  });

  test("are one span in the polar night, and none in the polar day", () => {
    const winter = Date.parse("2026-12-21T00:00:00Z");
    const summer = Date.parse("2026-06-21T00:00:00Z");
    expect(nightSpans(winter, winter + 48 * hourMs, 80, 15)).toEqual([[winter, winter + 48 * hourMs]]);
    expect(nightSpans(summer, summer + 48 * hourMs, 80, 15)).toEqual([]);
  });
});
