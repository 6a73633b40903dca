// @vitest-environment jsdom

import fc from "fast-check";
import { describe, expect, test } from "vitest";
import { newestForecast } from "../../../src/components/forecast/issuedForecast.js";
import { readableChart } from "../../../src/components/forecast/readableChart.js";
import { oddsBelow, thresholdInput } from "../../../src/components/forecast/threshold.js";
import { thresholdOdds } from "../../../src/components/forecast/thresholdOdds.js";
import { choose } from "../../../src/components/ui/inputs.js";
import { probabilityBelow } from "../../../src/model/extremes/quantiles.js";
import { quantileNames } from "../../../src/model/vocabulary.js";
import { words } from "../../support/drawn.js";
import { fixtureApi } from "../../support/fixtureApi.js";

const data = (await fixtureApi()).forecasts.KATL!;
const options = { unit: "C", zone: "America/New_York", variable: "temperature" } as const;

describe("the input of a threshold", () => {
  test("is off at first, and starts at a whole degree of the reader’s unit", () => {
    const input = thresholdInput({ unit: "F", startC: 12.3 });
    expect(input.value).toBe("");
    const [box, field] = input.querySelectorAll("input");
    box!.click();
    expect(field!.value).toBe("54");
    expect(input.value).toBe("12.22");
    field!.value = "9999";
    expect(input.value).toBe("");
  });

  test("keeps a tenth of a degree of either unit through the address", () =>
    fc.assert(
      fc.property(fc.integer({ min: -800, max: 550 }), fc.constantFrom("C" as const, "F" as const), (tenths, unit) => {
        const input = thresholdInput({ unit, startC: 0 });
        const [box, field] = input.querySelectorAll("input");
        box!.checked = true;
        field!.value = String(tenths / 10);
        const restored = thresholdInput({ unit, startC: 0 });
        expect(restored.allows!(input.value)).toBe(true);
        restored.value = input.value;
        expect(Number(restored.querySelectorAll("input")[1]!.value)).toBe(tenths / 10);
        expect(restored.value).toBe(input.value);
      }),
    ));
});

describe("odds of a threshold", () => {
  test("are those of the published quantiles, by hour, night and day", () => {
    const input = thresholdInput({ unit: "C", startC: 10 });
    const place = thresholdOdds(data, newestForecast(data), data, { input, ...options });
    document.body.append(place);
    expect(words(place)).toBe("");
    choose(input, "10.5");
    const odds = (row: Parameters<typeof oddsBelow>[0]) =>
      `${Math.round(
        100 *
          probabilityBelow(
            quantileNames.map((name) => row[name]!),
            10.5,
          ),
      )} %`;
    const hours = [...place.querySelectorAll("tbody td")].map((cell) => words(cell));
    expect(hours).toEqual(data.forecast.temperature.map(odds));
    const windows = [...place.querySelectorAll("li strong")].map((value) => words(value));
    expect(windows).toEqual(data.extremes.map(odds));
    expect(windows.length).toBeGreaterThan(1);
    expect(words(place.querySelector("li")!)).toMatch(/^Today’s high below 10\.5 °C: \d+ %$/);
    place.remove();
  });

  test("are unknown without quantiles", () => {
    const none = Object.fromEntries(quantileNames.map((name) => [name, null]));
    expect(oddsBelow(none as Parameters<typeof oddsBelow>[0], 3)).toBeNull();
  });
});

describe("a chart that can be read", () => {
  const input = thresholdInput({ unit: "C", startC: 10 });
  const figure = readableChart(data, { width: 1000, ...options, threshold: input });
  document.body.append(figure);
  const slider = figure.querySelector<HTMLInputElement>("input[type=range]")!;
  const readAt = (hour: number) => {
    slider.value = String(72 + hour);
    slider.dispatchEvent(new Event("input"));
    return Object.fromEntries(
      [...figure.querySelectorAll(".reading dl > div")].map((row) => [...row.children].map((part) => words(part))),
    );
  };

  test("shows what is published for each hour, and says the same", () => {
    choose(input, "11");
    for (const row of data.forecast.temperature) {
      const shown = readAt(row.leadHours);
      expect(shown).toMatchObject({
        forecast: `${row.valueC.toFixed(1)} °C`,
        "50 %": `${row.p25!.toFixed(1)} to ${row.p75!.toFixed(1)}`,
        "80 %": `${row.p10!.toFixed(1)} to ${row.p90!.toFixed(1)}`,
        "95 %": `${row.p025!.toFixed(1)} to ${row.p975!.toFixed(1)}`,
        "below 11 °C": `${Math.round(oddsBelow(row, 11)! * 100)} %`,
      });
      const said = Object.entries(shown).map(([label, text]) => `${label} ${text}`);
      expect(slider.getAttribute("aria-valuetext")!.replaceAll("\u00a0", " ")).toBe(
        `${words(figure.querySelector(".reading strong")!)}, ${row.leadHours} h ahead, ${said.join(", ")}`,
      );
    }
  });

  test("has a bar for each hour as high as its odds, and none while the threshold is off", () => {
    const bars = [...figure.querySelectorAll(".odds g rect")].map((bar) => Number(bar.getAttribute("height")));
    const most = Math.max(...data.forecast.temperature.map((row) => oddsBelow(row, 11)!));
    expect(bars).toHaveLength(72);
    expect(Math.max(...bars) / 44).toBeCloseTo(most, 6);
    choose(input, "");
    expect(figure.querySelectorAll(":is(.odds, .threshold-line) > *")).toHaveLength(0);
  });
});
