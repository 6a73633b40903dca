import { expect, test } from "vitest";
import { visit } from "../../support/visit.js";

const pages = ["", "evaluation", "model", "data", "explore"];

test.each(pages.flatMap((page) => [360, 1280].map((width) => [page, width] as const)))(
  "every label on /%s stands whole inside its chart, %i pixels wide",
  (page, width) =>
    visit(
      page,
      async (page) => {
        // Charts that fill their place are drawn when it has a width, which on a busy machine is after all cells have run.
        await page.waitForFunction(() => document.querySelectorAll("main svg[role=img] text").length > 5);
        const [seen, cut] = await page.evaluate(() => {
          const labels = [...document.querySelectorAll("main svg[role=img]")].flatMap((chart) => {
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
      },
      { viewport: { width, height: 740 } },
    ),
);
