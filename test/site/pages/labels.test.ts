import type { Page } from "playwright-core";
import { expect, test } from "vitest";
import { goTo, visit } from "../../support/visit.js";

const pages = ["", "evaluation", "model", "data", "explore"];
const places = pages.flatMap((page) => [360, 1280].map((width) => [page, width] as const));

test.each(places)("every label on /%s is inside its chart, %i pixels wide, also with wide letters", (address, width) =>
  visit(
    address,
    async (page) => {
      await expectWholeLabels(page);
      const wideLetters = await page.addInitScript(() => {
        // Before the page's own code runs, so that it measures these letters.
        document.addEventListener("readystatechange", () => {
          const sheet = document.createElement("style");
          sheet.textContent = "svg text { letter-spacing: 2px !important }";
          if (document.readyState === "interactive") document.head.append(sheet);
        });
      });
      await goTo(page, page.url());
      const spacing = await page
        .locator("svg text")
        .first()
        .evaluate((text) => getComputedStyle(text).letterSpacing);
      expect(spacing).toBe("2px");
      await expectWholeLabels(page);
      await wideLetters.dispose();
    },
    { viewport: { width, height: 740 } },
  ),
);

async function expectWholeLabels(page: Page): Promise<void> {
  // A chart that fits its place is drawn when that has a width: on a busy machine, after all cells have run.
  await page.waitForFunction(() => document.querySelectorAll("main svg[role=img] text").length > 5);
  await expect.poll(() => cutLabels(page)).toEqual([]);
}

function cutLabels(page: Page): Promise<(string | null)[]> {
  return page.evaluate(() =>
    [...document.querySelectorAll("main svg")].flatMap((chart) => {
      const sheet = chart.getBoundingClientRect();
      const isCut = (label: Element) => {
        const { left, right } = label.getBoundingClientRect();
        // The space after the last letter may be cut.
        const space = Number.parseFloat(getComputedStyle(label).letterSpacing) || 0;
        return left < sheet.left - 0.5 || right - space > sheet.right + 0.5;
      };
      return [...chart.querySelectorAll("text")].filter(isCut).map((label) => label.textContent);
    }),
  );
}
