// @vitest-environment jsdom

import { describe, expect, test, vi } from "vitest";
import { orderChoices, stationTable } from "../../../src/components/stations/stationTable.js";
import { selectInput, textInput } from "../../../src/components/ui/inputs.js";
import { minuteMs } from "../../../src/shared/time.js";
import { words } from "../../support/drawn.js";
import { fixtureApi } from "../../support/fixtureApi.js";
import { fixtureTime } from "../../support/publishedFixture/fixturePlaces.js";

const api = await fixtureApi();

describe("stationTable", () => {
  const keys = (table: Element) =>
    [...table.querySelectorAll<HTMLElement>("tbody tr")]
      .filter((row) => !row.hidden)
      .map((row) => words(row.querySelector(".code")!));

  test("shows the newest temperature, extremes with times, spread, EWMAE and skill", () => {
    const atl = api.stations.find(({ key }) => key === "KATL")!;
    const row = stationTable(api.stations, { asOf: fixtureTime }).querySelectorAll("tbody tr")[1]!;
    expect([...row.children].map((cell) => words(cell))).toEqual([
      "KATL Atlanta Hartsfield International Airport",
      "18.1",
      "10 Tue 06:00",
      "20 Mon 16:00",
      atl.spread24C!.toFixed(1),
      `${atl.ewmae24C!.toFixed(1)} 9 Mar 04:00`,
      `${Math.round(atl.skill24! * 100)} %`,
      "Mon 9 Mar 14:00 EDT",
    ]);
  });

  test("marks data as fresh, stale or missing, and updates the marks", () => {
    vi.useFakeTimers({ now: fixtureTime });
    try {
      const table = stationTable(api.stations);
      document.body.append(table);
      const lamps = () => [...table.querySelectorAll(".lamp")].map((lamp) => [lamp.className, words(lamp)]);
      expect(lamps()).toEqual([
        ["lamp stale", "31 h old"],
        ["lamp", "0 min old"],
        ["lamp off", "none yet"],
        ["lamp", "60 min old"],
        ["lamp", "0 min old"],
      ]);
      vi.advanceTimersByTime(150 * minuteMs);
      expect(lamps()[1]).toEqual(["lamp", "3 h old"]);
      expect(lamps()[3]).toEqual(["lamp stale", "4 h old"]);
      table.remove();
      vi.advanceTimersByTime(60_000);
      expect(vi.getTimerCount()).toBe(0);
    } finally {
      vi.useRealTimers();
    }
  });

  test("handles plain clicks, and leaves clicks with modifier keys to the browser", () => {
    const picked: string[] = [];
    const table = stationTable(api.stations, { asOf: fixtureTime, onSelect: (key) => picked.push(key) });
    const left: boolean[] = [];
    table.addEventListener("click", (event) => {
      left.push(!event.defaultPrevented);
      event.preventDefault();
    });
    const link = table.querySelectorAll("a")[3]!;
    link.dispatchEvent(new MouseEvent("click", { bubbles: true, cancelable: true, ctrlKey: true }));
    expect(picked).toEqual([]);
    link.dispatchEvent(new MouseEvent("click", { bubbles: true, cancelable: true }));
    expect(picked).toEqual(["PANC"]);
    expect(left).toEqual([true, false]);
    expect(link.getAttribute("href")).toBe("./station/PANC");
  });

  test("is sorted by its headings in both directions, missing values last", () => {
    const order = selectInput("Order", orderChoices);
    const table = stationTable(api.stations, { asOf: fixtureTime, order });
    document.body.append(table);
    const press = (heading: string) => {
      const button = [...table.querySelectorAll("thead button")].find((other) => words(other) === heading);
      (button as HTMLButtonElement).click();
      return keys(table);
    };
    const byNow = press("Now, °C");
    const known = api.stations.filter(({ temperatureC }) => temperatureC !== null);
    expect(byNow).toEqual([...known.sort((a, b) => a.temperatureC! - b.temperatureC!).map(({ key }) => key), "KSEA"]);
    expect(order.value).toBe("now");
    expect(press("Now, °C")).toEqual([...byNow.slice(0, -1).reverse(), "KSEA"]);
    expect(order.value).toBe("-now");
    const sorted = table.querySelectorAll("[aria-sort]");
    expect([...sorted].map((heading) => [words(heading), heading.getAttribute("aria-sort")])).toEqual([
      ["Now, °C", "descending"],
    ]);
    expect(press("Station")).toEqual(["AYM00089009", "KATL", "KSEA", "PANC", "VABB"]);
    table.remove();
  });

  test("shows stations that contain all words, and their number", () => {
    const find = textInput("Find");
    const table = stationTable(api.stations, { asOf: fixtureTime, find });
    document.body.append(table);
    const type = (text: string) => {
      find.value = text;
      find.dispatchEvent(new Event("input"));
      return keys(table);
    };
    expect(type("airport int")).toEqual(["KATL", "PANC"]);
    expect(words(table.querySelector("[role=status]")!)).toBe("2 of 5 stations");
    expect(type("zzz")).toEqual([]);
    expect(type("")).toHaveLength(5);
    expect(words(table.querySelector("[role=status]")!)).toBe("");
    table.remove();
  });
});
