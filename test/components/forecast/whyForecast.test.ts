// @vitest-environment jsdom
import { describe, expect, test } from "vitest";
import { watchHourDetails } from "../../../src/components/forecast/hourDetails.js";
import { whyForecast } from "../../../src/components/forecast/whyForecast.js";
import { explanationOfLead } from "../../../src/components/model/explanationChart.js";
import { reasonPhrase } from "../../../src/components/model/explanationWords.js";
import { leadInput } from "../../../src/components/model/modelInputs.js";
import { explanationGroups } from "../../../src/model/forecaster/explanation.js";
import { words } from "../../support/drawn.js";
import { fixtureApi } from "../../support/fixtureApi.js";

const { explanations } = await fixtureApi();
const options = { variable: "temperature", leadHours: 12, unit: "C", zone: "UTC" } as const;
const panc = explanations.PANC!;

/** The numbers of the listed reasons. */
const sizes = (shown: HTMLElement) =>
  [...shown.querySelectorAll(".reasons b")].map((size) => Number.parseFloat(words(size).replace("−", "-")));

describe("why a forecast is what it is", () => {
  test("is its main reasons, the largest first, which with the rest lead from the newest observation to it", () => {
    const { now, forecast, groups } = explanationOfLead(panc, "temperature", 12)!;
    const shown = whyForecast(panc, options);
    const reasons = sizes(shown);
    expect(reasons.length).toBeGreaterThan(3);
    expect(reasons.length).toBeLessThan(groups.length);
    const main = reasons.slice(0, -1).map(Math.abs);
    expect(main).toEqual([...main].sort((a, b) => b - a));
    const total = reasons.reduce((sum, size) => sum + size, 0);
    expect(Math.abs(total - (forecast - now) / 100)).toBeLessThan(0.05 * reasons.length);
    expect(words(shown.querySelector(".reasons li:last-child")!)).toMatch(/^\d+ smaller reasons?/);
    expect([...shown.querySelectorAll("summary")].map(words)).toEqual([
      "All parts as a table",
      "What other stations add",
      "Parts of the points, °C, as a table",
    ]);
  });

  test("is in the reader's unit, as differences", () => {
    const [celsius, fahrenheit] = (["C", "F"] as const).map((unit) => sizes(whyForecast(panc, { ...options, unit })));
    for (const [i, size] of fahrenheit!.entries()) expect(Math.abs(size - 1.8 * celsius![i]!)).toBeLessThan(0.16);
    expect(words(whyForecast(panc, { ...options, unit: "F" }))).toMatch(/forecast is \d+\.\d °F; it was \d+\.\d °F/);
  });

  test("leaves out other stations outside a network, and is unknown without a forecast", () => {
    expect(words(whyForecast(explanations.VABB!, options))).not.toContain("other stations");
    expect(words(whyForecast(explanations.KSEA!, options))).toBe("No forecast has been issued for this hour.");
  });
});

describe("a reason in words", () => {
  test("says which way it points", () => {
    for (const group of explanationGroups) {
      if (group === "now" || group === "saturation" || / around$/.test(group)) continue;
      for (const variable of ["temperature", "dewPoint"] as const) {
        const [up, down] = [1, -1].map((hundredths) => reasonPhrase({ group, hundredths, parts: [] }, variable));
        expect(up).not.toBe(down);
      }
    }
  });

  test("names the weather and the direction around that count most, in keeping with the sum", () => {
    const parts = [
      { part: "colder air 1800 km to the south", hundredths: 90 },
      { part: "colder air 1000 km to the west-northwest", hundredths: -80 },
      { part: "colder air 500 km to the west-northwest", hundredths: -30 },
      { part: "drier air 200 km to the north", hundredths: -90 },
    ];
    const phrase = (hundredths: number) => reasonPhrase({ group: "air around", hundredths, parts }, "temperature");
    expect(phrase(-110)).toBe("colder air to the north-west");
    // Nothing else raises the forecast.
    expect(phrase(10)).toBe("colder air to the south");
    const pressure = [{ part: "pressure falling nearby", hundredths: 20 }];
    expect(reasonPhrase({ group: "pressure around", hundredths: 20, parts: pressure }, "temperature")).toBe(
      "pressure falling nearby",
    );
  });

  test("names the source of guidance", () => {
    const reason = (part: string) => ({
      group: "guidance" as const,
      hundredths: -50,
      parts: [{ part, hundredths: -50 }],
    });
    expect(reasonPhrase(reason("guidance nbm"), "temperature")).toBe("the National Blend of Models says cooler");
    expect(reasonPhrase(reason("guidance other"), "dewPoint")).toBe("guidance says drier");
  });
});

test("an hour chosen in the chart opens the details and sets the lead", () => {
  const details = document.createElement("details");
  const hour = leadInput(24);
  const states: boolean[] = [];
  watchHourDetails(details, hour, (isOpen) => states.push(isOpen));
  document.body.append(details);
  details.dispatchEvent(new CustomEvent("choosehour", { bubbles: true, detail: { leadHours: 7 } }));
  expect([details.open, hour.value, states[0]]).toEqual([true, "7", false]);
  details.remove();
});
