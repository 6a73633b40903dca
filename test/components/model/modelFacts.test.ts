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
    expect(facts.lagCount).toBe(featureNames.filter((name) => /^T₋\d+$/.test(name)).length);
    expect(facts.dewPointLagCount).toBe(featureNames.filter((name) => /^Td₋\d+$/.test(name)).length);
    expect(featureNames).toContain(`T₋${facts.longestLag}`);
    for (const hours of facts.means.match(/\d+/g)!) expect(featureNames).toContain(`mean${hours}`);
    expect(featureNames).toContain(`mean of ${facts.slowMeanDays} days`);
    for (const [cycle, n] of [
      ["day", facts.harmonicsOfDay],
      ["year", facts.harmonicsOfYear],
    ] as const)
      expect(harmonicNames.filter((name) => new RegExp(`^cos (\\d·)?${cycle}$`).test(name))).toHaveLength(n);
    expect(featureNames.filter((name) => name.endsWith(") × cos day"))).toHaveLength(facts.anomalyCount);
  });

  test.each([false, true])("are those of its experts, in a network: %s", (network) => {
    const experts = createExperts({ network });
    const dimensionOf = (name: string) => {
      const expert = experts.find((one) => one.name === name);
      return expert instanceof LinearExpert ? expert.model.dimension : Number.NaN;
    };
    const own = factsOf({ network });
    expect(own.expertCount).toBe(experts.filter(({ name }) => !(scoredOnly as string[]).includes(name)).length);
    expect(own.experts).toContain(`with ${dimensionOf("rlsTanh") - dimensionOf("rls")} random nonlinear features`);
    expect(own.experts).toContain(`regressions on ${dimensionOf("hourlyRls")} features`);
    expect(own.experts).toMatch(
      /^persistence, .* that forecast corrected by regressions on its past errors, .* and that guidance corrected likewise$/,
    );
    expect(own.experts).not.toContain("original demo");
    expect(own.compared).toContain("original demo");
    expect(own.compared.includes("without the network")).toBe(network);
    expect(own.memory).toBe("Nothing is forgotten.");
    const other = dimensionOf("rls") - featureNames.length;
    expect(own.network.startsWith(network ? `Another ${other} features, ${dimensionOf("rls")} in all` : "")).toBe(true);
    expect(own.network === "").toBe(!network);
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
    expect(other).toMatchObject({ lagCount: 2, longestLag: 5, expertCount: 1, huber: 3, compared: "" });
    expect(other.experts).toBe("the regression above");
    expect(other.start).toContain("δ = 0.2");
    expect(other.memory).toContain("keeps 0.999 of its weight");
    expect(factsOf({ experts: ["sgd"] })).toMatchObject({ expertCount: 1, compared: "" });
    expect(factsOf({ experts: expertNames }).experts).toBe(facts.experts);
  });
});
