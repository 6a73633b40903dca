import { readFileSync } from "node:fs";
import { fileURLToPath } from "node:url";
import { expect, it } from "vitest";
import { decodeList, parseStationList } from "../../../src/data/stations/stationList.js";

const list = readFileSync(fileURLToPath(new URL("../../input/ghcnh-station-list.csv", import.meta.url)), "utf8");

it("gives each station an ISD id of WMO and WBAN number, and no elevation if NOAA has none", () => {
  expect(parseStationList(list).map(({ stationId, isdId, elevationM }) => [stationId, isdId, elevationM])).toEqual([
    ["USW00013874", "72219013874", 308.2],
    ["SZM00006660", "06660099999", 556],
    ["XXI0000XXXX", null, null],
  ]);
});

it.each(["-999.9,-999.9", ",", "0,0", "91,10", "10,181", "here,there"])(
  "keeps a station whose place is %s, without the place",
  (place) => {
    const text = list.replace("10.5,20.5", place);
    expect(parseStationList(text).at(-1)).toMatchObject({
      icao: "XXXX",
      name: "NOWHERE",
      latitude: null,
      longitude: null,
    });
  },
);

it("cleans names: one line, no control characters, at most a hundred characters", () => {
  const text = list.replace("NOWHERE", `"NO\u0007WHERE\u202e  AT\nALL${"!".repeat(200)}"`);
  const name = parseStationList(text).at(-1)!.name;
  expect(name).toMatch(/^NO WHERE AT ALL!+$/);
  expect(name).toHaveLength(100);
});

const accented = list.replace("ZURICH", "Z\u00dcRICH");
const utf16be = (text: string) => Buffer.from(text, "utf16le").swap16();

it.each([
  ["latin-1, as NOAA writes it", Buffer.from(accented, "latin1")],
  ["UTF-8", Buffer.from(accented)],
  ["UTF-8 with a byte order mark", Buffer.from(`\ufeff${accented}`)],
  ["UTF-16", Buffer.from(accented, "utf16le")],
  ["UTF-16 with a byte order mark", Buffer.from(`\ufeff${accented}`, "utf16le")],
  ["UTF-16 with the higher byte first", utf16be(accented)],
  ["the same with a byte order mark", utf16be(`\ufeff${accented}`)],
])("is read in %s", (_, bytes) => {
  expect(parseStationList(decodeList(bytes)).map(({ name }) => name)).toContain("Z\u00dcRICH/FLUNTERN");
});

it.each([";", "\t"])("is read with %j between its columns and any line endings", (delimiter) => {
  expect(parseStationList(list.replaceAll(",", delimiter).replaceAll("\n", "\r\n"))).toHaveLength(3);
});
