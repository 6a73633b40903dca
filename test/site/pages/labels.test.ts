import type { Page } from "playwright-core";
import { expect, test } from "vitest";
import { goTo, visit } from "../../support/visit.js";

const pages = ["", "evaluation", "model", "data", "explore"];
const places = pages.flatMap((page) => [360, 1280].map((width) => [page, width] as const));

test.each(places)("every label on /%s stands whole inside its chart, %i pixels wide", (address, width) =>
  visit(address, expectWholeLabels, { viewport: { width, height: 740 } }),
);

test.each(places)("however wide the letters of /%s are, %i pixels wide", (address, width) =>
  visit(
    address,
    async (page) => {
      await page.addInitScript(() => {
        // Before the page's own code runs, so that it draws by these letters.
        document.addEventListener("readystatechange", () => {
          const sheet = document.createElement("style");
          sheet.textContent = "svg text { letter-spacing: 2px !important }";
          if (document.readyState === "interactive") document.head.append(sheet);
        });
      });
      await goTo(page, page.url());
      await expectWholeLabels(page);
    },
    { viewport: { width, height: 740 } },
  ),
);

async function expectWholeLabels(page: Page): Promise<void> {
  // Charts that fill their place are drawn when it has a width, which on a busy machine is after all cells have run.
  await page.waitForFunction(() => document.querySelectorAll("main svg[role=img] text").length > 5);
  const [seen, cut] = await page.evaluate(() => {
    const labels = [...document.querySelectorAll("main svg")].flatMap((chart) => {
      const sheet = chart.getBoundingClientRect();
      return [...chart.querySelectorAll("text")].map((label) => {
        const { left, right } = label.getBoundingClientRect();
        return { text: label.textContent, isCut: left < sheet.left - 0.5 || right > sheet.right + 0.5 };
      });
    });
    return [labels.length, labels.filter(({ isCut }) => isCut).map(({ text }) => text)] as const;
  });
  expect(seen).toBeGreaterThan(5);
  expect(cut).toEqual([]);
}
