// @vitest-environment jsdom

import { afterEach, describe, expect, test } from "vitest";
import { olderDownloads } from "../../../src/components/forecast/downloadLinks.js";
import { forecastChart } from "../../../src/components/forecast/forecastChart.js";
import { scoreOf } from "../../../src/components/forecast/forecastScore.js";
import { forecastSentence, oddsWords } from "../../../src/components/forecast/forecastSentence.js";
import { forecastTable } from "../../../src/components/forecast/forecastTable.js";
import { freshnessLine, olderForecastLine } from "../../../src/components/forecast/freshnessLine.js";
import { type IssuedForecast, isOlder, stationAsOf } from "../../../src/components/forecast/issuedForecast.js";
import { readouts } from "../../../src/components/forecast/readouts.js";
import { possibleCourses, severalDays } from "../../../src/components/forecast/severalDays.js";
import { stationTable } from "../../../src/components/stations/stationTable.js";
import { drawsOf, quantilesByLead } from "../../../src/model/draws/draws.js";
import { forecastCsv } from "../../../src/shared/published/forecastCsv.js";
import type { StationConditions, StationForecast } from "../../../src/shared/published/stationForecast.js";
import { dayMs, hourMs } from "../../../src/shared/time.js";
import { words } from "../../support/drawn.js";
import { fixtureApi } from "../../support/fixtureApi.js";
import { fixtureTime } from "../../support/publishedFixture/fixturePlaces.js";

const api = await fixtureApi();
const options = { unit: "C", zone: "America/New_York", variable: "temperature" } as const;

describe("forecastSentence", () => {
  test("has the newest value, the next extremes, the issue time and the newest observation", () => {
    expect(words(forecastSentence(api.forecasts.KATL!, options))).toBe(
      "18.1 °C at 14:00 EDT on Mon 9 Mar. Today’s high 19 °C (80 %: 18 to 21); tonight’s low 9 °C (80 %: 7 to 12). " +
        "Issued 14:00 EDT on Mon 9 Mar, from observations up to 14:00 EDT.",
    );
  });

  test("names the extremes of the hourly medians in older forecasts, and the odds of frost and heat that matter", () => {
    const data = api.forecasts.KATL!;
    expect(words(forecastSentence({ ...data, extremes: [] }, options))).toContain(
      "Expect a high of around 20 °C at 16:00 Mon and a low of around 10 °C at 06:00 Tue.",
    );
    const odds = data.extremes.map((one) => (one.kind === "low" ? { ...one, frost: 0.914 } : { ...one, heat: 0.998 }));
    expect(words(forecastSentence({ ...data, extremes: odds }, options))).toContain(
      "18 to 21), heat (33 °C or more) 99 %; tonight’s low 9 °C (80 %: 7 to 12), frost 91 %.",
    );
    const high = { kind: "high", frost: null, heatC: 33 } as const;
    expect([0.04, null, 0.05, 1].map((heat) => oddsWords({ ...high, heat }, "F"))).toEqual([
      "",
      "",
      ", heat (91.4 °F or more) 5\u00a0%",
      ", heat (91.4 °F or more) 100\u00a0%",
    ]);
  });

  test("calls the night that begins today tonight, from the morning on", () => {
    const data = api.forecasts.KATL!;
    const early = data.issuedTime! - 8 * hourMs;
    const tonight = data.extremes.filter(({ startTime }) => startTime > data.issuedTime!);
    const sentence = forecastSentence({ ...data, issuedTime: early, extremes: tonight }, options);
    expect(words(sentence)).toMatch(/[Tt]onight’s low/);
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

describe("severalDays", () => {
  const data = api.forecasts.KATL!;
  const answer = (question: string) => data.joint!.answers.find((one) => one.question === question)!;

  test("says whether tomorrow is warmer, with the odds of the likelier side, and the means of days in the reader's unit", () => {
    const { odds, median, record } = answer("highChange");
    const text = words(severalDays(data));
    expect(text).toContain(`Tomorrow (Tue 10 Mar) is ${odds! < 0.5 ? "colder" : "warmer"} than today with odds of`);
    expect(text).toContain(`${Math.round(100 * Math.max(odds!, 1 - odds!))} %: high ${Math.abs(median).toFixed(1)} °C`);
    expect(text).toContain(`such odds have had a Brier score of ${record!.brier!.toFixed(3)}`);
    const mean = answer("dayMean").median * 1.8 + 32;
    expect(words(severalDays(data, { unit: "F" }))).toContain(`Mean of Tue 10 Mar: ${mean.toFixed(0)} °F`);
  });

  test("counts hours below freezing where there may be any, of nights that are not half over", () => {
    expect(words(severalDays(data))).not.toContain("freezing");
    const cold = { ...answer("freezingHours"), median: 5, lower: 2, upper: 9 };
    const joint = { ...data.joint!, answers: [cold] };
    expect(words(severalDays({ ...data, joint }))).toContain("Hours below freezing tonight: 5 of 16 (80 %: 2 to 9).");
    expect(words(severalDays({ ...data, joint, issuedTime: cold.endTime - 7 * hourMs }))).toBe("");
  });

  test("shows some of the draws, the same as made from the published ranks by Node; none of an older forecast", () => {
    const ranks = Buffer.from(data.joint!.ranks, "base64");
    const all = drawsOf({ ranks, count: data.joint!.draws }, quantilesByLead(data.forecast.temperature));
    const courses = possibleCourses(data)!;
    expect(courses.map((course) => course[5])).toEqual(courses.map((_, i) => all[(5 * i + 2) * 72 + 5]));
    const older = stationAsOf(data, { issuedTime: data.issuedTime! - hourMs, hours: data.forecast, baselines: [] });
    expect([possibleCourses(older), words(severalDays(older))]).toEqual([null, ""]);
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
    ["Next high", "19", "16:00 Mon"],
    ["Next low", "9", "06:00 Tue"],
    ["Mean error, 24 h ahead", "2.3", "n = 528"],
  ]);
  const risen = api.forecasts.KATL!.observed.map((row) =>
    row.validTime === fixtureTime ? { ...row, temperature: 30 } : row,
  );
  expect(words(readouts({ ...api.forecasts.KATL!, observed: risen }))).toMatch(/Since yesterday\s*\+10\.3/);
});

test.each<[Partial<StationConditions>, "C" | "F", string]>([
  [{}, "C", "Wind 5.1 m/s from the south-west Sky broken clouds Pressure 1013 hPa, falling (−1.2 in 3 h)"],
  [{}, "F", "Wind 11 mph from the south-west Sky broken clouds"],
  [{ windSpeedMs: 0.3, cloudCoverOktas: null, pressureChangeHpa: 0.2 }, "C", "Wind calm Pressure 1013 hPa, steady"],
  [{ windDirectionDeg: null, cloudCoverOktas: 0, seaLevelPressureHpa: null }, "C", "Wind 5.1 m/s Sky clear"],
])("the weather now, %j in °%s, is a line of what is known", (given, unit, text) => {
  const known = { windSpeedMs: 5.14, windDirectionDeg: 230, seaLevelPressureHpa: 1012.6, pressureChangeHpa: -1.2 };
  const conditions = { validTime: fixtureTime, cloudCoverOktas: 6, ...known, ...given };
  const line = readouts({ ...api.forecasts.KATL!, conditions }, { unit }).querySelector(".conditions")!;
  expect([...line.children].map(words).join(" ")).toContain(text);
  expect(readouts({ ...api.forecasts.KATL!, conditions: null }).querySelector(".conditions")).toBeNull();
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
    expect(words(line)).toBe("Newest observation Mon 9 Mar 2026 14:00 EDT");
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
  const data = api.forecasts.KATL!;
  const earlier = (rows: typeof data.forecast.temperature) =>
    rows.map((row) => ({ ...row, validTime: row.validTime - dayMs }));
  const older: IssuedForecast = {
    issuedTime: data.issuedTime! - dayMs,
    hours: { temperature: earlier(data.forecast.temperature), dewPoint: earlier(data.forecast.dewPoint) },
    baselines: [],
  };

  test("shows the station as it was when the forecast was issued", () => {
    const then = stationAsOf(data, older);
    expect(words(forecastSentence(then, { ...options, isPast: true }))).toMatch(
      /^-?\d+\.\d °C at 14:00 EDT on Sun 8 Mar 2026\. Forecast then: a high of around 20 °C at 16:00 Sun and a low of around 10 °C at 06:00 Mon\. Issued 14:00 EDT on Sun 8 Mar 2026, from observations up to 14:00 EDT\.$/,
    );
    const dials = [...readouts(then, { score: scoreOf(data, older, "temperature") }).querySelectorAll("div")];
    expect(words(dials[0]!)).toMatch(/14:00 Sun$/);
    expect(words(dials[3]!)).toBe("Next high2016:00 Sun");
    expect(words(dials[5]!)).toMatch(/^Mean error\d\.\d24 of 72 h observed$/);
    expect(isOlder(data, older)).toBe(true);
    expect(isOlder(data, { ...older, issuedTime: data.issuedTime! })).toBe(false);
  });

  test("is announced at the top, with a link to the newest", () => {
    let back = 0;
    const line = olderForecastLine(older.issuedTime, { zone: "UTC", onNewest: () => back++ });
    expect(words(line)).toMatch(/^Older forecast, issued Sun 8 Mar 2026 18:00 UTC\. /);
    line.querySelector("button")!.click();
    expect(back).toBe(1);
  });

  test("shows the year in its chart, and each new year", () => {
    const chart = (data: StationForecast, forecast: IssuedForecast) =>
      drawnWords(forecastChart(data, { width: 900, forecast, zone: "UTC" }));
    expect(chart(api.forecasts.KATL!, older)).toContain("2026");
    const issuedTime = Date.UTC(2025, 11, 31);
    expect(chart(api.forecasts.KATL!, { ...older, issuedTime })).toMatch(/2025.*2026/);
  });

  test("can be downloaded under its own name", async () => {
    const then = stationAsOf(api.forecasts.KATL!, older);
    const links = [...(await olderDownloads(then)).querySelectorAll("a")].slice(0, 2);
    const content = links.map(({ href }) => decodeURIComponent(href.slice(href.indexOf(",") + 1)));
    expect(links.map(({ download }) => download)).toEqual(["KATL-2026-03-08T1800Z.csv", "KATL-2026-03-08T1800Z.json"]);
    expect(content[0]).toBe(forecastCsv(then));
    expect(JSON.parse(content[1]!)).toEqual(then);
  });
});
