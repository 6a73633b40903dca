import { describe, expect, test } from "vitest";
import { cosTurns, normal, sinTurns } from "../../../src/model/arithmetic/deterministicMath.js";
import { createExperts } from "../../../src/model/experts/createExperts.js";
import type { LinearExpert } from "../../../src/model/experts/linearExpert.js";
import type { ForecasterOptions } from "../../../src/model/experts/modelOptions.js";
import { featureNames, hourlyFeatureNames } from "../../../src/model/features/features.js";
import { NetworkFeatures, networkFeatureNames } from "../../../src/model/features/networkFeatures.js";
import { explanationGroups, explanationOf, groupOf, nowPart } from "../../../src/model/forecaster/explanation.js";
import { Forecaster } from "../../../src/model/forecaster/forecaster.js";
import { byPoint, pointPlaces } from "../../../src/model/forecaster/networkParts.js";
import { fieldCount } from "../../../src/model/network/anomalies.js";
import { fieldValueCount } from "../../../src/model/network/fields.js";
import { columnOf, maxLeadHours, modelNames, variables } from "../../../src/model/vocabulary.js";
import { stepAll } from "../support/forecasters.js";
import { firstHour, observed, simulatedGuidance, weather, withGaps, withHelpers } from "../support/series.js";

const mixture = modelNames.indexOf("mixture");
const rows = withGaps(withHelpers(weather(500, 3), 4), 5);
while (Number.isNaN(rows.at(-1)![0])) rows.pop();
const newest = rows.at(-1)!;

const trained = (
  hours: readonly Float64Array[],
  options?: ForecasterOptions,
  guidance?: readonly (Float32Array | undefined)[],
) => stepAll(new Forecaster(options), hours, guidance && { guidance });
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
    // Without saturation, guidance and network.
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

test("guidance is explained from the newest observation, with its correction as a separate part", () => {
  const guidance = simulatedGuidance(rows, 6);
  const { issued } = trained(rows, { experts: ["nws"] }, guidance);
  const asItIs = explanationOf(trained(rows, { experts: ["nws"] }, guidance), "dewPoint", 12);
  const forecast = issued[mixture]![columnOf(1, 12)]!;
  for (const { feature, contributionC } of asItIs) {
    const expected = { now: newest[1]!, "guidance nws": forecast - newest[1]! }[feature] ?? 0;
    expect([feature, contributionC]).toEqual([feature, expect.closeTo(expected, 4)]);
  }
  const corrected = explanationOf(trained(rows, undefined, guidance), "temperature", 12);
  const parts = corrected.filter(({ feature }) => groupOf(feature) === "guidance");
  expect(parts.length).toBeGreaterThan(5);
});

test("a forecast without any dew point is explained too", () => {
  const dry = trained(weather(400, 8).map(([t]) => observed(t!)));
  const sum = explanationOf(dry, "temperature", 12).reduce((total, part) => total + part.contributionC, 0);
  expect(sum).toBeCloseTo(dry.issued[mixture]![columnOf(0, 12)]!, 2);
  expect(explanationOf(dry, "dewPoint", 12)).toEqual([]);
});

describe("in a network", () => {
  const hours = rows.slice(-220);
  const next = normal(6);
  const fields = hours.map(() => Float32Array.from({ length: fieldValueCount }, next));
  const network = new Forecaster({ network: true, experts: ["rls", "hourlyRls"] });
  for (const [i, values] of hours.entries()) network.step(firstHour + i, values, undefined, fields[i]);

  test("the parts of the points around the station add up to those of the features", () => {
    const features = network.explain(columnOf(0, 12));
    const parts = explanationOf(network, "temperature", 12);
    const isAround = ({ feature }: { feature: string }) => / around$/.test(groupOf(feature));
    const total = (some: readonly { contributionC: number }[]) =>
      some.reduce((sum, part) => sum + part.contributionC, 0);
    const isOfNetwork = ({ feature }: { feature: string }) => /^(T′|Td′|p′|p change|advection)/.test(feature);
    expect(parts.filter(isAround)).toHaveLength(fieldValueCount + 1);
    expect(total(parts.filter(isAround))).toBeCloseTo(total(features.filter(isOfNetwork)), 9);
    expect(total(parts)).toBeCloseTo(network.issued[mixture]![columnOf(0, 12)]!, 3);
    expect(parts.some(isOfNetwork)).toBe(false);
  });

  test("a part is what the forecast would lack if the point had no anomaly", () => {
    const expert = network.experts.find(({ name }) => name === "rls") as LinearExpert;
    const only = new Forecaster({ network: true, experts: ["rls"] });
    for (const [i, values] of hours.entries()) only.step(firstHour + i, values, undefined, fields[i]);
    const point = pointPlaces.indexOf("500 km to the west-northwest");
    const without = new NetworkFeatures();
    const all = new NetworkFeatures();
    const changed = fields.at(-1)!.map((value, at) => (at === point * fieldCount ? 0 : value));
    const [cos, sin] = [cosTurns, sinTurns].map((of) => of((firstHour + hours.length - 1) / 24)) as [number, number];
    without.compute(changed, cos, sin);
    all.compute(fields.at(-1)!, cos, sin);
    const weights = expert.model.weightsOf(columnOf(0, 12)).subarray(featureNames.length);
    const difference = networkFeatureNames.reduce(
      (sum, name, i) => (name.startsWith("advection") ? sum : sum + weights[i]! * (all.full[i]! - without.full[i]!)),
      0,
    );
    const words = fields.at(-1)![point * fieldCount]! < 0 ? "colder air" : "warmer air";
    expect(contributions(only, "temperature", 12)[`${words} 500 km to the west-northwest`]).toBeCloseTo(difference, 6);
  });
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
  const none = new Float32Array(fieldValueCount);
  const parts = byPoint(
    [...names].map((feature) => ({ feature, contributionC: 0 })),
    none,
  );
  for (const name of [...parts.map(({ feature }) => feature), "capped at the temperature"])
    expect(explanationGroups).toContain(groupOf(name));
  expect(groupOf("T₋12")).toBe("last 12 hours");
  expect(groupOf("T₋18")).toBe("the days before");
  expect(groupOf("(T - mean24) × sin day")).toBe("daily cycle");
  expect(groupOf("T-Td mean24")).toBe("humidity");
  expect(groupOf("colder air 500 km to the west-southwest")).toBe("air around");
  expect(groupOf("warming nearby")).toBe("air around");
  expect(groupOf("air carried by the wind")).toBe("air around");
  expect(groupOf("pressure falling 1000 km to the north")).toBe("pressure around");
  expect(groupOf("pressure change of 3 h")).toBe("pressure");
  expect(() => groupOf("phase of the moon")).toThrow("no group for phase of the moon");
});
