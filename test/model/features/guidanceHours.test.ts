import fc from "fast-check";
import { expect, test } from "vitest";
import {
  firstGuidanceHour,
  type GuidanceHour,
  guidanceForHours,
  guidanceHours,
  guidanceLeads,
} from "../../../src/model/features/guidanceHours.js";
import { columnCount, columnOf, guidanceSources, maxLeadHours } from "../../../src/model/vocabulary.js";

const issuedHour = 400_000;

/** A run whose temperature is a function of the hour, at every `step`-th lead. */
function run(celsius: (hour: number) => number, { source = "nbm", issued = issuedHour, step = 1, leads = 96 } = {}) {
  const rows: GuidanceHour[] = [];
  for (let leadHours = 1; leadHours <= leads; leadHours++)
    if ((issued + leadHours) % step === 0) {
      const temperatureC = celsius(issued + leadHours);
      rows.push({ source, issuedHour: issued, leadHours, temperatureC, dewPointC: temperatureC - 2 });
    }
  return rows;
}

const place = (source: (typeof guidanceSources)[number]) => guidanceSources.indexOf(source);
const at = (values: Float32Array | null, hour: number, from: number, lead: number, variable = 0) =>
  values![(hour - from) * columnCount + columnOf(variable, lead)]!;

test("guidance is used from the hour after it was public, for a day at most, and each source apart", () => {
  const rows = [...run(() => 5), ...run(() => 7, { source: "an-archive", issued: issuedHour + 2 })];
  const [nbm, nws, other] = guidanceHours(rows, issuedHour, issuedHour + 40);
  expect(nws).toBeNull();
  for (const [values, celsius, issued] of [
    [nbm!, 5, issuedHour],
    [other!, 7, issuedHour + 2],
  ] as const) {
    expect(at(values, issued, issuedHour, 1)).toBeNaN();
    for (const hour of [issued + 1, issued + guidanceForHours]) {
      expect(at(values, hour, issuedHour, 1)).toBe(celsius);
      expect(at(values, hour, issuedHour, maxLeadHours, 1)).toBe(celsius - 2);
    }
    expect(at(values, issued + guidanceForHours + 1, issuedHour, 1)).toBeNaN();
  }
});

test("a run replaces what it gives, withdraws what it says, and leaves the rest", () => {
  const hour = issuedHour + 10;
  const change = { source: "nbm", issuedHour: issuedHour + 3, dewPointC: null };
  const rows = [
    ...run(() => 5),
    { ...change, leadHours: 12, temperatureC: 9 },
    { ...change, leadHours: 13, temperatureC: null },
    { ...change, leadHours: null, temperatureC: null, issuedHour: issuedHour + 9 },
  ];
  const values = guidanceHours(rows, hour, hour)[place("nbm")]!;
  expect([4, 5, 7].map((lead) => values[columnOf(0, lead)])).toEqual([5, 9, 5]);
  expect(values[columnOf(1, 5)]).toBeNaN();
  // The withdrawn hour is filled in from those around it.
  expect(values[columnOf(0, 6)]).toBeGreaterThan(5);
});

test("three-hourly values are kept, lines stay lines, and a wave is nearer than by straight lines", () => {
  const hour = issuedHour + 1;
  const filled = (celsius: (hour: number) => number) =>
    guidanceHours(run(celsius, { step: 3 }), hour, hour)[place("nbm")]!;
  const line = filled((at) => (at - issuedHour) / 10);
  const wave = (at: number) => 10 * Math.sin((2 * Math.PI * at) / 24);
  const filledWave = filled(wave);
  let [cubic, straight] = [0, 0];
  for (let lead = 4; lead <= 66; lead++) {
    const target = hour + lead;
    expect(line[columnOf(0, lead)]).toBeCloseTo((target - issuedHour) / 10, 5);
    const before = target - (target % 3);
    const share = (target - before) / 3;
    if (share === 0) expect(filledWave[columnOf(0, lead)]).toBeCloseTo(wave(target), 5);
    cubic += Math.abs(filledWave[columnOf(0, lead)]! - wave(target));
    straight += Math.abs(wave(before) * (1 - share) + wave(before + 3) * share - wave(target));
  }
  expect(cubic).toBeLessThan(straight / 3);
  // No value is made up beyond the last one, or over a longer gap.
  const short = guidanceHours(
    run(() => 1, { step: 3, leads: 30 }),
    hour,
    hour,
  )[place("nbm")]!;
  expect(short[columnOf(0, 35)]).toBeNaN();
  const sparse = guidanceHours(
    run(() => 1, { step: 6 }),
    hour,
    hour,
  )[place("nbm")]!;
  expect([...sparse.subarray(0, 72)].filter((value) => !Number.isNaN(value)).length).toBe(12);
});

test("the values of an hour are the same wherever a replay begins and ends", () => {
  const runs = fc.array(
    fc.record({ gap: fc.integer({ min: 1, max: 40 }), step: fc.constantFrom(1, 3), warm: fc.nat(9) }),
  );
  fc.assert(
    fc.property(runs, fc.integer({ min: 0, max: 150 }), fc.integer({ min: 0, max: 30 }), (given, start, length) => {
      let issued = issuedHour;
      const rows = given.flatMap(({ gap, step, warm }) => {
        issued += gap;
        return run((hour) => warm + (hour % 24), { issued, step, leads: guidanceLeads });
      });
      const [first, last] = [issuedHour + start, issuedHour + start + length];
      const known = rows.filter((row) => row.issuedHour >= firstGuidanceHour(first) && row.issuedHour < last);
      const whole = guidanceHours(rows, issuedHour, last)[0];
      const part = guidanceHours(known, first, last)[0];
      const expected = whole?.subarray(start * columnCount) ?? new Float32Array(0);
      if (!part) expect(expected.every(Number.isNaN)).toBe(true);
      else expect(part).toEqual(expected);
    }),
    { numRuns: 60 },
  );
});
