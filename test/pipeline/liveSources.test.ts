import { readFileSync } from "node:fs";
import { describe, expect, it } from "vitest";
import { awcPath, parseAwc } from "../../src/pipeline/sources/awc.js";
import { oktasOf, readMetarText, timeOfText } from "../../src/pipeline/sources/metarText.js";
import { nwsPath, parseNws } from "../../src/pipeline/sources/nws.js";
import { parseOfficialForecast, parsePoint, pointPath } from "../../src/pipeline/sources/officialForecast.js";

const input = (name: string): unknown => JSON.parse(readFileSync(new URL(`../input/${name}`, import.meta.url), "utf8"));
const values = (report: object) =>
  Object.fromEntries(
    Object.entries(report).map(([key, value]) => [key, typeof value === "object" && value ? value.value : value]),
  );

describe("the raw text of a METAR", () => {
  it.each([
    ["METAR KORD 200951Z 35010KT 10SM BKN250 12/06 A3018 RMK AO2 T01170056 $", 11.7, 5.6],
    ["KCNK 171155Z AUTO 11004KT 10SM CLR M01/M02 A2982 RMK T10061017", -0.6, -1.7],
    ["SPECI PANC 010000Z 10SM M00/M01 RMK T10001011", 0, -1.1],
    ["METAR EBBR 011220Z 24008KT 9999 SCT030 M00/M05 Q1013 NOSIG", 0, -5],
    ["METAR KORD 200951Z 13/// A3018 RMK T0133", 13.3, null],
    // Mistyped: the whole degrees tell.
    ["METAR KORD 200951Z 12/06 A3018 RMK T11170056", 12, 5.6],
    ["METAR KORD 200951Z NIL", null, null],
    ["METAR KORD 200951Z 10SM 1/2SM R24/2400FT 12/06 A3018", 12, 6],
    ["", null, null],
  ])("%s", (text, temperatureC, dewPointC) => {
    expect(readMetarText(text)).toMatchObject({ temperatureC, dewPointC });
  });

  it("tells station, time, special and correction", () => {
    const ordinary = { stationId: "KORD", time: { day: 20, minute: 591 }, isSpecial: false, isCorrection: false };
    expect(readMetarText("KORD 200951Z 12/06")).toMatchObject(ordinary);
    expect(readMetarText("METAR COR KORD 200951Z 12/06")).toMatchObject({ ...ordinary, isCorrection: true });
    expect(readMetarText("SPECI KORD 200951Z COR 12/06")).toMatchObject({ isSpecial: true, isCorrection: true });
    expect(readMetarText("no report")).toMatchObject({ stationId: null, time: null });
  });

  it("is of the nearest month that has the day", () => {
    expect(timeOfText({ day: 31, minute: 1431 }, Date.UTC(2026, 5, 1, 0, 5))).toBe(Date.UTC(2026, 4, 31, 23, 51));
    expect(timeOfText({ day: 1, minute: 5 }, Date.UTC(2026, 4, 31, 23, 51))).toBe(Date.UTC(2026, 5, 1, 0, 5));
    expect(timeOfText({ day: 32, minute: 0 }, Date.UTC(2026, 4, 31))).toBeNull();
  });

  it("covers the sky as GHCNh codes it", () => {
    expect(oktasOf(["FEW", "BKN", "SCT"])).toBe(7);
    expect(oktasOf(["CLR"])).toBe(0);
    for (const unknown of [[], ["CAVOK"], ["OVX"], ["FEW", "VV"]]) expect(oktasOf(unknown)).toBeNull();
  });
});

describe("awc", () => {
  it("is asked for all stations at once", () => {
    expect(awcPath(["KATL", "KORD"], 6)).toBe("api/data/metar?ids=KATL,KORD&format=json&hours=6");
  });

  const said = parseAwc(input("awc-metar.json"), "reply");
  const of = (icao: string | null) => said.find((station) => station.icao === icao)!;

  it("takes tenths from the T-group, knots to m/s, VRB and calm as no direction, cover to oktas", () => {
    const reports = [...of("KORD").reports].sort((a, b) => a.row - b.row).map(values);
    expect(reports).toEqual([
      {
        ...{ row: 1, stationId: "KORD", date: "2026-05-20T09:51:00", reportType: "FM15", corrected: false },
        ...{ temperature: "11.7", dewPoint: "5.6", seaLevelPressure: "1021.9", windSpeed: "5.1" },
        ...{ windDirection: "350", cloudCover: "7" },
      },
      {
        ...{ row: 2, stationId: "KORD", date: "2026-05-20T09:17:00", reportType: "FM16", corrected: false },
        ...{ temperature: "12", dewPoint: "5", seaLevelPressure: "", windSpeed: "1.5", windDirection: "" },
        cloudCover: "0",
      },
      {
        ...{ row: 3, stationId: "KORD", date: "2026-05-20T08:51:00", reportType: "FM15", corrected: true },
        ...{ temperature: "13.3", dewPoint: "", seaLevelPressure: "", windSpeed: "0", windDirection: "" },
        cloudCover: "",
      },
    ]);
    expect(of("KORD").place).toMatchObject({ latitude: 41.9602, elevationM: 202 });
  });

  it("keeps the correction of two reports of one time, whichever comes last, and tells of the other", () => {
    expect(of("KORD").failures).toMatchObject([{ row: 4, check: "unique", severity: "warning" }]);
    const reversed = parseAwc([...(input("awc-metar.json") as unknown[])].reverse(), "reply");
    const ohare = reversed.find(({ icao }) => icao === "KORD")!;
    expect(ohare.reports.map(({ temperature }) => temperature.value).sort()).toEqual(["11.7", "12", "13.3"]);
  });

  it("believes the raw text where it contradicts what was decoded from it, and says so", () => {
    const { reports, failures } = of("PANC");
    expect(values(reports[0]!)).toMatchObject({ date: "2026-05-20T09:53:00", temperature: "-1.1", dewPoint: "-12.2" });
    expect(failures).toMatchObject([
      { column: "temperatureC", check: "rawText", value: "30, but -1.1 in the raw text" },
      { column: "dewPointC", check: "rawText" },
    ]);
  });

  it("drops rows of another station or time, and those that are none, naming each", () => {
    const { reports, failures } = of("KATL");
    expect(reports.map(values)).toMatchObject([{ row: 11, temperature: "21.1", reportType: "FM15" }]);
    expect(failures.map(({ row, column, check }) => `${row} ${column} ${check}`).sort()).toEqual([
      ...["6 date unique", "7 rawText time", "8 obsTime invalid_union", "9 obsTime date"],
    ]);
    expect(of(null).failures).toMatchObject([{ row: 10, value: "KATL", check: "invalid_type" }]);
    expect(() => parseAwc({ error: "busy" }, "reply")).toThrow("reply: is not a list of reports");
  });
});

describe("nws", () => {
  const parse = (body: unknown) => parseNws(body, "reply", "KORD", Date.UTC(2026, 4, 19));
  const said = parse(input("nws-observations.json"));

  it("is asked for a period", () => {
    expect(nwsPath("KORD", Date.UTC(2026, 4, 20, 8), Date.UTC(2026, 4, 20, 10))).toBe(
      "stations/KORD/observations?start=2026-05-20T08:00:00Z&end=2026-05-20T10:00:00Z&limit=500",
    );
  });

  it("drops estimates between reports, and reads units, quality and specials", () => {
    expect(said.reports.map(values)).toMatchObject([
      {
        ...{ row: 2, date: "2026-05-20T09:51:00", reportType: "FM15", temperature: "11.7", dewPoint: "5.6" },
        ...{ seaLevelPressure: "1021.9", windSpeed: "5.1", windDirection: "350", cloudCover: "7" },
      },
      { row: 3, reportType: "FM16", temperature: "12", windSpeed: "0", windDirection: "", cloudCover: "" },
      { row: 4, temperature: "", dewPoint: "6", seaLevelPressure: "" },
    ]);
    expect(said.reports[2]!.dewPoint).toEqual({ value: "6", quality: "X", sourceCode: "NWS" });
    expect(said.next).toBe("https://api.weather.gov/stations/KORD/observations?cursor=abc");
  });

  it("names strays, units it does not know, other stations and rows that are none", () => {
    expect(said.failures.map(({ row, column, check, value }) => `${row} ${column} ${check} ${value}`)).toEqual([
      "4 temperature unit 55 wmoUnit:degF",
      "5 timestamp stray 2019-08-17T11:55:00+00:00",
      "6 timestamp date yesterday",
      "7 station station KMDW",
      "8 null invalid_type null",
    ]);
    expect(() => parse({ title: "Unexpected Problem" })).toThrow("reply: is not a list of observations");
  });
});

describe("the official forecast", () => {
  it("is asked for by the grid of a place", () => {
    expect(pointPath(41.97, -87.931649)).toBe("points/41.97,-87.9316");
    expect(parsePoint({ properties: { gridId: "LOT", gridX: 65, gridY: 76, forecastHourly: "http://x/" } }, "p")).toBe(
      "gridpoints/LOT/65,76",
    );
    expect(() => parsePoint({ properties: { gridId: "../", gridX: 65, gridY: 76 } }, "p")).toThrow("no forecast grid");
  });

  it("is in °C, in order, each hour once", () => {
    const period = (startTime: string, temperature: unknown, more: object = {}) => ({
      startTime,
      temperature,
      ...more,
    });
    const body = (periods: unknown[]) => ({
      properties: { generatedAt: "2026-05-20T09:30:00+00:00", updateTime: "2026-05-20T08:00:00+00:00", periods },
    });
    const forecast = parseOfficialForecast(
      body([
        period("2026-05-20T06:00:00-05:00", 50, { temperatureUnit: "F" }),
        period("2026-05-20T05:00:00-05:00", 11, {
          temperatureUnit: "C",
          dewpoint: { unitCode: "wmoUnit:degC", value: 5.555555 },
        }),
        period("2026-05-20T05:00:00-05:00", 12, { temperatureUnit: "C" }),
        period("2026-05-20T07:00:00-05:00", { unitCode: "wmoUnit:degC", value: 9 }),
        period("2026-05-20T08:00:00-05:00", 280, { temperatureUnit: "K" }),
        period("later", 9),
      ]),
      "forecast",
    );
    const at = (hour: number) => Date.UTC(2026, 4, 20, hour);
    expect(forecast).toEqual({
      generatedTime: at(9.5 - 0.5) + 1_800_000,
      updateTime: at(8),
      hours: [
        { validTime: at(10), temperatureC: 11, dewPointC: 5.56 },
        { validTime: at(11), temperatureC: 10, dewPointC: null },
        { validTime: at(12), temperatureC: 9, dewPointC: null },
      ],
      problems: ["period 3 is there twice", "period 5 has no temperature", "period 6 has no temperature"],
    });
    expect(() => parseOfficialForecast({ properties: {} }, "forecast")).toThrow("forecast: is not an hourly forecast");
  });
});

describe.skipIf(!process.env.ISOTHERM_ARCHIVE)("a real reply (ISOTHERM_ARCHIVE)", () => {
  it("of api.weather.gov is read whole, its raw texts and its values telling the same", () => {
    const path = `${process.env.ISOTHERM_ARCHIVE}/samples/nws-observations-KCNK.json`;
    const said = parseNws(JSON.parse(readFileSync(path, "utf8")), "sample", "KCNK", Date.UTC(2019, 7, 13));
    expect(said.failures.every(({ check }) => check === "stray")).toBe(true);
    expect(said.reports.length).toBeGreaterThan(100);
    expect(said.reports.length + said.failures.length).toBe(153);
    expect(said.reports[0]).toMatchObject({ date: "2019-08-17T11:55:00", temperature: { value: "20" } });
  });
});
