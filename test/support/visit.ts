import {
  type Browser,
  type BrowserContext,
  type BrowserContextOptions,
  type CDPSession,
  chromium,
  type Page,
  type Request,
  type ViewportSize,
} from "playwright-core";
import { expect } from "vitest";
import { minuteMs } from "../../src/shared/time.js";
import { fixtureSite } from "./fixtureSite.js";
import { fixtureTime } from "./publishedFixture/fixturePlaces.js";

export const { home, url } = fixtureSite;

/** Half an hour after the fixture's newest data. */
const now = fixtureTime + 30 * minuteMs;

let connection: Promise<Browser> | undefined;

/** The browser that all tests share. A worker connects once and stays connected for all of its files. */
function sharedBrowser(): Promise<Browser> {
  connection ??= chromium.connect(fixtureSite.browserEndpoint);
  return connection;
}

interface Tab {
  context: BrowserContext;
  page: Page;
  /** Address of the site that the page may request. */
  site: string;
  /** Everything that a reader's console would show. */
  complaints: string[];
}

/** Open tabs by the options of their context. A page opens in a used tab for a third of the work. */
const tabs = new Map<string, Tab>();

export interface VisitOptions extends BrowserContextOptions {
  /** Address of a site other than the fixture's. */
  site?: string;
  /** Whether the page is made to complain. */
  complaints?: "none" | "expected";
  /** Whether the page is opened with nothing cached. */
  isUncached?: boolean;
  /** Runs in the page before its own code. */
  initScript?: (() => void) | string;
}

/**
 * Opens a page as it looks half an hour after the fixture's newest data, in a tab without storage. Fails on anything a
 * reader's console shows.
 */
export async function visit(
  address: string,
  look: (page: Page) => Promise<void>,
  { site = url, complaints = "none", isUncached = false, initScript, viewport, ...options }: VisitOptions = {},
): Promise<void> {
  const key = JSON.stringify(options);
  const tab = tabs.get(key) ?? (await newTab(options));
  // It is used again only when the visit succeeds.
  tabs.delete(key);
  let isReusable = false;
  try {
    tab.site = site;
    await tab.page.setViewportSize(viewport ?? { width: 1280, height: 900 });
    const uncached = isUncached ? await disableCache(tab.page) : null;
    const script = initScript === undefined ? null : await tab.page.addInitScript(initScript);
    await goTo(tab.page, site + address);
    await look(tab.page);
    if (complaints === "none") expect(tab.complaints).toEqual([]);
    await uncached?.detach();
    await script?.dispose();
    await leave(tab, options);
    isReusable = true;
  } finally {
    if (isReusable) tabs.set(key, tab);
    else await tab.context.close();
  }
}

async function newTab(options: BrowserContextOptions): Promise<Tab> {
  const context = await (await sharedBrowser()).newContext({ timezoneId: "Europe/Berlin", ...options });
  const page = await context.newPage();
  const tab: Tab = { context, page, site: url, complaints: [] };
  const complain = (message: string) => void tab.complaints.push(message);
  page.on("console", (message) => complain(`${message.type()}: ${message.text()}`));
  page.on("pageerror", (error) => complain(error.message));
  page.on("requestfailed", (request) => complain(`failed: ${request.url()}`));
  page.on("response", (response) => {
    if (response.status() >= 400) complain(`${response.status()}: ${response.url()}`);
  });
  page.on("request", (request) => {
    if (!request.url().startsWith(tab.site) && !request.url().startsWith("data:")) complain(`asked ${request.url()}`);
  });
  countRequests(page);
  await page.clock.setFixedTime(now);
  return tab;
}

/** Lets a page cache nothing while the session that it returns is attached. */
async function disableCache(page: Page): Promise<CDPSession> {
  const session = await page.context().newCDPSession(page);
  await session.send("Network.enable");
  await session.send("Network.setCacheDisabled", { cacheDisabled: true });
  return session;
}

/** Removes what a visit has left in a tab. */
async function leave({ page, complaints }: Tab, { colorScheme = "light" }: BrowserContextOptions): Promise<void> {
  await page.unrouteAll({ behavior: "wait" });
  const time = await page.evaluate(() => {
    localStorage.clear();
    sessionStorage.clear();
    return Date.now();
  });
  if (time !== now) await page.clock.setFixedTime(now);
  await page.emulateMedia({ media: null, colorScheme });
  await page.mouse.move(0, 0);
  await page.goto("about:blank");
  complaints.length = 0;
}

interface Requests {
  /** How many the page has made. */
  made: number;
  open: Set<Request>;
}

const requestsOf = new WeakMap<Page, Requests>();

function countRequests(page: Page): void {
  const requests: Requests = { made: 0, open: new Set() };
  requestsOf.set(page, requests);
  const end = (request: Request) => void requests.open.delete(request);
  page.on("requestfinished", end).on("requestfailed", end);
  page.on("request", (request) => {
    requests.made++;
    requests.open.add(request);
  });
}

/** Goes to a page and waits until it is live: what it still requests when it is left would count as failed. */
export async function goTo(page: Page, address: string): Promise<void> {
  requestsOf.get(page)!.open.clear();
  await page.goto(address);
  await page.waitForFunction(() => !document.querySelector("observablehq-loading") && document.querySelector("h1"));
  await quiet(page);
}

/** Waits until a page has drawn three frames in a row, and has been idle after each, without a request. */
async function quiet(page: Page): Promise<void> {
  const requests = requestsOf.get(page)!;
  for (let frames = 0; frames < 3; ) {
    const { made } = requests;
    await page.evaluate(
      () =>
        new Promise<void>((idle) => requestAnimationFrame(() => requestIdleCallback(() => idle(), { timeout: 1000 }))),
    );
    frames = requests.open.size === 0 && requests.made === made ? frames + 1 : 0;
  }
}

/** The sentence that a page begins with. */
export async function lead(page: Page): Promise<string> {
  return (await page.locator("main .lead").textContent())!.replace(/\s+/g, " ");
}

/** Chooses one of a few that are all in sight. */
export async function choose(page: Page, name: string): Promise<void> {
  await page.getByRole("radio", { name, exact: true }).check({ force: true });
}

let tabWithoutScript: Page | undefined;

/** Opens a page in a browser that runs no code. */
export async function visitWithoutScript(
  address: string,
  look: (page: Page) => Promise<void>,
  { viewport = { width: 1280, height: 900 } }: { viewport?: ViewportSize } = {},
): Promise<void> {
  tabWithoutScript ??= await (await (await sharedBrowser()).newContext({ javaScriptEnabled: false })).newPage();
  await tabWithoutScript.setViewportSize(viewport);
  await tabWithoutScript.goto(url + address);
  await look(tabWithoutScript);
}
