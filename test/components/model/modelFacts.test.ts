import { describe, expect, test } from "vitest";
import { modelFacts } from "../../../src/components/model/modelFacts.js";
import { createExperts } from "../../../src/model/experts/createExperts.js";
import { LinearExpert } from "../../../src/model/experts/linearExpert.js";
import type { ForecasterOptions } from "../../../src/model/experts/modelOptions.js";
import { featureNames, harmonicNames } from "../../../src/model/features/features.js";
import { expertNames, scoredOnly } from "../../../src/model/vocabulary.js";

const factsOf = (options: ForecasterOptions) => modelFacts({ options, prior: null });

describe("the facts of the published model", () => {
  const facts = factsOf({});

  test("are those of its features", () => {
    expect(facts.featureCount).toBe(featureNames.length);
    const numbersOf = (words: string) =>
      facts.features
        .find((item) => item.includes(words))!
        .match(/\d+/g)!
        .map(Number);
    const named = (pattern: RegExp) => featureNames.filter((name) => pattern.test(name));
    const [lagCount, longestLag] = numbersOf("past temperatures");
    expect(named(/^T₋\d+$/)).toHaveLength(lagCount!);
    expect(featureNames).toContain(`T₋${longestLag}`);
    expect(named(/^Td₋\d+$/)).toHaveLength(numbersOf("dew points")[0]!);
    const means = numbersOf("means over");
    for (const hours of means.slice(0, -1)) expect(featureNames).toContain(`mean${hours}`);
    expect(featureNames).toContain(`mean of ${means.at(-1)} days`);
    const cycles = ["day", "year"].map(
      (cycle) => harmonicNames.filter((name) => new RegExp(`^cos (\\d·)?${cycle}$`).test(name)).length,
    );
    expect(numbersOf("harmonics")).toEqual(cycles);
    expect(named(/\) × cos day$/)).toHaveLength(numbersOf("anomalies")[0]!);
  });

  test.each([false, true])("are those of its experts, in a network: %s", (network) => {
    const experts = createExperts({ network });
    const dimensionOf = (name: string) => {
      const expert = experts.find((one) => one.name === name);
      return expert instanceof LinearExpert ? expert.model.dimension : Number.NaN;
    };
    const own = factsOf({ network });
    expect(own.expertCount).toBe(experts.filter(({ name }) => !(scoredOnly as string[]).includes(name)).length);
    const words = own.experts.join(", ");
    expect(words).toContain(`with ${dimensionOf("rlsTanh") - dimensionOf("rls")} random nonlinear features`);
    expect(words).toContain(`regressions on ${dimensionOf("hourlyRls")} features`);
    expect(words).toMatch(
      /^persistence, .* the National Blend of Models, corrected by regressions on its past errors, .* imported guidance, corrected likewise$/,
    );
    expect(words).not.toContain("original demo");
    expect(own.compared).toContain("original demo");
    expect(own.compared.includes("without the network")).toBe(network);
    expect(own.memory).toBe("Nothing is forgotten.");
    const other = dimensionOf("rls") - featureNames.length;
    expect(own.networkCount).toBe(other);
    expect(own.network.length > 0).toBe(network);
    expect(own.start).toContain(network ? "δ/2 = 0.05" : "δ = 0.1");
  });

  test("say what other stations had learned before", () => {
    const [firstTime, lastTime] = [Date.UTC(2016, 0), Date.UTC(2020, 11, 31)];
    const prior = { digest: "", stations: ["a", "b"], firstTime, lastTime };
    const warm = modelFacts({ options: { network: true }, prior });
    const text = "what 2 other stations had learned from Jan 2016 to Dec 2020";
    expect(warm.priorNote).toBe(`, after it started with ${text}`);
    expect(warm.start).toContain(`start from ${text}`);
    expect(facts.priorNote).toBe("");
  });

  test("follow the settings", () => {
    const other = factsOf({ lags: [0, 5], experts: ["rls"], huber: 3, delta: 0.2, forgetting: 0.999 });
    expect(other).toMatchObject({ expertCount: 1, huber: 3, compared: "" });
    expect(other.features[0]).toBe("2 past temperatures T, from up to 5 hours ago");
    expect(other.experts).toEqual(["the regression above"]);
    expect(other.start).toContain("δ = 0.2");
    expect(other.memory).toContain("keeps 0.999 of its weight");
    expect(factsOf({ experts: ["sgd"] })).toMatchObject({ expertCount: 1, compared: "" });
    expect(factsOf({ experts: expertNames }).experts).toEqual(facts.experts);
  });
});
