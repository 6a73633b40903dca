// @vitest-environment jsdom
import { expect, test } from "vitest";
import {
  upstreamChart,
  upstreamList,
  upstreamOf,
  upstreamTable,
} from "../../../src/components/forecast/upstreamChart.js";
import { groupOf } from "../../../src/model/forecaster/explanation.js";
import { words } from "../../support/drawn.js";
import { fixtureApi } from "../../support/fixtureApi.js";

const { explanations } = await fixtureApi();
const upstream = upstreamOf(explanations.PANC!, "temperature", 12)!;

/** The numbers in a text, in hundredths. */
const hundredths = (text: string) =>
  (text.match(/[+−]?\d+\.\d\d/g) ?? []).map((number) => Math.round(Number(number.replace("−", "-")) * 100));
const total = (numbers: readonly number[]) => numbers.reduce((sum, number) => sum + number, 0);

test("the parts of other stations add up to their share of the forecast", () => {
  const { leads, parts } = explanations.PANC!.variables.temperature;
  const around = parts.filter(({ part }) => / around$/.test(groupOf(part)));
  const share = total(around.map((part) => part.hundredths[leads.indexOf(12)]!));
  expect(around.length).toBe(8);
  const list = upstreamList(upstream);
  expect(hundredths(words(list.querySelector("strong")!))).toEqual([share]);
  const items = [...list.querySelectorAll("li")].map(words);
  expect(total(items.flatMap(hundredths))).toBe(share);
  expect(items).toHaveLength(6);
  expect(items[0]).toMatch(/^warmer air 500 km to the west-northwest: [+−]\d\.\d\d °C$/);
  expect(items[5]).toMatch(/^3 smaller parts: /);
  const rows = [...upstreamTable(upstream).querySelectorAll("tbody tr")];
  expect(rows).toHaveLength(26);
  const both = rows.map((row) => hundredths(words(row.children[3]!))[0]!);
  expect(total(both)).toBe(share);
  const numbers = rows.map((row) => hundredths([1, 2].map((i) => words(row.children[i]!)).join(" ")));
  expect(numbers.map(total)).toEqual(both);
});

test("a circle is where its point is, as large as its part, in the colour of its sign", () => {
  const circles = [...upstreamChart(upstream).querySelectorAll(":scope > svg > circle")];
  expect(circles).toHaveLength(25);
  const [largest] = circles;
  const at = (name: string) => Number(largest!.getAttribute(name));
  // West-northwest of the station.
  expect([at("cx") < 0, at("cy") < 0]).toEqual([true, true]);
  const point = upstream.points.reduce((a, b) => (Math.abs(b.air + b.pressure) > Math.abs(a.air + a.pressure) ? b : a));
  const sign = Math.sign(point.air + point.pressure);
  expect(largest!.getAttribute("fill")).toBe(sign < 0 ? "var(--forecast)" : "var(--persistence)");
  const area = (circle: Element) => Number(circle.getAttribute("r")) ** 2;
  const second = [...upstream.points].map(({ air, pressure }) => Math.abs(air + pressure)).sort((a, b) => b - a)[1]!;
  expect(area(circles[0]!) / area(circles[1]!)).toBeCloseTo(Math.abs(point.air + point.pressure) / second, 1);
});

test("in °F the parts are differences", () => {
  const share = total(upstream.parts.map((part) => part.hundredths)) / 100;
  const shown = hundredths(words(upstreamList(upstream, { unit: "F" }).querySelector("strong")!))[0]!;
  expect(shown / 100).toBeCloseTo(share * 1.8, 1);
});

test("there is nothing outside a network or without a forecast", () => {
  expect(upstreamOf(explanations.VABB!, "temperature", 12)).toBeNull();
  expect(upstreamOf(explanations.KSEA!, "temperature", 12)).toBeNull();
});
