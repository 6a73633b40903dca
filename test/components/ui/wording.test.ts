import { expect, test } from "vitest";
import { featureLabel } from "../../../src/components/chart/modelStyle.js";
import { formatAge } from "../../../src/components/ui/dataAge.js";
import { placeName } from "../../../src/components/ui/station.js";
import {
  differenceInUnit,
  formatCount,
  formatDifference,
  formatTemperature,
  inUnit,
} from "../../../src/components/ui/units.js";
import { featureNames } from "../../../src/model/features/features.js";
import { minuteMs } from "../../../src/shared/time.js";

test("temperatures are converted with the offset, differences without", () => {
  expect(inUnit(0, "F")).toBe(32);
  expect(inUnit(-40, "F")).toBe(-40);
  expect(differenceInUnit(5, "F")).toBe(9);
  expect(formatTemperature(100, "F", 0)).toBe("212");
  expect(formatDifference(1, "F")).toBe("1.8");
});

test("numbers have a typographic minus sign, zero has none, and null is a dash", () => {
  expect(formatTemperature(-3.25, "C")).toBe("−3.3");
  expect(formatTemperature(-0.04, "C")).toBe("0.0");
  expect(formatTemperature(null, "C")).toBe("–");
  expect(formatCount(1_234_567)).toBe("1,234,567");
});

test("ages have a suitable unit", () => {
  expect([0, 12 * minuteMs, 300 * minuteMs, 72 * 60 * minuteMs, 6.2 * 365.25 * 1440 * minuteMs].map(formatAge)).toEqual(
    ["0 min", "12 min", "5 h", "3 days", "6.2 years"],
  );
});

test("names in capitals are converted, others are not", () => {
  expect(placeName("ATLANTA HARTSFIELD INTL AP")).toBe("Atlanta Hartsfield International Airport");
  expect(placeName("CHICAGO O'HARE INTL AP")).toBe("Chicago O'Hare International Airport");
  expect(placeName("Mumbai")).toBe("Mumbai");
});

test("feature labels are unique and use only common characters", () => {
  expect(featureLabel("Td₋0")).toBe("Td−0");
  expect(featureLabel("(T - T₋₂₄) × cos day")).toBe("(T - T−24) × cos day");
  const labels = featureNames.map(featureLabel);
  for (const label of labels) expect(label).not.toMatch(/[₀-₉₋]/);
  expect(new Set(labels).size).toBe(featureNames.length);
});
