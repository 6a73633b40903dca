import { mkdtempSync, rmSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { gzipSync } from "node:zlib";
import type { Browser, Page, Request } from "playwright-core";
import { buildSite, serveSite } from "../src/site/site.js";
import { launchBrowser } from "../test/support/browser.js";
import { writeManyStations } from "../test/support/manyStations.js";
import { finishPublished } from "../test/support/publishedFixture/finishPublished.js";
import { printTable, sizeOf, timed } from "./measure.js";

// The site as a reader gets it: served from this machine to a headless Chromium with an empty cache, each station with
// two years of hours. Sizes are those of compressed text (gzip). ISOTHERM_BENCH_STATIONS lists the numbers of stations.

const counts = (process.env.ISOTHERM_BENCH_STATIONS ?? "6,60").split(",").map(Number);
const days = 731;
/** Each time is measured this often; the least is reported, which other processes have disturbed least. */
const times = 5;

/** tsx names functions with this helper, including those that run in the page. */
const helper = "globalThis.__name = (named) => named";

/** Runs in the page before its own code: records when the chart is drawn, and long tasks. */
function watch(): void {
  const loading = { chart: 0, live: 0, longTasks: [] as number[] };
  Object.assign(window, { loading });
  new PerformanceObserver((list) => {
    for (const { duration } of list.getEntries()) loading.longTasks.push(duration);
  }).observe({ type: "longtask", buffered: true });
  const look = () => {
    const isDrawn = [...document.querySelectorAll(".forecast-place svg[role=img]")].some(
      (chart) => chart.getBoundingClientRect().width > 0 && getComputedStyle(chart).visibility === "visible",
    );
    if (isDrawn) loading.chart ||= performance.now();
    if (document.querySelector("main h1") && !document.querySelector("observablehq-loading"))
      loading.live ||= performance.now();
    if (!loading.chart || !loading.live) requestAnimationFrame(look);
  };
  requestAnimationFrame(look);
}
type Measured = { loading: { chart: number; live: number; longTasks: number[] } };

const compressed = (name: string, body: Buffer) =>
  /\.(woff2|png|parquet)$/.test(name) ? body.length : gzipSync(body).length;

/** Opens a page in a browser that has never seen it. */
async function cold<T>(browser: Browser, address: string, look: (page: Page, bytes: () => number) => Promise<T>) {
  const context = await browser.newContext({ viewport: { width: 1280, height: 900 } });
  const page = await context.newPage();
  const sizes: Promise<number>[] = [];
  const weigh = (request: Request) => {
    const name = new URL(request.url()).pathname;
    const body = request.response().then((response) => response!.body());
    if (request.url().startsWith("http")) sizes.push(body.then((bytes) => compressed(name, bytes)));
  };
  page.on("requestfinished", weigh);
  await page.addInitScript(helper);
  await page.addInitScript(watch);
  try {
    await page.goto(address);
    await page.waitForFunction(
      () => (window as unknown as Measured).loading.chart && (window as unknown as Measured).loading.live,
    );
    await page.waitForLoadState("networkidle");
    page.off("requestfinished", weigh);
    const sent = (await Promise.all(sizes)).reduce((sum, size) => sum + size, 0);
    return await look(page, () => sent);
  } finally {
    await context.close();
  }
}

/** Milliseconds of a cold load until a chart is there and until the page is live, the least of some; kB sent. */
async function load(browser: Browser, address: string) {
  const all: { chart: number; live: number; kB: number }[] = [];
  for (let i = 0; i < times; i++) {
    all.push(
      await cold(browser, address, async (page, bytes) => ({
        ...(await page.evaluate(() => (window as unknown as Measured).loading)),
        kB: bytes() / 1000,
      })),
    );
  }
  const least = (of: "chart" | "live") => Math.min(...all.map((one) => one[of]));
  return { "first chart, ms": least("chart"), "live, ms": least("live"), kB: all[0]!.kB };
}

/** Milliseconds from a click in the table to the frame after which the chart shows that station. */
async function switchStation(page: Page, key: string): Promise<number> {
  return page.evaluate(async (key) => {
    const chart = () => document.querySelector(".forecast-place svg[role=img]")?.getAttribute("aria-label");
    const before = chart();
    const start = performance.now();
    document.querySelector<HTMLElement>(`.table a[data-station=${key}]`)!.click();
    while (chart() === before) await new Promise(requestAnimationFrame);
    return performance.now() - start;
  }, key);
}

async function switches(browser: Browser, url: string) {
  return cold(browser, url, async (page) => {
    const keys = await page
      .locator(".table a[data-station]")
      .evaluateAll((links) => links.slice(1, 9).map((link) => link.getAttribute("data-station")!));
    const all = [];
    for (const key of keys) {
      all.push(await switchStation(page, key));
      await page.waitForLoadState("networkidle");
    }
    all.sort((a, b) => a - b);
    return { "switch, least ms": all[0]!, "switch, median ms": all[Math.floor(all.length / 2)]! };
  });
}

/** A year of hours by the regression alone, and by all experts, as the model page replays them; the fastest of some. */
async function replays(browser: Browser, url: string) {
  const context = await browser.newContext({ viewport: { width: 1280, height: 900 } });
  const page = await context.newPage();
  await page.addInitScript(helper);
  const rows = [];
  for (const experts of ["rls", "all"]) {
    const runs = [];
    for (let i = 0; i < times; i++) runs.push(await replayOnce(page, url, experts));
    rows.push(runs.sort((a, b) => a["s, in the worker"] - b["s, in the worker"])[0]!);
  }
  await context.close();
  return rows;
}

async function replayOnce(page: Page, url: string, experts: string) {
  await page.goto(`${url}model?station=KAAA${experts === "rls" ? "&experts=rls" : ""}`);
  await page.getByRole("button", { name: "Replay" }).waitFor();
  await page.waitForLoadState("networkidle");
  // All within the page: asked from outside, it would be searched again and again, which is work of its main thread too.
  const { outcomeText, whole, tasks } = await page.evaluate(async () => {
    const tasks: number[] = [];
    const observer = new PerformanceObserver((list) =>
      tasks.push(...list.getEntries().map(({ duration }) => duration)),
    );
    observer.observe({ type: "longtask" });
    const outcome = document.querySelector(".replay-outcome")!;
    const start = performance.now();
    document.querySelector<HTMLElement>(".replay-controls .primary")!.click();
    while (!outcome.textContent!.includes("per second")) await new Promise(requestAnimationFrame);
    const whole = (performance.now() - start) / 1000;
    await new Promise((ended) => setTimeout(ended, 200));
    return { outcomeText: outcome.textContent!, whole, tasks };
  });
  const [, hours, seconds] = /([\d,]+) hours in ([\d.]+) s/.exec(outcomeText)!;
  return {
    experts,
    hours: hours!.replace(/,/g, ""),
    "s, in the worker": Number(seconds),
    "s, click to end": whole,
    "tasks over 50 ms": tasks.length,
    "longest, ms": Math.max(0, ...tasks),
  };
}

const { browser, close } = await launchBrowser();
for (const count of counts) {
  const folder = mkdtempSync(join(tmpdir(), "isotherm-bench-"));
  const [home, dir] = [join(folder, "home"), join(folder, "dist")];
  await writeManyStations(home, count, { days });
  const files = await timed(() => finishPublished(home));
  const build = await timed(() => buildSite({ home, outDir: dir }));
  const site = await serveSite({ dir, port: 0 });
  const size = sizeOf(dir);
  const perStation = { "files, s a station": files.seconds / count, "build, s a station": build.seconds / count };
  printTable(`Site of ${count} stations with two years`, [
    { "files, s": files.seconds, "build, s": build.seconds, ...size, ...perStation, "MB a station": size.MB / count },
  ]);
  const pages = [];
  for (const page of ["", "?unit=F", "station/KAAB", "station/KAAB?unit=F"])
    pages.push({ page: `/${page}`, ...(await load(browser, site.url + page)) });
  printTable("Cold load, drawn at the build and, where the link asks otherwise, by the page", pages);
  printTable("Another station, chosen in the table", [await switches(browser, site.url)]);
  printTable("Replay in the browser", await replays(browser, site.url));
  await site.close();
  rmSync(folder, { recursive: true });
}
await close();
