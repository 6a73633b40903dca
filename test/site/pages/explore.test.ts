import { mkdtemp, readFile, rm, writeFile } from "node:fs/promises";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { DuckDBInstance } from "@duckdb/node-api";
import type { Page } from "playwright-core";
import { describe, expect, test } from "vitest";
import { formatBytes, formatCount } from "../../../src/components/ui/units.js";
import { withPublished } from "../../../src/pipeline/api/openPublished.js";
import { dictionary } from "../../../src/pipeline/dictionary/dictionary.js";
import { readPublishedManifest } from "../../../src/shared/published/readPublished.js";
import { axeFindings } from "../../support/axeFindings.js";
import { fixtureSite } from "../../support/fixtureSite.js";
import { goTo, home, url, visit, visitWithoutScript } from "../../support/visit.js";

const contents = dictionary(readPublishedManifest(home), new Map());
const lows = await withPublished(
  ({ query }) =>
    query<{ station: string; low: number }>(`SELECT coalesce(icao, stationId) AS station, min(temperatureC) AS low
      FROM hours JOIN stations USING (stationId) GROUP BY station ORDER BY low`),
  home,
);

const entries = (page: Page) => page.locator(".entry > summary > code:first-child");
const totals = async (page: Page) => (await page.locator(".totals").innerText()).replace(/[ \n]+/g, " ");

describe("the explore page", () => {
  test("shows a query, and the code of the page itself", () =>
    visit("explore", async (page) => {
      const sql = await readFile("src/queries/coldest-nights.json.sql", "utf8");
      expect(await page.locator("pre", { hasText: "WITH nights AS" }).first().textContent()).toBe(sql.trim());
      await page.locator("summary", { hasText: "Code of this page" }).click();
      const markdown = await readFile("src/explore.md", "utf8");
      expect(await page.locator(".page-code pre").innerText()).toBe(markdown.trim());
    }));

  test("lists every table and kind of file, with rows and size as published", () =>
    visit("explore", async (page) => {
      expect(await entries(page).allInnerTexts()).toEqual([
        ...contents.tables.map(({ name }) => name),
        ...contents.files.map(({ address }) => address),
      ]);
      const rows = contents.tables.reduce((sum, table) => sum + table.rows, 0);
      const bytes = contents.tables.reduce((sum, table) => sum + table.bytes, 0);
      expect(await totals(page)).toContain(`${contents.tables.length} tables (`);
      expect(await totals(page)).toContain(`${formatCount(rows)} rows, ${formatBytes(bytes)}`);
      expect(await totals(page)).toContain("as of 9 Mar 2026 18:00 UTC, 30 min old.");
      const { rows: n, bytes: size, sha256, columns } = contents.tables.find(({ name }) => name === "scores")!;
      const entry = page.locator(".entry", { has: page.locator("summary > code", { hasText: /^scores$/ }) });
      expect(await entry.locator(".size").innerText()).toBe(`${formatCount(n)} rows, ${formatBytes(size)}`);
      await entry.locator("summary").click();
      expect(await entry.locator("tbody th code").allInnerTexts()).toEqual(columns.map(({ name }) => name));
      expect(await entry.locator(".where code[title]").getAttribute("title")).toBe(sha256);
      const file = await fetch((await entry.locator(".where a").getAttribute("href"))!);
      expect((await file.arrayBuffer()).byteLength).toBe(size);
      const forecasts = page.locator(".entry", { has: page.locator("summary > code", { hasText: "api/<key>.json" }) });
      expect(await forecasts.locator(".size").innerText()).toMatch(/^5 files, \d+ kB$/);
      expect(await forecasts.locator(".where a").allTextContents()).toEqual(["api/AYM00089009.json", "JSON Schema"]);
    }));

  test("finds by words and by name, keeps them in the address, and follows links", () =>
    visit("explore", async (page) => {
      await page.getByRole("searchbox", { name: "Find tables and columns" }).fill("oktas");
      await expect.poll(() => entries(page).allInnerTexts()).toEqual(["learnedHours", "api/<key>.json"]);
      expect(await page.locator(".entry tbody th code").first().innerText()).toBe("cloudCoverOktas");
      expect(await totals(page)).toContain("1 table (1 column,");
      await page.getByRole("searchbox", { name: "Find tables and columns" }).fill("zebra");
      await expect.poll(() => totals(page)).toContain("No entry contains all these words");
      await page.getByRole("searchbox", { name: "Find tables and columns" }).fill("");
      await page.getByRole("combobox", { name: "Table or file" }).selectOption("status.json");
      await expect.poll(() => entries(page).allInnerTexts()).toEqual(["status.json"]);
      expect(await page.locator(".entry tbody th code").allInnerTexts()).toContain("ledger.sha256");
      expect(Object.fromEntries(new URL(page.url()).searchParams)).toEqual({ only: "status.json" });
      await goTo(page, `${url}explore?only=forecasts&words=median`);
      await expect.poll(() => entries(page).allInnerTexts()).toEqual(["forecasts"]);
      expect(await page.locator(".entry tbody th code").allInnerTexts()).toEqual(["valueC", "p50"]);
      expect(await page.getByRole("searchbox", { name: "Find tables and columns" }).inputValue()).toBe("median");
      await goTo(page, `${url}explore?only=nonsense`);
      await expect.poll(() => entries(page).count()).toBe(contents.tables.length + contents.files.length);
    }));

  test("fits a phone with all entries open", () =>
    visit(
      "explore?words=from",
      async (page) => {
        expect(await page.locator(".entry[open]").count()).toBeGreaterThan(3);
        await page.locator(".entry").evaluateAll((entries) => {
          for (const entry of entries) (entry as HTMLDetailsElement).open = true;
        });
        const wide = await page
          .locator(".entry > *")
          .evaluateAll((parts) =>
            parts.flatMap((part) =>
              [part, ...part.querySelectorAll("*")]
                .filter((inner) => inner.getBoundingClientRect().right > 360)
                .map(({ outerHTML }) => outerHTML),
            ),
          );
        expect(wide).toEqual([]);
      },
      { viewport: { width: 360, height: 740 } },
    ));

  test("copies each code block completely", () =>
    visit(
      "explore?only=scores",
      async (page) => {
        await page.locator("summary", { hasText: "Code of this page" }).click();
        const blocks = await page.locator(".observablehq-pre-container").all();
        expect(blocks.length).toBe(6);
        for (const block of blocks) {
          await page.evaluate(() => navigator.clipboard.writeText(""));
          await block.getByRole("button", { name: "Copy code" }).click();
          const text = (await block.locator("pre").textContent())!.trim();
          await expect.poll(() => page.evaluate(() => navigator.clipboard.readText())).toBe(text);
        }
      },
      { permissions: ["clipboard-read", "clipboard-write"] },
    ));

  test("gives a command that opens a served file in DuckDB", async () => {
    const folder = await mkdtemp(join(tmpdir(), "isotherm-explore-"));
    try {
      await visit("explore", async (page) => {
        const line = (await page.locator("pre", { hasText: "duckdb -c" }).first().textContent())!;
        const [, sql, address] = /^duckdb -c "(FROM '(.+)' LIMIT 10)"$/.exec(line)!;
        expect(address).toBe(`${url}tables/scores.parquet`);
        // DuckDB would fetch the file itself with an extension that is not built in.
        const file = join(folder, "scores.parquet");
        await writeFile(file, new Uint8Array(await (await fetch(address!)).arrayBuffer()));
        const instance = await DuckDBInstance.create();
        const connection = await instance.connect();
        const rows = await connection.runAndReadAll(sql!.replace(address!, file));
        expect(rows.currentRowCount).toBe(10);
        connection.closeSync();
        instance.closeSync();
      });
    } finally {
      await rm(folder, { recursive: true });
    }
  });

  test("shows its text and code without JavaScript, and no inputs", () =>
    visitWithoutScript("explore", async (page) => {
      expect(await page.locator("h2").allInnerTexts()).toEqual([
        "Ask in SQL",
        "Open in another program",
        "Data dictionary",
      ]);
      expect(await page.locator("pre:visible").allInnerTexts()).toEqual([
        expect.stringContaining("isotherm -- sql"),
        expect.stringContaining("duckdb -c"),
      ]);
      expect(await page.locator("button:visible, input:visible, select:visible").count()).toBe(0);
    }));
});

describe("the notebook", () => {
  const chart = (page: Page, name: RegExp) => page.getByRole("img", { name });

  test("draws each answer from its own code, and the input changes those below", () =>
    visit("notebook", async (page) => {
      const coldest = chart(page, /^The coldest night/);
      expect(await coldest.locator("circle").count()).toBe(lows.length);
      await chart(page, /^The leading expert 24 hours ahead/).waitFor();
      await page.getByRole("combobox", { name: "Hours ahead" }).selectOption("6");
      await chart(page, /^Error 6 hours ahead, by wind/).waitFor();
      await chart(page, /^The leading expert 6 hours ahead/).waitFor();
      const models = await withPublished(
        ({ query }) =>
          query<{ model: string }>(
            "SELECT DISTINCT model FROM scores WHERE variable = 'temperature' AND leadHours = 6 ORDER BY model",
          ),
        home,
      );
      const lines = chart(page, /^Error of each model 6 hours ahead/).locator(
        "path[stroke^='var(--']:not([marker-mid=none])",
      );
      await expect.poll(() => lines.count()).toBeGreaterThanOrEqual(models.length);
      expect(await page.locator("main .observablehq--error").count()).toBe(0);
      // Every cell that draws is on the page, as in the file.
      const markdown = await readFile("src/notebook.md", "utf8");
      const cells = [...markdown.matchAll(/^```js echo\n([\s\S]*?)^```$/gm)].map(([, code]) => code!.trim());
      const shown = await page.locator("main pre:not(.page-code pre)").allInnerTexts();
      expect(shown.map((text) => text.trim())).toEqual(cells);
    }));
});

describe("the masthead", () => {
  test("searches pages and stations, by keyboard too", () =>
    visit("explore", async (page) => {
      const field = page.getByRole("searchbox", { name: "Search", exact: true });
      await page.keyboard.press("/");
      await page.keyboard.type("atlanta");
      const results = page.locator("#observablehq-search-results a");
      await expect.poll(() => results.allInnerTexts()).toContainEqual(expect.stringMatching(/^KATL /));
      await field.fill("calibrated");
      await expect.poll(() => results.allInnerTexts()).toContain("Evaluation");
      expect(await axeFindings(page)).toEqual([]);
      await field.fill("KATL");
      await expect.poll(() => results.first().innerText()).toMatch(/^KATL/);
      await field.press("Enter");
      await expect.poll(() => new URL(page.url()).pathname).toBe("/station/KATL");
      await page.waitForFunction(() => !document.querySelector("observablehq-loading"));
    }));
});

test("an unknown address leads on: to the station in capitals, or to others like it", async () => {
  await visit("404", async (page) => {
    // A static host answers with this page at any address.
    await page.route(/station\/(katl|katx)$/, async (route) =>
      route.fulfill({ path: join(fixtureSite.dir, "404.html") }),
    );
    await page.goto(`${url}station/katx`);
    await page.getByRole("link", { name: /^KATL/ }).waitFor();
    expect(await axeFindings(page)).toEqual([]);
    await page.goto(`${url}station/katl`);
    await expect.poll(() => new URL(page.url()).pathname).toBe("/station/KATL");
    await page.waitForFunction(() => document.querySelector("h1")?.textContent?.includes("Atlanta"));
  });
});

test("the first edit in the README draws one bar per station", () =>
  visit("first-edit", async (page) => {
    const hours = await withPublished(
      ({ query }) => query<{ n: number }>("SELECT hoursObserved AS n FROM stations"),
      home,
    );
    await expect.poll(() => page.locator("main svg g[aria-label=bar] rect").count()).toBe(hours.length);
  }));
