import { describe, expect, test } from "vitest";
import { createExperts } from "../../../src/model/experts/createExperts.js";
import type { Expert } from "../../../src/model/experts/expert.js";
import { Forecaster } from "../../../src/model/forecaster/forecaster.js";
import { maxLeadHours, modelNames } from "../../../src/model/vocabulary.js";
import { maeOf, replayExpert } from "../support/replayExpert.js";
import { autoregression, firstHour, observed, weather } from "../support/series.js";

/** Series with a known best forecast. */

const learned = ["blend", "rls", "hourlyRls"] as const;
const leads = Array.from({ length: maxLeadHours }, (_, i) => i + 1);
const someLeads = [1, 2, 3, 6, 12, 24, 48, 72];

function expertNamed(name: string): Expert {
  return createExperts().find((expert) => expert.name === name)!;
}

/** Forecasts that the whole forecaster issued at each hour. */
function issuedBy(forecaster: Forecaster, rows: readonly Float64Array[], model: string): Float32Array[] {
  return rows.map((row, t) => {
    forecaster.step(firstHour + t, row);
    return forecaster.issued[modelNames.indexOf(model as (typeof modelNames)[number])].slice();
  });
}

describe("white noise", () => {
  const rows = autoregression(6000, 0, 3, 1).map((noise) => observed(10 + noise));
  const half = 3000;
  let sum = 0;
  const mean = rows.map(([y], t) => {
    sum += y;
    return new Float32Array(maxLeadHours).fill(sum / (t + 1));
  });

  test.each(["rls", "blend"])("%s is close to the running mean at every lead, and never better", (name) => {
    const issued = replayExpert(expertNamed(name), rows);
    for (const lead of leads) {
      const skill = maeOf(issued, rows, lead, half) / maeOf(mean, rows, lead, half);
      expect(skill).toBeGreaterThan(0.995); // 0.5 % is within chance for 3,000 hours
      expect(skill).toBeLessThan(1.05);
    }
  });

  test("the mixture is close to it too, because it soon ignores the naive experts", () => {
    const short = rows.slice(0, 1200);
    const issued = issuedBy(new Forecaster(), short, "mixture");
    for (const lead of someLeads) {
      const skill = maeOf(issued, short, lead, 600) / maeOf(mean, short, lead, 600);
      expect(skill).toBeGreaterThan(0.98);
      expect(skill).toBeLessThan(1.05); // persistence is at √2
    }
  });
});

describe("an autoregression", () => {
  const phi = 0.9;
  const sigma = 2;
  const rows = autoregression(10_000, phi, sigma, 2).map((y) => observed(15 + y));
  const half = 5000;
  const best = rows.map(([y]) => Float64Array.from(leads, (lead) => 15 + phi ** lead * (y - 15)));

  test.each(["rls", "blend"])("%s is close to the best possible forecast at every lead", (name) => {
    const issued = replayExpert(expertNamed(name), rows);
    for (const lead of leads)
      expect(maeOf(issued, rows, lead, half) / maeOf(best, rows, lead, half)).toBeLessThan(1 + 1 / 30);
    for (const lead of someLeads) {
      const limit = sigma * Math.sqrt(((1 - phi ** (2 * lead)) / (1 - phi * phi)) * (2 / Math.PI));
      expect(Math.abs(maeOf(issued, rows, lead, half) / limit - 1)).toBeLessThan(0.08); // 5,000 hours, about 200 of them independent
    }
  });
});

describe("a daily sinusoid without noise", () => {
  const rows = Array.from({ length: 4000 }, (_, t) => observed(10 + 8 * Math.sin((2 * Math.PI * t) / 24)));

  test.each(learned)("the error of %s goes to zero at every lead", (name) => {
    const issued = replayExpert(expertNamed(name), rows);
    const early = Math.max(...leads.map((lead) => maeOf(issued.slice(0, 400), rows.slice(0, 400), lead, 200)));
    const late = Math.max(...leads.map((lead) => maeOf(issued, rows, lead, 3800)));
    expect(late).toBeLessThan(early / 4);
    expect(late).toBeLessThan(0.3);
    expect(maeOf(issued, rows, 24, 200)).toBeLessThan(1e-4); // persistence, which it starts from, is exact there
  });
});

describe("weather after months of repeated values", () => {
  const lead = 12;

  test.each([
    ["two values in turn", (t: number) => (t % 2 === 0 ? 0 : 20)],
    ["one value", () => 0],
  ])("%s: the regression halves the error of persistence within three days", (_, repeated) => {
    const repeating = Array.from({ length: 2400 }, (_, t) => observed(repeated(t), -5));
    const rows = [...repeating, ...weather(172, 3)];
    const mae = (name: string) => maeOf(replayExpert(expertNamed(name), rows), rows, lead, repeating.length + 72);
    expect(mae("rls")).toBeLessThan(mae("persistence") / 2);
  });
});

describe("a constant", () => {
  const rows = Array.from({ length: 400 }, () => observed(20, 12));

  test.each(["persistence", "seasonalNaive", ...learned, "rlsTanh"])("%s forecasts the constant", (name) => {
    for (const issued of replayExpert(expertNamed(name), rows))
      for (const column of issued.keys()) {
        const expected = column < maxLeadHours ? 20 : 12;
        if (!Number.isNaN(issued[column]) && Math.abs(issued[column] - expected) > 1e-4)
          expect.fail(`${issued[column]} in column ${column}`);
      }
  });

  test("the mixture forecasts it once every lead has come due", () => {
    const issued = issuedBy(new Forecaster(), rows, "mixture");
    for (const column of issued[0].keys()) expect(issued[399][column]).toBeCloseTo(column < maxLeadHours ? 20 : 12, 3);
  });
});
