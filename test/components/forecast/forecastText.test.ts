// @vitest-environment jsdom

import { describe, expect, test } from "vitest";
import { forecastSentence } from "../../../src/components/forecast/forecastSentence.js";
import { forecastTable } from "../../../src/components/forecast/forecastTable.js";
import { freshnessLine } from "../../../src/components/forecast/freshnessLine.js";
import { readouts } from "../../../src/components/forecast/readouts.js";
import { hourMs } from "../../../src/shared/time.js";
import { words } from "../../support/drawn.js";
import { fixtureApi } from "../../support/fixtureApi.js";
import { fixtureTime } from "../../support/publishedFixture/fixturePlaces.js";

const api = await fixtureApi();

const options = { unit: "C", zone: "America/New_York", variable: "temperature" } as const;

describe("forecastSentence", () => {
  test("has the newest value, the next extremes, the issue time and the newest observation", () => {
    expect(words(forecastSentence(api.forecasts.KATL!, options))).toBe(
      "18.1 °C at 14:00 EDT on Mon 9 Mar. Expect a high of around 20 °C at 16:00 Mon and a low of around 10 °C at 06:00 Tue. " +
        "Issued 14:00 EDT on Mon 9 Mar, from observations up to 14:00 EDT.",
    );
  });

  test("says so when there are no observations or no forecast", () => {
    expect(words(forecastSentence(api.forecasts.KSEA!, options))).toBe(
      "Nothing has been observed here yet, so nothing is forecast.",
    );
    expect(words(forecastSentence({ ...api.forecasts.KATL!, issuedTime: null }, options))).toContain(
      "No forecast has been issued.",
    );
  });

  test("says so when only the dew point is missing", () => {
    const data = api.forecasts.KATL!;
    const observed = data.observed.map((row) => ({ ...row, dewPoint: null }));
    expect(words(forecastSentence({ ...data, observed }, { ...options, variable: "dewPoint" }))).toBe(
      "No dew point has been observed here yet, so none is forecast.",
    );
  });
});

test("the readouts show the newest values, with a plus sign for a rise", () => {
  const dials = [...readouts(api.forecasts.KATL!).querySelectorAll("div")].map((dial) =>
    [...dial.children].map((part) => words(part)),
  );
  expect(dials).toEqual([
    ["Temperature", "18.1°C", "14:00 Mon"],
    ["Dew point", "14.5", "14:00 Mon"],
    ["Since yesterday", "−1.6", "same hour"],
    ["Next high", "20", "16:00 Mon"],
    ["Next low", "10", "06:00 Tue"],
    ["Mean error, 24 h ahead", "2.3", "n = 528"],
  ]);
  const risen = api.forecasts.KATL!.observed.map((row) =>
    row.validTime === fixtureTime ? { ...row, temperature: 30 } : row,
  );
  expect(words(readouts({ ...api.forecasts.KATL!, observed: risen }))).toMatch(/Since yesterday\s*\+10\.3/);
});

test("the readouts of a station without data have dashes, not zeros", () => {
  const values = [...readouts(api.forecasts.KSEA!).querySelectorAll("dd:not(.when)")].map((value) => words(value));
  expect(values).toEqual(["–°C", "–", "–", "–"]);
});

test("the forecast table has one row per hour, with intervals", () => {
  const rows = forecastTable(api.forecasts.KATL!, { unit: "F" }).querySelectorAll("tbody tr");
  expect(rows).toHaveLength(72);
  const { valueC, p10, p90 } = api.forecasts.KATL!.forecast.temperature[0]!;
  const fahrenheit = (celsius: number) => (celsius * 1.8 + 32).toFixed(1);
  expect([...rows[0]!.children].map((cell) => words(cell))).toMatchObject({
    0: "Mon 9 Mar 15:00",
    1: "1",
    2: fahrenheit(valueC),
    4: `${fahrenheit(p10!)} to ${fahrenheit(p90!)}`,
  });
});

describe("freshnessLine", () => {
  const atlanta = () => api.stations.find(({ key }) => key === "KATL")!;

  test("shows a warning if data are older than three hours", () => {
    const fresh = freshnessLine(atlanta(), { now: fixtureTime + 3 * hourMs });
    expect(fresh.classList.contains("banner")).toBe(false);
    expect(words(fresh)).toBe("Newest observation 3 h old (Mon 9 Mar 2026 14:00 EDT)");
    const stale = freshnessLine(atlanta(), { now: fixtureTime + 5 * hourMs });
    expect(stale.classList.contains("banner")).toBe(true);
    expect(words(stale)).toBe("Stale: newest observation 5 h old (Mon 9 Mar 2026 14:00 EDT)");
  });

  test("shows no age without a clock", () => {
    expect(words(freshnessLine(atlanta(), { now: fixtureTime, zone: "UTC", showAge: false }))).toBe(
      "Newest observation Mon 9 Mar 2026 18:00 UTC",
    );
  });

  test("says so when nothing has been observed", () => {
    const empty = api.stations.find(({ key }) => key === "KSEA")!;
    expect(words(freshnessLine(empty, { now: fixtureTime }))).toBe("No data yet: nothing has been observed at KSEA.");
  });
});
