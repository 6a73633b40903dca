import { describe, expect, test } from "vitest";
import { modelFacts } from "../../../src/components/model/modelFacts.js";
import { createExperts } from "../../../src/model/experts/createExperts.js";
import { LinearExpert } from "../../../src/model/experts/linearExpert.js";
import { featureNames, harmonicNames } from "../../../src/model/features/features.js";
import { expertNames } from "../../../src/model/vocabulary.js";

describe("the facts of the published model", () => {
  const facts = modelFacts({});

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

  test("are those of its experts", () => {
    expect(facts.expertCount).toBe(expertNames.length);
    const dimensionOf = (name: string) => {
      const expert = createExperts({}).find((one) => one.name === name);
      return expert instanceof LinearExpert ? expert.model.dimension : Number.NaN;
    };
    expect(facts.experts).toContain(`with ${dimensionOf("rlsTanh") - dimensionOf("rls")} random nonlinear features`);
    expect(facts.experts).toMatch(/^persistence, .* and that forecast corrected/);
    expect(facts.memory).toBe("Nothing is forgotten.");
  });

  test("follow the settings", () => {
    const other = modelFacts({ lags: [0, 5], experts: ["rls"], huber: 3, delta: 0.2, forgetting: 0.999 });
    expect(other).toMatchObject({ lagCount: 2, longestLag: 5, expertCount: 1, huber: 3, delta: 0.2 });
    expect(other.experts).toBe("the regression above");
    expect(other.memory).toContain("keeps 0.999 of its weight");
  });
});
