// @vitest-environment jsdom

import { describe, expect, test } from "vitest";
import { dictionaryTotals, entryList, findInDictionary } from "../../../src/components/explore/dictionaryList.js";
import { csvOf, dataTable, numberColumn, textColumn } from "../../../src/components/ui/dataTable.js";
import { dictionary } from "../../../src/pipeline/dictionary/dictionary.js";
import { readPublishedManifest } from "../../../src/shared/published/readPublished.js";
import { writePublishedFixture } from "../../support/publishedFixture/publishedFixture.js";
import { temporaryFolder } from "../../support/temporaryFolder.js";

const home = await temporaryFolder();
await writePublishedFixture(home);
const contents = dictionary(
  await readPublishedManifest(home),
  new Map([["api/<key>/hours.parquet", { count: 5, bytes: 51_234, example: "api/KATL/hours.parquet" }]]),
);

const rowsOf = (table: HTMLElement) =>
  [...table.querySelectorAll("tbody tr")].map((row) => [...row.children].map(({ textContent }) => textContent!.trim()));
const names = (found: ReturnType<typeof findInDictionary>) => found.tables.map(({ name }) => name);

test("a table is downloaded as numbers and text that programs can read", () => {
  const rows = [{ name: 'A, "B"', value: "−1.5", share: "12\u00a0%", n: "8,782", none: "–", date: "9 Mar" }];
  const table = dataTable("a table", rows, [
    textColumn("Name", ({ name }) => name),
    numberColumn("Value, °C", ({ value }) => value),
    numberColumn("Share, %", ({ share }) => share),
    numberColumn("n", ({ n }) => n),
    numberColumn("None", ({ none }) => none),
    textColumn("Date", ({ date }) => date),
  ]);
  expect(csvOf(table)).toBe('Name,"Value, °C","Share, %",n,None,Date\n"A, ""B""",-1.5,12,8782,,9 Mar\n');
});

describe("searching the dictionary", () => {
  test("for a word of a table finds the whole table", () => {
    const { tables } = findInDictionary(contents, { words: "EWMAE" });
    expect(tables).toMatchObject([
      { name: "ewmae", isWhole: true },
      { name: "ewmaeHours", isWhole: true },
    ]);
    expect(tables[0]!.found).toEqual(tables[0]!.columns);
  });

  test("for a word of a column, a unit or a value finds that column", () => {
    const oktas = findInDictionary(contents, { words: "oktas" }).tables;
    expect(oktas.map(({ name, found }) => [name, found.map((field) => field.name)])).toEqual([
      ["learnedHours", ["cloudCoverOktas"]],
    ]);
    expect(names(findInDictionary(contents, { words: "hourlyRls" }))).toContain("scores");
  });

  test("for several words finds entries that contain all, in the table or in a column", () => {
    const { tables } = findInDictionary(contents, { words: "pinball hour 97.5" });
    expect(tables.map(({ name }) => name)).toEqual(["calibration", "calibrationByHour"]);
    expect(tables[1]!.found.map(({ name }) => name)).toContain("pinballP975");
    expect(findInDictionary(contents, { words: "pinball zebra" })).toEqual({ tables: [], files: [] });
  });
});

describe("the list of entries", () => {
  test("opens the entries if there are few, with type, unit and meaning of each column", () => {
    const list = entryList(findInDictionary(contents, { words: "oktas" }).tables);
    expect(list.querySelector("details")!.open).toBe(true);
    expect(rowsOf(list)).toEqual([
      ["cloudCoverOktasnumber, oktas, or null", "number or null", "oktas", "eighths of the sky covered by cloud"],
    ]);
  });

  test("has the address, the digest and a DuckDB command", () => {
    const list = entryList(findInDictionary(contents, { only: "scores" }).tables);
    const { sha256 } = contents.tables.find(({ name }) => name === "scores")!;
    const address = new URL("tables/scores.parquet", document.baseURI).href;
    expect(list.querySelector("a")!.href).toBe(address);
    expect(list.querySelector("code[title]")!.getAttribute("title")).toBe(sha256);
    expect(list.querySelector("pre")!.textContent).toBe(`duckdb -c "FROM '${address}' LIMIT 10"`);
  });

  test("has no address for a table too large for the site, but says where its rows are", () => {
    const tables = contents.tables.map((table) => ({ ...table, address: null }));
    const list = entryList(findInDictionary({ ...contents, tables }, { only: "hours" }).tables);
    expect([list.querySelector("a"), list.querySelector("pre")]).toEqual([null, null]);
    expect(list.querySelector(".where")!.textContent).toContain("too large for the site");
    expect(list.querySelector(".where")!.textContent).toContain("api/<key>/hours.parquet");
  });

  test("says that nothing was found", () => {
    const nothing = findInDictionary(contents, { words: "zebra" });
    expect(dictionaryTotals(contents, nothing).textContent).toContain("No entry contains all these words");
    expect([entryList(nothing.tables).textContent, entryList(nothing.files).textContent]).toEqual([
      "None found.",
      "None found.",
    ]);
  });
});
