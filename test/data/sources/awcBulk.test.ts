import fc from "fast-check";
import { describe, expect, it } from "vitest";
import { parseAwc } from "../../../src/data/sources/awc.js";
import { parseAwcBulk, parseReportingStations } from "../../../src/data/sources/awcBulk.js";
import { minuteMs } from "../../../src/shared/time.js";
import { bulkHeader, bulkRow, bulkRowOf } from "../../support/awcBulkFile.js";
import { awcRow, type Observed, type ReplayedStation, rawText } from "../../support/replayNoaa.js";

const now = Date.UTC(2026, 8, 6, 2, 7);
const parse = (text: string, icaos = ["KORD", "EBBR"]) => parseAwcBulk(text, "bulk", new Set(icaos), now);
const table = (...rows: string[]) => [bulkHeader, ...rows, ""].join("\n");

/** Rows of the format as AWC has published it since 2025. */
const ohare =
  "METAR KORD 060151Z 24008G17KT 10SM FEW050 SCT250 24/18 A2992 RMK AO2 SLP128 T02390178," +
  "KORD,2026-09-06T01:51:00.000Z,41.9602,-87.9316,23.9,17.8,240,8,17,10+,29.92,1012.8,,TRUE,TRUE,,,,,,,FEW,5000,SCT,25000" +
  ",,,,,VFR,,,,,,,,,,,,METAR,202";
const brussels =
  '"METAR EBBR 060150Z VRB02KT 9999 BKN008, 14/M01 Q1018 TEMPO BKN006",' +
  "EBBR,2026-09-06T01:50:00Z,50.9010,4.4840,14,-1,VRB,2,,6+,30.06,,,,,,,,,,,BKN,800,,,,,,,IFR,,,,,,,,,,,,METAR,46";
/** The same two reports as the JSON has them. */
const json = [
  {
    icaoId: "KORD",
    obsTime: Date.UTC(2026, 8, 6, 1, 51) / 1000,
    temp: 23.9,
    dewp: 17.8,
    wdir: 240,
    wspd: 8,
    slp: 1012.8,
    metarType: "METAR",
    rawOb: "METAR KORD 060151Z 24008G17KT 10SM FEW050 SCT250 24/18 A2992 RMK AO2 SLP128 T02390178",
    lat: 41.9602,
    lon: -87.9316,
    elev: 202,
    name: "",
    cover: "SCT",
    clouds: [{ cover: "FEW" }, { cover: "SCT" }],
  },
  {
    icaoId: "EBBR",
    obsTime: Date.UTC(2026, 8, 6, 1, 50) / 1000,
    temp: 14,
    dewp: -1,
    wdir: "VRB",
    wspd: 2,
    metarType: "METAR",
    rawOb: "METAR EBBR 060150Z VRB02KT 9999 BKN008, 14/M01 Q1018 TEMPO BKN006",
    lat: 50.901,
    lon: 4.484,
    elev: 46,
    name: "",
    cover: "BKN",
    clouds: [{ cover: "BKN" }],
  },
];
/** Without the place of the row, which differs. */
const contentOf = (stations: ReturnType<typeof parseAwc>) =>
  stations
    .filter(({ icao }) => icao !== null)
    .map((station) => ({ ...station, reports: station.reports.map((report) => ({ ...report, row: 0 })) }));

describe("AWC's bulk file", () => {
  it.each([
    ["with its header first", table(ohare, brussels)],
    [
      "after lines about the request",
      `No errors\nNo warnings\n12 ms\ndata source=metars\n2 results\n${table(ohare, brussels)}`,
    ],
    ["with other line ends", table(ohare, brussels).replaceAll("\n", "\r\n")],
  ])("gives what the JSON gives, %s", (_, text) => {
    expect(contentOf(parse(text))).toEqual(contentOf(parseAwc(json, "json")));
  });

  it("is read by the names of its columns, in any order", () => {
    const reverse = (row: string) => (row.match(/"[^"]*"|[^,]+|(?<=,)(?=,|$)/g) ?? []).reverse().join(",");
    const text = ["unknown", "", reverse(bulkHeader), reverse(ohare)].join("\n");
    const [station] = parse(text);
    expect(station).toMatchObject({
      icao: "KORD",
      reports: [{ row: 4, temperature: { value: "23.9" } }],
      failures: [],
    });
  });

  it("has no value, direction or place where cells are empty, 0 or -99.99", () => {
    const report = { raw_text: "METAR KORD 060151Z NIL", station_id: "KORD", observation_time: "2026-09-06T01:51:00Z" };
    const nowhere = { latitude: "-99.99", longitude: "-99.99", wind_dir_degrees: "0", wind_speed_kt: "4" };
    const [station] = parse(table(bulkRow({ ...report, ...nowhere })));
    expect(station).toMatchObject({ place: null, failures: [] });
    expect(station!.reports[0]).toMatchObject({
      temperature: { value: "" },
      seaLevelPressure: { value: "" },
      windSpeed: { value: "2.1" },
      windDirection: { value: "" },
      cloudCover: { value: "" },
    });
    const [unknown] = parse(table(bulkRow({ ...report, latitude: "1", longitude: "2", elevation_m: "9999" })));
    expect(unknown!.place).toEqual({ name: "", latitude: 1, longitude: 2, elevationM: null });
  });

  it("names row, column, check and value of what is rejected, and only of the stations in question", () => {
    const rows = [
      ohare.replace(",41.9602,", ",north,"),
      ohare.replace("01:51:00.000Z", "later"),
      ohare.replace("METAR KORD", "METAR KMDW"),
      `${ohare},1`,
      ohare.replaceAll("KORD", "KXYZ").replace(",41.9602,", ",north,"),
      brussels,
    ];
    const failures = parse(table(...rows)).flatMap((station) => station.failures);
    expect(failures.map(({ row, column, check, value }) => [row, column, check, value])).toEqual([
      [2, "latitude", "invalid_type", "north"],
      [3, "observation_time", "date", "2026-09-06Tlater"],
      [4, "rawText", "station", "KMDW, not KORD"],
      [5, null, "columns", "KORD: 45 columns, expected 44"],
    ]);
  });

  it("keeps the correction of two reports of one time, and specials as such", () => {
    const special = ohare.replaceAll("METAR", "SPECI").replaceAll("01:51", "01:58").replace("060151Z", "060158Z");
    const corrected = ohare.replace(",1012.8,,", ",1013.1,TRUE,");
    const [station] = parse(table(special, corrected, ohare));
    const reports = station!.reports.map(({ reportType, seaLevelPressure }) => [reportType, seaLevelPressure.value]);
    expect(reports.sort()).toEqual([
      ["FM15", "1013.1"],
      ["FM16", "1012.8"],
    ]);
    expect(station!.failures).toMatchObject([{ row: 4, check: "unique", severity: "warning" }]);
  });

  it.each([
    ["nothing", "", /has no header with station_id/],
    ["another table", "id,temp_c\nKORD,12\n", /has no header with station_id/],
    ["a header that lacks a column", table(ohare).replace(",temp_c,", ",temp_f,"), /missing column temp_c/],
    ["a last line cut off", table(ohare, brussels.slice(0, 120)).trim(), /is cut off at line 3/],
    [
      "another day's reports",
      table(ohare.replace("2026-09-06", "2026-09-05")),
      /current report, only until 2026-09-05T01/,
    ],
    ["tomorrow's reports", table(ohare.replace("2026-09-06", "2026-09-07")), /has no current report/],
    ["no reports", table(), /has no current report$/],
  ])("is not used where it has %s", (_, text, message) => {
    expect(() => parse(text)).toThrow(message);
  });

  it("says which stations report, where, and whether temperature and pressure", () => {
    const nowhere = bulkRow({ station_id: "KAAA", latitude: "-99.99", longitude: "-99.99", temp_c: "3" });
    const codeless = bulkRow({ station_id: "46086", latitude: "32.5", longitude: "-118", temp_c: "3" });
    const cold = bulkRow({ station_id: "EBBR", latitude: "50.901", longitude: "4.484", sea_level_pressure_mb: "1018" });
    expect(parseReportingStations(table(ohare, brussels, nowhere, codeless, cold), "bulk")).toEqual([
      { icao: "KORD", latitude: 41.9602, longitude: -87.9316, hasTemperature: true, hasPressure: true },
      { icao: "EBBR", latitude: 50.901, longitude: 4.484, hasTemperature: true, hasPressure: true },
    ]);
  });

  it("gives what the JSON gives of any report", () => {
    const tenths = (min: number, max: number) =>
      fc.oneof(
        fc.constant(Number.NaN),
        fc.integer({ min: min * 10, max: max * 10 }).map((value) => value / 10 + 0),
      );
    const observed: fc.Arbitrary<Observed> = fc.record({
      time: fc.integer({ min: 0, max: 119 }).map((minutes) => now - minutes * minuteMs),
      temperatureC: tenths(-60, 50),
      dewPointC: tenths(-60, 30),
      pressureHpa: tenths(930, 1070),
      windKnots: fc.oneof(fc.constant(Number.NaN), fc.integer({ min: 0, max: 90 })),
      windDegrees: fc.oneof(
        fc.constant(Number.NaN),
        fc.integer({ min: 1, max: 36 }).map((value) => value * 10),
      ),
      cover: fc.constantFrom("", "CLR", "FEW", "SCT", "BKN", "OVC"),
      isSpecial: fc.boolean(),
    });
    const station: ReplayedStation = { stationId: "", icao: "KORD", latitude: 41.9, longitude: -87.9, observed: [] };
    fc.assert(
      fc.property(observed, (row) => {
        const bulk = parse(table(bulkRowOf(station, row, rawText(station, row))));
        const [known] = parseAwc([{ ...awcRow(station, row), name: "" }], "json");
        expect(contentOf(bulk)).toEqual(contentOf([known!]));
      }),
    );
  });
});
