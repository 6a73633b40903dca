import { createHash } from "node:crypto";
import { mkdir, readdir, readFile, stat, writeFile } from "node:fs/promises";
import { join, relative } from "node:path";
import { gzipSync } from "node:zlib";
import { HtmlValidate } from "html-validate";
import { LinkChecker } from "linkinator";
import { describe, expect, test } from "vitest";
import { siteFileSizes } from "../../src/pipeline/dictionary/siteFiles.js";
import { Dictionary } from "../../src/shared/published/dictionary.js";
import { apiFiles } from "../../src/shared/published/readPublished.js";
import { buildSite, serveSite } from "../../src/site/site.js";
import { fixtureSite } from "../support/fixtureSite.js";
import { writePublishedFixture } from "../support/publishedFixture/publishedFixture.js";
import { temporaryFolder } from "../support/temporaryFolder.js";

const { dir, home } = fixtureSite;
/** Pages that other tests have added. */
const added = ["first-edit.html", "undrawn.html"];
const pages = (await readdir(dir, { recursive: true })).filter(
  (name) => name.endsWith(".html") && !added.includes(name),
);

const read = (name: string) => readFile(join(dir, name), "utf8");

describe("a built site", () => {
  test("has its pages", () => {
    const stations = ["AYM00089009", "KATL", "KSEA", "PANC", "VABB"].map((key) => `station/${key}.html`);
    expect(pages.sort()).toEqual([
      "404.html",
      "data.html",
      "evaluation.html",
      "explore.html",
      "index.html",
      "model.html",
      "notebook.html",
      ...stations,
    ]);
  });

  test("has a forecast page of at most 350 kB, fonts and data included, without what only other files need", async () => {
    const html = await read("index.html");
    const named = [...html.matchAll(/<link rel="(?:modulepreload|stylesheet)" href="\.\/([^"]+)"/g)].map(
      ([, name]) => name!,
    );
    expect(named.filter((name) => /zod|hyparquet/.test(name))).toEqual([]);
    const data = ["stations.json", "map.json", "anomalies.json", "KATL.json"].map((name) => `api/${name}`);
    const fonts = (await readdir(join(dir, "fonts"))).map((name) => `fonts/${name}`);
    const files = await Promise.all(
      [...new Set(["index.html", ...named, ...data, ...fonts])].map((name) => readFile(join(dir, name))),
    );
    expect(files.length).toBeGreaterThan(50);
    expect(files.reduce((sum, file) => sum + gzipSync(file).length, 0)).toBeLessThan(350_000);
  });

  test("is valid HTML", async () => {
    const validator = new HtmlValidate({
      extends: ["html-validate:recommended", "html-validate:a11y"],
      elements: ["html5", { "observablehq-loading": { phrasing: true, flow: true } }],
      rules: {
        // Harmless differences of style in Framework's own markup.
        "no-trailing-whitespace": "off",
        "attribute-boolean-style": "off",
        "doctype-style": "off",
        "long-title": "off",
        "script-type": "off",
        "empty-heading": "off", // filled in by the page
        "no-implicit-button-type": "off",
        "no-inline-style": "off", // Plot's
      },
    });
    for (const page of pages) {
      const report = await validator.validateString(await read(page), page);
      const messages = report.results.flatMap(({ messages }) =>
        messages.map(({ ruleId, message, line }) => `${page}:${line} ${ruleId}: ${message}`),
      );
      expect(messages).toEqual([]);
    }
  });

  test("has no dead link", async () => {
    const { url, close } = await serveSite({ dir, port: 0 });
    try {
      const { links } = await new LinkChecker().check({
        path: url,
        recurse: true,
        cleanUrls: true,
        linksToSkip: [`^(?!${url})`],
      });
      const checked = links.filter(({ state }) => state !== "SKIPPED");
      expect(
        checked.filter(({ state }) => state === "BROKEN").map(({ url, parent }) => `${url} from ${parent}`),
      ).toEqual([]);
      expect(checked.length).toBeGreaterThan(pages.length);
    } finally {
      await close();
    }
  });

  test("requests nothing from other hosts", async () => {
    for (const page of pages) {
      // Links are not requested until a reader follows them.
      const html = (await read(page)).replaceAll(/<a [^>]*>/g, "");
      expect(html.match(/(?:src|href)="(?:https?:)?\/\/[^"]*"/g) ?? []).toEqual([]);
      expect(html).not.toContain("/_npm/");
    }
  });

  test.each([
    ["its language", /<html lang="en">/],
    ["a credit to NOAA", /<footer[\s\S]*NOAA National Centers for Environmental Information/],
    [
      "its version, its newest data and when it was built",
      /<footer[\s\S]*isotherm \d+\.\d+\.\d+ · data up to <time datetime="[\d-]+T[\d:.]+Z">[\w :]+ UTC<\/time> · built <time/,
    ],
  ])("names on every page %s", async (_, pattern) => {
    for (const page of pages) expect(await read(page)).toMatch(pattern);
  });

  test("can be zoomed, and says of no page that its data are simulated or of a past time", async () => {
    for (const page of pages)
      expect(await read(page)).not.toMatch(/maximum-scale|Simulated weather|was built for a past time|name="as-of"/);
    expect(JSON.parse(await read("status.json"))).toMatchObject({ isPast: false });
  });

  test("links the feed of alarms", async () => {
    for (const page of pages) {
      const [, address] = /<link rel="alternate" type="application\/feed\+json"[^>]* href="([^"]+)">/.exec(
        await read(page),
      )!;
      expect(new URL(address!, `http://x/${page}`).pathname).toBe("/feed.json");
    }
  });

  test("links each page's source, because it is built from a repository", async () => {
    const sourceOf = async (page: string) =>
      /<a href="([^"]*)"[^>]*>source of this page<\/a>/
        .exec(await read(page))?.[1]
        ?.replace("https://github.com/octo/isotherm/blob/abc123/", "");
    expect(await sourceOf("index.html")).toBe("src/index.md");
    expect(await sourceOf("model.html")).toBe("src/model.md");
    expect(decodeURI((await sourceOf("station/KATL.html"))!)).toBe("src/index.md");
  });

  test("holds the published files, byte for byte, except its id and the sizes of its drawings", async () => {
    const published = join(home, "published");
    for (const name of apiFiles(published)) {
      const [was, is] = [await readFile(join(published, name)), await readFile(join(dir, name))];
      if (!["status.json", "api/dictionary.json"].includes(name)) expect([name, is.equals(was)]).toEqual([name, true]);
    }
    const { buildId, ...rest } = JSON.parse(await read("status.json"));
    expect(buildId).toMatch(/\w/);
    expect({ ...rest, buildId: null }).toEqual(JSON.parse(await readFile(join(published, "status.json"), "utf8")));
  });

  test("has files with stable addresses for every station", async () => {
    const stations: { key: string }[] = JSON.parse(await read("api/stations.json"));
    expect(stations).toHaveLength(5);
    for (const { key } of stations) {
      for (const name of [`${key}.json`, `${key}/evaluation.json`, `${key}/model.json`, `${key}/health.json`]) {
        expect(JSON.parse(await read(`api/${name}`))).toMatchObject({
          schemaVersion: expect.any(Number),
          station: { key },
        });
      }
    }
  });
});

test("a site's dictionary lists every file that is not part of a page, with its size", async () => {
  const { tables, files } = Dictionary.parse(JSON.parse(await read("api/dictionary.json")));
  const sizes = await siteFileSizes(dir);
  expect(files.map(({ address, count, bytes }) => [address, count, bytes])).toEqual(
    files.map(({ address }) => {
      // It is written last.
      const { count = null, bytes = null } = address === "api/dictionary.json" ? {} : (sizes.get(address) ?? {});
      return [address, count, bytes];
    }),
  );
  const all = (await readdir(dir, { recursive: true, withFileTypes: true }))
    .filter((entry) => entry.isFile())
    .map(({ parentPath, name }) => relative(dir, join(parentPath, name)))
    .filter((name) => !name.endsWith(".html") && !/^(_|fonts)/.test(name) && !name.startsWith("tables"));
  expect([...sizes.values()].reduce((sum, { count }) => sum + count, 0)).toBe(all.length);
  expect(tables.map(({ address }) => address).sort()).toEqual(
    (await readdir(join(dir, "tables"))).map((name) => `tables/${name}`).sort(),
  );
  for (const { address, bytes, sha256 } of tables) {
    const file = await readFile(join(dir, address!));
    expect([file.length, createHash("sha256").update(file).digest("hex")]).toEqual([bytes, sha256]);
  }
});

test("a failed build leaves the last good site, and says why", async () => {
  const before = await stat(join(dir, "index.html"));
  const broken = await temporaryFolder();
  await writePublishedFixture(broken);
  await writeFile(join(broken, "published", "weights.parquet"), "not parquet");
  await mkdir(join(broken, "published", "api"));
  await writeFile(join(broken, "published", "api", "KATL.json"), "{");
  await expect(buildSite({ home: broken, outDir: dir })).rejects.toThrow(/weights\.parquet[\s\S]*published\/api/);
  expect((await stat(join(dir, "index.html"))).mtimeMs).toBe(before.mtimeMs);
}, 120_000);

describe("serving", () => {
  test("is on this machine only, and closes", async () => {
    const { url, close } = await serveSite({ dir, port: 0 });
    expect(url).toMatch(/^http:\/\/127\.0\.0\.1:\d+\/$/);
    expect((await fetch(url)).headers.get("content-type")).toBe("text/html;charset=utf-8");
    expect((await fetch(`${url}evaluation`)).status).toBe(200);
    const unknown = await fetch(`${url}station/kbos`);
    expect([unknown.status, await unknown.text()]).toEqual([404, expect.stringContaining('<base href="/">')]);
    const redirected = await fetch(`${url}station/katl?unit=F`);
    expect(redirected.url).toBe(`${url}station/KATL?unit=F`);
    await close();
    await expect(fetch(url)).rejects.toThrow();
  });

  test("fails when the port is taken", async () => {
    const { url, close } = await serveSite({ dir, port: 0 });
    await expect(serveSite({ dir, port: Number(new URL(url).port) })).rejects.toThrow("EADDRINUSE");
    await close();
  });
});
