import { describe, expect, test } from "vitest";
import { createExperts } from "../../../src/model/experts/createExperts.js";
import type { ForecasterOptions } from "../../../src/model/experts/modelOptions.js";
import { featureNames, hourlyFeatureNames } from "../../../src/model/features/features.js";
import { explanationGroups, explanationOf, groupOf, nowPart } from "../../../src/model/forecaster/explanation.js";
import { Forecaster } from "../../../src/model/forecaster/forecaster.js";
import { columnOf, maxLeadHours, modelNames, variables } from "../../../src/model/vocabulary.js";
import { stepAll } from "../support/forecasters.js";
import { observed, officialForecasts, weather, withGaps, withHelpers } from "../support/series.js";

const mixture = modelNames.indexOf("mixture");
const rows = withGaps(withHelpers(weather(500, 3), 4), 5);
while (Number.isNaN(rows.at(-1)![0])) rows.pop();
const newest = rows.at(-1)!;

const trained = (
  hours: readonly Float64Array[],
  options?: ForecasterOptions,
  officials?: readonly (Float32Array | undefined)[],
) => stepAll(new Forecaster(options), hours, officials && { officials });
const forecaster = trained(rows);
const contributions = (forecaster: Forecaster, variable: "temperature" | "dewPoint", lead: number) =>
  Object.fromEntries(explanationOf(forecaster, variable, lead).map((part) => [part.feature, part.contributionC]));

describe.each(variables)("the explanation of a %s", (variable) => {
  test("starts from the newest observation and adds up to the forecast at every lead", () => {
    for (let lead = 1; lead <= maxLeadHours; lead++) {
      const parts = explanationOf(forecaster, variable, lead);
      expect(parts[0]!.feature).toBe(nowPart);
      const sum = parts.reduce((total, part) => total + part.contributionC, 0);
      const forecast = forecaster.issued[mixture]![columnOf(variables.indexOf(variable), lead)]!;
      if (!(Math.abs(sum - forecast) < 2e-3)) expect.fail(`${sum} for ${forecast}, ${lead} h ahead`);
    }
  });

  test("has unique parts, each with a group", () => {
    const names = explanationOf(forecaster, variable, 24).map(({ feature }) => feature);
    expect(new Set(names).size).toBe(names.length);
    // Without saturation, official forecast and network.
    expect(new Set(names.map(groupOf)).size).toBe(explanationGroups.length - 4);
  });

  test("is the newest observation for persistence, and its difference from an earlier hour for seasonal naive", () => {
    const v = variables.indexOf(variable);
    const now = newest[v]!;
    const only = contributions(trained(rows, { experts: ["persistence"] }), variable, 5);
    for (const [part, contributionC] of Object.entries(only))
      expect([part, contributionC]).toEqual([part, expect.closeTo(part === nowPart ? now : 0, 5)]);
    const yesterday = trained(rows, { experts: ["seasonalNaive"] });
    const forecast = yesterday.issued[mixture]![columnOf(v, 5)]!;
    const parts = contributions(yesterday, variable, 5);
    expect(parts[v === 0 ? "T₋19" : "Td₋19"]).toBeCloseTo(forecast - now, 5);
    expect(Math.abs(forecast - now)).toBeGreaterThan(0.1);
  });
});

test("the pull to the usual level is the share of the newest observation that is left", () => {
  const climate = trained(rows, { experts: ["climatology"] });
  expect(contributions(climate, "temperature", 24)["usual level"]).toBe(-newest[0]!);
  const blend = trained(rows, { experts: ["blend"] });
  const shares = blend.explain(columnOf(0, 24)).reduce((sum, { perDegree = 0 }) => sum + perDegree, 0);
  expect(contributions(blend, "temperature", 24)["usual level"]).toBeCloseTo((shares - 1) * newest[0]!, 9);
});

test("the contribution of a temperature feature is its value times perDegree, in every expert", () => {
  const complete = weather(400, 11);
  const ago = (lag: number) => complete[complete.length - 1 - lag]!;
  const mean24 = Array.from({ length: 24 }, (_, lag) => ago(lag)[0]!).reduce((sum, t) => sum + t) / 24;
  const lags = new Map<string, number>([["mean24", mean24]]);
  for (let lag = 0; lag < 100; lag++) lags.set(`T₋${lag}`, ago(lag)[0]!).set(`Td₋${lag}`, ago(lag)[1]!);
  const seen = new Set<string>();
  for (const expert of trained(complete).experts)
    for (const { feature, contributionC, perDegree } of expert.explain(columnOf(0, 30))) {
      if (!lags.has(feature)) continue;
      seen.add(expert.name);
      if (!(Math.abs(perDegree! * lags.get(feature)! - contributionC) < 1e-5))
        expect.fail(`${feature} of ${expert.name}`);
    }
  expect([...seen]).toEqual(["persistence", "seasonalNaive", "blend", "sgd", "rls", "hourlyRls", "rlsTanh"]);
});

test("the official forecast is explained from the newest observation, with its correction as a separate part", () => {
  const official = officialForecasts(rows, 6);
  const { issued } = trained(rows, { experts: ["official"] }, official);
  const asItIs = explanationOf(trained(rows, { experts: ["official"] }, official), "dewPoint", 12);
  const forecast = issued[mixture]![columnOf(1, 12)]!;
  for (const { feature, contributionC } of asItIs) {
    const expected = { now: newest[1]!, "official forecast": forecast - newest[1]! }[feature] ?? 0;
    expect([feature, contributionC]).toEqual([feature, expect.closeTo(expected, 4)]);
  }
  const corrected = explanationOf(trained(rows, undefined, official), "temperature", 12);
  const parts = corrected.filter(({ feature }) => groupOf(feature) === "official forecast");
  expect(parts.length).toBeGreaterThan(5);
});

test("a forecast without any dew point is explained too", () => {
  const dry = trained(weather(400, 8).map(([t]) => observed(t!)));
  const sum = explanationOf(dry, "temperature", 12).reduce((total, part) => total + part.contributionC, 0);
  expect(sum).toBeCloseTo(dry.issued[mixture]![columnOf(0, 12)]!, 2);
  expect(explanationOf(dry, "dewPoint", 12)).toEqual([]);
});

test("nothing is explained when nothing was issued", () => {
  expect(explanationOf(new Forecaster(), "temperature", 1)).toEqual([]);
});

test("every possible part has a group, and an unknown one is rejected", () => {
  const names = new Set([...featureNames, ...hourlyFeatureNames]);
  const experts = [...createExperts(), ...createExperts({ network: true })];
  for (let lag = 0; lag < 24; lag++) names.add(`T₋${lag}`).add(`Td₋${lag}`);
  for (let hour = 0; hour < 24; hour++) names.add(`hour ${hour}`);
  for (let month = 1; month <= 12; month++) names.add(`month ${month}`);
  for (const expert of experts) for (const { feature } of expert.explain(0)) names.add(feature);
  for (const name of [...names, "capped at the temperature"]) expect(explanationGroups).toContain(groupOf(name));
  expect(groupOf("T₋12")).toBe("last 12 hours");
  expect(groupOf("T₋18")).toBe("the days before");
  expect(groupOf("(T - mean24) × sin day")).toBe("daily cycle");
  expect(groupOf("T-Td mean24")).toBe("humidity");
  expect(groupOf("T′ 500 km WSW")).toBe("air around");
  expect(groupOf("advection of T′ at 200 km by p′ at 500 km")).toBe("air around");
  expect(groupOf("p change of 3 h 1000 km WNW")).toBe("pressure around");
  expect(() => groupOf("phase of the moon")).toThrow("no group for phase of the moon");
});
