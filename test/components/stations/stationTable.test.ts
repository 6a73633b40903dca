// @vitest-environment jsdom

import { describe, expect, test, vi } from "vitest";
import { orderChoices, stationTable } from "../../../src/components/stations/stationTable.js";
import { choose, selectInput } from "../../../src/components/ui/inputs.js";
import { minuteMs } from "../../../src/shared/time.js";
import { words } from "../../support/drawn.js";
import { fixtureApi } from "../../support/fixtureApi.js";
import { fixtureTime } from "../../support/publishedFixture/fixturePlaces.js";

const api = await fixtureApi();

describe("stationTable", () => {
  test("shows the newest temperature, extremes with times, spread, EWMAE and skill", () => {
    const atl = api.stations.find(({ key }) => key === "KATL")!;
    const row = stationTable(api.stations, { asOf: fixtureTime }).querySelectorAll("tbody tr")[1]!;
    expect([...row.children].map((cell) => words(cell))).toEqual([
      "KATL Atlanta Hartsfield International Airport",
      "18.1",
      "9 Tue 06:00",
      "19 Mon 16:00",
      atl.spread24C!.toFixed(1),
      `${atl.ewmae24C!.toFixed(1)} 9 Mar 04:00`,
      `${Math.round(atl.skill24! * 100)} %`,
      `${Math.round(atl.guidanceSkill24! * 100)} %`.replace("-", "−"),
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

  test("marks the columns for which a narrow screen has no room, but for the one that orders the stations", () => {
    const order = selectInput("Order", orderChoices);
    const table = stationTable(api.stations, { asOf: fixtureTime, order });
    const extra = (line: Element) =>
      [...line.children].flatMap(({ classList }, i) => (classList.contains("extra") ? [i] : []));
    for (const row of table.querySelectorAll("tr")) expect(extra(row)).toEqual([4, 5, 6, 7]);
    document.body.append(table);
    choose(order, "-skill");
    for (const row of table.querySelectorAll("tr")) expect(extra(row)).toEqual([4, 5, 7]);
    table.remove();
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
});
