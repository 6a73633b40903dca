import { readFileSync } from "node:fs";
import { fileURLToPath } from "node:url";
import fc from "fast-check";
import { describe, expect, it } from "vitest";
import { readLines } from "../../../src/data/http/readLines.js";
import { ghcnhColumns } from "../../../src/data/simulated/simulatedWeather.js";
import { ghcnh } from "../../../src/data/sources/ghcnh.js";
import { isd } from "../../../src/data/sources/isd.js";
import type { FileSource, Station } from "../../../src/data/sources/source.js";
import { checkFile } from "../../../src/data/validate/checkFile.js";

const atlanta: Station = {
  stationId: "USW00013874",
  icao: "KATL",
  name: "Atlanta",
  latitude: 33.6,
  longitude: -84.4,
  elevationM: 308,
  isdId: "72219013874",
};
const always = { from: Date.UTC(1900, 0), through: Date.UTC(2100, 0) };
const input = (name: string) => fileURLToPath(new URL(`../../input/${name}`, import.meta.url));

async function* linesOf(text: string) {
  yield* text.split("\n");
}

function check(source: FileSource, year: number, name: string) {
  const lines = readLines(input(name), name);
  return checkFile({ source, station: atlanta, year, file: name, lines }, always, null);
}

describe("the place of a station", () => {
  const header =
    "STATION|Station_name|DATE|LATITUDE|LONGITUDE|ELEVATION|temperature|temperature_Quality_Code|temperature_Source_Code|dew_point_temperature|dew_point_temperature_Quality_Code|dew_point_temperature_Source_Code";
  const row = (hour: number, latitude: string, longitude: string, id = "USW00013874") =>
    `${id}|ATLANTA|2024-01-01T0${hour}:51:00|${latitude}|${longitude}|308.2|9.4|1|343|2.8|1|343`;
  const positionIn = async (...rows: string[]) => {
    const lines = linesOf(`${[header, ...rows].join("\n")}\n`);
    return (await checkFile({ source: ghcnh, station: atlanta, year: 2024, file: "file", lines }, always, null)).place;
  };
  const here = { name: "ATLANTA", latitude: 33.6, longitude: -84.4, elevationM: 308.2 };

  it.each([
    ["is cut", "USW00013874|cut row"],
    ["has no coordinates", row(0, "", "")],
    ["has those that mean none", row(0, "-999.9", "-999.9")],
    ["is at 0, 0", row(0, "0", "0.0")],
    ["has no numbers", row(0, "33,6", "84.4W")],
    ["is another station's", row(0, "10", "10", "USW00094846")],
  ])("is that of a later row where the first %s", async (_, first) => {
    // A first row of another station makes the file another's; the row before is good but for the place.
    expect(await positionIn(row(0, "", ""), first, row(1, "33.6", "-84.4"), row(2, "33.7", "-84.5"))).toEqual(here);
    if (!first.startsWith("USW00094846")) expect(await positionIn(first, row(1, "33.6", "-84.4"))).toEqual(here);
  });

  it("is unknown if no row has it", async () => {
    expect(await positionIn(row(0, "-999.9", "-999.9"), row(1, "", ""))).toBeNull();
  });
});

describe("ghcnh", () => {
  it("finds a station's year in NOAA's tree", () => {
    expect(ghcnh.file(atlanta, 2024)).toBe("access/by-year/2024/psv/GHCNh_USW00013874_2024.psv");
    expect(ghcnhColumns).toHaveLength(329);
  });

  it("keeps every valid value and reports every other by row, column and check", async () => {
    const checked = await check(ghcnh, 2024, "GHCNh_USW00013874_2024.psv");
    expect(checked.place).toEqual({
      name: "ATLANTA HARTSFIELD-JACKSON INT",
      latitude: 33.6297,
      longitude: -84.4422,
      elevationM: 308.2,
    });
    expect(checked.failures.map(({ row, column, check, value }) => [row, column, check, value])).toEqual([
      [5, "temperatureC", "quality", "219.0 (7 of source 343)"],
      [7, "temperatureC", "quality", "7.8 (s of source 343)"],
      [8, "dewPointC", "dewPointAboveTemperature", "9.9"],
      [9, "temperatureC", "number", "7.x"],
      [9, "seaLevelPressureHpa", "range", "2000"],
      [16, "date", "date", "2024-02-30T07:52:00"],
      [17, "date", "year", "2023-01-01T08:52:00"],
      [18, "stationId", "station", "USW00094846"],
      [19, null, "columns", "2 columns, expected 31"],
      [14, "temperatureC", "spike", "33 after 6.1"],
    ]);
    // row, time, type, corrected, temperature, dew point, pressure, wind speed, wind direction, cloud cover
    const rows = checked.rows.map(([row, time, ...rest]) => [
      row,
      new Date(time as number).toISOString().slice(11, 16),
      ...rest,
    ]);
    expect(rows).toEqual([
      [2, "00:00", "FM12", false, 9.4, 2.8, 1019, 4.1, 310, null],
      [3, "00:52", "FM15", false, 8.9, 2.8, 1019.3, 1.5, null, 7],
      [4, "01:20", "FM16", false, 8, 2, null, null, null, null],
      [5, "01:52", "FM15", false, null, 2.2, 1019.8, 0, null, null],
      [6, "02:00", "FM12", false, 8.3, 2.1, null, null, null, null],
      [7, "02:52", "FM15", false, null, 2.2, null, null, null, null],
      [8, "03:52", "FM15", false, 7.2, null, null, null, null, null],
      [9, "04:52", "FM15", false, null, 2.2, null, null, null, null],
      [10, "04:59", "", false, null, null, null, null, null, null],
      [11, "05:52", "FM15", false, 6.7, 1.7, null, null, null, null],
      [12, "05:52", "FM15", true, 6.1, 1.7, null, null, null, null],
      [14, "06:52", "FM15", false, null, 1.1, null, null, null, null],
      [15, "07:52", "FM15", false, 5.6, 1.1, null, null, null, null],
      [20, "08:52", "FM15", false, 5, 5.3, null, null, null, null],
    ]);
  });

  it("reads v1.0.1, whose names and report types differ and whose date is in five columns", async () => {
    const name = "GHCNh_USW00013874_2023_v1.0.1.psv";
    expect(readFileSync(input(name), "utf8").split("\n")[0]!.split("|")).toHaveLength(238);
    const checked = await check(ghcnh, 2023, name);
    expect(checked.place).toMatchObject({ latitude: 33.6297, longitude: -84.4422, elevationM: 308.2 });
    expect(checked.rows.map(([row, time, ...rest]) => [row, new Date(time as number).toISOString(), ...rest])).toEqual([
      [2, "2023-07-01T00:52:00.000Z", "FM15", false, 27.8, 21.7, 1013.9, 3.1, 270, null],
      [3, "2023-07-01T01:52:00.000Z", "FM15", false, 26.7, null, 1013.9, 3.1, 270, null],
      [4, "2023-07-01T02:05:00.000Z", "FM16", false, 26.1, 21.1, 1013.9, 3.1, 270, null],
      [5, "2023-07-01T02:52:00.000Z", "FM15", true, 25.6, 21.1, 1013.9, 3.1, 270, null],
    ]);
    expect(checked.failures.map(({ row, column, check, value }) => [row, column, check, value])).toEqual([
      [3, "dewPointC", "quality", "21.7 (2 of source 347)"],
      [6, "date", "date", "2023-02-30T03:52:00"],
      [7, "date", "date", "2023-07-01T25:52:00"],
      [8, "date", "invalid_format", "2023-07-T04:52:00"],
      [9, "date", "invalid_format", "2023-07-01T4.5:52:00"],
      [10, "date", "year", "2022-07-01T05:52:00"],
    ]);
  });

  it.each([
    ["", "is empty"],
    ["<html><body>Service unavailable</body></html>", "is a web page, not data"],
    ["STATION|DATE\nUSW00013874|2024-01-01T00:51:00", "missing column temperature"],
    ["DATE|temperature\n", "missing column STATION"],
    ["STATION|temperature|dew_point_temperature\n", "missing column DATE"],
    ["STATION|Year|Month|Day|Hour|temperature\n", "missing column Minute"],
  ])("refuses %j as a whole", async (text, reason) => {
    await expect(ghcnh.open(linesOf(text), "some.psv")).rejects.toThrow(`some.psv: ${reason}`);
  });

  it("rejects a file of another station and one that ends within a row", async () => {
    const text = readFileSync(input("GHCNh_USW00013874_2024.psv"), "utf8");
    const station = { ...atlanta, stationId: "USW00094846" };
    const file = { source: ghcnh, year: 2024, file: "a.psv" };
    await expect(checkFile({ ...file, station, lines: linesOf(text) }, always, null)).rejects.toThrow(
      "a.psv: is of station USW00013874, not USW00094846",
    );
    const cut = text.slice(0, text.indexOf("03:52:00") + 20);
    await expect(checkFile({ ...file, station: atlanta, lines: linesOf(cut) }, always, null)).rejects.toThrow(
      "a.psv: is cut off at line 8",
    );
  });
});

describe("an odd side field", () => {
  // Anything but what ends a cell or a line.
  const odd = fc.string({ unit: "binary", maxLength: 30 }).map((text) => text.replace(/["|,\r\n\uFEFF\uFFFD]/g, ""));
  const date = "2023-07-01T00:52:00";

  async function expectKept(source: FileSource, file: string, stationId: string) {
    const station = { ...atlanta, stationId, isdId: stationId };
    const { rows } = await checkFile({ source, station, year: 2023, file: "a", lines: linesOf(file) }, always, null);
    expect(
      rows.map(([, time, reportType, , temperature, dewPoint]) => ({ time, reportType, temperature, dewPoint })),
    ).toEqual([{ time: Date.parse(`${date}Z`), reportType: "FM15", temperature: 20, dewPoint: 10 }]);
  }

  it.each([
    "Station_name",
    "LATITUDE",
    "LONGITUDE",
    "ELEVATION",
    "sea_level_pressure",
    "sea_level_pressure_Quality_Code",
    ...[
      "wind_speed",
      "wind_speed_Source_Code",
      "wind_speed_Report_Type",
      "wind_direction",
      "sky_cover_summation_1",
      "REM",
    ],
    "Year",
  ])("%s of GHCNh costs neither temperature nor dew point", async (column) => {
    await fc.assert(
      fc.asyncProperty(odd, async (text) => {
        const cells: Record<string, string> = {
          STATION: "USW00013874",
          DATE: date,
          temperature: "20.0",
          dew_point_temperature: "10.0",
          temperature_Report_Type: "FM15",
          temperature_Quality_Code: "1",
          temperature_Source_Code: "343",
          [column]: text,
        };
        const row = ghcnhColumns.map((name) => cells[name] ?? "").join("|");
        await expectKept(ghcnh, `${ghcnhColumns.join("|")}\n${row}`, "USW00013874");
      }),
    );
  });

  it.each(["NAME", "LATITUDE", "ELEVATION", "CALL_SIGN", "WND", "SLP", "GF1", "REM"])(
    "%s of ISD costs neither temperature nor dew point",
    async (column) => {
      await fc.assert(
        fc.asyncProperty(odd, async (text) => {
          const cells: Record<string, string> = {
            STATION: "72219013874",
            DATE: date,
            REPORT_TYPE: "FM-15 ",
            TMP: "+0200,5",
            DEW: "+0100,5",
            NAME: "",
            LATITUDE: "",
            ELEVATION: "",
            CALL_SIGN: "",
            WND: "",
            SLP: "",
            GF1: "",
            REM: "",
            [column]: text,
          };
          const line = (texts: string[]) => texts.map((cell) => `"${cell}"`).join(",");
          await expectKept(isd, `${line(Object.keys(cells))}\n${line(Object.values(cells))}`, "72219013874");
        }),
      );
    },
  );
});

describe("isd", () => {
  it("finds a station's year in NOAA's tree, up to the end of ISD", () => {
    expect(isd.file(atlanta, 2014)).toBe("data/global-hourly/access/2014/72219013874.csv");
    expect(isd.file(atlanta, 2026)).toBeNull();
    expect(isd.file({ ...atlanta, isdId: null }, 2014)).toBeNull();
  });

  it("converts tenths, recognises missing values and skips summaries", async () => {
    const checked = await check(isd, 2014, "72219013874.csv");
    expect(checked.rows.map(([row, , ...rest]) => [row, ...rest])).toEqual([
      [2, "FM12", false, 11.1, -2.2, 1019, 4.1, 310, null],
      [3, "FM15", true, 10.6, -2.8, 1019.3, 1.5, null, 8],
      [4, "FM15", false, null, null, null, 0, null, null],
      [5, "FM15", false, null, null, 1019.7, 3.1, 270, null],
    ]);
    expect(checked.failures.map(({ row, column, check, value }) => [row, column, check, value])).toEqual([
      [5, "temperatureC", "quality", "9.4 (3 of source ISD)"],
      [5, "dewPointC", "number", "-00x8"],
    ]);
  });
});
