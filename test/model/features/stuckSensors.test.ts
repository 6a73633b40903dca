import fc from "fast-check";
import { describe, expect, test } from "vitest";
import { normal, uniform } from "../../../src/model/arithmetic/deterministicMath.js";
import { StuckSensors } from "../../../src/model/features/stuckSensors.js";
import { Forecaster } from "../../../src/model/forecaster/forecaster.js";
import {
  coldestAirC,
  columnCount,
  columnOf,
  type ExpertName,
  modelNames,
  quantileCount,
  quantileNames,
  warmestAirC,
} from "../../../src/model/vocabulary.js";
import { archive, archiveHours } from "../support/archiveHours.js";
import { restored } from "../support/forecasters.js";
import { autoregression, firstHour, missing, observed, weather } from "../support/series.js";

const day = 24;
const experts: ExpertName[] = ["persistence", "seasonalNaive", "climatology", "blend"];
const mixture = modelNames.indexOf("mixture");
const [p10, p90] = [quantileNames.indexOf("p10"), quantileNames.indexOf("p90")];

function repeated(hours: number, row: (hour: number) => Float64Array): Float64Array[] {
  return Array.from({ length: hours }, (_, hour) => row(hour));
}

/** Weather of a desert summer, 15 to 45 °C. */
function desert(hours: number): Float64Array[] {
  return weather(hours, 8).map(([t, td]) => observed(t + 25, td + 15));
}

/** Indices of the hours at which a variable is suspect. */
function doubted(rows: readonly Float64Array[], variable = 0): number[] {
  const sensors = new StuckSensors();
  return rows.flatMap((row, t) => {
    sensors.update(firstHour + t, row);
    return sensors.isSuspect(variable, firstHour + t) ? [t] : [];
  });
}

/** Throws when only some quantiles are NaN, when quantiles cross, or when one is not a possible temperature. */
function checkQuantiles({ quantiles, issued }: Forecaster): void {
  for (let column = 0; column < columnCount; column++) {
    const all = quantiles.subarray(column * quantileCount, (column + 1) * quantileCount);
    if (all.every(Number.isNaN)) continue;
    all.forEach((quantile, q) => {
      const isPossible = coldestAirC <= quantile && quantile <= warmestAirC;
      if (!isPossible || (q > 0 && quantile < all[q - 1])) throw new Error(`quantiles ${all} in column ${column}`);
    });
    if (Number.isNaN(issued[mixture][column])) throw new Error(`quantiles without a forecast in column ${column}`);
  }
}

describe("a sensor is suspect", () => {
  test.each([0, 20])("from its fourth day on at %d °C, until it moves", (stuckAt) => {
    const rows = [...weather(50, 1), ...repeated(100, () => observed(stuckAt, stuckAt - 5)), ...weather(50, 2)];
    expect(doubted(rows)).toEqual(repeated(28, (t) => observed(t)).map(([t]) => t + 122));
  });

  test("even with small changes and missing reports", () => {
    const next = uniform(4);
    const rows = repeated(300, () => (next() < 0.3 ? missing : observed(next() < 0.2 ? 0.4 : 0, -5)));
    expect(doubted(rows).length).toBeGreaterThan(150);
    expect(doubted(rows)).toEqual(
      repeated(300 - doubted(rows)[0], (t) => observed(t + doubted(rows)[0])).map(([t]) => t),
    );
  });

  test("only the dew point when its sensor is stuck, both when the thermometer is", () => {
    const dewPointStuck = weather(100, 3).map(([t]) => observed(t, -4));
    expect([doubted(dewPointStuck, 0).length, doubted(dewPointStuck, 1).length]).toEqual([0, 28]);
    const thermometerStuck = weather(100, 3).map(([, td]) => observed(20, td));
    expect([doubted(thermometerStuck, 0).length, doubted(thermometerStuck, 1).length]).toEqual([28, 28]);
  });

  test("never when it shows weather, in tenths or whole degrees", () => {
    const rows = weather(4000, 5);
    for (const variable of [0, 1]) {
      expect(doubted(rows, variable)).toEqual([]);
      expect(
        doubted(
          rows.map(([t, td]) => observed(Math.round(t), Math.round(td))),
          variable,
        ),
      ).toEqual([]);
    }
  });

  test.skipIf(!archive)("never at an airport", () => {
    for (const [id, year] of [
      ["USW00014827", 2016],
      ["USW00014819", 2019],
      ["USI0000KLGB", 2025],
      ["USI0000PHNL", 2025],
    ] as const)
      for (const variable of [0, 1]) expect(doubted(archiveHours(archive!, id, year, year), variable)).toEqual([]);
  });
});

describe("after the values of a stuck sensor", () => {
  const stuck = repeated(30 * day, () => observed(0, -5));
  const [before, after] = [weather(20 * day, 6), desert(12 * day)];
  const flicker = normal(7);
  const series: Record<string, Float64Array[]> = {
    "a sensor stuck from the start": stuck,
    "a sensor stuck at 20 °C": repeated(20 * day, () => observed(20, 10)),
    "a sensor stuck but for tenths": repeated(20 * day, () => observed(Math.abs(flicker()) > 1.5 ? 0.1 : 0, -5)),
    "a sensor that got stuck for a week": [...before, ...stuck.slice(0, 7 * day)],
    "a sensor that got stuck for a month": [...before.slice(0, 10 * day), ...stuck],
    "a sensor stuck, then silent": [...stuck, ...repeated(5 * day, () => missing)],
    "a dew point stuck alone": desert(20 * day).map(([t]) => observed(t, 0)),
    "two values in turn": repeated(20 * day, (t) => observed(t % 2 === 0 ? 0 : 20, -5)),
    "a day that repeats itself": repeated(20 * day, (t) => observed(20 + 9 * Math.sin((2 * Math.PI * t) / day), 5)),
    "thirty degrees less": weather(20 * day, 9),
  };

  test.each(Object.keys(series))("quantiles are those of weather within days: %s", (name) => {
    const rows = [...series[name], ...after];
    const turn = series[name].length;
    const forecaster = new Forecaster({ experts });
    const widths: number[] = [];
    let covered = 0;
    const due: [number, number][] = [];
    rows.forEach((row, t) => {
      forecaster.step(firstHour + t, row);
      checkQuantiles(forecaster);
      const at = columnOf(0, day) * quantileCount;
      due.push([forecaster.quantiles[at + p10], forecaster.quantiles[at + p90]]);
      if (t < turn + 6 * day) return;
      const [low, high] = due[t - day];
      widths.push(high - low);
      if (low <= row[0] && row[0] <= high) covered++;
    });
    // The 80 % interval a day ahead is 3 to 5 °C wide in this weather.
    expect(Math.min(...widths)).toBeGreaterThan(1);
    expect(Math.max(...widths)).toBeLessThan(35);
    expect(covered / widths.length).toBeGreaterThan(0.6);
  });

  test("forecasts continue, and the known errors do not change", () => {
    const forecaster = new Forecaster({ experts });
    const width = () => {
      const at = columnOf(0, day) * quantileCount;
      return forecaster.quantiles[at + p90] - forecaster.quantiles[at + p10];
    };
    const widths = [...before, ...stuck].map((row, t) => {
      forecaster.step(firstHour + t, row);
      expect(forecaster.issued[mixture].every(Number.isFinite)).toBe(true);
      return width();
    });
    expect(widths.at(-1)!).toBeGreaterThan(widths[before.length - 1]);
  });

  test("a forecaster restored while the sensor is stuck gives the same results", () => {
    const rows = [...before.slice(0, 100), ...stuck.slice(0, 90), ...after.slice(0, 100)];
    const whole = new Forecaster({ experts });
    let resumed = new Forecaster({ experts });
    rows.forEach((row, t) => {
      whole.step(firstHour + t, row);
      resumed.step(firstHour + t, row);
      if (t % 37 === 0) resumed = restored(resumed, { experts });
    });
    expect(Buffer.compare(resumed.serialize(), whole.serialize())).toBe(0);
  });
});

test("quantiles are ordered and possible for any observations", () => {
  const value = fc.integer({ min: -900, max: 600 }).map((tenths) => tenths / 10);
  const hours = fc.integer({ min: 1, max: 150 });
  const stretch = fc.oneof(
    fc.record({ hours, value }).map(({ hours, value }) => repeated(hours, () => observed(value, value))),
    fc.record({ hours, value }).map(({ hours, value }) => repeated(hours, (t) => observed(t % 2 ? value : 0, -90))),
    fc.record({ hours, seed: fc.nat() }).map(({ hours, seed }) => weather(hours, seed)),
    fc.record({ hours, seed: fc.nat() }).map(({ hours, seed }) => {
      const walk = autoregression(hours, 1, 20, seed);
      return walk.map((t) => observed(Math.max(-90, Math.min(60, t)), -90));
    }),
    hours.map((hours) => repeated(hours, () => missing)),
    fc.array(value, { minLength: 1, maxLength: 100 }).map((values) => values.map((t) => observed(t, t))),
  );
  fc.assert(
    fc.property(fc.array(stretch, { minLength: 2, maxLength: 6 }), (stretches) => {
      const forecaster = new Forecaster({ experts: [...experts, "sgd", "rls"] });
      stretches.flat().forEach((row, t) => {
        forecaster.step(firstHour + t, row);
        checkQuantiles(forecaster);
      });
    }),
    { numRuns: 5 },
  );
});
