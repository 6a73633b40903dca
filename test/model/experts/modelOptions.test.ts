import { expect, test } from "vitest";
import { defaultOptions, type ForecasterOptions } from "../../../src/model/experts/modelOptions.js";
import { Forecaster } from "../../../src/model/forecaster/forecaster.js";
import { columnOf, type ExpertName, maxLeadHours, modelNames } from "../../../src/model/vocabulary.js";
import { expertsUsed, restored, stepAll } from "../support/forecasters.js";
import { firstHour, simulatedGuidance, weather, withGaps } from "../support/series.js";

const rows = withGaps(weather(250, 5), 6);
const guidance = simulatedGuidance(rows, 7);

const trained = (options?: ForecasterOptions) => stepAll(new Forecaster(options), rows, { guidance });

const usual = trained();
const place = (name: (typeof modelNames)[number]) => modelNames.indexOf(name);

test("no options give the same bits as the default options", () => {
  expect(Buffer.compare(trained(defaultOptions).serialize(), usual.serialize())).toBe(0);
});

test.each(expertsUsed)("%s alone forecasts what it forecasts among others, and is the mixture", (name) => {
  const experts: ExpertName[] = name === "nwsCorrected" ? ["nws", name] : [name];
  const alone = trained({ experts });
  expect(alone.issued[place(name)]).toEqual(usual.issued[place(name)]);
  for (let lead = 1; lead <= maxLeadHours; lead++)
    if (experts.length === 1)
      expect(alone.issued[place("mixture")][columnOf(0, lead)]).toBe(alone.issued[place(name)][columnOf(0, lead)]);
  for (const other of expertsUsed)
    if (!experts.includes(other)) expect(alone.issued[place(other)].every(Number.isNaN)).toBe(true);
  expect([...alone.scores.ewmaeValues()].map(({ model }) => modelNames[model])).not.toContain(
    expertsUsed.find((other) => !experts.includes(other)),
  );
});

test("the order of the experts does not matter", () => {
  const [one, other] = [trained({ experts: ["rls", "persistence"] }), trained({ experts: ["persistence", "rls"] })];
  expect(Buffer.compare(one.serialize(), other.serialize())).toBe(0);
});

test("lags change the regressions that use them and no other expert", () => {
  const other = trained({ lags: [0, 1, 24] });
  for (const name of expertsUsed) {
    const same = other.issued[place(name)].every((value, c) => Object.is(value, usual.issued[place(name)][c]));
    expect([name, same]).toEqual([name, name !== "rls" && name !== "rlsTanh"]);
  }
});

test("forgetting changes every regression except climatology, and follows a shift faster", () => {
  const other = trained({ forgetting: 0.999 });
  for (const name of expertsUsed) {
    const same = other.issued[place(name)].every((value, c) => Object.is(value, usual.issued[place(name)][c]));
    expect([name, same]).toEqual([name, !["blend", "rls", "hourlyRls", "rlsTanh", "nwsCorrected"].includes(name)]);
  }
  // The daily cycle triples: two weeks later, the expert with forgetting has a far smaller error.
  const signal = (t: number) => (t < 300 ? 1 : 3) * 5 * Math.sin((2 * Math.PI * (firstHour + t)) / 24);
  const errors = [1, 0.99].map((forgetting) => {
    const forecaster = new Forecaster({ experts: ["blend"], huber: Number.POSITIVE_INFINITY, forgetting });
    let sum = 0;
    for (let t = 0; t < 780; t++) {
      const y = signal(t);
      forecaster.step(firstHour + t, [y, y - 20, Number.NaN, Number.NaN, Number.NaN, Number.NaN]);
      if (t >= 660) sum += Math.abs(forecaster.issued[place("mixture")][columnOf(0, 6)] - signal(t + 6));
    }
    return sum;
  });
  expect(errors[1]).toBeLessThan(errors[0] / 2);
});

test("a state can only be restored with the options that made it", () => {
  const options: ForecasterOptions = { lags: [0, 3], forgetting: 0.995, experts: ["rls", "climatology"] };
  const whole = trained(options);
  const half = stepAll(new Forecaster(options), rows.slice(0, 125));
  const resumed = stepAll(restored(half, options), rows.slice(125), { from: firstHour + 125 });
  expect(Buffer.compare(resumed.serialize(), whole.serialize())).toBe(0);
  expect(() => new Forecaster().restore(whole.serialize())).toThrow("bytes, expected");
});

test("invalid options are rejected", () => {
  const refused: [ForecasterOptions, string][] = [
    [{ delta: 0 }, "delta must be positive"],
    [{ delta: Number.POSITIVE_INFINITY }, "delta must be finite"],
    [{ hourlyDelta: Number.NaN }, "hourlyDelta must be positive"],
    [{ huber: -1 }, "huber must be positive"],
    [{ forgetting: 0 }, "forgetting must be above 0 and at most 1"],
    [{ forgetting: 1.1 }, "forgetting must be above 0 and at most 1"],
    [{ lags: [1] }, "lags must be whole hours"],
    [{ experts: [] }, "the mixture needs an expert"],
  ];
  for (const [options, message] of refused) expect(() => new Forecaster(options)).toThrow(message);
});
