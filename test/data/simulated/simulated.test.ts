import { describe, expect, it } from "vitest";
import { ingestSimulated, simulated } from "../../../src/data/simulated/simulated.js";
import { simulatedLines } from "../../../src/data/simulated/simulatedWeather.js";
import type { Station } from "../../../src/data/sources/source.js";
import { checkFile } from "../../../src/data/validate/checkFile.js";
import { systemClock } from "../../../src/shared/clock.js";
import { silentReport } from "../../../src/shared/progress.js";
import { useTemporaryStore } from "../../support/temporaryStore.js";

const place = (stationId: string, latitude: number, longitude = -90): Station => ({
  stationId,
  icao: null,
  name: "Somewhere",
  latitude,
  longitude,
  elevationM: 100,
  isdId: null,
});
const chicago = place("USW00094846", 42);
const yearEnd = Date.UTC(2021, 0, 1);

async function linesOf(station: Station, year: number, through: number): Promise<string[]> {
  const lines: string[] = [];
  for await (const line of simulatedLines(station, year, { from: 0, through })) lines.push(line);
  return lines;
}

function check(station: Station) {
  const lines = simulatedLines(station, 2020, { from: 0, through: yearEnd });
  const period = { from: 0, through: yearEnd };
  return checkFile({ source: simulated, station, year: 2020, file: "a.psv", lines }, period, null);
}

const mean = (values: readonly number[]) => values.reduce((sum, value) => sum + value, 0) / values.length;

describe("simulated weather", () => {
  it("says the same of an hour whenever it is asked, and goes on where it stopped", async () => {
    const whole = await linesOf(chicago, 2020, yearEnd);
    const part = await linesOf(chicago, 2020, Date.UTC(2020, 5, 1, 12));
    expect(part.length).toBeGreaterThan(3500);
    expect(whole.slice(0, part.length)).toEqual(part);
    expect(await linesOf(chicago, 2020, yearEnd)).toEqual(whole);
    expect(part.at(-1)).toMatch(/\|2020-06-01T1[12]:/);
  });

  it("is as rough as real files: gaps, specials, copies, duplicates, flagged and malformed values", async () => {
    const { rows, failures } = await check(chicago);
    const routine = rows.filter((row) => row[2] === "FM15").length;
    expect(routine).toBeGreaterThan(8000);
    expect(routine).toBeLessThan(8784);
    expect(rows.filter((row) => row[2] === "FM16").length).toBeGreaterThan(100);
    expect(rows.filter((row) => row[2] === "FM12").length).toBeGreaterThan(1000);
    const checks = new Set(failures.map((failure) => `${failure.column} ${failure.check}`));
    expect([...checks]).toEqual(expect.arrayContaining(["temperatureC quality", "temperatureC number"]));
    expect([...checks]).toEqual(expect.arrayContaining(["dewPointC dewPointAboveTemperature"]));
    expect(failures.length).toBeLessThan(rows.length / 50);
  });

  it("has the seasons and the warmth of its place", async () => {
    const means = async (station: Station) => {
      const { rows } = await check(station);
      const meanOf = (months: readonly number[]) =>
        mean(
          rows.flatMap((row) =>
            row[4] !== null && months.includes(new Date(row[1] as number).getUTCMonth()) ? (row[4] as number) : [],
          ),
        );
      return { june: meanOf([5, 6, 7]), december: meanOf([0, 1, 11]) };
    };
    const [north, south] = [await means(chicago), await means(place("ASN00000001", -35))];
    expect(north.june - north.december).toBeGreaterThan(10);
    expect(south.june - south.december).toBeLessThan(-8);
    expect((await means(place("SNI0000WSSS", 1))).june).toBeGreaterThan(22);
  });

  describe("stored", () => {
    const temporary = useTemporaryStore();
    it("continues with the clock, and knows nothing after it", async () => {
      const options = { genesis: Date.UTC(2020, 0, 1), report: silentReport };
      const hours = "SELECT * FROM hours WHERE validTime <= '2020-01-20' ORDER BY ALL";
      await ingestSimulated(temporary.store, [chicago], { ...options, clock: systemClock("2020-01-20") });
      const before = await temporary.store.all(hours);
      expect(before.length).toBeGreaterThan(800);
      expect(await temporary.store.all("SELECT max(validTime)::VARCHAR AS newest FROM hours")).toEqual([
        { newest: "2020-01-20 00:00:00" },
      ]);
      await ingestSimulated(temporary.store, [chicago], { ...options, clock: systemClock("2020-01-25") });
      expect(await temporary.store.all(hours)).toEqual(before);
      expect(await temporary.store.all("SELECT max(validTime)::VARCHAR AS newest FROM hours")).toEqual([
        { newest: "2020-01-25 00:00:00" },
      ]);
    });
  });
});
