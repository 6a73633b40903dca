import { mkdtemp, readFile, rm } from "node:fs/promises";
import { tmpdir } from "node:os";
import { join } from "node:path";
import type { TestProject } from "vitest/node";
import { buildSite, serveSite } from "../../src/site/site.js";
import { launchBrowserServer } from "./browser.js";
import { pageOfCells } from "./pageOfCells.js";
import { finishPublished } from "./publishedFixture/finishPublished.js";
import { writePublishedFixture } from "./publishedFixture/publishedFixture.js";

declare module "vitest" {
  export interface ProvidedContext {
    /** The fixture's site, built once for all tests of pages, and a browser to look at it with. */
    builtSite: { home: string; dir: string; url: string; browser: string };
  }
}

let folder: string;
let site: Awaited<ReturnType<typeof serveSite>>;
let browser: Awaited<ReturnType<typeof launchBrowserServer>>;

export async function setup({ provide }: TestProject): Promise<void> {
  folder = await mkdtemp(join(tmpdir(), "isotherm-site-test-"));
  const [home, dir] = [join(folder, "home"), join(folder, "dist")];
  await writePublishedFixture(home);
  await finishPublished(home);
  const morePages = {
    "cells.md": pageOfCells(await readFile("src/explore.md", "utf8"), "js run=false"),
    "first-edit.md": pageOfCells(await readFile("README.md", "utf8"), "js"),
  };
  await buildSite({ home, outDir: dir, morePages });
  site = await serveSite({ dir, port: 0 });
  browser = await launchBrowserServer();
  provide("builtSite", { home, dir, url: site.url, browser: browser.server.wsEndpoint() });
}

export async function teardown(): Promise<void> {
  await browser?.close();
  await site?.close();
  await rm(folder, { recursive: true, force: true });
}
