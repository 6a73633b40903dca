import { expect, test } from "vitest";
import { yearTurns } from "../../../src/model/calendar.js";
import { RandomFeatures, randomFeatureCount } from "../../../src/model/experts/randomFeatures.js";
import {
  featureCount,
  featureLayout,
  featureNames,
  HourFeatures,
  harmonicCount,
  harmonicNames,
  harmonicsOf,
  hourlyFeatureNames,
  temperatureScale,
  weatherInputCount,
} from "../../../src/model/features/features.js";
import { History } from "../../../src/model/features/history.js";
import { firstHour, observed, weather, withHelpers } from "../support/series.js";

const hours = 400;
const rows = withHelpers(weather(hours, 1), 2);
const features = computed(rows);

function computed(rows: readonly Float64Array[], layout = featureLayout()): HourFeatures {
  const history = new History();
  rows.forEach((row, t) => {
    history.push(firstHour + t, row);
  });
  const features = new HourFeatures(layout);
  features.compute(history);
  return features;
}

const named = (name: string) => features.full[featureNames.indexOf(name)];
const ago = (lag: number) => rows[hours - 1 - lag];

test("every feature has a unique name and a value", () => {
  expect(features.full.length).toBe(featureCount);
  expect(new Set(featureNames).size).toBe(featureCount);
  expect(features.hourly.length).toBe(hourlyFeatureNames.length);
  expect(features.weather.length).toBe(weatherInputCount);
  for (const vector of [features.full, features.hourly, features.weather])
    expect(Array.from(vector).every(Number.isFinite)).toBe(true);
});

test("every lag is the value from that many hours ago, scaled by a constant", () => {
  const lags = featureNames.filter((name) => /^T(d)?₋\d+$/.test(name));
  expect(lags.length).toBeGreaterThan(20);
  for (const name of lags) {
    const [, dew, lag] = /^T(d)?₋(\d+)$/.exec(name)!;
    expect(named(name)).toBe(ago(Number(lag))[dew ? 1 : 0] / temperatureScale);
  }
  const { newestTemperature, newestDewPoint } = featureLayout();
  expect(features.full[newestTemperature]).toBe(ago(0)[0] / temperatureScale);
  expect(features.full[newestDewPoint]).toBe(ago(0)[1] / temperatureScale);
});

test("means, depressions and anomalies match their names", () => {
  const mean = (from: number, count: number) =>
    Array.from({ length: count }, (_, i) => ago(from + i)[0]).reduce((sum, t) => sum + t) / count;
  const day = 2 * Math.PI * ((firstHour + hours - 1) / 24);
  expect(named("constant")).toBe(1);
  expect(named("mean24")).toBeCloseTo(mean(0, 24) / 10, 9);
  expect(named("mean24 a day ago")).toBeCloseTo(mean(24, 24) / 10, 9);
  expect(named("mean168")).toBeCloseTo(mean(0, 168) / 10, 9);
  expect(named("T-Td₋6")).toBeCloseTo((ago(6)[0] - ago(6)[1]) / 5, 9);
  expect(named("T-Td × sin day")).toBeCloseTo(((ago(0)[0] - ago(0)[1]) / 5) * Math.sin(day), 6);
  expect(named("(T - T₋₂₄) × cos day")).toBeCloseTo(((ago(0)[0] - ago(24)[0]) / 5) * Math.cos(day), 6);
  expect(named("(T - T₋₃) × sin 2·day")).toBeCloseTo(((ago(0)[0] - ago(3)[0]) / 5) * Math.sin(2 * day), 6);
  expect(named("(T - mean24) × cos 2·day")).toBeCloseTo(((ago(0)[0] - mean(0, 24)) / 5) * Math.cos(2 * day), 6);
  expect(named("(mean24 - mean168) × cos day")).toBeCloseTo(((mean(0, 24) - mean(0, 168)) / 5) * Math.cos(day), 6);
});

test("harmonics are those of the UTC day and the year", () => {
  const out = new Float64Array(harmonicCount + 2);
  for (let hour = firstHour; hour < firstHour + 9000; hour += 77) {
    harmonicsOf(hour, out, 2);
    const at = (name: (typeof harmonicNames)[number]) => out[2 + harmonicNames.indexOf(name)];
    const day = 2 * Math.PI * ((hour % 24) / 24);
    const year = 2 * Math.PI * yearTurns(hour);
    expect(at("cos day")).toBeCloseTo(Math.cos(day), 9);
    expect(at("sin 3·day")).toBeCloseTo(Math.sin(3 * day), 9);
    expect(at("sin year")).toBeCloseTo(Math.sin(year), 9);
    expect(at("cos 2·year")).toBeCloseTo(Math.cos(2 * year), 9);
    expect(at("sin 2·day × sin year")).toBeCloseTo(Math.sin(2 * day) * Math.sin(year), 9);
    expect(at("cos day × sin year")).toBeCloseTo(Math.cos(day) * Math.sin(year), 9);
  }
});

test("harmonics do not depend on earlier calls", () => {
  const out = new Float64Array(harmonicCount);
  const again = new Float64Array(harmonicCount);
  harmonicsOf(firstHour, out);
  for (const hour of [firstHour + 128, firstHour + 1280, firstHour - 128, 0]) harmonicsOf(hour, again);
  harmonicsOf(firstHour, again);
  expect(again).toEqual(out);
});

test("pressure, wind and cloud match their names, and are 0 when a station does not report them", () => {
  const [pressure, speed, direction, cloud] = [2, 3, 4, 5].map((quantity) => ago(0)[quantity]);
  expect(named("pressure")).toBeCloseTo((pressure - 1013) / 10, 9);
  expect(named("pressure change of 3 h")).toBeCloseTo((pressure - ago(3)[2]) / 3, 9);
  expect(named("wind towards east")).toBeCloseTo((-speed * Math.sin((direction / 180) * Math.PI)) / 5, 9);
  expect(named("wind towards north")).toBeCloseTo((-speed * Math.cos((direction / 180) * Math.PI)) / 5, 9);
  expect(named("cloud")).toBeCloseTo((cloud - 4) / 4, 9);
  const bare = computed(rows.map((row) => observed(row[0], row[1])));
  featureNames.forEach((name, i) => {
    if (/pressure|wind|cloud/.test(name)) expect(Math.abs(bare.full[i])).toBe(0);
    else expect(bare.full[i]).toBe(features.full[i]);
  });
});

test("features are finite without any dew point", () => {
  const dry = computed(rows.map((row) => observed(row[0])));
  for (const vector of [dry.full, dry.hourly, dry.weather])
    expect(Array.from(vector).every(Number.isFinite)).toBe(true);
});

test("random features come after the full ones, are bounded and never change", () => {
  const draw = () => {
    const x = new Float64Array(featureCount + randomFeatureCount(false));
    x.set(features.full);
    new RandomFeatures({ network: false }).compute(features.weather, features.network.weather, x, featureCount);
    return x;
  };
  const x = draw();
  expect(x.subarray(0, featureCount)).toEqual(features.full);
  const hidden = Array.from(x.subarray(featureCount));
  expect(Math.max(...hidden.map(Math.abs))).toBeLessThanOrEqual(Math.sqrt(0.3));
  expect(new Set(hidden).size).toBe(randomFeatureCount(false));
  expect(draw()).toEqual(x);
});

test("other lags replace the default ones and leave every other feature unchanged", () => {
  const layout = featureLayout([0, 5, 72]);
  expect(layout.names.slice(0, 5)).toEqual(["constant", "T₋0", "T₋5", "T₋72", "mean24"]);
  const other = computed(rows, layout);
  expect(Array.from(other.full.subarray(1, 4))).toEqual([0, 5, 72].map((lag) => ago(lag)[0] / temperatureScale));
  expect(other.full[layout.newestDewPoint]).toBe(ago(0)[1] / temperatureScale);
  for (const [i, name] of layout.names.entries()) {
    if (name !== "T₋5" && name !== "T₋72") expect(other.full[i]).toBe(named(name));
  }
  expect(other.weather).toEqual(features.weather);
});

test("lags that are not ascending whole hours from 0 to a week are rejected", () => {
  for (const lags of [[], [1, 2], [0, 2, 1], [0, 1, 1], [0, 1.5], [0, -1], [0, 169], [0, Number.NaN]])
    expect(() => featureLayout(lags)).toThrow("lags must be whole hours, ascending from 0 to 168");
});
