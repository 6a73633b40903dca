import { expect, test } from "vitest";
import { absenceLines } from "../../../src/data/fetch/absence.js";
import type { Absence } from "../../../src/data/fetch/fetchRun.js";

const files = (station: string, ...years: number[]): Absence[] =>
  years.map((year) => ({ source: "ghcnh", what: "file", year, station }));

test("the absent years of a station are one line, shared by stations with the same years", () => {
  const years = Array.from({ length: 46 }, (_, i) => 2014 - i);
  const report: Absence = { source: "awc", what: "report", year: null, station: "EBBR" };
  expect(absenceLines([...files("KBNA", ...years, 2016), report, report, ...files("KORD", 2020)])).toEqual([
    "awc has no report: EBBR; asked again within a day",
    "ghcnh has no file for 1969–2014, 2016: KBNA; asked again within a day",
    "ghcnh has no file for 2020: KORD; asked again within a day",
  ]);
  const many = Array.from({ length: 12 }, (_, i) => files(`K${i + 10}`, 2026)).flat();
  expect(absenceLines(many)).toEqual([expect.stringMatching(/^ghcnh has no file for 2026: K10, .*K19 and 2 more; /)]);
});
