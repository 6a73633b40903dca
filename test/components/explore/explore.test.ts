// @vitest-environment jsdom

import { beforeAll, describe, expect, test, vi } from "vitest";
import { codeBlock, duckdbLine } from "../../../src/components/explore/codeBlock.js";
import {
  type ColdestNight,
  coldestNightsChart,
  coldestNightsTable,
} from "../../../src/components/explore/coldestNightsChart.js";
import { fileList, tableList } from "../../../src/components/explore/dictionaryList.js";
import { dictionaryTotals, findInDictionary } from "../../../src/components/explore/dictionarySearch.js";
import { formatBytes } from "../../../src/components/ui/units.js";
import type { Dictionary } from "../../../src/shared/published/dictionary.js";
import { readPublishedManifest } from "../../../src/shared/published/readPublished.js";
import { hourMs } from "../../../src/shared/time.js";
import { dictionary } from "../../../src/site/dictionary/dictionary.js";
import { withPublished } from "../../../src/site/published/published.js";
import { runSql } from "../../../src/site/published/runSql.js";
import { drawn, golden } from "../../support/drawn.js";
import { writePublishedFixture } from "../../support/publishedFixture/publishedFixture.js";
import { temporaryFolder } from "../../support/temporaryFolder.js";

let told: Dictionary;
let nights: ColdestNight[];
beforeAll(async () => {
  const home = await temporaryFolder();
  await writePublishedFixture(home);
  told = dictionary(
    await readPublishedManifest(home),
    new Map([["api/<key>/hours.parquet", { count: 5, bytes: 51_234, example: "api/KATL/hours.parquet" }]]),
  );
  const query = "src/queries/coldest-nights.json.sql";
  nights = JSON.parse((await withPublished((published) => runSql(published, query), home)).toString());
});

const rowsOf = (table: HTMLElement) =>
  [...table.querySelectorAll("tbody tr")].map((row) => [...row.children].map(({ textContent }) => textContent!.trim()));
const names = (found: ReturnType<typeof findInDictionary>) => found.tables.map(({ name }) => name);

describe("the coldest nights", () => {
  test.each([
    ["coldestNights", 640],
    ["coldestNightsNarrow", 328],
  ])("%s are drawn as before", async (name, width) => {
    await expect(drawn(coldestNightsChart(nights, { width }))).toMatchFileSnapshot(golden(name));
  });

  test("are an image that says the coldest, with n below and colours of the theme", () => {
    const figure = coldestNightsChart(nights, { width: 640 });
    const [{ coldestC }] = nights as [ColdestNight];
    const text = coldestC.toFixed(1).replace("-", "−");
    expect(figure.querySelector("svg[role=img]")!.getAttribute("aria-label")).toContain(`${text} °C at AMUNDSEN-SCOTT`);
    expect(figure.querySelector("figcaption")!.textContent).toMatch(/n = \d/);
    for (const name of ["fill", "stroke"])
      for (const part of figure.querySelectorAll(`[${name}]`))
        expect(part.getAttribute(name)).toMatch(/^(var\(--[\w-]+\)|none|currentColor)$/);
    expect(rowsOf(coldestNightsTable(nights))[0]!.slice(0, 2)).toEqual([
      'AYM00089009 AMUNDSEN-SCOTT <b>&"POLE"</b>',
      text,
    ]);
  });

  test("of very many stations are those of the coldest, and of none a sentence", () => {
    const many = Array.from({ length: 100 }, (_, i) => ({ ...nights[0]!, station: `S${i}` }));
    const figure = coldestNightsChart(many, { width: 640 });
    expect(figure.querySelector("figcaption")!.textContent).toContain("60 stations that were less cold");
    expect(figure.textContent).not.toContain("S40");
    expect(coldestNightsChart([], { width: 640 }).className).toBe("empty");
    expect(coldestNightsChart(nights.slice(0, 1), { width: 640 }).textContent).toContain("AYM00089009");
  });
});

describe("finding in the dictionary", () => {
  test("without words is everything, whole", () => {
    const found = findInDictionary(told);
    expect(names(found)).toEqual(told.tables.map(({ name }) => name));
    expect(found.files).toHaveLength(told.files.length);
    expect(found.tables.every(({ isWhole, found, columns }) => isWhole && found.length === columns.length)).toBe(true);
  });

  test("by a word of a table's own is the table, whole", () => {
    const { tables } = findInDictionary(told, { words: "EWMAE" });
    expect(tables).toMatchObject([
      { name: "ewmae", isWhole: true },
      { name: "ewmaeHours", isWhole: true },
    ]);
    expect(tables[0]!.found).toEqual(tables[0]!.columns);
  });

  test("by a word of a column, a unit or a value is that column", () => {
    const oktas = findInDictionary(told, { words: "oktas" }).tables;
    expect(oktas.map(({ name, found }) => [name, found.map((field) => field.name)])).toEqual([
      ["learnedHours", ["cloudCoverOktas"]],
    ]);
    expect(names(findInDictionary(told, { words: "hourlyRls" }))).toContain("scores");
  });

  test("by several words is what has all of them, each in the table or in a column", () => {
    const { tables } = findInDictionary(told, { words: "pinball hour 97.5" });
    expect(tables.map(({ name }) => name)).toEqual(["calibration", "calibrationByHour"]);
    expect(tables[1]!.found.map(({ name }) => name)).toContain("pinballP975");
    expect(findInDictionary(told, { words: "pinball zebra" })).toEqual({ tables: [], files: [] });
  });

  test("can be in one table or file alone", () => {
    expect(names(findInDictionary(told, { only: "scores", words: "mae" }))).toEqual(["scores"]);
    const { tables, files } = findInDictionary(told, { only: "status.json" });
    expect([tables.length, files.map(({ address }) => address)]).toEqual([0, ["status.json"]]);
  });
});

describe("what was found", () => {
  test("is folded under what it holds, with rows and size", () => {
    const list = tableList(findInDictionary(told));
    const entries = [...list.querySelectorAll<HTMLDetailsElement>("details")];
    expect(entries).toHaveLength(told.tables.length);
    expect(entries.filter(({ open }) => open)).toEqual([]);
    const { rows, bytes } = told.tables.find(({ name }) => name === "stations")!;
    expect(entries[0]!.querySelector("summary")!.textContent!.trim()).toBe(
      `stationsThe stations, with the state of each.${rows} rows, ${formatBytes(bytes)}`,
    );
  });

  test("is unfolded where it is little, with type, unit and meaning of each column", () => {
    const list = tableList(findInDictionary(told, { words: "oktas" }));
    expect(list.querySelector("details")!.open).toBe(true);
    expect(rowsOf(list)).toEqual([
      ["cloudCoverOktasnumber, oktas, or null", "number or null", "oktas", "eighths of the sky covered by cloud"],
    ]);
  });

  test("has the address, the digest and a line that opens it", () => {
    const list = tableList(findInDictionary(told, { only: "scores" }));
    const { sha256 } = told.tables.find(({ name }) => name === "scores")!;
    const address = new URL("tables/scores.parquet", document.baseURI).href;
    expect(list.querySelector("a")!.href).toBe(address);
    expect(list.querySelector("code[title]")!.getAttribute("title")).toBe(sha256);
    expect(list.querySelector("pre")!.textContent).toBe(`duckdb -c "FROM '${address}' LIMIT 10"`);
  });

  test("of a table too large for the site has no address, but says where rows are", () => {
    const tables = told.tables.map((table) => ({ ...table, address: null }));
    const list = tableList(findInDictionary({ ...told, tables }, { only: "hours" }));
    expect([list.querySelector("a"), list.querySelector("pre")]).toEqual([null, null]);
    expect(list.querySelector(".where")!.textContent).toContain("too large for the site");
    expect(list.querySelector(".where")!.textContent).toContain("api/<key>/hours.parquet");
  });

  test("of files of one kind tells how many, their size and one of them", () => {
    const list = fileList(findInDictionary(told, { only: "api/<key>/hours.parquet" }));
    expect(list.querySelector(".size")!.textContent).toBe("5 files, 51 kB");
    expect(list.querySelector("a")!.textContent).toBe("api/KATL/hours.parquet");
    const one = fileList(findInDictionary(told, { only: "status.json" }));
    expect([...one.querySelectorAll("a")].map(({ textContent }) => textContent)).toEqual([
      "status.json",
      "JSON Schema",
    ]);
  });

  test("is nothing, which is said", () => {
    const nothing = findInDictionary(told, { words: "zebra" });
    expect(dictionaryTotals(told, nothing).textContent).toContain("Nothing has all of these words");
    expect([tableList(nothing).textContent, fileList(nothing).textContent]).toEqual(["None found.", "None found."]);
  });

  test("is counted", () => {
    vi.useFakeTimers({ now: told.asOf + 2 * hourMs });
    const text = dictionaryTotals(told, findInDictionary(told, { only: "alarms" })).textContent!.replace(/\s+/g, " ");
    vi.useRealTimers();
    const { rows, bytes } = told.tables.find(({ name }) => name === "alarms")!;
    expect(text).toBe(
      `1 table (4 columns, ${rows} rows, ${formatBytes(bytes)}), all published at once as of 9 Mar 2026 18:00 UTC, 2 h old.`,
    );
  });
});

test("code is text whatever it contains, and is copied as it is", async () => {
  const copied: string[] = [];
  vi.stubGlobal("navigator", { clipboard: { writeText: async (text: string) => copied.push(text) } });
  const block = codeBlock("SELECT '<b>&' -- why", { language: "sql" });
  expect([block.querySelector("b"), block.querySelector("pre")!.textContent]).toEqual([null, "SELECT '<b>&' -- why"]);
  block.querySelector("button")!.click();
  expect(copied).toEqual(["SELECT '<b>&' -- why"]);
  await expect.poll(() => block.querySelector("button")!.className).toContain("observablehq-pre-copied");
  vi.unstubAllGlobals();
  expect(duckdbLine("a.parquet").querySelector("pre")!.textContent).toBe(`duckdb -c "FROM 'a.parquet' LIMIT 10"`);
});
