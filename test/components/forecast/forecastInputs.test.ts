// @vitest-environment jsdom

import { describe, expect, test } from "vitest";
import { forecastTimeInput, isoHour } from "../../../src/components/forecast/forecastInputs.js";
import { dayMs, hourMs } from "../../../src/shared/time.js";

const newest = Date.parse("2026-03-09T18:00Z");
const issuedTimes = Array.from({ length: 49 }, (_, i) => newest - (48 - i) * hourMs);

describe("the input for the forecast time", () => {
  test("is empty for the newest forecast and has the hour of any other", () => {
    const input = forecastTimeInput(issuedTimes, { zone: "America/New_York", genesisTime: null });
    expect(input.value).toBe("");
    expect(input.querySelector("label b")!.textContent).toBe("Mon 9 Mar 14:00 EDT (newest)");
    input.value = "2026-03-08T06:00Z";
    expect(input.value).toBe("2026-03-08T06:00Z");
    expect(input.querySelector("input")!.getAttribute("aria-valuetext")).toBe("Sun 8 Mar 01:00 EST");
    expect(isoHour(Date.parse(input.value))).toBe(input.value);
  });

  test("falls back to the newest for an unknown hour", () => {
    const input = forecastTimeInput(issuedTimes, { zone: "UTC", genesisTime: null });
    input.value = "2020-01-01T00:00Z";
    expect(input.value).toBe("");
  });

  test("moves on to the next forecast where some are missing", () => {
    const sparse = forecastTimeInput([newest - 50 * hourMs, newest - 5 * hourMs, newest - 3 * hourMs, newest], {
      zone: "UTC",
      genesisTime: null,
    });
    const press = (name: string) => {
      sparse.querySelector<HTMLButtonElement>(`[aria-label="${name}"]`)!.click();
      return sparse.value;
    };
    expect(press("An hour earlier")).toBe(isoHour(newest - 3 * hourMs));
    expect(press("A day earlier")).toBe(isoHour(newest - 50 * hourMs));
    expect(press("A day later")).toBe(isoHour(newest - 5 * hourMs));
    expect(press("A day later")).toBe("");
  });

  test("takes any hour since the training start, by date or by moving past the oldest forecast", () => {
    const genesisTime = issuedTimes[0]! - 30 * dayMs;
    const input = forecastTimeInput(issuedTimes, { zone: "UTC", genesisTime });
    const values: string[] = [];
    input.addEventListener("input", () => values.push(input.value));
    const any = input.querySelector<HTMLInputElement>("input[type=datetime-local]")!;
    expect([any.min, any.value, any.max]).toEqual(["2026-02-05T18:00", "2026-03-09T18:00", "2026-03-09T18:00"]);
    const choose = (value: string) => {
      any.value = value;
      any.dispatchEvent(new Event("input", { bubbles: true }));
      any.dispatchEvent(new Event("change", { bubbles: true }));
      any.dispatchEvent(new Event("blur"));
    };
    const press = (name: string) => input.querySelector<HTMLButtonElement>(`[aria-label="${name}"]`)!.click();
    choose("2026-02-10T06:20");
    expect(input.querySelector("label b")!.textContent).toBe("Tue 10 Feb 2026 06:00 UTC");
    press("A day earlier");
    choose("2026-03-08T00:00");
    choose("2026-01-01T00:00");
    expect(any.value).toBe("2026-03-08T00:00");
    choose("2026-03-07T19:00");
    press("An hour earlier");
    press("A day earlier");
    press("A day later");
    input.value = "2026-02-20T00:00Z";
    press("An hour later");
    const newestButton = [...input.querySelectorAll("button")].at(-1)!;
    newestButton.click();
    expect(values).toEqual([
      "2026-02-10T06:00Z",
      "2026-02-09T06:00Z",
      "2026-03-08T00:00Z",
      "2026-03-07T19:00Z",
      "2026-03-07T18:00Z",
      "2026-03-06T18:00Z",
      "2026-03-07T18:00Z",
      "2026-02-20T01:00Z",
      "",
    ]);
    input.value = "2026-02-05T18:00Z";
    expect(input.querySelector("label b")!.textContent).toBe("Thu 5 Feb 2026 18:00 UTC");
    for (const name of ["2026-02-05T17:00Z", "2026-02-05T18:30Z", "nonsense"]) {
      input.value = name;
      expect(input.value, name).toBe("");
    }
  });

  test("shows the year in the chosen zone", () => {
    const input = forecastTimeInput(issuedTimes, {
      zone: "America/Chicago",
      genesisTime: Date.parse("2025-06-01T00:00Z"),
    });
    input.value = "2026-01-01T04:00Z";
    expect(input.querySelector("label b")!.textContent).toBe("Wed 31 Dec 2025 22:00 CST");
  });

  test("is disabled without forecasts", () => {
    const input = forecastTimeInput([], { zone: "UTC", genesisTime: null });
    expect(input.value).toBe("");
    expect(input.textContent).toContain("no forecast yet");
    expect([...input.querySelectorAll("button")].every(({ disabled }) => disabled)).toBe(true);
  });
});
