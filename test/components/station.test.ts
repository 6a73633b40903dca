// @vitest-environment jsdom

import { beforeAll, describe, expect, test, vi } from "vitest";
import { scoreTable } from "../../src/components/evaluation/errorByLeadChart.js";
import { verdict } from "../../src/components/evaluation/verdict.js";
import { forecastSentence } from "../../src/components/forecast/forecastSentence.js";
import { forecastTable } from "../../src/components/forecast/forecastTable.js";
import { freshnessLine } from "../../src/components/forecast/freshnessLine.js";
import { readouts } from "../../src/components/forecast/readouts.js";
import { orderChoices, stationTable } from "../../src/components/stations/stationTable.js";
import { selectInput, textInput } from "../../src/components/ui/inputs.js";
import { markStation } from "../../src/components/ui/station.js";
import { hourMs, minuteMs } from "../../src/shared/time.js";
import { type FixtureApi, fixtureApi } from "../support/fixtureApi.js";
import { fixtureTime } from "../support/publishedFixture/fixturePlaces.js";

let api: FixtureApi;
beforeAll(async () => {
  api = await fixtureApi();
});

const words = (element: Element | null) => element?.textContent?.replace(/\s+/g, " ").trim();
const options = { unit: "C", zone: "America/New_York", variable: "temperature" } as const;

describe("forecastSentence", () => {
  test("says what it is, what is expected, when issued and from which data", () => {
    expect(words(forecastSentence(api.forecasts.KATL!, options))).toBe(
      "18.1 °C at 14:00 EDT on Mon 9 Mar. Expect a high of around 20 °C at 16:00 Mon and a low of around 10 °C at 06:00 Tue. " +
        "Issued 14:00 EDT on Mon 9 Mar, from observations up to 14:00 EDT.",
    );
  });

  test("says that there is nothing", () => {
    expect(words(forecastSentence(api.forecasts.KSEA!, options))).toBe(
      "Nothing has been observed here yet, so nothing is forecast.",
    );
    expect(words(forecastSentence({ ...api.forecasts.KATL!, issuedTime: null }, options))).toContain(
      "No forecast has been issued.",
    );
  });

  test("says what has not been observed where it is the dew point alone", () => {
    const data = api.forecasts.KATL!;
    const observed = data.observed.map((row) => ({ ...row, dewPoint: null }));
    expect(words(forecastSentence({ ...data, observed }, { ...options, variable: "dewPoint" }))).toBe(
      "No dew point has been observed here yet, so none is forecast.",
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
  const keys = (table: Element) =>
    [...table.querySelectorAll<HTMLElement>("tbody tr")]
      .filter((row) => !row.hidden)
      .map((row) => words(row.querySelector(".code")));

  test("shows what came from outside as text", () => {
    const table = stationTable(api.stations, { asOf: fixtureTime });
    expect(table.querySelector("tbody b")).toBeNull();
    expect(words(table)).toContain('AMUNDSEN-SCOTT <b>&"POLE"</b>');
  });

  test("has now, the extremes with their times, spread, EWMAE and skill of each", () => {
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

  test("tells fresh data from stale from none, and keeps telling", () => {
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

  test("hands a plain click to the page and leaves the others to the browser", () => {
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

  test("marks the station that is shown, and no other", () => {
    const table = stationTable(api.stations, { asOf: fixtureTime });
    markStation([table], "KATL");
    markStation([table], "VABB");
    expect([...table.querySelectorAll("[aria-current]")].map((link) => link.getAttribute("data-station"))).toEqual([
      "VABB",
    ]);
  });

  test("is put in order by its headings, one way and the other, those without a value last", () => {
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

  test("shows the stations that contain every word, and how many they are", () => {
    const find = textInput("Find");
    const table = stationTable(api.stations, { asOf: fixtureTime, find });
    document.body.append(table);
    const type = (text: string) => {
      find.value = text;
      find.dispatchEvent(new Event("input"));
      return keys(table);
    };
    expect(type("airport int")).toEqual(["KATL", "PANC"]);
    expect(words(table.querySelector("[role=status]"))).toBe("2 of 5 stations");
    expect(type("zzz")).toEqual([]);
    expect(type("")).toHaveLength(5);
    expect(words(table.querySelector("[role=status]"))).toBe("");
    table.remove();
  });
});

describe("freshnessLine", () => {
  const atlanta = () => api.stations.find(({ key }) => key === "KATL")!;

  test("is calm up to three hours and in alarm after", () => {
    const fresh = freshnessLine(atlanta(), { now: fixtureTime + 3 * hourMs });
    expect(fresh.classList.contains("banner")).toBe(false);
    expect(words(fresh)).toBe("Newest observation 3 h old (Mon 9 Mar 2026 14:00 EDT)");
    const stale = freshnessLine(atlanta(), { now: fixtureTime + 5 * hourMs });
    expect(stale.classList.contains("banner")).toBe(true);
    expect(words(stale)).toBe("Stale: newest observation 5 h old (Mon 9 Mar 2026 14:00 EDT)");
  });

  test("tells no age where no clock runs", () => {
    expect(words(freshnessLine(atlanta(), { now: fixtureTime, zone: "UTC", showAge: false }))).toBe(
      "Newest observation Mon 9 Mar 2026 18:00 UTC",
    );
  });

  test("speaks where nothing was ever observed", () => {
    const empty = api.stations.find(({ key }) => key === "KSEA")!;
    expect(words(freshnessLine(empty, { now: fixtureTime }))).toBe("No data yet: nothing has been observed at KSEA.");
  });
});

describe("verdict", () => {
  test("says first where a baseline was better", () => {
    expect(words(verdict({ ...api.evaluations.KATL!, live: [] }))).toMatch(
      /^Worse than persistence 1 h ahead\. Significant: \+0\.08 ± 0\.01 °C 1 h ahead against persistence\. Significantly better than persistence 3, 6, 12, 24, 48 and 72 h ahead; than same hour yesterday, climatology, blend and SGD \(original demo\) at every lead compared\. Skill 24 h ahead: 47 %/,
    );
  });

  test("counts persistence a day ahead, which is the same hour yesterday, once", () => {
    const data = api.evaluations.KATL!;
    const worse = data.scores.map((row) =>
      row.model === "persistence" || row.model === "seasonalNaive" ? { ...row, maeC: row.maeC.map(() => 0) } : row,
    );
    const text = words(verdict({ ...data, scores: worse, differences: [], live: [] }))!;
    expect(text).toMatch(
      /^Worse than persistence 1–72 h ahead and same hour yesterday 1–23, 25–47 and 49–71 h ahead\./,
    );
    expect(words(verdict(data))).toMatch(
      /Skill 24 h ahead: 47 % against persistence \(24 h ahead, the same hour yesterday\), 41 % against climatology,/,
    );
  });

  test("says first where the weather service was better", () => {
    expect(words(verdict(api.evaluations.KATL!))).toMatch(
      /^Worse than persistence 1 h ahead and the weather service 1, 3, 6, 12, 24, 48 and 72 h ahead\./,
    );
  });

  test("says where a worse result is not significant, and where too few days are scored", () => {
    const data = api.evaluations.KATL!;
    const differences = data.differences.map((row) => ({ ...row, differenceLow: -1 }));
    expect(words(verdict({ ...data, differences, live: [] }))).toContain(
      "The difference is not significant. Significantly better",
    );
    expect(words(verdict({ ...data, differences }))).toContain(
      "The difference from persistence is not significant. Too few days are scored to test the difference from the weather service.",
    );
    // Forty days of dew point are enough.
    expect(words(verdict(data, { variable: "dewPoint" }))).not.toContain("Too few days");
  });

  test("compares the weather service on the same hours only", () => {
    const data = api.evaluations.KATL!;
    const scores = data.scores.map((row) =>
      row.model === "official" ? { ...row, maeC: row.maeC.map(() => 0.001) } : row,
    );
    expect(verdict({ ...data, scores }).textContent).toBe(verdict(data).textContent);
    const text = words(verdict(data));
    expect(text!.match(/weather service/g)).toHaveLength(3);
    expect(text).toContain("−11 % against the weather service over the 166 hours that both forecast.");
    expect(words(verdict({ ...data, live: [] }))).not.toContain("weather service");
  });

  describe("where no baseline has a smaller error", () => {
    const ahead = () => {
      const data = api.evaluations.KATL!;
      const from = <T>(column: T[]) => column.slice(1);
      const scores = data.scores.map((row) => ({
        ...row,
        leadHours: from(row.leadHours),
        n: from(row.n),
        maeC: from(row.maeC),
      }));
      return { ...data, scores, differences: data.differences.filter(({ leadHours }) => leadHours > 1), live: [] };
    };

    test("says that the forecast is significantly better at every lead than every baseline", () => {
      expect(words(verdict(ahead()))).toMatch(
        /^Significantly better than every baseline 3, 6, 12, 24, 48 and 72 h ahead\. Skill/,
      );
    });

    test("says where it is significantly better, if not everywhere", () => {
      const data = ahead();
      const differences = data.differences.map((row) =>
        row.model === "blend" && row.leadHours > 12 ? { ...row, differenceHigh: 0.01 } : row,
      );
      const text = words(verdict({ ...data, differences }));
      expect(text).toMatch(
        /^No baseline has a smaller error\. Significantly better than persistence, same hour yesterday, climatology and SGD \(original demo\) at every lead compared; than blend 3, 6 and 12 h ahead\. Skill/,
      );
    });

    test("says that too few days are scored, or that nothing is significant", () => {
      const data = ahead();
      expect(words(verdict({ ...data, differences: [] }))).toMatch(
        /^No baseline has a smaller error\. Too few days are scored to test whether it is better\. Skill/,
      );
      const differences = data.differences.map((row) => ({ ...row, differenceHigh: 0.01 }));
      expect(words(verdict({ ...data, differences }))).toMatch(
        /^No baseline has a smaller error\. It is not significantly better than any baseline\. Skill/,
      );
    });

    test("says which baseline has too few days to test", () => {
      const data = ahead();
      const differences = data.differences.filter(({ model }) => model !== "sgd");
      expect(words(verdict({ ...data, differences }))).toMatch(
        /^No baseline has a smaller error\. Significantly better /,
      );
      const { live } = api.evaluations.KATL!;
      const official = live.map((row) => ({ ...row, officialC: row.officialC.map(() => 9) }));
      expect(words(verdict({ ...data, live: official }))).toContain(
        "Too few days are scored to test the difference from the weather service.",
      );
    });
  });

  test("joins neighbouring leads to ranges", () => {
    const data = api.evaluations.KATL!;
    const bad = new Set([1, 4, 5, 6]);
    const scores = data.scores.map((row) =>
      row.model === "climatology"
        ? { ...row, maeC: row.maeC.map((maeC, i) => (bad.has(row.leadHours[i]!) ? 0 : maeC)) }
        : row,
    );
    expect(words(verdict({ ...data, scores, live: [] }))).toMatch(
      /^Worse than persistence 1 h ahead and climatology 1 and 4–6 h ahead\./,
    );
  });

  test("gives the period and the range of n over the leads", () => {
    expect(words(verdict(api.evaluations.KATL!))).toMatch(
      /Scored from Jan 2026 to 9 Mar 2026, n = 384 to 597 forecasts per lead\.$/,
    );
    expect(words(verdict(api.evaluations.KSEA!))).toBe("No forecast has come due yet, so nothing is scored.");
  });
});

test("the score table shows the smallest error of each lead in bold", () => {
  const table = scoreTable(api.evaluations.KATL!);
  const headings = [...table.querySelectorAll("thead th")].map((heading) => words(heading));
  const bold = (row: number) => {
    const cells = [...table.querySelectorAll("tbody tr")[row]!.children];
    return headings[cells.findIndex((cell) => cell.querySelector("strong"))];
  };
  expect(table.querySelectorAll("tbody tr")).toHaveLength(7);
  expect(headings.slice(0, 3)).toEqual(["Lead, h", "published forecast", "persistence"]);
  expect(bold(0)).toBe("persistence");
  expect(bold(4)).toBe("published forecast");
  // Less than ours, but of other hours, and of fewer.
  const official = table.querySelectorAll("tbody tr")[4]!.children[headings.indexOf("weather service")]!;
  expect(words(official)).toMatch(/^\d\.\d\d n 156$/);
  expect(Number.parseFloat(official.textContent!)).toBeLessThan(
    Number.parseFloat(
      table.querySelectorAll("tbody tr")[4]!.children[headings.indexOf("published forecast")]!.textContent!,
    ),
  );
});
