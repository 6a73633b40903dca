import { mkdtemp, readFile } from "node:fs/promises";
import { createServer, type Server } from "node:http";
import type { AddressInfo } from "node:net";
import { tmpdir } from "node:os";
import { join } from "node:path";
import type { TestProject } from "vitest/node";
import { buildSite } from "../../src/site/site.js";
import { launchBrowserServer } from "./browser.js";
import { pageOfCells } from "./pageOfCells.js";
import { finishPublished } from "./publishedFixture/finishPublished.js";
import { writePublishedFixture } from "./publishedFixture/publishedFixture.js";
import { serveCached } from "./serveCached.js";

/** The fixture's site, built once for all tests of pages, and a browser to look at it with. */
export interface BuiltSite {
  /** Folder of the published data. */
  home: string;
  /** Folder of the site. */
  dir: string;
  url: string;
  browserEndpoint: string;
}

declare module "vitest" {
  export interface ProvidedContext {
    /** Address that answers with the `BuiltSite` when it is built, so that other tests run meanwhile. */
    builtSite: string;
  }
}

let folder: string;
let building: Promise<BuiltSite>;
let server: Server;
const closes: (() => Promise<void>)[] = [];

export async function setup({ provide }: TestProject): Promise<void> {
  folder = await mkdtemp(join(tmpdir(), "isotherm-site-test-"));
  building = build();
  server = createServer(async (_, response) => {
    await building.then(
      (site) => response.end(JSON.stringify(site)),
      (error) => response.writeHead(500).end(String(error)),
    );
  });
  await new Promise<void>((listening) => server.listen(0, "127.0.0.1", listening));
  provide("builtSite", `http://127.0.0.1:${(server.address() as AddressInfo).port}/`);
}

async function build(): Promise<BuiltSite> {
  const [home, dir] = [join(folder, "home"), join(folder, "dist")];
  await writePublishedFixture(home);
  await finishPublished(home);
  const morePages = {
    "cells.md": pageOfCells(await readFile("src/explore.md", "utf8"), "js run=false"),
    // The forecast page as Framework makes it, before a station's forecast is drawn into it.
    "undrawn.md": await readFile("src/index.md", "utf8"),
    "first-edit.md": pageOfCells(await readFile("README.md", "utf8"), "js"),
  };
  await buildSite({ home, outDir: dir, morePages });
  const site = await serveCached(dir);
  const browser = await launchBrowserServer();
  closes.push(browser.close, site.close);
  return { home, dir, url: site.url, browserEndpoint: browser.server.wsEndpoint() };
}

export async function teardown(): Promise<void> {
  await building.catch(() => undefined);
  for (const close of closes) await close();
  server.close();
  server.closeAllConnections();
}
