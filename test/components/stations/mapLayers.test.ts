// @vitest-environment jsdom

import { expect, test } from "vitest";
import { classColour, scaleLegend } from "../../../src/components/stations/classScale.js";
import { mapChart } from "../../../src/components/stations/mapChart.js";
import { colourLayer, type MapLayer, mapLayerInput } from "../../../src/components/stations/mapLayers.js";
import type { StationMap } from "../../../src/shared/published/stationMap.js";
import type { StationSummary } from "../../../src/shared/published/stationSummary.js";
import { words } from "../../support/drawn.js";

const station = {
  key: "KLGA",
  name: "LAGUARDIA",
  temperatureC: -3.2,
  lowC: -6,
  highC: 4.4,
  spread24C: 5,
  skill24: 0.4,
  guidanceSkill24: 0.28,
  newestObservedTime: 0,
  reportedHours: 24,
} as unknown as StationSummary;
const map = { width: 800, height: 400, places: [{ key: "KLGA", x: 400, y: 200 }] } as unknown as StationMap;
const layerOf = (layer: MapLayer, unit: "C" | "F", of = [station]) => colourLayer(layer, unit, of)!;

test("a station is bluer the better it is than guidance, browner the worse", () => {
  const { scale } = layerOf("skill", "C");
  const classes = [0.4, 0.2, 0.1, 0.04, -0.04, -0.1, -0.2, -0.4].map((value) => classColour(value, scale));
  expect(classes).toEqual([1, 2, 3, 4, 4, 5, 6, 7].map((i) => `var(--anomaly-${i})`));
});

test.each<[MapLayer, "C" | "F", string, string, string]>([
  ["now", "C", "−3°", "−3 °C now", "temperature-5"],
  ["now", "F", "26°", "26 °F now", "temperature-5"],
  ["low", "C", "−6°", "next low −6 °C", "temperature-4"],
  ["high", "F", "40°", "next high 40 °F", "temperature-6"],
  ["spread", "F", "9.0", "80 % interval 9.0 °F wide", "anomaly-6"],
  ["skill", "C", "+28\u00a0%", "skill +28\u00a0% against guidance", "anomaly-2"],
])("the map shows %s in °%s as label, name and colour", (layer, unit, label, name, colour) => {
  const drawn = mapChart(map, [station], { width: 800, layer, unit, asOf: 0 });
  const link = drawn.querySelector("a")!;
  expect(link.getAttribute("aria-label")).toBe(`KLGA Laguardia, ${name}`);
  expect(link.querySelector("text")!.textContent).toBe(`KLGA ${label}`);
  expect(link.querySelector(".mark")!.getAttribute("style")).toContain(`var(--${colour})`);
  expect(words(drawn.querySelector("figcaption p")!)).toContain(layerOf(layer, unit).meaning);
});

test("skill is against the baselines where no station has guidance", () => {
  const without = { ...station, guidanceSkill24: null };
  const drawn = mapChart(map, [without], { width: 800, layer: "skill", asOf: 0 });
  expect(drawn.querySelector("a")!.getAttribute("aria-label")).toMatch(/skill \+40\s% against persistence/);
});

test("a station of which a value is not known is hollow", () => {
  const drawn = mapChart(map, [{ ...station, temperatureC: null }], { width: 800, asOf: 0 });
  expect(drawn.querySelector(".mark")!.getAttribute("style")).toContain("fill:var(--panel)");
  expect(drawn.querySelector("a")!.getAttribute("aria-label")).toBe("KLGA Laguardia");
});

test("the legend has the classes from the lowest to the highest value, at least three", () => {
  const { scale } = layerOf("now", "C");
  expect(words(scaleLegend(scale, [-3, 12]))).toBe("0510°C");
  expect(words(scaleLegend(scale, [21]))).toBe("1520°C");
  expect(words(scaleLegend(scale, []))).toBe("−20−15−10−505101520253035°C");
});

test("layers of the network can be chosen only where there is one", () => {
  const choices = (hasNetwork: boolean) =>
    [...mapLayerInput({ hasNetwork }).querySelectorAll("option")].map(({ value }) => value);
  expect(choices(false)).toEqual(["now", "low", "high", "spread", "skill"]);
  expect(choices(true)).toEqual(["now", "low", "high", "anomaly", "spread", "skill", "wind", "pressure"]);
});
