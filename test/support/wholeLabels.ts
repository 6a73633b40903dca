import type { Page } from "playwright-core";
import { expect } from "vitest";

/** Expects every label of a chart to be inside it. */
export async function expectWholeLabels(page: Page): Promise<void> {
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
