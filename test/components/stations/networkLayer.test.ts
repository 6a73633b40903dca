// @vitest-environment jsdom
import { expect, test } from "vitest";
import { mapChart } from "../../../src/components/stations/mapChart.js";
import type { MapLayer } from "../../../src/components/stations/mapLayers.js";
import { networkTable } from "../../../src/components/stations/networkLayer.js";
import { stationMap } from "../../../src/pipeline/api/stationMap.js";
import { words } from "../../support/drawn.js";
import { fixtureApi } from "../../support/fixtureApi.js";
import { fixtureTime } from "../../support/publishedFixture/fixturePlaces.js";

const { stations, network } = await fixtureApi();
const nothing = { schemaVersion: 1, time: null, stations: [] } as const;
const map = stationMap(stations, network.stations);
const draw = (layer: MapLayer, unit: "C" | "F" = "C") =>
  mapChart(map, stations, { width: 900, network, asOf: fixtureTime, layer, unit });
const layerOf = (figure: HTMLElement) => figure.querySelector(".network")!;
const fills = (figure: HTMLElement) =>
  [...layerOf(figure).querySelectorAll("circle")].map((circle) => circle.getAttribute("fill"));
const anchorage = (figure: HTMLElement) => figure.querySelector("a[data-station=PANC]")!;

test("each station of the network is a dot in the colour of its value, or a mark if it has a page", () => {
  expect(network.stations.map(({ temperatureAnomalyC }) => temperatureAnomalyC)).toEqual([4.24, -0.4, -7.5, null]);
  // The last one is Anchorage, which has a page.
  const anomalies = ["var(--anomaly-6)", "var(--anomaly-4)", "var(--anomaly-1)"];
  expect(fills(draw("anomaly"))).toEqual(anomalies);
  expect(anchorage(draw("anomaly")).querySelector(".mark")!.getAttribute("style")).toContain("fill:var(--panel)");
  expect(anchorage(draw("now")).querySelector(".mark")!.getAttribute("style")).toContain("fill:var(--temperature-");
  // 7.6, -0.7 and -13.5 °F
  expect(fills(draw("anomaly", "F"))).toEqual(anomalies);
  expect(fills(draw("pressure"))).toEqual(["var(--anomaly-2)", "var(--anomaly-4)", "none"]);
  expect(fills(draw("now"))).toEqual(["var(--temperature-9)", "var(--temperature-8)", "var(--temperature-6)"]);
  expect(layerOf(draw("low"))).toBeNull();
  expect(layerOf(draw("anomaly")).getAttribute("aria-label")).toBe(
    "3 stations of the network, from −7.5 °C from usual to +4.2 °C from usual.",
  );
  expect(layerOf(draw("anomaly")).textContent).toContain('YAKUTAT <i>"STATE"</i> AP: 16.2 °C now, +4.2 °C from usual');
});

test("wind is an arrow to where it blows, and a ring where it is calm or without direction", () => {
  const layer = layerOf(draw("wind"));
  const marks = [...layer.children].map((mark) => mark.querySelector("circle, path")?.tagName);
  expect(marks).toEqual(["circle", "circle", "path", undefined]);
  const { north } = map.network![2]!;
  expect(layer.querySelector("path")!.getAttribute("transform")).toBe(`rotate(${260 + 180 + north})`);
  expect(layer.getAttribute("aria-label")).toBe("Wind at 3 stations of the network, up to 8.0 m/s.");
  expect(layerOf(draw("wind", "F")).getAttribute("aria-label")).toContain("up to 18 mph.");
});

test("the table has every number of the network", () => {
  const rows = [...networkTable(network, { unit: "C" }).querySelectorAll("tbody tr")].map((row) =>
    [...row.children].map(words),
  );
  expect(rows[0]!.slice(1)).toEqual(["16.2", "+4.2", "−6.5", "−2.1", "0.0"]);
  expect(rows[2]!.slice(1)).toEqual(["4.5", "−7.5", "–", "–", "W 8.0"]);
  expect(rows[3]!.slice(1)).toEqual(["–", "–", "–", "–", "–"]);
});

test.each<[MapLayer, "C" | "F", string]>([
  ["anomaly", "C", "−6−3−1+1+3°C Temperature now minus the usual value of that hour of the day"],
  ["anomaly", "F", "−10−5−2+2+5°F Temperature"],
  ["wind", "C", "2 m/s5 m/s10 m/s Wind now: an arrow points where it blows to"],
  ["wind", "F", "4 mph11 mph22 mph Wind"],
])("the legend of %s in °%s says what the layer shows", (layer, unit, text) => {
  const legend = words(draw(layer, unit).querySelector("figcaption")!);
  expect(legend).toContain(text);
  expect(legend).toContain("at 4 stations of the network, Mon 9 Mar 18:00 UTC.");
});

test("without a network the map is as it was, and there is no table", () => {
  const alone = stationMap(stations);
  const options = { width: 900, asOf: fixtureTime };
  const none = { ...nothing, stations: [] };
  expect(mapChart(alone, stations, { ...options, network: none }).outerHTML).toBe(
    mapChart(alone, stations, options).outerHTML,
  );
  expect(words(networkTable(none))).toBe("");
});
