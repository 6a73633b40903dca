// @vitest-environment jsdom

import { expect, test } from "vitest";
import { stationOfPath, stationSuggestions } from "../../../src/components/stations/unknownStation.js";

const stations = [
  { key: "KLGA", name: "LAGUARDIA AP" },
  { key: "KEWR", name: "NEWARK LIBERTY INTL AP" },
  { key: "AYM00089009", name: "AMUNDSEN-SCOTT" },
];
const suggested = (path: string) =>
  [...stationSuggestions(path, stations).querySelectorAll("a")].map(({ textContent }) => textContent!.split(" ")[0]);

test("a station is found at its address in any case, in any folder of a host", () => {
  for (const path of ["/station/klga", "/isotherm/station/Klga", "/station/KLGA.html", "/station/klga/"])
    expect(stationOfPath(path, stations)).toBe("KLGA");
  expect(stationOfPath("/station/aym00089009", stations)).toBe("AYM00089009");
  for (const path of ["/station/", "/klga", "/station/kjfk", "/station/%zz"])
    expect(stationOfPath(path, stations)).toBeNull();
});

test("an unknown station gets the most alike suggested", () => {
  expect(suggested("/station/LGA")).toEqual(["KLGA"]);
  expect(suggested("/station/KEWK")).toEqual(["KEWR"]);
  expect(suggested("/station/newark")).toEqual(["KEWR"]);
  expect(suggested("/station/89009")).toEqual(["AYM00089009"]);
  expect(suggested("/station/ZZZZ")).toEqual([]);
  expect(stationSuggestions("/nothing", stations).textContent).toBe("");
});
