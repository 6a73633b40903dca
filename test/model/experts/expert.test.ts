import { beforeAll, describe, expect, test } from "vitest";
import { packState, unpackState } from "../../../src/model/arithmetic/state.js";
import { createExperts } from "../../../src/model/experts/createExperts.js";
import type { Expert } from "../../../src/model/experts/expert.js";
import { HourFeatures } from "../../../src/model/features/features.js";
import { History } from "../../../src/model/features/history.js";
import { Forecaster } from "../../../src/model/forecaster/forecaster.js";
import { fieldValueCount } from "../../../src/model/network/fields.js";
import {
  columnCount,
  columnOf,
  correctedOf,
  guidanceSources,
  maxLeadHours,
  modelNames,
  variables,
} from "../../../src/model/vocabulary.js";
import { stepAll } from "../support/forecasters.js";
import { firstHour, missing, observed, weather, withGaps, withHelpers } from "../support/series.js";

/** Checks the contract of `Expert` for every expert on many kinds of observations. */

const options = { network: true };
const expertNames = createExperts(options).map((expert) => expert.name);
const fieldsAt = (t: number) => Float32Array.from({ length: fieldValueCount }, (_, i) => Math.sin(t + i));

/** Experts that forecast from their first observed hour on. */
const neverAsleep = ["persistence", "seasonalNaive"];
/** Experts that have no forecast without a dew point. */
const needDewPoint = ["sgd"];
/** Experts without a forecast here, because there is no guidance; see guidanceExperts.test.ts. */
const needGuidance: string[] = guidanceSources.flatMap((source) => [source, correctedOf(source)]);
const noGuidance = guidanceSources.map(() => new Float32Array(columnCount).fill(Number.NaN));

const scenarios: { name: string; rows: Float64Array[] }[] = [
  { name: "unbroken hours", rows: weather(260, 1) },
  { name: "random gaps", rows: withGaps(weather(300, 2), 3) },
  {
    name: "a hole of two months",
    rows: [...weather(230, 4), ...Array.from({ length: 1464 }, () => missing), ...weather(230, 5)],
  },
  {
    name: "pressure, wind and cloud that come and go",
    rows: withHelpers(weather(300, 15), 16).map((row, t) => (t % 100 < 30 ? observed(row[0], row[1]) : row)),
  },
  { name: "the first values missing", rows: [missing, observed(Number.NaN, 3), ...weather(250, 6)] },
  { name: "no dew point ever", rows: weather(250, 7).map((row) => observed(row[0])) },
  { name: "one value only", rows: [observed(5, 1), ...Array.from({ length: 100 }, () => missing)] },
  { name: "nothing at all", rows: Array.from({ length: 100 }, () => missing) },
  {
    name: "wild single values",
    rows: weather(260, 8).map((row, t) => {
      const spike = t % 50 === 49 ? (t % 100 === 99 ? 25 : -25) : 0;
      return observed(row[0] + spike, row[1] + spike);
    }),
  },
];

interface IssuedHour {
  t: number;
  forecasts: Float32Array[];
}

function leastAndMost(values: Float32Array): string {
  return `${Math.min(...values)} to ${Math.max(...values)} °C`;
}

function partOf(forecasts: Float32Array, variable: number): Float32Array {
  return forecasts.subarray(columnOf(variable, 1), columnOf(variable, maxLeadHours) + 1);
}

test("experts have the order of the model names, before the mixture", () => {
  expect([...expertNames, "mixture"]).toEqual([...modelNames]);
});

describe.each(scenarios)("$name", ({ rows }) => {
  let forecaster: Forecaster;
  let issued: IssuedHour[];
  let skippedWithForecast: string[];
  let mutations: string[];
  let misexplained: string[];

  beforeAll(() => {
    forecaster = new Forecaster(options);
    issued = [];
    skippedWithForecast = [];
    mutations = [];
    misexplained = [];
    rows.forEach((row, t) => {
      forecaster.step(firstHour + t, row, undefined, fieldsAt(t));
      if (Number.isNaN(row[0])) {
        forecaster.experts.forEach((expert, k) => {
          if (!forecaster.issued[k].every(Number.isNaN)) skippedWithForecast.push(`${expert.name} at ${t}`);
        });
        return;
      }
      issued.push({ t, forecasts: forecaster.experts.map((_, k) => forecaster.issued[k].slice()) });
      if (t % 61 === 0 || t === rows.length - 1)
        forecaster.experts.forEach((expert, k) => {
          inspect(expert, forecaster.issued[k], t);
        });
    });
  });

  /** Forecasts again and explains; records changes of state and explanations that do not add up. */
  function inspect(expert: Expert, forecasts: Float32Array, t: number): void {
    const before = packState(expert.state);
    const again = new Float32Array(columnCount);
    expert.forecast(again);
    for (let column = 0; column < columnCount; column += 5) {
      if (Number.isNaN(forecasts[column])) continue;
      const sum = expert.explain(column).reduce((total, part) => total + part.contributionC, 0);
      // Forecasts are rounded to single precision.
      if (!(Math.abs(sum - forecasts[column]) <= 1e-5 * Math.max(1, Math.abs(sum))))
        misexplained.push(`${expert.name}, column ${column} at ${t}: ${sum} for ${forecasts[column]}`);
    }
    expert.forecast(again);
    const same = again.every((value, column) => Object.is(value, forecasts[column]));
    if (!same || Buffer.compare(before, packState(expert.state)) !== 0) mutations.push(`${expert.name} at ${t}`);
  }

  test("no forecast is issued at an hour without a temperature", () => {
    expect(skippedWithForecast).toEqual([]);
  });

  test("forecasting and explaining change nothing", () => {
    expect(mutations).toEqual([]);
  });

  test("explanations add up", () => {
    expect(misexplained).toEqual([]);
  });

  describe.each(expertNames)("%s", (name) => {
    const k = expertNames.indexOf(name);

    test("forecasts a variable at every lead or at none, and only possible temperatures", () => {
      for (const { t, forecasts } of issued)
        for (let variable = 0; variable < variables.length; variable++) {
          const part = partOf(forecasts[k], variable);
          if (part.every(Number.isNaN)) continue;
          if (!part.every((value) => Math.abs(value) < 150))
            expect.fail(`${variables[variable]} at ${t}: ${leastAndMost(part)}`);
        }
    });

    test("has a forecast whenever it has its inputs", () => {
      for (const { t, forecasts } of issued) {
        const week = rows.slice(Math.max(0, t - 167), t + 1);
        if (needGuidance.includes(name)) {
          if (!forecasts[k].every(Number.isNaN)) expect.fail(`awake at ${t}`);
          continue;
        }
        const full = week.length === 168 && week.every((row) => !Number.isNaN(row[0]));
        const dewPoint = week.some((row) => !Number.isNaN(row[1]));
        const needed = neverAsleep.includes(name) || (full && (dewPoint || !needDewPoint.includes(name)));
        if (needed && partOf(forecasts[k], 0).some(Number.isNaN)) expect.fail(`asleep at ${t}`);
        if (needed && dewPoint && partOf(forecasts[k], 1).some(Number.isNaN)) expect.fail(`no dew point at ${t}`);
      }
    });

    test("gives the same forecasts and the same state after a restore", () => {
      const expert = forecaster.experts[k];
      const copy = createExperts(options)[k];
      unpackState(copy.state, packState(expert.state));
      const history = new History();
      const features = new HourFeatures();
      rows.forEach((row, t) => {
        history.push(firstHour + t, row);
      });
      for (let t = Math.max(0, rows.length - maxLeadHours); t < rows.length; t++) {
        history.lookFrom(firstHour + t);
        features.compute(history);
        features.computeNetwork(fieldsAt(t));
        copy.recall?.(firstHour + t, history, features);
      }
      const [forecast, again] = [new Float32Array(columnCount), new Float32Array(columnCount)];
      if (!Number.isNaN(rows[rows.length - 1][0])) {
        expert.forecast(forecast);
        copy.forecast(again);
        expect(again).toEqual(forecast);
        if (!Number.isNaN(forecast[3])) expect(copy.explain(3)).toEqual(expert.explain(3));
      }
      for (let variable = 0; variable < variables.length; variable++) {
        expert.learn(firstHour + rows.length, variable, 7.5, forecast, noGuidance);
        copy.learn(firstHour + rows.length, variable, 7.5, again, noGuidance);
        expect(again).toEqual(forecast);
      }
      expect(Buffer.compare(packState(copy.state), packState(expert.state))).toBe(0);
    });
  });
});

test("the naive experts forecast what their names say", () => {
  const rows = weather(120, 14);
  const forecaster = stepAll(new Forecaster(), rows);
  for (let variable = 0; variable < variables.length; variable++)
    for (let lead = 1; lead <= maxLeadHours; lead++) {
      const column = columnOf(variable, lead);
      // The newest observation at the same hour of the day.
      let sameHour = 119 + lead;
      while (sameHour > 119) sameHour -= 24;
      expect(forecaster.issued[modelNames.indexOf("persistence")][column]).toBe(Math.fround(rows[119][variable]));
      expect(forecaster.issued[modelNames.indexOf("seasonalNaive")][column]).toBe(
        Math.fround(rows[sameHour][variable]),
      );
    }
});
