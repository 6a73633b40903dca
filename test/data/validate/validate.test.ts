import fc from "fast-check";
import { describe, expect, it } from "vitest";
import { CleanReport, type RawReport } from "../../../src/data/sources/schemas.js";
import { validate } from "../../../src/data/validate/validate.js";
import { dewPointToleranceC } from "../../../src/shared/measures.js";
import { minuteMs } from "../../../src/shared/time.js";

const noValue = { value: "", quality: "", sourceCode: "343" };
const start = Date.UTC(2020, 0, 1);

function report(row: number, minutes: number, temperature: string, dewPoint = ""): RawReport {
  return {
    row,
    stationId: "USW00094846",
    date: new Date(start + minutes * minuteMs).toISOString().slice(0, 19),
    reportType: "FM15",
    corrected: false,
    temperature: { ...noValue, value: temperature },
    dewPoint: { ...noValue, value: dewPoint },
    seaLevelPressure: noValue,
    windSpeed: noValue,
    windDirection: noValue,
    cloudCover: noValue,
  };
}

async function* each<T>(rows: readonly T[]) {
  yield* rows;
}

const expected = { stationId: "USW00094846", year: 2020, notAfter: null };
const hourly = (temperatures: readonly number[]) =>
  temperatures.map((t, hour) => report(hour + 2, hour * 60, t.toFixed(1)));
const temperatures = async (rows: readonly RawReport[]) =>
  (await validate(each(rows), expected)).reports.map((clean) => clean.temperatureC);

describe("validate", () => {
  it("reads -0.0 as 0", async () => {
    const [temperature] = await temperatures([report(2, 0, "-0.0")]);
    expect(Object.is(temperature, 0)).toBe(true);
  });

  it("rejects a single jump", async () => {
    expect(await temperatures(hourly([10, 11, 45, 11, 12]))).toEqual([10, 11, null, 11, 12]);
  });

  it("accepts a jump that the next report confirms, and sharp fronts at once", async () => {
    expect(await temperatures(hourly([-5, 17, 18, 18]))).toEqual([-5, null, 18, 18]);
    expect(await temperatures(hourly([26, 8, 7]))).toEqual([26, 8, 7]);
  });

  it("uses earlier reports only: later ones change nothing", async () => {
    const jumpy = fc.array(fc.integer({ min: -400, max: 400 }), { minLength: 2, maxLength: 40 });
    await fc.assert(
      fc.asyncProperty(jumpy, fc.nat(), async (tenths, cut) => {
        const rows = hourly(tenths.map((t) => t / 10));
        const length = 1 + (cut % tenths.length);
        expect(await temperatures(rows.slice(0, length))).toEqual((await temperatures(rows)).slice(0, length));
      }),
    );
  });

  it("reads back what is printed, in any order of rows", async () => {
    const tenths = fc.uniqueArray(fc.integer({ min: 0, max: 150 }), { minLength: 1, maxLength: 30 });
    await fc.assert(
      fc.asyncProperty(tenths, fc.infiniteStream(fc.nat()), async (values, random) => {
        const rows = hourly(values.map((value) => value / 10));
        const shuffled = rows
          .map((row) => ({ row, key: random.next().value as number }))
          .sort((a, b) => a.key - b.key)
          .map(({ row }) => row);
        expect(await temperatures(shuffled)).toEqual(values.map((value) => value / 10));
      }),
    );
  });

  it("returns only values that the schema accepts, and reports every rejected one", async () => {
    const text = fc.oneof(
      fc.double({ noNaN: true, min: -300, max: 300 }).map((x) => x.toFixed(1)),
      fc.string(),
    );
    await fc.assert(
      fc.asyncProperty(text, text, async (temperature, dewPoint) => {
        const raw = report(2, 0, temperature, dewPoint);
        const { reports, failures } = await validate(each([raw]), expected);
        const [clean] = reports;
        expect(CleanReport.safeParse({ ...raw, ...clean }).success).toBe(true);
        const { temperatureC, dewPointC } = clean!;
        if (temperatureC !== null && dewPointC !== null)
          expect(dewPointC - temperatureC).toBeLessThanOrEqual(dewPointToleranceC);
        for (const [given, column] of [
          [temperature, "temperatureC"],
          [dewPoint, "dewPointC"],
        ] as const) {
          const isDropped = given !== "" && clean![column] === null;
          expect(failures.some((failure) => failure.column === column)).toBe(isDropped);
        }
      }),
    );
  });

  it("rejects observations from the future, unless it replays an earlier time", async () => {
    const rows = hourly([10, 11]);
    const { reports, failures } = await validate(each(rows), { ...expected, notAfter: start });
    expect(reports).toHaveLength(1);
    expect(failures).toMatchObject([{ row: 3, column: "date", check: "future" }]);
  });

  it("reports the column of an invalid row", async () => {
    const { reports, failures } = await validate(each([{ ...report(2, 0, "1.0"), date: "1 January" }]), expected);
    expect(reports).toEqual([]);
    expect(failures).toMatchObject([{ row: 2, schema: "RawReport", column: "date", value: "1 January" }]);
  });
});
