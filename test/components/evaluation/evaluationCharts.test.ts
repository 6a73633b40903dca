// @vitest-environment jsdom

import { expect, test } from "vitest";
import { scoreTable } from "../../../src/components/evaluation/errorByLeadChart.js";
import { ewmaeTable } from "../../../src/components/evaluation/ewmaeChart.js";
import {
  eventWords,
  extremeComparisonTable,
  extremeScoreTable,
  liveExtremeTable,
  oddsChart,
  oddsScoreTable,
} from "../../../src/components/evaluation/extremeScores.js";
import { hourMonthErrors, hourMonthTable } from "../../../src/components/evaluation/hourMonthChart.js";
import { monthlyErrorChart } from "../../../src/components/evaluation/monthlyErrorChart.js";
import { differenceTable } from "../../../src/components/evaluation/skillByLeadChart.js";
import {
  stationErrorChart,
  stationErrors,
  stationErrorTable,
} from "../../../src/components/evaluation/stationErrorChart.js";
import { worstMissTable } from "../../../src/components/evaluation/worstMissTable.js";

import { hourMs, standardOffset } from "../../../src/shared/time.js";
import { words } from "../../support/drawn.js";
import { fixtureApi } from "../../support/fixtureApi.js";

const api = await fixtureApi();
const atlanta = api.evaluations.KATL!;
const errorsOfAll = stationErrors(api.scores.get("all")!, api.stations, { variable: "temperature", leadHours: 24 });
const cells = (row: Element) => [...row.children].map(({ textContent }) => textContent!.replace(/\s+/g, " ").trim());
const rowsOf = (table: HTMLElement) => [...table.querySelectorAll("tbody tr")].map(cells);

test("hours of the day are in the station's standard time", () => {
  const errors = hourMonthErrors(api.evaluations.VABB!, { variable: "temperature", leadHours: 24 })!;
  expect(errors.zone).toBe("UTC+5:30");
  expect(errors.hours.slice(0, 2)).toEqual(["00:30", "01:30"]);
  const utc = api.evaluations.VABB!.byHour.find((row) => row.variable === "temperature" && row.leadHours === 24)!;
  expect(errors.maeC[0]![0]).toBe(utc.maeC[0]![19]);
  expect(hourMonthErrors(atlanta, { variable: "temperature", leadHours: 24 })!.zone).toBe("UTC−5");
  const row = rowsOf(hourMonthTable(api.evaluations.VABB!))[0]!;
  expect(row.slice(0, 3)).toEqual(["Jan", "192", errors.maeC[0]![0]!.toFixed(2)]);
});

test("standard time is the time without daylight saving, in both hemispheres", () => {
  const hours = (zone: string) => standardOffset(Date.UTC(2026, 6), zone) / hourMs;
  expect(["America/New_York", "Australia/Sydney", "Asia/Kolkata", "UTC"].map(hours)).toEqual([-5, 10, 5.5, 0]);
});

test("a difference is grey if not significant, and bold if the forecast is significantly worse", () => {
  const [first, second, third] = atlanta.differences.filter(({ variable }) => variable === "temperature");
  const differences = [
    { ...first!, difference: 0.2, differenceLow: 0.1, differenceHigh: 0.3 },
    { ...second!, difference: 0.2, differenceLow: -0.1, differenceHigh: 0.5 },
    { ...third!, difference: -0.2, differenceLow: -0.3, differenceHigh: -0.1 },
  ];
  const table = differenceTable({ ...atlanta, differences }, { unit: "F" });
  expect([...table.querySelectorAll("strong")].map(({ textContent }) => textContent)).toEqual(["+0.36 ± 0.18"]);
  const muted = [...table.querySelectorAll(".muted")].map(({ textContent }) => textContent!);
  expect(muted.filter((text) => text.includes("±"))).toEqual(["+0.36 ± 0.54"]);
  expect(table.textContent).toContain("−0.36 ± 0.18");
});

test("the worst misses show forecast, interval, observation and error, largest first", () => {
  const miss = atlanta.worst.find((row) => row.variable === "temperature" && row.leadHours === 24)!;
  const off = Math.abs(miss.forecastC - miss.observedC);
  const link = worstMissTable(atlanta, { unit: "F" }).querySelector("a")!.getAttribute("href")!;
  const issued = new Date(miss.validTime - 24 * hourMs).toISOString().slice(0, 16);
  expect(decodeURIComponent(link)).toBe(`./station/KATL?issued=${issued}Z&variable=temperature&unit=F`);
  const rows = rowsOf(worstMissTable(atlanta));
  expect(rows[0]!.slice(1)).toEqual([
    miss.forecastC.toFixed(1).replace("-", "−"),
    `${miss.p025!.toFixed(1)} to ${miss.p975!.toFixed(1)}`.replaceAll("-", "−"),
    miss.observedC.toFixed(1).replace("-", "−"),
    `${miss.forecastC > miss.observedC ? "+" : "−"}${off.toFixed(1)}`,
  ]);
  const offs = rows.map((row) => Math.abs(Number(row[4]!.replace("−", "-"))));
  expect(offs).toEqual([...offs].sort((a, b) => b - a));
});

test("stations are in order of skill, and a click selects one", () => {
  expect(errorsOfAll.map(({ skill }) => skill)).toEqual(errorsOfAll.map(({ skill }) => skill).sort((a, b) => b - a));
  expect(errorsOfAll.map(({ key }) => key).sort()).toEqual(["AYM00089009", "KATL", "PANC", "VABB"]);
  const chosen: string[] = [];
  const table = stationErrorTable(errorsOfAll, { onSelect: (key) => chosen.push(key) });
  table.querySelector<HTMLElement>("[data-station=PANC]")!.click();
  expect(chosen).toEqual(["PANC"]);
});

test("the chart of many stations shows the best, the worst and the selected one, and says so", () => {
  const many = Array.from({ length: 100 }, (_, i) => ({ ...errorsOfAll[0]!, key: `S${i}`, skill: 1 - i / 100 }));
  const figure = stationErrorChart(many, { width: 640, key: "S50" });
  expect(figure.querySelector("figcaption")!.textContent).toContain("59 stations in the middle are in the table only");
  expect(figure.querySelector("svg[role=img]")!.textContent).toContain("S50");
});

test("the table of the newest EWMAE shows the raw average, which starts at 0, and the corrected one", () => {
  const point = {
    variable: "temperature",
    leadHours: 1,
    time: new Date(0),
    trainingCorrected: 1,
    validationSlow: 1,
  } as const;
  const table = ewmaeTable([{ ...point, n: 1, validationCorrected: 3 }]);
  const cells = [...table.querySelectorAll("tbody tr *")].map((cell) => cell.textContent);
  // After one error of 3 °C, ε = 0.1: 0.1 · 3.
  expect(cells.slice(1, 4)).toEqual(["1", "0.30", "3.00"]);
});

test("a chart is read by pointer and by keyboard, point by point", () => {
  const figure = monthlyErrorChart(atlanta, { width: 640 });
  const slider = figure.querySelector<HTMLInputElement>("input[type=range]")!;
  const tip = figure.querySelector<HTMLElement>(".point-tip")!;
  expect([slider.max, tip.hidden]).toEqual(["2", true]);
  slider.value = "1";
  slider.dispatchEvent(new Event("focus"));
  const { n, maeC, persistenceC } = atlanta.byMonth.find(
    (row) => row.variable === "temperature" && row.leadHours === 24,
  )!;
  const [own, naive] = [maeC, persistenceC].map((errors) => errors[1]!.toFixed(2));
  expect(slider.getAttribute("aria-valuetext")).toBe(
    `Feb 2026, n = ${n[1]}, published forecast ${own}, persistence ${naive}`,
  );
  expect([tip.hidden, words(tip)]).toEqual([
    false,
    `Feb 2026, n = ${n[1]}published forecast ${own}persistence ${naive}`,
  ]);
  slider.dispatchEvent(new Event("blur"));
  expect(tip.hidden).toBe(true);
});

test("the score table shows the smallest error of each lead in bold", () => {
  const table = scoreTable(atlanta);
  const headings = [...table.querySelectorAll("thead th")].map((heading) => words(heading));
  const bold = (row: number) => {
    const cells = [...table.querySelectorAll("tbody tr")[row]!.children];
    return headings[cells.findIndex((cell) => cell.querySelector("strong"))];
  };
  expect(table.querySelectorAll("tbody tr")).toHaveLength(7);
  expect(headings.slice(0, 3)).toEqual(["Lead, h", "published forecast", "persistence"]);
  expect(bold(0)).toBe("persistence");
  expect(bold(4)).toBe("published forecast");
  // A smaller error, but on other and fewer hours, is not bold.
  const service = table.querySelectorAll("tbody tr")[4]!.children[headings.indexOf("weather service")]!;
  expect(words(service)).toMatch(/^\d\.\d\d n 156$/);
  expect(Number.parseFloat(service.textContent!)).toBeLessThan(
    Number.parseFloat(
      table.querySelectorAll("tbody tr")[4]!.children[headings.indexOf("published forecast")]!.textContent!,
    ),
  );
});

test("lows and highs are scored beside what they are compared with, and odds only of what came", () => {
  const { extremes } = atlanta;
  expect(rowsOf(extremeScoreTable(atlanta))).toHaveLength(extremes.length);
  const low = extremes.findIndex(({ kind, windowNumber }) => kind === "low" && windowNumber === 1);
  const { n, maeC, crpsC, brier } = extremes[low]!;
  expect(rowsOf(extremeComparisonTable(atlanta))[low]).toEqual([
    "low, ends within 24 h",
    ...[maeC, 3.1, 2.9, crpsC, 2.1, extremes[low]!.untrackedCrpsC].map((error) => error.toFixed(2)),
  ]);
  const odds = rowsOf(oddsScoreTable(atlanta));
  expect(odds.map(([name]) => name!.split(",")[0])).toEqual([...Array(4).fill("frost"), ...Array(4).fill("heat")]);
  expect(odds[1]).toEqual([
    "frost, ends within 24 h",
    String(n),
    brier!.toFixed(3),
    "0.140",
    "0.120",
    (brier! + 0.002).toFixed(3),
    "50 %",
  ]);
  // The first month has no odds of heat.
  expect(Number(odds[5]![1])).toBe((n * 2) / 3);
  expect(eventWords(atlanta, { unit: "F" })).toContain("now 91.4 °F");
  const chart = oddsChart(atlanta, { event: "heat", width: 400 });
  expect(rowsOf(chart)).toHaveLength(7);
  const warm = { ...atlanta, extremeOdds: atlanta.extremeOdds.filter(({ event }) => event === "heat"), heatC: null };
  expect(rowsOf(oddsScoreTable(warm)).map(([name]) => name!.split(",")[0])).toEqual(Array(4).fill("heat"));
  expect(words(oddsChart(warm, { event: "frost", width: 400 }))).toBe("No night with frost has been scored here.");
  expect(eventWords(warm)).not.toContain("heat");
  expect(rowsOf(liveExtremeTable(atlanta))[low]!.slice(0, 2)).toEqual(["low, ends within 24 h", "200"]);
  expect(words(liveExtremeTable({ ...atlanta, liveExtremes: [] }))).toContain("replayed");
});
