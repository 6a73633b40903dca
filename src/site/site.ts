import { spawn } from "node:child_process";
import { randomUUID } from "node:crypto";
import { existsSync, readFileSync } from "node:fs";
import { copyFile, cp, mkdir, mkdtemp, readdir, readFile, rm, symlink, writeFile } from "node:fs/promises";
import { createServer } from "node:http";
import type { AddressInfo } from "node:net";
import { availableParallelism, tmpdir } from "node:os";
import { join, resolve } from "node:path";
import { fileURLToPath } from "node:url";
import sirv from "sirv";
import { dictionary, tableAddress } from "../pipeline/dictionary/dictionary.js";
import { siteFileSizes } from "../pipeline/dictionary/siteFiles.js";
import { replaceFolder, requireReplaceable, requireWritable } from "../shared/folders.js";
import type { PublishedManifest } from "../shared/published/published.js";
import { checkFilesWhole, publishedPath, readPublishedManifest } from "../shared/published/readPublished.js";
import type { Status } from "../shared/published/status.js";
import { fixFrameworkHtml, templateStation } from "./render/pageHtml.js";

const project = fileURLToPath(new URL("../../", import.meta.url));
const nodeBundles = join(project, "src", ".observablehq", "cache", "_node");

/**
 * Libraries that Framework's client names but our pages never load. An empty folder for each keeps the build from asking
 * a registry for their versions.
 */
const implicitLibraries =
  "@duckdb/duckdb-wasm@1.29.0 @observablehq/inputs@0.12.0 @observablehq/plot@0.6.17 @observablehq/sample-datasets@1.0.1 @viz-js/viz@3.11.0 " +
  "apache-arrow@17.0.0 arquero@7.2.1 d3-dsv@3.0.1 d3@7.9.0 echarts@5.6.0 htl@0.3.1 leaflet@1.9.4 lodash@4.17.21 " +
  "mapbox-gl@3.10.0 mermaid@11.5.0 parquet-wasm@0.6.1 react-dom@19.0.0 react@19.0.0 topojson-client@3.1.0";

/**
 * Builds the site from `<home>/published/`, then replaces `outDir` with it. Uses no network.
 * @param buildId id shown in the site's `status.json`
 * @param morePages Markdown of additional pages, by file name
 * @throws the output of the failing step; `outDir` stays unchanged
 */
export async function buildSite({
  home,
  outDir,
  buildId = randomUUID(),
  morePages = {},
}: {
  home: string;
  outDir: string;
  buildId?: string;
  morePages?: Readonly<Record<string, string>>;
}): Promise<void> {
  checkOutputFolder(outDir);
  const manifest = checkedManifest(home);
  const work = await mkdtemp(join(tmpdir(), "isotherm-site-"));
  const next = nextFolder(outDir);
  try {
    const root = await freshRoot(work);
    for (const [name, markdown] of Object.entries(morePages)) await writeFile(join(root, name), markdown);
    await rm(next, { recursive: true, force: true });
    const env = { ISOTHERM_HOME: resolve(home), ISOTHERM_SITE_ROOT: root, ISOTHERM_SITE_OUTPUT: next };
    await run([framework, "build"], env);
    await copyPublished(home, next, manifest, buildId);
    const drawing = siteParts(manifest).map((part) => ["--import", "tsx", "src/site/render/renderSite.ts", next, part]);
    await runAll(drawing, env);
    await rm(join(next, "station", `${templateStation}.html`));
    await updateDictionary(next, manifest);
    await keepNodeBundles(root);
    await fixPages(next);
    replaceFolder(outDir, next, `${resolve(outDir)}.previous`);
  } finally {
    await rm(work, { recursive: true, force: true });
    await rm(next, { recursive: true, force: true });
  }
}

/** Throws when the site can't be written to a folder or would replace other files. */
export function checkOutputFolder(outDir: string): void {
  requireReplaceable(resolve(outDir), "status.json");
  requireWritable(nextFolder(outDir));
}

/** Folder of a new site before it replaces the previous one. */
function nextFolder(outDir: string): string {
  return `${resolve(outDir)}.next`;
}

/** The manifest of complete published data. Throws when files are damaged or there is no station to show. */
function checkedManifest(home: string): PublishedManifest {
  const manifest = readPublishedManifest(home);
  if (stationCount(manifest) === 0) {
    throw new Error(
      `no station is published in ${home}, so there is no site to build; see: npm run isotherm -- status`,
    );
  }
  checkFilesWhole(home, manifest);
  return manifest;
}

/** Copies what is published into a built site, byte for byte, and writes the build's id into its `status.json`. */
async function copyPublished(home: string, dir: string, manifest: PublishedManifest, buildId: string): Promise<void> {
  await mkdir(join(dir, "tables"), { recursive: true });
  for (const file of manifest.files) {
    const address = tableAddress(file);
    if (address !== null) await copyFile(publishedPath(home, file.name), join(dir, address));
  }
  await cp(publishedPath(home, "api"), join(dir, "api"), { recursive: true });
  await copyFile(publishedPath(home, "feed.json"), join(dir, "feed.json"));
  const status = JSON.parse(await readFile(publishedPath(home, "status.json"), "utf8")) as Status;
  await writeFile(join(dir, "status.json"), JSON.stringify({ ...status, buildId }));
}

/** Writes the data dictionary again, with the sizes of the drawings, which `publish` does not know. */
async function updateDictionary(dir: string, manifest: PublishedManifest): Promise<void> {
  const file = join(dir, "api", "dictionary.json");
  await rm(file);
  await writeFile(file, JSON.stringify(dictionary(manifest, await siteFileSizes(dir))));
}

/** Stations per process: each takes about a second, and starting a process takes several. */
const stationsPerPart = 8;
const mostParts = 8;

/** The shards of stations, such as `2/4`, one per process. */
function siteParts(manifest: PublishedManifest): string[] {
  const possible = Math.floor(stationCount(manifest) / stationsPerPart);
  const parts = Math.max(1, Math.min(mostParts, availableParallelism(), possible));
  return Array.from({ length: parts }, (_, i) => `${i + 1}/${parts}`);
}

function stationCount({ files }: PublishedManifest): number {
  return files.find(({ name }) => name === "stations.parquet")?.rows ?? 0;
}

/** Starts Framework's preview for editing pages; runs until interrupted. */
export async function previewSite({ home, port }: { home: string; port: number }): Promise<void> {
  checkedManifest(home);
  const cache = join(project, "src", ".observablehq", "cache");
  for (const name of await readdir(cache).catch(() => [])) {
    if (!name.startsWith("_")) await rm(join(cache, name), { recursive: true });
  }
  await nameImplicitLibraries(cache);
  await run([framework, "preview", "--port", String(port)], { ISOTHERM_HOME: resolve(home) }, "inherit");
}

/**
 * Serves a built site to this machine only.
 * @param port 0 for any free port
 */
export async function serveSite({
  dir,
  port,
}: {
  dir: string;
  port: number;
}): Promise<{ url: string; close(): Promise<void> }> {
  const files = sirv(resolve(dir), { dev: true, extensions: ["html"] });
  const server = createServer((request, response) => {
    files(request, response, () => {
      const station = stationInCapitals(resolve(dir), request.url ?? "");
      if (station !== null) response.writeHead(302, { location: station }).end();
      else response.writeHead(404, { "content-type": "text/html;charset=utf-8" }).end(notFoundPage(resolve(dir)));
    });
  });
  await new Promise<void>((listening, failed) => {
    server.once("error", failed).listen(port, "127.0.0.1", listening);
  });
  return {
    url: `http://127.0.0.1:${(server.address() as AddressInfo).port}/`,
    close: () =>
      new Promise((closed, failed) => {
        server.close((error) => (error ? failed(error) : closed()));
        server.closeAllConnections();
      }),
  };
}

/** The address of a station's page that was asked for with small letters; null if there is none. */
function stationInCapitals(dir: string, asked: string): string | null {
  const [, path, key, rest] = /^(\/station\/)([\w%-]+)(.*)$/.exec(asked) ?? [];
  if (key === undefined || key === key.toUpperCase()) return null;
  return existsSync(join(dir, "station", `${key.toUpperCase()}.html`)) ? `${path}${key.toUpperCase()}${rest}` : null;
}

/** The page of unknown addresses as a static host shows it; the root of the served site is that of its host. */
function notFoundPage(dir: string): string {
  const file = join(dir, "404.html");
  return existsSync(file) ? readFileSync(file, "utf8").replace(/<base href="[^"]*">/, '<base href="/">') : "not found";
}

const framework = join(project, "node_modules", "@observablehq", "framework", "dist", "bin", "observable.js");

/**
 * A new source root for each build, so that no cache of an earlier build is used and parallel builds do not conflict.
 * Sources are links; bundles of npm packages, which depend only on their versions, are copied from the last build.
 */
async function freshRoot(work: string): Promise<string> {
  const root = join(work, "src");
  const cache = join(root, ".observablehq", "cache");
  await nameImplicitLibraries(cache);
  await cp(nodeBundles, join(cache, "_node"), { recursive: true }).catch(ignoreMissing);
  await symlink(join(project, "node_modules"), join(work, "node_modules"), "junction");
  for (const entry of await readdir(join(project, "src"))) {
    if (entry !== ".observablehq") await symlink(join(project, "src", entry), join(root, entry));
  }
  return root;
}

async function nameImplicitLibraries(cache: string): Promise<void> {
  for (const library of implicitLibraries.split(" ")) await mkdir(join(cache, "_npm", library), { recursive: true });
}

async function keepNodeBundles(root: string): Promise<void> {
  const copy = `${nodeBundles}.${process.pid}`;
  try {
    await cp(join(root, ".observablehq", "cache", "_node"), copy, { recursive: true });
    replaceFolder(nodeBundles, copy, `${resolve(nodeBundles)}.previous`);
  } finally {
    await rm(copy, { recursive: true, force: true });
  }
}

async function fixPages(dir: string): Promise<void> {
  for (const name of await readdir(dir, { recursive: true })) {
    if (!name.endsWith(".html")) continue;
    const file = join(dir, name);
    await writeFile(file, fixFrameworkHtml(await readFile(file, "utf8")));
  }
}

function ignoreMissing(error: NodeJS.ErrnoException): void {
  if (error.code !== "ENOENT") throw error;
}

/** Runs Node commands in parallel. Waits for all of them before it throws the first error, so that none is still writing. */
async function runAll(commands: string[][], env: Record<string, string>): Promise<void> {
  const ended = await Promise.allSettled(commands.map((args) => run(args, env)));
  for (const result of ended) if (result.status === "rejected") throw result.reason;
}

/** Runs Node in the project, and stops it when this process is stopped. Its output is the error message when it fails. */
async function run(args: string[], env: Record<string, string>, stdio: "pipe" | "inherit" = "pipe"): Promise<void> {
  const child = spawn(process.execPath, args, {
    cwd: project,
    env: { ...process.env, OBSERVABLE_TELEMETRY_DISABLE: "true", ...env },
    stdio: ["ignore", stdio, stdio],
  });
  let stopped = false;
  const stop = () => {
    stopped = true;
    child.kill();
  };
  for (const signal of ["SIGINT", "SIGTERM"]) process.on(signal, stop);
  let printed = "";
  for (const stream of [child.stdout, child.stderr]) stream?.on("data", (chunk) => (printed += chunk));
  const code = await new Promise<number | null>((exited, failed) => child.once("error", failed).once("close", exited));
  for (const signal of ["SIGINT", "SIGTERM"]) process.off(signal, stop);
  if (stopped && stdio === "inherit") return;
  if (code !== 0) throw new Error(`site build ${stopped ? "stopped" : "failed"}: ${args.join(" ")}\n${printed}`);
}
