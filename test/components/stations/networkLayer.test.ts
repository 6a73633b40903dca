// @vitest-environment jsdom
import { expect, test } from "vitest";
import { mapChart } from "../../../src/components/stations/mapChart.js";
import {
  type NetworkLayerOptions,
  networkLegend,
  networkTable,
} from "../../../src/components/stations/networkLayer.js";
import { stationMap } from "../../../src/pipeline/api/stationMap.js";
import { words } from "../../support/drawn.js";
import { fixtureApi } from "../../support/fixtureApi.js";
import { fixtureTime } from "../../support/publishedFixture/fixturePlaces.js";

const { stations, network } = await fixtureApi();
const nothing = { schemaVersion: 1, time: null, stations: [] } as const;
const map = stationMap(stations, network.stations);
const draw = (options: NetworkLayerOptions = {}, now = network) =>
  mapChart(map, stations, {
    width: 900,
    network: { ...now, stations: [...now.stations] },
    asOf: fixtureTime,
    ...options,
  });
const layerOf = (figure: HTMLElement) => figure.querySelector(".network")!;
const fills = (figure: HTMLElement) =>
  [...layerOf(figure).querySelectorAll("circle")].map((circle) => circle.getAttribute("fill"));

test("each station of the network is a dot, coloured by how far it is from the usual value", () => {
  expect(network.stations.map(({ temperatureAnomalyC }) => temperatureAnomalyC)).toEqual([4.24, -0.4, -7.5, null]);
  expect(fills(draw())).toEqual(["var(--anomaly-6)", "var(--anomaly-4)", "var(--anomaly-1)", "none"]);
  // 7.6, -0.7 and -13.5 °F
  expect(fills(draw({ unit: "F" }))).toEqual(["var(--anomaly-6)", "var(--anomaly-4)", "var(--anomaly-1)", "none"]);
  expect(fills(draw({ layer: "pressure" }))).toEqual(["var(--anomaly-2)", "var(--anomaly-4)", "none", "none"]);
  expect(layerOf(draw()).getAttribute("aria-label")).toBe(
    "Temperature at 3 stations of the network, from −7.5 to +4.2 °C of the usual value.",
  );
  expect(layerOf(draw()).textContent).toContain('YAKUTAT <i>"STATE"</i> AP: 16.2 °C now, +4.2 °C from usual');
});

test("the dot of a station with a page is wide, because its own mark is on it", () => {
  const wide = [...layerOf(draw()).querySelectorAll("circle")].map((circle) => Number(circle.getAttribute("r")) > 7);
  expect(wide).toEqual(network.stations.map(({ stationId }) => stations.some((one) => one.stationId === stationId)));
  expect(wide).toContain(true);
});

test("wind is an arrow to where it blows, and a ring where it is calm or without direction", () => {
  const layer = layerOf(draw({ layer: "wind" }));
  const marks = [...layer.children].map((mark) => mark.querySelector("circle, path")?.tagName);
  expect(marks).toEqual(["circle", "circle", "path", undefined]);
  const { north } = map.network![2]!;
  expect(layer.querySelector("path")!.getAttribute("transform")).toBe(`rotate(${260 + 180 + north})`);
});

test("the table has every number of the network", () => {
  const rows = [...networkTable(network, { unit: "C" }).querySelectorAll("tbody tr")].map((row) =>
    [...row.children].map(words),
  );
  expect(rows[0]!.slice(1)).toEqual(["16.2", "+4.2", "−6.5", "−2.1", "0.0"]);
  expect(rows[2]!.slice(1)).toEqual(["4.5", "−7.5", "–", "–", "W 8.0"]);
  expect(rows[3]!.slice(1)).toEqual(["–", "–", "–", "–", "–"]);
});

test.each<[NetworkLayerOptions, string]>([
  [{}, "−6−3−1+1+3+6°C Temperature now minus the usual value of that hour of the day"],
  [{ unit: "F" }, "−10−5−2+2+5+10°F Temperature"],
  [{ layer: "pressure" }, "−10−5−2+2+5+10hPa Air pressure now minus the usual value"],
  [{ layer: "wind" }, "2 m/s5 m/s10 m/s Wind in m/s: an arrow points where the wind blows to"],
])("the legend of %j says what the layer shows", (options, text) => {
  expect(words(networkLegend(network, options))).toContain(text);
  expect(words(networkLegend(network, options))).toContain("4 stations of the network, Mon 9 Mar 18:00 UTC.");
});

test("without a network the map is as it was, without legend and table", () => {
  const alone = stationMap(stations);
  const options = { width: 900, asOf: fixtureTime };
  expect(mapChart(alone, stations, { ...options, network: { ...nothing, stations: [] } }).outerHTML).toBe(
    mapChart(alone, stations, options).outerHTML,
  );
  const none = { ...nothing, stations: [] };
  expect([networkLegend(none), networkTable(none)].map(words)).toEqual(["", ""]);
});
