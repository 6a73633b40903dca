// @vitest-environment jsdom

import { readFile } from "node:fs/promises";
import { join } from "node:path";
import fc from "fast-check";
import { describe, expect, test, vi } from "vitest";
import { scoreOf, scoreSentence } from "../../../src/components/forecast/forecastScore.js";
import { newestForecast } from "../../../src/components/forecast/issuedForecast.js";
import {
  forecastFromRows,
  naiveForecasts,
  type StoredForecastRow,
  storedForecast,
} from "../../../src/components/forecast/storedForecast.js";
import type { LearnedGuidanceRow } from "../../../src/components/replay/learnedHours.js";
import { plainText } from "../../../src/components/ui/html.js";
import { parquetRows } from "../../../src/components/ui/parquetRows.js";
import { guidanceSources } from "../../../src/model/vocabulary.js";
import { withPublished } from "../../../src/pipeline/api/openPublished.js";
import { writeStationFile } from "../../../src/pipeline/api/stationParquet.js";
import type { BaselineForecast, ForecastHour } from "../../../src/shared/published/stationForecast.js";
import { dayMs, hourMs } from "../../../src/shared/time.js";
import { fixtureApi } from "../../support/fixtureApi.js";
import { fixtureTime } from "../../support/publishedFixture/fixturePlaces.js";
import { temporaryFolder } from "../../support/temporaryFolder.js";

const api = await fixtureApi();
const folder = await temporaryFolder();
const rows: Record<string, StoredForecastRow[]> = {};
const guidance: Record<string, LearnedGuidanceRow[]> = {};
await withPublished(async (published) => {
  const file = join(folder, "file.parquet");
  const rowsOf = async <Row extends object>() => parquetRows<Row>(new Uint8Array(await readFile(file)).buffer);
  for (const station of api.stations) {
    await writeStationFile(published, station, "issues", file);
    rows[station.key] = await rowsOf();
    await writeStationFile(published, station, "guidance", file);
    guidance[station.key] = await rowsOf();
  }
}, api.home);

const forecastAt = (key: string, time: number) =>
  forecastFromRows(rows[key]!, guidance[key]!, api.forecasts[key]!, time);
const isGuidance = ({ model }: BaselineForecast) => guidanceSources.some((source) => source === model);
const guidanceAt = (key: string, time: number) => forecastAt(key, time)!.baselines.filter(isGuidance);
const guidanceOfAtlanta = ["nbm temperature", "nbm dewPoint", "nws temperature", "nws dewPoint"];
const tenth = (value: number | null) => value && Math.round(value * 10) / 10;

describe("a station's file of stored forecasts", () => {
  test("has every forecast that the station lists, with all leads of both variables", () => {
    for (const { key } of api.stations) {
      const own = rows[key]!.filter(({ model }) => model === "mixture");
      const times = [...new Set(own.map(({ issuedTime }) => issuedTime.getTime()))].sort((a, b) => a - b);
      expect(times).toEqual(api.forecasts[key]!.issues);
      expect(own).toHaveLength(times.length * 2 * 72);
    }
    expect(api.forecasts.KATL!.issues).toHaveLength(25);
  });

  test("has the newest forecast as published", () => {
    const data = api.forecasts.KATL!;
    const { hours } = forecastAt("KATL", fixtureTime)!;
    const newest = newestForecast(data)!;
    const sorted = (forecast: ForecastHour[]) => forecast.map((row) => Object.entries(row).sort());
    expect(sorted(hours.temperature)).toEqual(sorted(newest.hours.temperature));
    expect(sorted(hours.dewPoint)).toEqual(sorted(newest.hours.dewPoint));
    const guidance = guidanceAt("KATL", fixtureTime);
    expect(guidance).toEqual(newest.baselines.filter(isGuidance));
    expect(guidance.map(({ model, variable }) => `${model} ${variable}`)).toEqual(guidanceOfAtlanta);
    // Also between the hours that NBM has beyond the first day.
    for (const { valueC } of guidance) expect(valueC.filter((value) => value !== null)).toHaveLength(72);
  });

  test("has the guidance known at that time", () => {
    const time = fixtureTime - 3 * hourMs;
    const known = guidanceAt("KATL", time);
    expect(known.map(({ model, variable }) => `${model} ${variable}`)).toEqual(guidanceOfAtlanta);
    // What came in this hour is not known yet, and the run before it changed nothing.
    const run = guidance.KATL!.filter((row) => row.issuedTime.getTime() === fixtureTime - 7 * hourMs);
    for (const source of ["nbm", "nws"] as const) {
      const own = known.filter(({ model }) => model === source);
      const row = run.find((row) => row.source === source && row.leadHours === 5)!;
      expect(own.map(({ valueC }) => valueC[0])).toEqual([row.temperatureC, row.dewPointC].map(tenth));
    }
    expect(guidanceAt("KATL", fixtureTime - 9 * hourMs)).toEqual([]);
    expect(guidanceAt("VABB", fixtureTime)).toEqual([]);
  });

  test("leaves out guidance of the same hour, and guidance that is more than a day old", () => {
    const old = fixtureTime - 7 * hourMs;
    const data = api.forecasts.KATL!;
    const sourcesAfter = (hours: number) => {
      const issuedTime = old + hours * hourMs;
      const own = rows.KATL!.filter((row) => row.issuedTime.getTime() === fixtureTime);
      const moved = own.map((row) => ({ ...row, issuedTime: new Date(issuedTime) }));
      const run = guidance.KATL!.filter((row) => row.issuedTime.getTime() === old);
      const { baselines } = forecastFromRows(moved, run, data, issuedTime)!;
      return [...new Set(baselines.map(({ model }) => model).filter((model) => model.startsWith("n")))];
    };
    expect(sourcesAfter(0)).toEqual([]);
    expect(sourcesAfter(1)).toEqual(["nbm", "nws"]);
    expect(sourcesAfter(24)).toEqual(["nbm", "nws"]);
    expect(sourcesAfter(25)).toEqual([]);
  });

  test("has nothing for an hour without a forecast or a station without data", () => {
    expect(forecastAt("KATL", fixtureTime - hourMs)).toBeNull();
    expect(rows.KSEA).toEqual([]);
    expect(newestForecast(api.forecasts.KSEA!)).toBeNull();
  });
});

describe("recomputed baselines", () => {
  test("repeat the newest value, and the value of whole days before", () => {
    const { observed } = api.forecasts.VABB!;
    const issued = fixtureTime - 48 * hourMs;
    const at = (time: number) => observed.find(({ validTime }) => validTime === time)!.temperature!;
    const ofTemperature = naiveForecasts(observed, issued).filter(({ variable }) => variable === "temperature");
    expect(ofTemperature.map(({ model, valueC }) => [model, valueC.length])).toEqual([
      ["persistence", 72],
      ["seasonalNaive", 72],
    ]);
    for (const { model, valueC } of ofTemperature) {
      for (const [i, value] of valueC.entries()) {
        const truth = model === "persistence" ? issued : issued + (i + 1 - 24 * Math.ceil((i + 1) / 24)) * hourMs;
        expect(Math.abs(value! - at(truth))).toBeLessThanOrEqual(0.0500001);
      }
    }
  });

  test("ignore later observations, and are empty before the first", () => {
    const { observed } = api.forecasts.KATL!;
    const issued = fixtureTime - 48 * hourMs;
    const known = observed.filter(({ validTime }) => validTime <= issued);
    expect(naiveForecasts(observed, issued)).toEqual(naiveForecasts(known, issued));
    expect(naiveForecasts([], issued)).toEqual([]);
    expect(naiveForecasts(observed, observed[0]!.validTime - hourMs)).toEqual([]);
  });
});

test("a failed request for stored forecasts is repeated", async () => {
  const data = api.forecasts.KATL!;
  const ask = vi.spyOn(globalThis, "fetch").mockRejectedValue(new Error("offline"));
  try {
    await expect(storedForecast(data, data.issues[0]!)).rejects.toThrow("offline");
    await expect(storedForecast(data, data.issues[0]!)).rejects.toThrow("offline");
    // Each time for the forecasts and the guidance.
    expect(ask).toHaveBeenCalledTimes(4);
  } finally {
    ask.mockRestore();
  }
});

describe("the score of a forecast", () => {
  const row = (leadHours: number, valueC: number, half: number | null): ForecastHour => ({
    leadHours,
    validTime: leadHours * hourMs,
    valueC,
    p025: null,
    p10: half === null ? null : valueC - half,
    p25: null,
    p50: null,
    p75: null,
    p90: half === null ? null : valueC + half,
    p975: null,
  });

  /** The score of hours from 1 on, with the temperatures observed at them. */
  const scoreOfHours = (temperature: ForecastHour[], observed: (number | null)[]) =>
    scoreOf(
      { observed: observed.map((value, i) => ({ validTime: (i + 1) * hourMs, temperature: value, dewPoint: null })) },
      { hours: { temperature, dewPoint: [] } },
      "temperature",
    );

  test("counts only observed hours", () => {
    const forecast = [row(1, 10, 1), row(2, 12, 1), row(3, 9, null), row(4, 9, 1), row(5, 9, 1)];
    expect(scoreOfHours(forecast, [10.5, 8, 9.5, null])).toEqual({
      n: 3,
      maeC: 5 / 3,
      intervals: 2,
      inside: 1,
      worst: { validTime: 2 * hourMs, errorC: 4 },
    });
    expect(scoreOfHours(forecast, [])).toBeNull();
  });

  test("has a mean error of at most the largest error", () => {
    const tenths = fc.integer({ min: -400, max: 400 }).map((value) => value / 10);
    fc.assert(
      fc.property(fc.array(fc.tuple(tenths, tenths), { minLength: 1, maxLength: 72 }), (pairs) => {
        const forecast = pairs.map(([value], i) => row(i + 1, value, 2));
        const { n, maeC, inside, worst } = scoreOfHours(
          forecast,
          pairs.map(([, value]) => value),
        )!;
        expect(n).toBe(pairs.length);
        expect(maeC).toBeLessThanOrEqual(Math.abs(worst.errorC) + 1e-9);
        expect(inside).toBeLessThanOrEqual(n);
      }),
    );
  });

  test("is a sentence in the chosen unit and zone", () => {
    const data = api.forecasts.VABB!;
    const options = { unit: "F", zone: "UTC", variable: "temperature" } as const;
    const words = (issued: number, now = data) => plainText(scoreSentence(now, forecastAt("VABB", issued)!, options));
    const past = words(fixtureTime - dayMs);
    expect(past).toMatch(
      /^\d+ of 24 hours fell into the 80 % range\. Forecast issued Sun 8 Mar 18:00 UTC: mean error \d\.\d °F over the 24 hours observed since; largest error \d\.\d °F, too (high|low), at \w{3} \d+ Mar \d\d:00 UTC\.$/,
    );
    expect(words(fixtureTime)).toBe("Forecast issued Mon 9 Mar 18:00 UTC: none of its hours has been observed yet.");
    const issuedTime = fixtureTime - dayMs;
    const young = { ...data, observed: data.observed.filter((row) => row.validTime <= issuedTime + hourMs) };
    expect(words(issuedTime, young)).toMatch(/^[01] of 1 hour fell .* over the 1 hour observed since;/);
    // The year appears if it differs in the zone.
    const older = { ...forecastAt("VABB", fixtureTime)!, issuedTime: Date.parse("2026-01-01T04:00Z") };
    const inZone = (zone: string) => scoreSentence(data, older, { ...options, zone }).textContent;
    expect(inZone("UTC")).toMatch(/Forecast issued Thu 1 Jan 04:00 UTC:/);
    expect(inZone("America/Chicago")).toMatch(/Forecast issued Wed 31 Dec 2025 22:00 CST:/);
  });
});
