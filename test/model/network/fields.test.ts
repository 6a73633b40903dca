import fc from "fast-check";
import { describe, expect, test } from "vitest";
import { packState, unpackState } from "../../../src/model/arithmetic/state.js";
import { Anomalies, fieldCount, networkQuantities } from "../../../src/model/network/anomalies.js";
import { Fields, fieldValueCount, type NetworkStation } from "../../../src/model/network/fields.js";
import { pointWeights } from "../../../src/model/network/points.js";
import { firstHour } from "../support/series.js";

const width = networkQuantities.length;
const station = { stationId: "A", latitude: 36, longitude: -87 };
const around = (stationId: string, north: number, east: number): NetworkStation => ({
  stationId,
  latitude: station.latitude + north,
  longitude: station.longitude + east,
});

/** Anomalies of one station over hours with these values, °C, °C, hPa; the newest hour's fields. */
function anomaliesOf(hours: readonly (readonly number[])[]): number[] {
  const anomalies = new Anomalies(1);
  for (const [i, values] of hours.entries()) anomalies.step(firstHour + i, values);
  return [...anomalies.values];
}
const days = (count: number, values: readonly number[]) => Array.from({ length: 24 * count }, () => values);

describe("an anomaly", () => {
  test("is the difference from the same hour of past days, unknown on the first", () => {
    expect(anomaliesOf(days(1, [10, 5, 1010])).slice(0, 1)).toEqual([Number.NaN]);
    const [warmth, warming, damp, pressure, tendency] = anomaliesOf([...days(2, [10, 5, 1010]), [20, 7, 1018]]);
    expect([warmth, warming, damp, pressure, tendency]).toEqual([2, 2, 0.4, 1, 8 / 3]);
  });

  test("averages the past 15 days alike, and older ones exponentially", () => {
    const day = (value: number) => days(1, [value, Number.NaN, Number.NaN]);
    const rising = Array.from({ length: 10 }, (_, i) => day(i)).flat();
    expect(anomaliesOf([...rising, [0, Number.NaN, Number.NaN]])[0]! * 5).toBeCloseTo(-4.5, 12);
    const long = Array.from({ length: 30 }, () => day(0)).flat();
    expect(anomaliesOf([...long, ...day(15), [0, Number.NaN, Number.NaN]])[0]! * 5).toBeCloseTo(-1, 12);
  });

  test("carries temperature for 3 hours and pressure for 6, and needs a temperature", () => {
    const known = [...days(2, [10, 5, 1010]), [20, 7, 1018]];
    const missing = (count: number) => Array.from({ length: count }, () => [Number.NaN, Number.NaN, Number.NaN]);
    expect(anomaliesOf([...known, ...missing(3)])[0]).toBe(2);
    expect(anomaliesOf([...known, ...missing(4)])).toEqual(Array(fieldCount).fill(Number.NaN));
    const dry = (count: number) => Array.from({ length: count }, () => [10, 5, Number.NaN]);
    expect(anomaliesOf([...known, ...dry(6)])[3]).toBe(1);
    expect(anomaliesOf([...known, ...dry(7)])[3]).toBe(Number.NaN);
  });

  test("goes on from its state with the same bits", () => {
    const hours = Array.from({ length: 100 }, (_, i) => [
      Math.sin(i) * 10,
      Math.cos(i),
      i % 7 ? 1010 + (i % 5) : Number.NaN,
    ]);
    const whole = new Anomalies(1);
    const run = (anomalies: Anomalies, from: number, to: number) => {
      for (let i = from; i < to; i++) anomalies.step(firstHour + i, hours[i]!);
    };
    run(whole, 0, 100);
    const first = new Anomalies(1);
    run(first, 0, 61);
    const second = new Anomalies(1);
    unpackState(second.state, packState(first.state));
    run(second, 61, 100);
    expect([...second.values]).toEqual([...whole.values]);
  });
});

describe("the fields around a station", () => {
  const fieldsOf = (network: readonly NetworkStation[], anomalies: ArrayLike<number>) => {
    const out = new Float32Array(fieldValueCount);
    new Fields(station, network).compute(anomalies, out);
    return out;
  };

  test("are 0 everywhere for a station alone", () => {
    expect(fieldsOf([station], new Float64Array(fieldCount).fill(9))).toEqual(new Float32Array(fieldValueCount));
    expect(fieldsOf([], [])).toEqual(new Float32Array(fieldValueCount));
  });

  test("show the anomaly of stations that agree, less where their weight is small", () => {
    const network = [around("B", 0.1, 0), around("C", 0.1, 0)];
    const weights = pointWeights(station, network[0]!);
    const out = fieldsOf(network, Array(2 * fieldCount).fill(1.5));
    out.forEach((value, i) => {
      const sum = 2 * weights[Math.floor(i / fieldCount)]!;
      expect(value).toBeCloseTo((1.5 * sum) / (sum + 0.3), 6);
    });
  });

  test("leave out unknown values only", () => {
    const network = [around("B", 0.1, 0), around("C", 0.1, 0)];
    const both = Array(2 * fieldCount).fill(1);
    const one = both.map((value, i) => (i === 0 ? Number.NaN : value));
    const [before, after] = [fieldsOf(network, both), fieldsOf(network, one)];
    expect(after[0]).toBeLessThan(before[0]!);
    expect(after.slice(1, fieldCount)).toEqual(before.slice(1, fieldCount));
  });

  test("do not depend on the order of stations", () => {
    const stations = fc.array(
      fc.record({
        north: fc.double({ min: -20, max: 20, noNaN: true }),
        east: fc.double({ min: -20, max: 20, noNaN: true }),
        values: fc.array(fc.oneof(fc.double({ min: -5, max: 5, noNaN: true }), fc.constant(Number.NaN)), {
          minLength: fieldCount,
          maxLength: fieldCount,
        }),
      }),
      { minLength: 1, maxLength: 12 },
    );
    fc.assert(
      fc.property(stations, fc.integer(), (list, seed) => {
        const named = list.map((one, i) => ({ ...one, station: around(`S${i}`, one.north, one.east) }));
        const shuffled = [...named].sort((a, b) => Math.sin(seed + a.north * 99) - Math.sin(seed + b.north * 99));
        const compute = (order: typeof named) =>
          fieldsOf(
            order.map((one) => one.station),
            order.flatMap(({ values }) => values),
          );
        expect(compute(shuffled)).toEqual(compute(named));
      }),
    );
  });

  test("at or before an hour do not see what comes after it", () => {
    const network = [around("B", 1, 1), around("C", -3, 2)];
    const hours = Array.from({ length: 80 }, (_, i) =>
      Array.from({ length: 2 * width }, (_, k) => Math.sin(i * (k + 1))),
    );
    const run = (rows: readonly (readonly number[])[]) => {
      const [anomalies, fields] = [new Anomalies(2), new Fields(station, network)];
      return rows.map((values, i) => {
        anomalies.step(firstHour + i, values);
        const out = new Float32Array(fieldValueCount);
        fields.compute(anomalies.values, out);
        return out;
      });
    };
    const honest = run(hours);
    const poisoned = run(
      hours.map((values, i) => (i < 60 ? values : values.map((_, k) => (k % 2 ? 1e9 : Number.NaN)))),
    );
    expect(poisoned.slice(0, 60)).toEqual(honest.slice(0, 60));
    expect(poisoned.slice(60)).not.toEqual(honest.slice(60));
  });
});
