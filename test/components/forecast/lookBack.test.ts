// @vitest-environment jsdom

import { afterEach, describe, expect, test } from "vitest";
import { olderDownloads } from "../../../src/components/forecast/downloadLinks.js";
import { forecastChart } from "../../../src/components/forecast/forecastChart.js";
import { scoreOf } from "../../../src/components/forecast/forecastScore.js";
import { forecastSentence } from "../../../src/components/forecast/forecastSentence.js";
import { freshnessLine, olderForecastLine } from "../../../src/components/forecast/freshnessLine.js";
import { type IssuedForecast, isOlder, stationAsOf } from "../../../src/components/forecast/issuedForecast.js";
import { readouts } from "../../../src/components/forecast/readouts.js";
import { stationTable } from "../../../src/components/stations/stationTable.js";
import { forecastCsv } from "../../../src/shared/published/forecastCsv.js";
import type { StationForecast } from "../../../src/shared/published/stationForecast.js";
import { dayMs } from "../../../src/shared/time.js";
import { words } from "../../support/drawn.js";
import { fixtureApi } from "../../support/fixtureApi.js";
import { fixtureTime } from "../../support/publishedFixture/fixturePlaces.js";

const options = { unit: "C", zone: "America/New_York", variable: "temperature" } as const;
const api = await fixtureApi();

/** The text of a chart. */
function drawnWords(figure: HTMLElement): string {
  return [...figure.querySelectorAll("svg[role=img] text")].map(words).join(" ");
}

describe("a site built for a past time", () => {
  const past = (time: number) => {
    document.head.innerHTML = `<meta name="as-of" content="${new Date(time).toISOString()}">`;
  };
  afterEach(() => {
    document.head.innerHTML = "";
  });

  test("shows its time and never calls data stale", () => {
    past(fixtureTime);
    const atlanta = api.stations.find(({ key }) => key === "KATL")!;
    const line = freshnessLine(atlanta, { now: Date.now() });
    expect(words(line)).toBe("As of Mon 9 Mar 2026 14:00 EDT, newest observation Mon 9 Mar 2026 14:00 EDT");
    expect(line.classList.contains("banner")).toBe(false);
    const table = stationTable(api.stations);
    expect(table.querySelectorAll(".stale")).toHaveLength(0);
    expect([...table.querySelectorAll(".lamp")].map((lamp) => words(lamp))).toEqual([
      "31 h old",
      "0 min old",
      "none yet",
      "60 min old",
      "0 min old",
    ]);
  });

  test("shows the year in its chart", () => {
    past(fixtureTime);
    expect(drawnWords(forecastChart(api.forecasts.KATL!, { width: 900 }))).toContain("2026");
  });
});

describe("an older forecast", () => {
  const older = () => {
    const data = api.forecasts.KATL!;
    const back = dayMs;
    const earlier = (rows: typeof data.forecast.temperature) =>
      rows.map((row) => ({ ...row, validTime: row.validTime - back }));
    const { temperature, dewPoint } = data.forecast;
    return {
      issuedTime: data.issuedTime! - back,
      hours: { temperature: earlier(temperature), dewPoint: earlier(dewPoint) },
      baselines: [],
      official: null,
    };
  };

  test("shows the station as it was when the forecast was issued", () => {
    const data = api.forecasts.KATL!;
    const then = stationAsOf(data, older());
    expect(words(forecastSentence(then, { ...options, isPast: true }))).toMatch(
      /^-?\d+\.\d °C at 14:00 EDT on Sun 8 Mar 2026\. Forecast then: a high of around 20 °C at 16:00 Sun and a low of around 10 °C at 06:00 Mon\. Issued 14:00 EDT on Sun 8 Mar 2026, from observations up to 14:00 EDT\.$/,
    );
    const dials = [...readouts(then, { score: scoreOf(data, older(), "temperature") }).querySelectorAll("div")];
    expect(words(dials[0]!)).toMatch(/14:00 Sun$/);
    expect(words(dials[3]!)).toBe("Next high2016:00 Sun");
    expect(words(dials[5]!)).toMatch(/^Mean error\d\.\d24 of 72 h observed$/);
    expect(isOlder(data, older())).toBe(true);
    expect(isOlder(data, { ...older(), issuedTime: data.issuedTime! })).toBe(false);
  });

  test("is announced at the top, with a link to the newest", () => {
    let back = 0;
    const line = olderForecastLine(older().issuedTime, { zone: "UTC", onNewest: () => back++ });
    expect(words(line)).toMatch(/^Older forecast, issued Sun 8 Mar 2026 18:00 UTC\. /);
    line.querySelector("button")!.click();
    expect(back).toBe(1);
  });

  test("shows the year in its chart, and each new year", () => {
    const chart = (data: StationForecast, forecast: IssuedForecast) =>
      drawnWords(forecastChart(data, { width: 900, forecast, zone: "UTC" }));
    expect(chart(api.forecasts.KATL!, older())).toContain("2026");
    const issuedTime = Date.UTC(2025, 11, 31);
    expect(chart(api.forecasts.KATL!, { ...older(), issuedTime })).toMatch(/2025.*2026/);
  });

  test("can be downloaded under its own name", async () => {
    const then = stationAsOf(api.forecasts.KATL!, older());
    const links = [...(await olderDownloads(then)).querySelectorAll("a")].slice(0, 2);
    const content = links.map(({ href }) => decodeURIComponent(href.slice(href.indexOf(",") + 1)));
    expect(links.map(({ download }) => download)).toEqual(["KATL-2026-03-08T1800Z.csv", "KATL-2026-03-08T1800Z.json"]);
    expect(content[0]).toBe(forecastCsv(then));
    expect(JSON.parse(content[1]!)).toEqual(then);
  });
});
