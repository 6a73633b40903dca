import { describe, expect, test } from "vitest";
import { Forecaster } from "../../../src/model/forecaster/forecaster.js";
import {
  columnCount,
  columnOf,
  correctedOf,
  expertNames,
  guidanceSources,
  maxLeadHours,
  modelNames,
  quantileCount,
  variables,
} from "../../../src/model/vocabulary.js";
import { restored, stepAll } from "../support/forecasters.js";
import { firstHour, guidanceFrom, missing, simulatedGuidance, weather, withGaps } from "../support/series.js";

const place = (name: (typeof modelNames)[number]) => modelNames.indexOf(name);
const models = guidanceSources.flatMap((source) => [source, correctedOf(source)]);
const isGuidance = (name: string) => models.some((model) => model === name);
const others = expertNames.filter((name) => !isGuidance(name));

/** Whether two arrays are the same to the bit. */
function isSame(a: Float32Array | Float64Array, b: Float32Array | Float64Array): boolean {
  return Buffer.compare(new Uint8Array(a.slice().buffer), new Uint8Array(b.slice().buffer)) === 0;
}

test("without guidance its experts sleep, and the mixture is the same to the bit as without them", () => {
  const rows = withGaps(weather(120, 21), 22);
  const [usual, never] = [new Forecaster(), new Forecaster({ experts: others })];
  rows.forEach((row, t) => {
    // A forecast with only missing or impossible values counts as none.
    const none = t % 3 === 0 ? undefined : new Float32Array(columnCount).fill(t % 2 ? 999 : NaN);
    usual.step(firstHour + t, row, guidanceFrom("nbm", none));
    never.step(firstHour + t, row);
    for (const name of modelNames) {
      if (isGuidance(name)) expect(usual.issued[place(name)].every(Number.isNaN)).toBe(true);
      else expect(isSame(usual.issued[place(name)], never.issued[place(name)])).toBe(true);
    }
    expect(isSame(usual.quantiles, never.quantiles)).toBe(true);
    expect(isSame(usual.weights, never.weights)).toBe(true);
  });
});

test("one expert is the unchanged guidance; the other starts from it and learns its errors", () => {
  const rows = weather(24 * 60, 23);
  const guidance = simulatedGuidance(rows, 24);
  const forecaster = new Forecaster({ experts: ["nws", "nwsCorrected"] });
  const biases = { nws: 0, nwsCorrected: 0 };
  let n = 0;
  let began = false;
  rows.forEach((row, t) => {
    forecaster.step(firstHour + t, row, guidanceFrom("nws", guidance[t]));
    const known = guidance[t];
    const [asItIs, corrected] = [forecaster.issued[place("nws")], forecaster.issued[place("nwsCorrected")]];
    if (!known) {
      expect([...asItIs, ...corrected].every(Number.isNaN)).toBe(true);
      return;
    }
    expect(asItIs).toEqual(known);
    if (!began) expect(corrected).toEqual(known);
    began = true;
    if (t < 24 * 30 || t + 24 >= rows.length) return;
    n++;
    for (const name of ["nws", "nwsCorrected"] as const)
      biases[name] += forecaster.issued[place(name)][columnOf(0, 24)] - rows[t + 24][0];
  });
  expect(biases.nws / n).toBeGreaterThan(1);
  expect(Math.abs(biases.nwsCorrected / n)).toBeLessThan(0.3);
});

test("corrected guidance has an explanation in parts", () => {
  const rows = weather(24 * 20, 25);
  const guidance = simulatedGuidance(rows, 26);
  const forecaster = stepAll(new Forecaster({ experts: ["nws", "nwsCorrected"] }), rows, { guidance });
  const k = place("nwsCorrected");
  for (const column of [0, 23, 71, 72, 120]) {
    const parts = forecaster.experts.find(({ name }) => name === "nwsCorrected")!.explain(column);
    const sum = parts.reduce((total, { contributionC }) => total + contributionC, 0);
    if (Number.isNaN(forecaster.issued[k][column])) continue;
    expect(sum).toBeCloseTo(forecaster.issued[k][column], 4);
    expect(parts.filter(({ contributionC }) => contributionC !== 0).length).toBeGreaterThan(10);
  }
});

describe("with guidance that is biased, good far ahead, and worse than the other experts an hour ahead", () => {
  // Errors are correlated and grow with the lead, as in numerical forecasts; the bias depends on the hour of the day.
  const rows = withGaps(weather(24 * 100, 27), 28);
  const guidance = simulatedGuidance(rows, 29, { bias: 1.2, error: 0.8 });
  const scoredFrom = 24 * 60;
  // One large regression is enough.
  const fast = others.filter((name) => !["hourlyRls", "rlsTanh", "ownHistory"].includes(name));
  const all = [...fast, "nws", "nwsCorrected"] as const;
  const [both, ours, theirs] = [
    new Forecaster({ experts: all }),
    new Forecaster({ experts: fast }),
    new Forecaster({ experts: ["nws"] }),
  ];
  const forecasters = { both, ours, theirs };
  const sums = Object.fromEntries(Object.keys(forecasters).map((name) => [name, new Float64Array(columnCount)]));
  const counts = new Float64Array(columnCount);
  const waiting: Record<string, Float32Array[]> = { both: [], ours: [], theirs: [] };
  rows.forEach((row, t) => {
    for (const [name, forecaster] of Object.entries(forecasters)) {
      forecaster.step(firstHour + t, row, guidanceFrom("nws", guidance[t]));
      waiting[name].push(forecaster.issued[place("mixture")].slice());
    }
  });
  for (let t = scoredFrom; t < rows.length; t++)
    for (let variable = 0; variable < variables.length; variable++)
      for (let lead = 1; lead <= maxLeadHours; lead++) {
        const column = columnOf(variable, lead);
        const errors = Object.keys(forecasters).map((name) => waiting[name][t - lead][column] - rows[t][variable]);
        if (errors.some(Number.isNaN)) continue;
        counts[column]++;
        Object.keys(forecasters).forEach((name, i) => {
          sums[name][column] += Math.abs(errors[i]);
        });
      }
  const mae = (name: string, variable: number, lead: number) =>
    sums[name][columnOf(variable, lead)] / counts[columnOf(variable, lead)];

  test.each(variables)("the mixture beats it and the other experts in %s at every lead", (variable) => {
    const v = variables.indexOf(variable);
    for (let lead = 1; lead <= maxLeadHours; lead++) {
      expect(counts[columnOf(v, lead)]).toBeGreaterThan(300);
      const best = Math.min(mae("ours", v, lead), mae("theirs", v, lead));
      if (!(mae("both", v, lead) < best))
        expect.fail(`${lead} h: ${mae("both", v, lead)} against ${mae("ours", v, lead)} and ${mae("theirs", v, lead)}`);
    }
  });

  test("the mixture is much better at leads where both are useful", () => {
    for (const lead of [6, 12, 24]) {
      const best = Math.min(mae("ours", 0, lead), mae("theirs", 0, lead));
      expect(mae("both", 0, lead)).toBeLessThan(0.9 * best);
    }
  });

  test("intervals stay calibrated when it appears, stops for a week and returns, and so does the error", () => {
    const [gone, back] = [24 * 80, 24 * 87];
    const coming = new Forecaster({ experts: all });
    const stretches = {
      "before it": [30, 45],
      "first days": [45, 52],
      used: [52, 80],
      gone: [80, 87],
      returned: [87, 94],
    };
    const isKnown = (t: number) => t >= 24 * 45 && !(t >= gone && t < back);
    const issuedHours = rows.map((row, t) => {
      coming.step(firstHour + t, row, guidanceFrom("nws", isKnown(t) ? guidance[t] : undefined));
      return { forecast: coming.issued[place("mixture")].slice(), quantiles: coming.quantiles.slice() };
    });
    for (const [name, [from, to]] of Object.entries(stretches)) {
      let [n, inside, error, errorBoth, errorOurs] = [0, 0, 0, 0, 0];
      for (let t = 24 * from!; t < 24 * to!; t++)
        for (let lead = 1; lead <= 24; lead++) {
          const y = rows[t + lead]?.[0] ?? Number.NaN;
          const { forecast, quantiles } = issuedHours[t]!;
          const [low, high] = [quantiles[(lead - 1) * quantileCount + 1]!, quantiles[(lead - 1) * quantileCount + 5]!];
          const compared = [waiting.both[t]![lead - 1]!, waiting.ours[t]![lead - 1]!];
          if (Number.isNaN(low + y + compared[0]! + compared[1]!)) continue;
          n++;
          if (low <= y && y <= high) inside++;
          error += Math.abs(forecast[lead - 1]! - y);
          errorBoth += Math.abs(compared[0]! - y);
          errorOurs += Math.abs(compared[1]! - y);
        }
      expect([name, inside / n > 0.65 && inside / n < 0.95]).toEqual([name, true]);
      if (name === "gone") expect(error / n).toBeLessThan(1.05 * (errorOurs / n));
      if (name === "used" || name === "returned") expect(error / n).toBeLessThan(1.15 * (errorBoth / n));
    }
  });

  test("during a week without it the other experts continue, and afterwards it is used again", () => {
    const forecaster = new Forecaster();
    let resumed = new Forecaster();
    for (let t = 0; t <= 24 * 30; t++) {
      const known = t >= 24 * 20 && t < 24 * 27 ? undefined : guidance[t];
      const row = t === 24 * 23 ? missing : rows[t];
      for (const one of [forecaster, resumed]) one.step(firstHour + t, row, guidanceFrom("nws", known));
      if (t % 100 === 99) resumed = restored(resumed);
    }
    expect(Buffer.compare(resumed.serialize(), forecaster.serialize())).toBe(0);
    expect(forecaster.issued[place("nwsCorrected")].some(Number.isNaN)).toBe(false);
  });
});
