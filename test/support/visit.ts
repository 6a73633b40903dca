import { type Browser, type BrowserContextOptions, chromium, type Page } from "playwright-core";
import { afterAll, beforeAll, expect, inject } from "vitest";
import { minuteMs } from "../../src/shared/time.js";
import { fixtureTime } from "./publishedFixture/fixturePlaces.js";

/** The site that `builtSite` built of the fixture: where its data lie, and its address. */
export const { home, url } = inject("builtSite");

let browser: Browser;
beforeAll(async () => {
  browser = await chromium.connect(inject("builtSite").browser);
});
afterAll(() => browser?.close());

/**
 * Opens a page as it looks half an hour after the fixture's newest data; fails on anything a reader's console shows.
 * @param site address of a site other than the fixture's
 * @param complaints whether the page is made to complain
 */
export async function visit(
  address: string,
  look: (page: Page) => Promise<void>,
  {
    site = url,
    complaints: expected = "none",
    ...options
  }: BrowserContextOptions & { site?: string; complaints?: "none" | "expected" } = {},
): Promise<void> {
  const context = await browser.newContext({
    viewport: { width: 1280, height: 900 },
    timezoneId: "Europe/Berlin",
    ...options,
  });
  const complaints: string[] = [];
  const page = await context.newPage();
  page.on("console", (message) => complaints.push(`${message.type()}: ${message.text()}`));
  page.on("pageerror", (error) => complaints.push(error.message));
  page.on("requestfailed", (request) => complaints.push(`failed: ${request.url()}`));
  page.on("response", (response) => {
    if (response.status() >= 400) complaints.push(`${response.status()}: ${response.url()}`);
  });
  page.on("request", (request) => {
    if (!request.url().startsWith(site) && !request.url().startsWith("data:"))
      complaints.push(`asked ${request.url()}`);
  });
  await page.clock.setFixedTime(fixtureTime + 30 * minuteMs);
  try {
    await goTo(page, site + address);
    await look(page);
    if (expected === "none") expect(complaints).toEqual([]);
  } finally {
    await context.close();
  }
}

/** Goes to a page and waits until it is live: what it still asked for when it is left would count as failed. */
export async function goTo(page: Page, address: string): Promise<void> {
  await page.goto(address);
  await page.waitForFunction(() => !document.querySelector("observablehq-loading") && document.querySelector("h1"));
  await page.waitForLoadState("networkidle");
}

/** The sentence that a page begins with. */
export async function lead(page: Page): Promise<string> {
  return (await page.locator("main .lead").textContent())!.replace(/\s+/g, " ");
}

/** Chooses one of a few that are all in sight. */
export async function choose(page: Page, name: string): Promise<void> {
  await page.getByRole("radio", { name, exact: true }).check({ force: true });
}

/** Opens a page in a browser that runs no code. */
export async function visitWithoutScript(
  address: string,
  look: (page: Page) => Promise<void>,
  options: BrowserContextOptions = {},
): Promise<void> {
  const context = await browser.newContext({
    viewport: { width: 1280, height: 900 },
    javaScriptEnabled: false,
    ...options,
  });
  try {
    const page = await context.newPage();
    await page.goto(url + address);
    await look(page);
  } finally {
    await context.close();
  }
}
