import { spawn, spawnSync } from "node:child_process";
import { once } from "node:events";
import { mkdtemp, readFile, writeFile } from "node:fs/promises";
import { createServer, type Server } from "node:http";
import type { AddressInfo } from "node:net";
import { tmpdir } from "node:os";
import { join, resolve } from "node:path";
import { text } from "node:stream/consumers";
import type { TestProject } from "vitest/node";
import type { buildSite } from "../../src/site/site.js";
import { launchBrowserServer } from "./browser.js";
import { pageOfCells } from "./pageOfCells.js";
import { finishPublished } from "./publishedFixture/finishPublished.js";
import { writePublishedFixture } from "./publishedFixture/publishedFixture.js";
import { serveCached } from "./serveCached.js";

/** The fixture's site, built once for all tests of the site, and a browser to look at it with. */
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
    // The forecast page as Framework makes it, before a station's forecast is drawn into it.
    "undrawn.md": (await readFile("src/index.md", "utf8")).replace("nav: 1", "nav: false"),
    "first-edit.md": `---\nnav: false\n---\n\n${pageOfCells(await readFile("README.md", "utf8"), "js")}`,
  };
  await buildWithoutNetwork({ home, outDir: dir, morePages });
  const site = await serveCached(dir);
  const browser = await launchBrowserServer();
  closes.push(browser.close, site.close);
  return { home, dir, url: site.url, browserEndpoint: browser.server.wsEndpoint() };
}

/** Builds in a process of its own, as from a repository, without a network if the machine allows that. */
async function buildWithoutNetwork(options: Parameters<typeof buildSite>[0]): Promise<void> {
  const script = `import { buildSite } from ${JSON.stringify(resolve("src/site/site.ts"))};
    await buildSite(${JSON.stringify(options)});`;
  const file = join(folder, "build.mts");
  await writeFile(file, script);
  const command = [process.execPath, "--import", "tsx", file];
  if (spawnSync("unshare", ["-rn", "true"]).status === 0) command.unshift("unshare", "-rn");
  else console.warn("the site is built with the network on: this machine has no unshare -rn");
  const child = spawn(command[0]!, command.slice(1), {
    env: { ...process.env, GITHUB_REPOSITORY: "octo/isotherm", GITHUB_SHA: "abc123" },
    stdio: ["ignore", "ignore", "pipe"],
  });
  const [stderr, [code]] = await Promise.all([text(child.stderr), once(child, "close")]);
  if (code !== 0) throw new Error(stderr);
}

export async function teardown(): Promise<void> {
  await building.catch(() => undefined);
  for (const close of closes) await close();
  server.close();
  server.closeAllConnections();
}
