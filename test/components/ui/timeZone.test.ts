import { describe, expect, test } from "vitest";
import {
  clockTime,
  dayName,
  fullTime,
  hourOf,
  localMidnights,
  zoneName,
  zoneOf,
} from "../../../src/components/ui/timeZone.js";

const utc = (text: string) => Date.parse(`${text}:00Z`);
const iso = (times: number[]) => times.map((time) => new Date(time).toISOString().slice(0, 16));

describe("localMidnights", () => {
  test("handle the start of summer time, a day of 23 hours", () => {
    const midnights = localMidnights(utc("2026-03-07T00:00"), utc("2026-03-10T12:00"), "America/New_York");
    expect(iso(midnights)).toEqual(["2026-03-07T05:00", "2026-03-08T05:00", "2026-03-09T04:00", "2026-03-10T04:00"]);
  });

  test("handle its end, a day of 25 hours", () => {
    const midnights = localMidnights(utc("2026-10-31T12:00"), utc("2026-11-02T12:00"), "America/New_York");
    expect(iso(midnights)).toEqual(["2026-11-01T04:00", "2026-11-02T05:00"]);
  });

  test("are off the full hour in zones that are", () => {
    expect(iso(localMidnights(utc("2026-03-09T00:00"), utc("2026-03-10T00:00"), "Asia/Kolkata"))).toEqual([
      "2026-03-09T18:30",
    ]);
    expect(iso(localMidnights(utc("2026-03-09T00:20"), utc("2026-03-10T00:20"), "Asia/Kathmandu"))).toEqual([
      "2026-03-09T18:15",
    ]);
  });

  test("are UTC midnights in UTC, without the start of the span", () => {
    expect(iso(localMidnights(utc("2026-03-09T00:00"), utc("2026-03-11T00:00"), "UTC"))).toEqual([
      "2026-03-10T00:00",
      "2026-03-11T00:00",
    ]);
  });
});

test("times are in the station's zone, with its name at that time of year", () => {
  const summer = utc("2026-07-01T18:00");
  expect(fullTime(summer, "America/New_York")).toBe("Wed 1 Jul 14:00 EDT");
  expect(zoneName(utc("2026-01-01T18:00"), "America/New_York")).toBe("EST");
  expect(clockTime(utc("2026-03-09T18:30"), "Asia/Kolkata")).toBe("00:00");
  expect(dayName(utc("2026-03-09T18:30"), "Asia/Kolkata")).toBe("Tue 10 Mar");
  expect(hourOf(utc("2026-03-09T00:00"), "UTC")).toBe(0);
});

test("each choice of time has a zone", () => {
  expect(zoneOf("station", "Asia/Kolkata")).toBe("Asia/Kolkata");
  expect(zoneOf("utc", "Asia/Kolkata")).toBe("UTC");
  expect(zoneOf("mine", "Asia/Kolkata")).toBe(Intl.DateTimeFormat().resolvedOptions().timeZone);
});
