// @vitest-environment jsdom

import { readdirSync, readFileSync } from "node:fs";
import { join } from "node:path";
import { describe, expect, test } from "vitest";
import { chartFigure } from "../../src/components/chart/chartFigure.js";
import { coverageChart, pitChart } from "../../src/components/evaluation/coverageChart.js";
import { errorByLeadChart } from "../../src/components/evaluation/errorByLeadChart.js";
import { ewmaeMonthChart } from "../../src/components/evaluation/ewmaeChart.js";
import { hourMonthChart } from "../../src/components/evaluation/hourMonthChart.js";
import { guidanceScoreTables } from "../../src/components/evaluation/liveScoreTable.js";
import { monthlyErrorChart } from "../../src/components/evaluation/monthlyErrorChart.js";
import { differenceTable, skillByLeadChart } from "../../src/components/evaluation/skillByLeadChart.js";
import { stationErrorChart, stationErrors } from "../../src/components/evaluation/stationErrorChart.js";
import { worstMissTable } from "../../src/components/evaluation/worstMissTable.js";
import { forecastChart, overlays } from "../../src/components/forecast/forecastChart.js";
import { readableChart } from "../../src/components/forecast/readableChart.js";
import { naiveForecasts } from "../../src/components/forecast/storedForecast.js";
import { upstreamChart, upstreamOf } from "../../src/components/forecast/upstreamChart.js";
import { failureTable } from "../../src/components/health/failureTable.js";
import { gapTable, sourceChart } from "../../src/components/health/sourceChart.js";
import { expertWeightChart } from "../../src/components/model/expertWeightChart.js";
import { explanationChart, explanationOfLead } from "../../src/components/model/explanationChart.js";
import { networkWheels } from "../../src/components/model/networkWeights.js";
import { weightMap } from "../../src/components/model/weightMap.js";
import { html } from "../../src/components/ui/html.js";
import { dayMs } from "../../src/shared/time.js";
import { drawn, golden, words } from "../support/drawn.js";
import { fixtureApi } from "../support/fixtureApi.js";

const api = await fixtureApi();
const atlanta = api.evaluations.KATL!;
const errors = stationErrors(api.scores.get("all")!, api.stations, { variable: "temperature", leadHours: 24 });
const explained = (key: string, leadHours: number) =>
  explanationOfLead(api.explanations[key]!, "temperature", leadHours);
const newestWeights = api.weights.KATL!.at(-1)!.weights;
const fewWeights = {
  features: ["constant", "T₋0"],
  leads: [1, 2, 6],
  rows: [
    [0.5, 0.25, 0],
    [9, -4, 1],
  ],
};

/** A forecast of a day ago, with the observations since. */
function earlierForecast() {
  const data = api.forecasts.KATL!;
  const issuedTime = data.issuedTime! - dayMs;
  const earlier = (rows: typeof data.forecast.temperature) =>
    rows.map((row) => ({ ...row, validTime: row.validTime - dayMs }));
  const { temperature, dewPoint } = data.forecast;
  return {
    issuedTime,
    hours: { temperature: earlier(temperature), dewPoint: earlier(dewPoint) },
    baselines: [
      ...naiveForecasts(data.observed, issuedTime),
      ...data.baselines.filter(({ model }) => model === "nbm" || model === "nws"),
    ],
  };
}

const fahrenheitDewPoint = { unit: "F", variable: "dewPoint" } as const;

describe.each<[golden: string, draw: () => HTMLElement]>([
  ["forecast", () => forecastChart(api.forecasts.KATL!, { width: 1000 })],
  [
    "forecastNarrow", // without intervals, in a zone off the full hour
    () => forecastChart(api.forecasts.AYM00089009!, { width: 328, zone: "Asia/Kolkata", ...fahrenheitDewPoint }),
  ],
  [
    "forecastEarlier",
    () => forecastChart(api.forecasts.KATL!, { width: 1000, forecast: earlierForecast(), show: overlays }),
  ],
  ["errorByLead", () => errorByLeadChart(atlanta, { width: 640 })],
  ["skillByLead", () => skillByLeadChart(atlanta, { width: 640 })],
  ["monthlyErrors", () => monthlyErrorChart(atlanta, { width: 640, leadHours: 6, ...fahrenheitDewPoint })],
  [
    "ewmaeMonth",
    () => ewmaeMonthChart(api.ewmaeHours.KATL!, { width: 640, unit: "F", leadHours: 6, month: "2026-02" }),
  ],
  ["coverage", () => coverageChart(atlanta, { width: 640 })],
  ["pit", () => pitChart(atlanta, { width: 640, leadHours: 6 })],
  ["hourMonth", () => hourMonthChart(atlanta, { width: 1000, unit: "F" })],
  ["hourMonthNarrow", () => hourMonthChart(api.evaluations.VABB!, { width: 328, variable: "dewPoint" })],
  ["stationErrors", () => stationErrorChart(errors, { width: 640, key: "KATL" })],
  ["weights", () => weightMap({ temperature: fewWeights, dewPoint: fewWeights }, { width: 640, rows: "all" })],
  ["weightsOfLags", () => weightMap(newestWeights, { width: 328 })],
  ["networkWeights", () => networkWheels(newestWeights, { variable: "temperature", leadHours: 24 })],
  ["explanation", () => explanationChart(explained("KATL", 24), { width: 640 })],
  ["upstream", () => upstreamChart(upstreamOf(api.explanations.PANC!, "temperature", 24)!)],
  ["expertWeights", () => expertWeightChart(api.models.PANC!, { width: 640, variable: "dewPoint", leadHours: 72 })],
  ["sources", () => sourceChart(api.healthOf.KATL!, { width: 640 })],
  ["sourcesNarrow", () => sourceChart(api.healthOf.AYM00089009!, { width: 328, variable: "dewPoint" })],
])("the chart %s", (name, draw) => {
  test("matches its golden file", () => expect(drawn(draw())).toMatchFileSnapshot(golden(name)));

  test("is one image with its numbers in the label, in the colours of the theme", () => {
    const figure = draw();
    const [image, ...others] = figure.querySelectorAll("[role=img]");
    expect(others).toEqual([]);
    expect(image!.getAttribute("aria-label")).toMatch(/\d/);
    expect(image!.querySelectorAll("[aria-label]")).toHaveLength(0);
    for (const attribute of ["fill", "stroke"])
      for (const part of figure.querySelectorAll(`[${attribute}]`))
        expect(part.getAttribute(attribute)).toMatch(/^(var\(--[\w-]+\)|none|currentColor)$/);
  });

  if (/^(errorBy|skill|coverage|pit|hourMonth|stationErrors)/.test(name))
    test("has n in its caption", () => {
      expect(draw().querySelector("figcaption")!.textContent).toMatch(/n = \d/);
    });
});

const width = 640;
const [unscored, unobserved] = [api.evaluations.KSEA!, api.healthOf.KSEA!];
const nothing = { features: [], leads: [], rows: [] };

test.each<[text: string, parts: HTMLElement[]]>([
  [
    "Nothing scored yet.",
    [
      errorByLeadChart(unscored, { width }),
      skillByLeadChart(unscored, { width }),
      worstMissTable(unscored),
      monthlyErrorChart(unscored, { width }),
      ewmaeMonthChart(api.ewmaeHours.KSEA!, { width, month: "" }),
      hourMonthChart(unscored, { width }),
      stationErrorChart([], { width, key: "KSEA" }),
    ],
  ],
  ["No forecast with intervals has come due yet.", [coverageChart(unscored, { width }), pitChart(unscored, { width })]],
  ["No guidance has come due here yet.", [guidanceScoreTables(unscored)]],
  ["Fewer than 30 days are scored: too few to test a difference.", [differenceTable(unscored)]],
  ["Nothing learned yet.", [weightMap({ temperature: nothing, dewPoint: nothing }, { width })]],
  ["The state of this snapshot is not stored any more.", [weightMap(null, { width })]],
  ["No forecast issued yet.", [explanationChart(explained("KSEA", 24), { width })]],
  ["No weights yet.", [expertWeightChart(api.models.KSEA!, { width })]],
  ["No observations in the last sixty days.", [sourceChart(unobserved, { width })]],
  ["No hour is missing since training started.", [gapTable(unobserved)]],
  ["All values have passed all checks.", [failureTable(unobserved)]],
])("without data a chart or table says: %s", (text, parts) => {
  for (const part of parts) expect(words(part).slice(0, text.length)).toBe(text);
});

test("every chart names the module that draws it, which its page links", () => {
  const modules = readdirSync("src/components", { recursive: true, encoding: "utf8" })
    .filter((file) => file.endsWith(".ts") && file !== join("chart", "chartFigure.ts"))
    .map((file) => readFileSync(join("src/components", file), "utf8"));
  const charts = modules.flatMap((text) => [...text.matchAll(/chartFigure\(\w+, \{([\s\S]*?)\n {2}\}\)/g)]);
  expect(charts.length).toBeGreaterThan(15);
  expect(charts.filter(([, options]) => !options!.includes("code: import.meta.url")).map(([call]) => call)).toEqual([]);
  const figure = (code: string) => chartFigure(html`<svg></svg>`, { label: "n = 1", code });
  expect(figure("http://host/_import/components/a.js").querySelector("a")!.href).toBe(
    "http://host/_import/components/a.js",
  );
  expect(figure("file:///a.ts").querySelector("figcaption")).toBeNull();
});

test("the chart of a hidden page has no negative widths", () => {
  const chart = readableChart(api.forecasts.KATL!, { width: 0 });
  const widths = [...chart.querySelectorAll("rect")].map((rect) => Number(rect.getAttribute("width")));
  expect(widths.length).toBeGreaterThan(0);
  expect(Math.min(...widths)).toBeGreaterThanOrEqual(0);
});
