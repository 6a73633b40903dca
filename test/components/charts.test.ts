// @vitest-environment jsdom

import { beforeAll, describe, expect, test } from "vitest";
import { errorByLeadChart } from "../../src/components/evaluation/errorByLeadChart.js";
import { ewmaeChart, ewmaeMonthChart } from "../../src/components/evaluation/ewmaeChart.js";
import { skillByLeadChart } from "../../src/components/evaluation/skillByLeadChart.js";
import { forecastChart, overlays } from "../../src/components/forecast/forecastChart.js";
import { readableChart } from "../../src/components/forecast/readableChart.js";
import { naiveForecasts } from "../../src/components/forecast/storedForecast.js";
import { dayMs } from "../../src/shared/time.js";
import { testCharts } from "../support/chartChecks.js";
import { drawn, golden } from "../support/drawn.js";
import { type FixtureApi, fixtureApi } from "../support/fixtureApi.js";

let api: FixtureApi;
beforeAll(async () => {
  api = await fixtureApi();
});

test("the forecast with its intervals", async () => {
  await expect(drawn(forecastChart(api.forecasts.KATL!, { width: 1000 }))).toMatchFileSnapshot(golden("forecast"));
});

test("the forecast without intervals, on a phone, in °F, through a half-hour zone", async () => {
  const chart = forecastChart(api.forecasts.AYM00089009!, {
    width: 328,
    unit: "F",
    zone: "Asia/Kolkata",
    variable: "dewPoint",
  });
  await expect(drawn(chart)).toMatchFileSnapshot(golden("forecastNarrow"));
});

test("the chart of a hidden page has no negative widths", () => {
  const chart = readableChart(api.forecasts.KATL!, { width: 0 });
  const widths = [...chart.querySelectorAll("rect")].map((rect) => Number(rect.getAttribute("width")));
  expect(widths.length).toBeGreaterThan(0);
  expect(Math.min(...widths)).toBeGreaterThanOrEqual(0);
});

test("an older forecast with all added lines and the later observations", async () => {
  const data = api.forecasts.KATL!;
  const issuedTime = data.issuedTime! - dayMs;
  const forecast = {
    issuedTime,
    hours: {
      temperature: data.forecast.temperature.map((row) => ({ ...row, validTime: row.validTime - dayMs })),
      dewPoint: data.forecast.dewPoint.map((row) => ({ ...row, validTime: row.validTime - dayMs })),
    },
    baselines: naiveForecasts(data.observed, issuedTime),
    official: data.official,
  };
  await expect(drawn(forecastChart(data, { width: 1000, forecast, show: overlays }))).toMatchFileSnapshot(
    golden("forecastEarlier"),
  );
});

test("the errors by lead", async () => {
  await expect(drawn(errorByLeadChart(api.evaluations.KATL!, { width: 640 }))).toMatchFileSnapshot(
    golden("errorByLead"),
  );
});

test("the skill by lead", async () => {
  await expect(drawn(skillByLeadChart(api.evaluations.KATL!, { width: 640 }))).toMatchFileSnapshot(
    golden("skillByLead"),
  );
});

test("the error over time", async () => {
  const chart = ewmaeChart(api.ewmaeHistory.KATL!, { width: 640, unit: "F", variable: "dewPoint", leadHours: 6 });
  await expect(drawn(chart)).toMatchFileSnapshot(golden("ewmae"));
});

test("the error hour by hour", async () => {
  const chart = ewmaeMonthChart(api.ewmaeHours.KATL!, { width: 640, unit: "F", leadHours: 6, month: "2026-02" });
  await expect(drawn(chart)).toMatchFileSnapshot(golden("ewmaeMonth"));
});

describe("every chart", () => {
  testCharts(() => [
    forecastChart(api.forecasts.KATL!, { width: 900 }),
    errorByLeadChart(api.evaluations.KATL!, { width: 900 }),
    skillByLeadChart(api.evaluations.KATL!, { width: 900 }),
    ewmaeChart(api.ewmaeHistory.KATL!, { width: 900 }),
    ewmaeMonthChart(api.ewmaeHours.KATL!, { width: 900, month: "2026-03" }),
  ]);

  test("says so when there is nothing to show", () => {
    for (const figure of [
      errorByLeadChart(api.evaluations.KSEA!, { width: 900 }),
      skillByLeadChart(api.evaluations.KSEA!, { width: 900 }),
      ewmaeChart(api.ewmaeHistory.KSEA!, { width: 900 }),
      ewmaeMonthChart(api.ewmaeHours.KSEA!, { width: 900, month: "" }),
    ]) {
      expect(figure.textContent).toMatch(/^Nothing scored yet\.$/);
    }
  });
});
