import { readFileSync } from "node:fs";
import { describe, expect, it } from "vitest";
import { awcPath, parseAwc } from "../../../src/data/sources/awc.js";
import { oktasOf, readMetarText, timeOfText } from "../../../src/data/sources/metarText.js";
import { nwsPath, parseNws } from "../../../src/data/sources/nws.js";
import { parseOfficialForecast, parsePoint, pointPath } from "../../../src/data/sources/officialForecast.js";

const input = (name: string): unknown =>
  JSON.parse(readFileSync(new URL(`../../input/${name}`, import.meta.url), "utf8"));
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

  it("has station, time, special and correction", () => {
    const ordinary = { stationId: "KORD", time: { day: 20, minute: 591 }, isSpecial: false, isCorrection: false };
    expect(readMetarText("KORD 200951Z 12/06")).toMatchObject(ordinary);
    expect(readMetarText("METAR COR KORD 200951Z 12/06")).toMatchObject({ ...ordinary, isCorrection: true });
    expect(readMetarText("SPECI KORD 200951Z COR 12/06")).toMatchObject({ isSpecial: true, isCorrection: true });
    expect(readMetarText("no report")).toMatchObject({ stationId: null, time: null });
  });

  it.each([
    "METAR COR KJFK 010051Z 10SM 12/06",
    "COR KJFK 010051Z 10SM 12/06",
    "METAR KJFK COR 010051Z 10SM 12/06",
    "SPECI KJFK 010051Z COR 10SM 12/06",
    "METAR KJFK 010051Z AUTO COR 10SM 12/06",
    "METAR KJFK 010051Z 10SM 12/06 A3000 RMK AO2 COR 0105",
    "METAR CYYZ 010051Z CCA 10SM 12/06",
    "METAR CYYZ 010051Z AUTO CCB 10SM 12/06",
    "METAR CCA CYYZ 010051Z 10SM 12/06",
    "METAR CYYZ CCC 010051Z 10SM 12/06",
    "MET088METAR COR KBHM 010053Z 10SM 12/06",
    "MET083COR KBHM 010053Z 10SM 12/06",
  ])("is a correction in any national style: %s", (text) => {
    expect(readMetarText(text)).toMatchObject({ isCorrection: true, temperatureC: 12, dewPointC: 6 });
    if (!text.startsWith("MET08")) expect(readMetarText(text).stationId).toMatch(/^(KJFK|CYYZ)$/);
  });

  it.each([
    "METAR KCOR 010051Z 10SM 12/06",
    "METAR KJFK 010051Z 10SM 12/06 RMK CORD SC6CC1",
    "METAR CCAA 010051Z 12/06",
  ])("is no correction: %s", (text) => expect(readMetarText(text).isCorrection).toBe(false));

  it("belongs to the nearest month that has the day", () => {
    expect(timeOfText({ day: 31, minute: 1431 }, Date.UTC(2026, 5, 1, 0, 5))).toBe(Date.UTC(2026, 4, 31, 23, 51));
    expect(timeOfText({ day: 1, minute: 5 }, Date.UTC(2026, 4, 31, 23, 51))).toBe(Date.UTC(2026, 5, 1, 0, 5));
    expect(timeOfText({ day: 32, minute: 0 }, Date.UTC(2026, 4, 31))).toBeNull();
  });

  it("codes cloud cover like GHCNh", () => {
    expect(oktasOf(["FEW", "BKN", "SCT"])).toBe(7);
    expect(oktasOf(["CLR"])).toBe(0);
    for (const unknown of [[], ["CAVOK"], ["OVX"], ["FEW", "VV"]]) expect(oktasOf(unknown)).toBeNull();
  });
});

describe("awc", () => {
  it("requests all stations at once", () => {
    expect(awcPath(["KATL", "KORD"], 6)).toBe("api/data/metar?ids=KATL,KORD&format=json&hours=6");
  });

  const parsed = parseAwc(input("awc-metar.json"), "reply");
  const of = (icao: string | null) => parsed.find((station) => station.icao === icao)!;

  it("takes tenths from the T-group, knots to m/s, VRB and calm as no direction, cover to oktas", () => {
    const reports = [...of("KORD").reports].sort((a, b) => a.row - b.row).map(values);
    expect(reports).toEqual([
      {
        row: 1,
        stationId: "KORD",
        date: "2026-05-20T09:51:00",
        reportType: "FM15",
        corrected: false,
        temperature: "11.7",
        dewPoint: "5.6",
        seaLevelPressure: "1021.9",
        windSpeed: "5.1",
        windDirection: "350",
        cloudCover: "7",
      },
      {
        row: 2,
        stationId: "KORD",
        date: "2026-05-20T09:17:00",
        reportType: "FM16",
        corrected: false,
        temperature: "12",
        dewPoint: "5",
        seaLevelPressure: "",
        windSpeed: "1.5",
        windDirection: "",
        cloudCover: "0",
      },
      {
        row: 3,
        stationId: "KORD",
        date: "2026-05-20T08:51:00",
        reportType: "FM15",
        corrected: true,
        temperature: "13.3",
        dewPoint: "",
        seaLevelPressure: "",
        windSpeed: "0",
        windDirection: "",
        cloudCover: "",
      },
    ]);
    expect(of("KORD").place).toMatchObject({ latitude: 41.9602, elevationM: 202 });
  });

  it("keeps the correction of two reports of one time, and reports the other", () => {
    expect(of("KORD").failures).toMatchObject([{ row: 4, check: "unique", severity: "warning" }]);
    const reversed = parseAwc([...(input("awc-metar.json") as unknown[])].reverse(), "reply");
    const ohare = reversed.find(({ icao }) => icao === "KORD")!;
    expect(ohare.reports.map(({ temperature }) => temperature.value).sort()).toEqual(["11.7", "12", "13.3"]);
  });

  it("prefers the raw text to a contradicting decoded value, and reports the value", () => {
    const { reports, failures } = of("PANC");
    expect(values(reports[0]!)).toMatchObject({ date: "2026-05-20T09:53:00", temperature: "-1.1", dewPoint: "-12.2" });
    expect(failures).toMatchObject([
      { column: "temperatureC", check: "rawText", value: "30, but -1.1 in the raw text" },
      { column: "dewPointC", check: "rawText" },
    ]);
  });

  it("rejects rows of another station or time and invalid rows, and reports each", () => {
    const { reports, failures } = of("KATL");
    expect(reports.map(values)).toMatchObject([{ row: 11, temperature: "21.1", reportType: "FM15" }]);
    expect(failures.map(({ row, column, check }) => `${row} ${column} ${check}`).sort()).toEqual([
      "6 rawText station",
      "7 rawText time",
      "8 obsTime invalid_union",
      "9 obsTime date",
    ]);
    expect(of(null).failures).toMatchObject([{ row: 10, value: "KATL", check: "invalid_type" }]);
    expect(() => parseAwc({ error: "busy" }, "reply")).toThrow("reply: is not a list of reports");
  });

  const miami = {
    icaoId: "KMIA",
    obsTime: 1591664040,
    receiptTime: "2020-06-09T00:56:00.000Z",
    metarType: "METAR",
    temp: 20.4,
    dewp: 10.2,
    wdir: 180,
    wspd: 10,
    slp: 1015,
    cover: "FEW",
    clouds: [{ cover: "FEW", base: 30 }],
    name: "Miami",
    lat: 25.79,
    lon: -80.3,
    elev: 3,
    rawOb: "METAR KMIA 090054Z 18010KT 10SM FEW030 20/10 A3000 RMK T02040102",
  };
  const only = (row: object) => {
    const [station, ...others] = parseAwc([row], "reply");
    expect(others).toEqual([]);
    return { ...station!, report: values(station!.reports[0]!) };
  };
  const whole = {
    temperature: "20.4",
    dewPoint: "10.2",
    seaLevelPressure: "1015",
    windSpeed: "5.1",
    windDirection: "180",
    cloudCover: "2",
  };

  it.each([
    ["elev", "3", "elev", "3", {}],
    ["lat", "25.79", "lat", "25.79", {}],
    ["lon", 1000, "lon", "1000", {}],
    ["name", 7, "name", "7", {}],
    ["receiptTime", 1591664640, "receiptTime", "1591664640", {}],
    ["metarType", ["METAR"], "metarType", '["METAR"]', {}],
    ["wdir", true, "wdir", "true", { windDirection: "" }],
    ["wspd", { value: 10 }, "wspd", '{"value":10}', { windSpeed: "" }],
    ["slp", [1015], "slp", "[1015]", { seaLevelPressure: "" }],
    ["temp", {}, "temp", "{}", {}],
    ["dewp", false, "dewp", "false", {}],
    ["rawOb", 5, "rawOb", "5", {}],
    ["clouds", "FEW", "clouds", "FEW", {}],
    ["clouds", [{ cover: null, base: null }], "clouds.0.cover", "null", {}],
    ["clouds", [null], "clouds.0", "null", {}],
    ["cover", 2, "cover", "2", {}],
  ])("drops only the odd %s (%j) of a report, and names it", (field, odd, column, value, lost) => {
    const { report, failures } = only({ ...miami, [field]: odd });
    expect(report).toMatchObject({ ...whole, ...lost, reportType: "FM15" });
    expect(failures).toMatchObject([{ row: 1, reportTime: miami.obsTime * 1000, schema: "AwcRow", column, value }]);
    expect(failures[0]!.check).toMatch(/^(invalid|too)_/);
  });

  it("reads numbers given as text in the same unit, and nothing else", () => {
    const text = { temp: "20.4", dewp: " 10.2", wspd: "10", slp: "1015", wdir: "180" };
    expect(only({ ...miami, ...text }).report).toMatchObject(whole);
    for (const odd of ["10KT", "0x10", "1e1", "5.1 m/s"]) {
      expect(only({ ...miami, wspd: odd, slp: odd }).report).toMatchObject({
        ...whole,
        windSpeed: odd,
        seaLevelPressure: odd,
      });
    }
    expect(only({ ...miami, wspd: " ", slp: "" }).report).toMatchObject({ windSpeed: "", seaLevelPressure: "" });
  });

  it.each([
    [{ corrected: true }, true, "FM15"],
    [{ corrected: "TRUE" }, true, "FM15"],
    [{ corrected: 1 }, true, "FM15"],
    [{ corrected: false }, false, "FM15"],
    [{ corrected: null }, false, "FM15"],
    [{ corrected: "" }, false, "FM15"],
    [{ metarType: "METAR COR" }, true, "FM15"],
    [{ metarType: "SPECI COR" }, true, "FM16"],
    [{ metarType: "COR" }, true, "FM15"],
    [{ metarType: "CCA", rawOb: miami.rawOb.replace("METAR", "SPECI") }, true, "FM16"],
    [{ rawOb: miami.rawOb.replace("Z ", "Z CCB ") }, true, "FM15"],
    [{ metarType: null }, false, "FM15"],
  ])("recognises corrections: %j", (mark, corrected, reportType) => {
    expect(only({ ...miami, ...mark })).toMatchObject({ report: { corrected, reportType }, failures: [] });
  });

  it("keeps the correction in every notation, and no report of another station", () => {
    const corrected = { ...miami, obsTime: "2020-06-09 00:54:00", metarType: "METAR COR", rawOb: null, temp: 21 };
    const stranger = { ...miami, receiptTime: "2020-06-09T01:30:00Z", rawOb: miami.rawOb.replace("KMIA", "KTMB") };
    for (const rows of [
      [corrected, miami, stranger],
      [stranger, miami, corrected],
    ]) {
      const [station] = parseAwc(rows, "reply");
      expect(station!.reports.map(values)).toMatchObject([{ temperature: "21", corrected: true }]);
      expect(station!.failures.map(({ check }) => check).sort()).toEqual(["station", "unique"]);
    }
  });
});

describe("nws", () => {
  const parse = (body: unknown) => parseNws(body, "reply", "KORD", Date.UTC(2026, 4, 19));
  const parsed = parse(input("nws-observations.json"));

  it("requests a period", () => {
    expect(nwsPath("KORD", Date.UTC(2026, 4, 20, 8), Date.UTC(2026, 4, 20, 10))).toBe(
      "stations/KORD/observations?start=2026-05-20T08:00:00Z&end=2026-05-20T10:00:00Z&limit=500",
    );
  });

  it("skips estimates between reports, and reads units, quality and specials", () => {
    expect(parsed.reports.map(values)).toMatchObject([
      {
        row: 2,
        date: "2026-05-20T09:51:00",
        reportType: "FM15",
        temperature: "11.7",
        dewPoint: "5.6",
        seaLevelPressure: "1021.9",
        windSpeed: "5.1",
        windDirection: "350",
        cloudCover: "7",
      },
      { row: 3, reportType: "FM16", temperature: "12", windSpeed: "0", windDirection: "", cloudCover: "" },
      { row: 4, temperature: "", dewPoint: "6", seaLevelPressure: "" },
    ]);
    expect(parsed.reports[2]!.dewPoint).toEqual({ value: "6", quality: "X", sourceCode: "NWS" });
    expect(parsed.next).toBe("https://api.weather.gov/stations/KORD/observations?cursor=abc");
  });

  it("rejects old rows, unknown units, other stations and invalid rows", () => {
    expect(parsed.failures.map(({ row, column, check, value }) => `${row} ${column} ${check} ${value}`)).toEqual([
      "4 temperature unit 55 wmoUnit:degF",
      "5 timestamp stray 2019-08-17T11:55:00+00:00",
      "6 timestamp date yesterday",
      "7 station station KMDW",
      "8 null invalid_type null",
    ]);
    expect(() => parse({ title: "Unexpected Problem" })).toThrow("reply: is not a list of observations");
  });

  const chicago = {
    station: "https://api.weather.gov/stations/KORD",
    timestamp: "2026-05-20T09:51:00+00:00",
    rawMessage: "KORD 200951Z 35010KT 12/06 A3018 RMK T01170056",
    temperature: { unitCode: "wmoUnit:degC", value: 11.7, qualityControl: "V" },
    dewpoint: { unitCode: "wmoUnit:degC", value: 5.6, qualityControl: "V" },
    windSpeed: { unitCode: "wmoUnit:km_h-1", value: 36, qualityControl: "V" },
    seaLevelPressure: { unitCode: "wmoUnit:Pa", value: 102190, qualityControl: "V" },
    cloudLayers: [{ base: { value: 7620 }, amount: "BKN" }],
  };
  const only = (properties: object) => {
    const { reports, failures } = parse({ features: [{ properties }] });
    expect(reports).toHaveLength(1);
    return { report: values(reports[0]!), failures };
  };
  const whole = { temperature: "11.7", dewPoint: "5.6", windSpeed: "10", seaLevelPressure: "1021.9", cloudCover: "7" };

  it.each([
    ["cloudLayers", [null], "cloudLayers.0", "null", { cloudCover: "" }],
    ["cloudLayers", [{ amount: 3 }], "cloudLayers.0.amount", "3", { cloudCover: "" }],
    ["cloudLayers", "BKN", "cloudLayers", "BKN", { cloudCover: "" }],
    ["station", 7, "station", "7", {}],
    ["temperature", 11.7, "temperature", "11.7", {}],
    ["dewpoint", { unitCode: null, value: 5.6 }, "dewpoint", "5.6 without unit", {}],
    ["windSpeed", { unitCode: null, value: 36 }, "windSpeed", "36 without unit", { windSpeed: "" }],
    ["windSpeed", { unitCode: 5, value: 36 }, "windSpeed.unitCode", "5", { windSpeed: "" }],
    ["windSpeed", { unitCode: "wmoUnit:[kn_i]", value: 36 }, "windSpeed", "36 wmoUnit:[kn_i]", { windSpeed: "" }],
    ["seaLevelPressure", "1021.9", "seaLevelPressure", "1021.9", { seaLevelPressure: "" }],
    ["seaLevelPressure", { value: [] }, "seaLevelPressure.value", "[]", { seaLevelPressure: "" }],
  ])("drops only the odd %s (%j) of a report, and names it", (field, odd, column, value, lost) => {
    const { report, failures } = only({ ...chicago, [field]: odd });
    expect(report).toMatchObject({ ...whole, ...lost });
    const reportTime = Date.parse(chicago.timestamp);
    expect(failures).toMatchObject([{ row: 1, reportTime, schema: "NwsRow", column, value }]);
  });

  it("reads numbers given as text, and null or empty as missing", () => {
    const text = <T extends { value: number }>(measured: T) => ({ ...measured, value: String(measured.value) });
    const { temperature, dewpoint, windSpeed, seaLevelPressure } = chicago;
    const asText = {
      temperature: text(temperature),
      dewpoint: text(dewpoint),
      windSpeed: text(windSpeed),
      seaLevelPressure: text(seaLevelPressure),
    };
    expect(only({ ...chicago, ...asText })).toEqual(only(chicago));
    const missing = {
      windSpeed: null,
      seaLevelPressure: { value: null, unitCode: null },
      cloudLayers: null,
      station: "",
    };
    expect(only({ ...chicago, ...missing })).toMatchObject({
      report: { ...whole, windSpeed: "", seaLevelPressure: "", cloudCover: "" },
      failures: [],
    });
    const odd = { windSpeed: { ...windSpeed, value: "36 km/h" } };
    expect(only({ ...chicago, ...odd }).report).toMatchObject({ ...whole, windSpeed: "36 km/h" });
  });

  it("ignores invalid estimates, and reads a page without the address of the next one", () => {
    const estimate = { ...chicago, rawMessage: "", temperature: 12, cloudLayers: [null] };
    for (const pagination of [[], "none", { next: 5 }]) {
      const parsed = parse({ features: [{ properties: estimate }, { properties: chicago }], pagination });
      expect(parsed).toMatchObject({ next: null, reports: [{ row: 2 }] });
      expect(parsed.failures).toMatchObject([{ row: null, schema: "NwsReply", check: "invalid_type" }]);
    }
  });
});

describe("the official forecast", () => {
  it("is requested by the grid of a place", () => {
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
      problems: ["period 3 appears twice", "period 5 has no temperature", "period 6 has no temperature"],
    });
    const side = parseOfficialForecast(
      body([
        period("2026-05-20T05:00:00-05:00", "11", { temperatureUnit: "C", dewpoint: 5 }),
        period("2026-05-20T06:00:00-05:00", 11, { temperatureUnit: "C", dewpoint: { unitCode: 7, value: 5 } }),
        period("2026-05-20T07:00:00-05:00", { unitCode: "wmoUnit:degC", value: "11" }, { temperatureUnit: 7 }),
        period("2026-05-20T08:00:00-05:00", "11"),
        period("2026-05-20T09:00:00-05:00", "11 °C", { temperatureUnit: "C" }),
      ]),
      "forecast",
    );
    expect(side.hours).toEqual(
      [10, 11, 12].map((hour) => ({ validTime: at(hour), temperatureC: 11, dewPointC: null })),
    );
    expect(side.problems).toEqual([
      "period 1: dewpoint is 5",
      "period 2: dewpoint.unitCode is 7",
      "period 3: temperatureUnit is 7",
      "period 4 has no temperature",
      "period 5 has no temperature",
    ]);
    expect(() => parseOfficialForecast({ properties: {} }, "forecast")).toThrow("forecast: is not an hourly forecast");
  });
});

describe.skipIf(!process.env.ISOTHERM_ARCHIVE)("a real reply (ISOTHERM_ARCHIVE)", () => {
  it("of api.weather.gov is read completely, with raw texts that agree with the values", () => {
    const path = `${process.env.ISOTHERM_ARCHIVE}/samples/nws-observations-KCNK.json`;
    const parsed = parseNws(JSON.parse(readFileSync(path, "utf8")), "sample", "KCNK", Date.UTC(2019, 7, 13));
    expect(parsed.failures.every(({ check }) => check === "stray")).toBe(true);
    expect(parsed.reports.length).toBeGreaterThan(100);
    expect(parsed.reports.length + parsed.failures.length).toBe(153);
    expect(parsed.reports[0]).toMatchObject({ date: "2019-08-17T11:55:00", temperature: { value: "20" } });
  });
});
