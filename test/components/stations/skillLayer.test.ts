// @vitest-environment jsdom

import { expect, test } from "vitest";
import { mapChart } from "../../../src/components/stations/mapChart.js";
import { hasGuidance, skillColour, skillLegend } from "../../../src/components/stations/skillLayer.js";
import type { StationMap } from "../../../src/shared/published/stationMap.js";
import type { StationSummary } from "../../../src/shared/published/stationSummary.js";
import { words } from "../../support/drawn.js";

const skill = (guidanceSkill24: number | null) => ({ guidanceSkill24 });

test("a station is bluer the better it is than guidance, browner the worse, and hollow without any", () => {
  expect([0.4, 0.2, 0.1, 0.04, -0.04, -0.1, -0.2, -0.4, null].map((value) => skillColour(skill(value)))).toEqual([
    "var(--anomaly-1)",
    "var(--anomaly-2)",
    "var(--anomaly-3)",
    "var(--anomaly-4)",
    "var(--anomaly-4)",
    "var(--anomaly-5)",
    "var(--anomaly-6)",
    "var(--anomaly-7)",
    "var(--panel)",
  ]);
});

test("the legend counts the stations with guidance", () => {
  expect(hasGuidance([skill(null)])).toBe(false);
  expect(words(skillLegend([skill(0.1), skill(null)]))).toContain("1 of 2 stations have guidance");
});

test("the map writes the skill as its colour, label and name", () => {
  const map = { width: 800, height: 400, places: [{ key: "KLGA", x: 400, y: 200 }] } as unknown as StationMap;
  const station = {
    key: "KLGA",
    name: "LAGUARDIA",
    temperatureC: null,
    newestObservedTime: 0,
    reportedHours: [],
    ...skill(0.28),
  };
  const drawn = mapChart(map, [station as unknown as StationSummary], { width: 800, layer: "skill", asOf: 0 });
  const link = drawn.querySelector("a")!;
  expect(link.getAttribute("aria-label")).toBe("KLGA Laguardia, skill +28 % against guidance");
  expect(link.querySelector("text")!.textContent).toBe("KLGA +28 %");
  expect(link.querySelector(".mark")!.getAttribute("style")).toContain("var(--anomaly-2)");
});
