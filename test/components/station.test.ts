// @vitest-environment jsdom
import { beforeAll, describe, expect, test } from "vitest";
import { forecastSentence } from "../../src/components/forecastSentence.js";
import { forecastTable } from "../../src/components/forecastTable.js";
import { readouts } from "../../src/components/readouts.js";
import { scoreTable } from "../../src/components/scoreTable.js";
import { snapshotTable } from "../../src/components/snapshotTable.js";
import { staleBanner } from "../../src/components/staleBanner.js";
import { stationTable } from "../../src/components/stationTable.js";
import { verdict } from "../../src/components/verdict.js";
import { weightTable } from "../../src/components/weightTable.js";
import { type FixtureApi, fixtureApi } from "../support/fixtureApi.js";
import { fixtureTime } from "../support/publishedFixture.js";

const hour = 3_600_000;
let api: FixtureApi;
beforeAll(async () => {
  api = await fixtureApi();
});

const words = (element: Element | null) => element?.textContent?.replace(/\s+/g, " ").trim();
const options = { unit: "C", zone: "America/New_York", variable: "temperature" } as const;

describe("forecastSentence", () => {
  test("says what it is, what is expected, how sure, when issued and from which data", () => {
    expect(words(forecastSentence(api.forecasts.KATL!, options))).toBe(
      "18.1 °C at 14:00 EDT on Mon 9 Mar. Expect a high of 20 °C near 16:00 Mon (80 % sure of 19 to 21) and a low of " +
        "10 °C near 06:00 Tue (80 % sure of 8 to 12). Issued 14:00 EDT on Mon 9 Mar, from observations up to 14:00 EDT.",
    );
  });

  test("says how far off forecasts have been where there are no intervals", () => {
    const text = words(forecastSentence(api.forecasts.AYM00089009!, { ...options, unit: "F", zone: "UTC" }));
    expect(text).toContain("so far off by 2.2 °F on average, n = 588");
    expect(text).not.toContain("80 %");
  });

  test("says that there is nothing", () => {
    expect(words(forecastSentence(api.forecasts.KSEA!, options))).toBe(
      "Nothing has been observed here yet, so nothing is forecast.",
    );
    expect(words(forecastSentence({ ...api.forecasts.KATL!, issuedTime: null }, options))).toContain(
      "No forecast has been issued.",
    );
  });

  test("says so when a forecast is not yet scored", () => {
    expect(words(forecastSentence({ ...api.forecasts.AYM00089009!, errors: [] }, options))).toContain(
      "(not yet scored)",
    );
  });
});

test("the dials hold the newest values, and a plus before a rise", () => {
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

test("the dials of a station without data have dashes, not zeros", () => {
  const values = [...readouts(api.forecasts.KSEA!).querySelectorAll("dd:not(.when)")].map((value) => words(value));
  expect(values).toEqual(["–°C", "–", "–", "–"]);
});

test("the forecast table has a row for every hour, with its intervals", () => {
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

describe("stationTable", () => {
  test("shows what came from outside as text", () => {
    const table = stationTable(api.stations, { now: fixtureTime });
    expect(table.querySelector("tbody b")).toBeNull();
    expect(words(table)).toContain('AMUNDSEN-SCOTT <b>&"POLE"</b>');
  });

  test("tells fresh data from stale from none", () => {
    const lamps = [...stationTable(api.stations, { now: fixtureTime }).querySelectorAll(".lamp")];
    expect(lamps.map((lamp) => [lamp.className, words(lamp)])).toEqual([
      ["lamp stale", "31 h old"],
      ["lamp", "0 min old"],
      ["lamp off", "none yet"],
      ["lamp", "60 min old"],
      ["lamp", "0 min old"],
    ]);
  });

  test("hands a plain click to the page and leaves the others to the browser", () => {
    const chosen: string[] = [];
    const table = stationTable(api.stations, {
      now: fixtureTime,
      selected: "KATL",
      onSelect: (key) => chosen.push(key),
    });
    const left: boolean[] = [];
    table.addEventListener("click", (event) => {
      left.push(!event.defaultPrevented);
      event.preventDefault();
    });
    const link = table.querySelectorAll("a")[3]!;
    link.dispatchEvent(new MouseEvent("click", { bubbles: true, cancelable: true, ctrlKey: true }));
    expect(chosen).toEqual([]);
    link.dispatchEvent(new MouseEvent("click", { bubbles: true, cancelable: true }));
    expect(chosen).toEqual(["PANC"]);
    expect(left).toEqual([true, false]);
    expect(table.querySelector("[aria-current]")!.getAttribute("href")).toBe("?station=KATL");
  });
});

describe("staleBanner", () => {
  const atlanta = () => api.stations.find(({ key }) => key === "KATL")!;

  test("is silent up to three hours and speaks after", () => {
    expect(staleBanner(atlanta(), { now: fixtureTime + 3 * hour })).toBeNull();
    expect(words(staleBanner(atlanta(), { now: fixtureTime + 5 * hour }))).toContain(
      "Stale. The newest observation at KATL is 5 h old",
    );
  });

  test("speaks where nothing was ever observed", () => {
    const empty = api.stations.find(({ key }) => key === "KSEA")!;
    expect(words(staleBanner(empty, { now: fixtureTime }))).toContain("No data yet.");
  });
});

describe("verdict", () => {
  test("says first where a baseline was better", () => {
    expect(words(verdict(api.evaluations.KATL!))).toMatch(
      /^Worse than persistence 1 h ahead\. Skill 24 h ahead: 47 % against persistence, 33 % against same hour yesterday, /,
    );
  });

  test("says so when none was", () => {
    const data = api.evaluations.KATL!;
    const better = { ...data, scores: data.scores.filter(({ leadHours }) => leadHours > 1) };
    expect(words(verdict(better))).toMatch(/^Better than every baseline at every lead\./);
  });

  test("joins neighbouring leads to ranges", () => {
    const data = api.evaluations.KATL!;
    const bad = new Set([1, 4, 5, 6]);
    const scores = data.scores.map((score) =>
      score.model === "climatology" && bad.has(score.leadHours) ? { ...score, maeC: 0 } : score,
    );
    expect(words(verdict({ ...data, scores }))).toMatch(
      /^Worse than persistence 1 h ahead and climatology 1 and 4–6 h ahead\./,
    );
  });

  test("gives the period and the least and most forecasts of a lead", () => {
    expect(words(verdict(api.evaluations.KATL!))).toMatch(
      /Scored from Jan 2026 to 9 Mar 2026, 384 to 597 forecasts a lead\.$/,
    );
    expect(words(verdict(api.evaluations.KSEA!))).toBe("No forecast has come due yet, so nothing is scored.");
  });
});

test("the score table sets the least error of a lead in bold", () => {
  const table = scoreTable(api.evaluations.KATL!);
  const headings = [...table.querySelectorAll("thead th")].map((heading) => words(heading));
  const bold = (row: number) => {
    const cells = [...table.querySelectorAll("tbody tr")[row]!.children];
    return headings[cells.findIndex((cell) => cell.querySelector("strong"))];
  };
  expect(table.querySelectorAll("tbody tr")).toHaveLength(7);
  expect(bold(0)).toBe("persistence");
  expect(bold(4)).toBe("published forecast");
});

test("weights and snapshots are there as tables", () => {
  expect(weightTable(api.models.KATL!).querySelectorAll("tbody tr")).toHaveLength(30);
  const chain = snapshotTable(api.models.KATL!, { newest: 3 });
  const ids = [...chain.querySelectorAll("tbody tr")].map((row) =>
    [...row.children].slice(0, 2).map((cell) => words(cell)),
  );
  expect(ids.slice(0, 2).map(([, parent]) => parent)).toEqual(ids.slice(1).map(([id]) => id));
});
